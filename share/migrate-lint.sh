# migrate-lint.sh - warn of what may go wrong in the tracks
#
# usage: sh migrate-lint.sh WORK
#
# make migrate-all-lint runs this; it needs no database.
#
# shellcheck shell=sh disable=SC2154
set -eu
work=$(mktemp -d "$1/run.XXXXXX")
trap 'rm -rf "$work"' EXIT
# shellcheck source=share/package.sh
. "$MG_SHARE/package.sh"
# shellcheck source=share/tracks.sh
. "$MG_SHARE/tracks.sh"
heed_signals

main() {
	has_tracks || fail "neither $MG_SCHEMA_MIGRATIONS nor" \
	    "$MG_INDEX_MIGRATIONS is there: make migrate-schema-create and" \
	    "migrate-indexes-create begin tracks"
	list_tracks
	status=0
	lint_track schema '' || status=$?
	lint_track index '' || status=$?
	return "$status"
}

main
