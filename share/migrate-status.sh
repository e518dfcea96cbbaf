# migrate-status.sh - say what a database has of one track, or of both
#
# usage: sh migrate-status.sh WORK schema|index|all
#
# make migrate-schema-status and its kin run this, with their variables in the
# environment.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2154
set -eu
work=$(mktemp -d "$1/status.XXXXXX")
trap 'rm -rf "$work"' EXIT
# shellcheck source=share/package.sh
. "$MG_SHARE/package.sh"
# shellcheck source=share/stream.sh
. "$MG_SHARE/stream.sh"
# shellcheck source=share/tracks.sh
. "$MG_SHARE/tracks.sh"

main() {
	list_tracks
	read_history
	case $1 in
	all)
		tell schema "schema track: $MG_SCHEMA_MIGRATIONS"
		tell index "index track: $MG_INDEX_MIGRATIONS"
		;;
	*) tell "$1" ;;
	esac
	tell_strangers
}

# tell TRACK [HEADING]
tell() {
	[ -z "${2:-}" ] || echo "$2"
	choose_track "$1"
	$MG_STATUS -q <"$work/stream.jsonl" >"$work/states.jsonl"
	$MG_JQ -c --slurpfile own "$work/track.$1.jsonl" \
	    --slurpfile states "$work/states.jsonl" -n '
	    ($own | INDEX(.name)) as $ours |
	    ([$own[].replaces // [] | .[]] | INDEX(.)) as $replaced |
	    $states[] | select($ours[.name] and
		($replaced[.name] == null or
		    (.state | IN("applied", "replaced") | not)))' \
	    >"$work/told.jsonl"
	$MG_JQ -rs -f "$MG_SHARE/status.jq" "$work/told.jsonl"
}

# What neither track has.
tell_strangers() {
	$MG_JQ -cn --slurpfile schema "$work/track.schema.jsonl" \
	    --slurpfile index "$work/track.index.jsonl" \
	    --slurpfile history "$work/history.jsonl" '
	    ([$schema[], $index[] | .name, .replaces[]?,
		(.replaced // {} | keys[])] | INDEX(.)) as $known |
	    $history[] | select($known[.name] == null)' >"$work/told.jsonl"
	[ -s "$work/told.jsonl" ] || return 0
	echo 'in neither track:'
	$MG_JQ -rs -f "$MG_SHARE/status.jq" "$work/told.jsonl"
}

shift
main "$@"
