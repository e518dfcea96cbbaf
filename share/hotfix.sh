# hotfix.sh - begin a hotfix of a release
#
# usage: sh hotfix.sh WORK
#
# make hotfix runs this, with its variables in the environment.  The package is
# refused by all that deploys until make seal has seen the hotfix.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2153,SC2154
set -eu
work=$(cd "$1" && pwd)
# shellcheck source=share/package.sh
. "$MG_SHARE/package.sh"

main() {
	need_package
	case $NAME in
	'' | *[!A-Za-z0-9._-]*)
		fail "NAME says what it is about, in letters, digits and ._-:" \
		    "make hotfix VERSION=$version NAME=security"
		;;
	esac
	lock
	recover
	verify_package "$package" "$version" unsealed >&2 ||
	    fail "$package is not what was released"
	name=$(stamp)_hotfix_$NAME
	new=$releases/.$version.mg-hotfix
	rm -rf "$new"
	mkdir "$new"
	echo "-- What $NAME needs, behind $version" >"$new/migration.sql"
	mv -T "$new" "$package/migrations/$name"
	echo "$package/migrations/$name/migration.sql"
}

# The time, but behind all that is in the package.
stamp() {
	$MG_JQ -nr -L "$MG_SHARE" --slurpfile manifest "$package/manifest.json" \
	    --rawfile files "$work/files" -f "$MG_SHARE/stamp.jq"
}

main
