# bundle.sh - put a release package into one file, the same bytes each time
#
# usage: sh bundle.sh WORK
#
# make bundle runs this, with its variables in the environment.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086,SC2153,SC2154
set -eu
work=$(cd "$1" && pwd)
# shellcheck source=share/package.sh
. "$MG_SHARE/package.sh"

main() {
	need_package
	bundle=${BUNDLE:-mg-$version.tar.zst}
	lock
	verify_package "$package" "$version" >&2 ||
	    fail "$package is not what was released"
	copy
	trap 'rm -f "$bundle.mg-new"' EXIT
	# A level that every zstd has; one thread, whose cuts are always the same.
	$MG_TAR -C "$work/bundle" --format=pax \
	    --pax-option='exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime' \
	    --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner \
	    -cf "$work/bundle.tar" "$version"
	$MG_ZSTD -q -19 --single-thread -f -o "$bundle.mg-new" "$work/bundle.tar"
	sync "$bundle.mg-new"
	mv "$bundle.mg-new" "$bundle"
	rm -rf "$work/bundle" "$work/bundle.tar"
	echo "$bundle"
}

# With the modes that it was made with, which git does not keep.
copy() {
	rm -rf "$work/bundle"
	mkdir "$work/bundle"
	cp -R "$package" "$work/bundle"
	set_modes "$work/bundle/$version"
}

main
