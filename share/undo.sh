# undo.sh - take back the last migration, or all behind one
#
# usage: sh undo.sh WORK
#
# make undo runs this, with its variables in the environment.  It has to know
# all that the history may hold, so all folders of migrations are read.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2153,SC2154
set -eu
work=$(mktemp -d "$1/undo.XXXXXX")
trap 'rm -rf "$work"' EXIT
# shellcheck source=share/environment.sh
. "$MG_SHARE/environment.sh"
# shellcheck source=share/checksum.sh
. "$MG_SHARE/checksum.sh"
# shellcheck source=share/ask.sh
. "$MG_SHARE/ask.sh"

main() {
	read_environment || fail "$environment_is_wrong"
	read_switch DRY_RUN || fail "$switch_is_wrong"
	dry_run=$switch
	list_all "$work/records" "$MG_MIGRATIONS" "$MG_SCHEMA_MIGRATIONS" \
	    "$MG_INDEX_MIGRATIONS" "$MG_CONSOLIDATED" ||
	    fail "$MG_MIGRATIONS was not read: MG_MIGRATIONS= says where the" \
		"migrations are"
	set -- ${TO:+--to "$TO"}
	if [ "$dry_run" = true ] || [ "$environment" = production ]; then
		$MG_UNDO -n "$@" <"$work/records" >"$work/plan"
		tell plan 'would go' >&2
		[ "$dry_run" = false ] || return 0
		[ ! -s "$work/plan" ] ||
		    ask 'What they made goes, with the rows in it.'
	fi
	status=0
	$MG_UNDO "$@" <"$work/records" >"$work/undone" || status=$?
	# Behind a program what was undone before stays so.
	if [ "$status" = 0 ] || [ -s "$work/undone" ]; then
		tell undone undone
	fi
	return "$status"
}

# tell FILE WORDS: a line each, newest first, but for one that failed
tell() {
	[ -s "$work/$1" ] || echo 'nothing to undo'
	$MG_JQ -r --arg words "$2" 'select(has("error") | not) |
	    "\($words)  \(.name | @json | .[1:-1])"' "$work/$1"
}

fail() {
	echo "undo: $*" >&2
	exit 1
}

main
