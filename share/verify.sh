# verify.sh - say of each release package whether it is what it was
#
# usage: sh verify.sh WORK
#
# make verify runs this, with its variables in the environment.  No database is
# needed.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2154
set -eu
work=$(mktemp -d "$1/verify.XXXXXX")
trap 'rm -rf "$work"' EXIT
# shellcheck source=share/package.sh
. "$MG_SHARE/package.sh"

main() {
	if [ -n "$VERSION" ]; then
		need_package
		set -- "$package"
	else
		set -- "$releases"/v*/
		[ -d "$1" ] || fail "$releases: no package is there"
	fi
	status=0
	for package; do
		verify_one "${package%/}" || status=1
	done
	[ "$status" != 0 ] || [ -n "$VERSION" ] || compare || status=1
	exit "$status"
}

verify_one() {
	version=${1##*/}
	is_version "$version" || {
		echo "$version: is not a version"
		return 1
	}
	[ ! -d "$releases/.$version.mg-seal" ] || echo \
	    "$version: make seal VERSION=$version was broken off: run it again"
	verify_package "$1" "$version" || return
	head -n 1 "$work/answer"
}

# What each tells of those before it has to be of those that are there.
compare() {
	$MG_JQ -rs 'def baseline: .files["migrations/0_baseline/migration.sql"];
	    INDEX(.version) as $there | .[] | .version as $version |
	    .releases[] | $there[.version] as $one |
	    select($one and ($one | baseline) != .checksum) |
	    "\($version): was made after another \(.version)"' \
	    "$releases"/v*/manifest.json >"$work/conflicts"
	cat "$work/conflicts"
	[ ! -s "$work/conflicts" ]
}

main
