# upgrade.sh - show the way from one release to another, without a database
#
# usage: sh upgrade.sh WORK
#
# make upgrade runs this, with its variables in the environment.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086,SC2154
set -eu
work=$(mktemp -d "$1/upgrade.XXXXXX")
trap 'rm -rf "$work"' EXIT
# shellcheck source=share/package.sh
. "$MG_SHARE/package.sh"

main() {
	[ -n "$TO" ] || fail "TO= says to which release: make upgrade" \
	    "FROM=v4.0.0 TO=v4.1.0; without FROM, from an empty database"
	VERSION=$TO
	need_package
	verify_package "$package" "$version" >&2 ||
	    fail "$package is not what was released"
	$MG_JQ -r -L "$MG_SHARE" --arg from "$FROM" \
	    -f "$MG_SHARE/upgrade.jq" "$package/manifest.json"
}

main
