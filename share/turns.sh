# turns.sh - bring the tracks of a database up to date
#
# To be read by what has read tracks.sh; turns.jq decides which comes when.
#
#	list_tracks
#	take_turns "$work/schema.jsonl" "$work/index.jsonl"
#
# What reads this has set -e, and must leave it to work: no || and no if around
# what changes a database.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086,SC2034,SC2154

# list_turns: of what is pending, in $work/turns
list_turns() {
	read_history
	choose_track schema
	: >"$work/states.jsonl"
	[ ! -s "$work/stream.jsonl" ] ||
	    $MG_STATUS -q <"$work/stream.jsonl" >"$work/states.jsonl"
	$MG_JQ -rn --slurpfile states "$work/states.jsonl" \
	    --slurpfile index "$work/track.index.jsonl" \
	    --slurpfile history "$work/history.jsonl" \
	    -f "$MG_SHARE/turns.jq" >"$work/turns"
}

# take_turns SCHEMA INDEX: bring both tracks up to date in the order of their
# names, for a later migration of the one may drop what the other one had made;
# the records of what was done come into these files
take_turns() {
	list_turns
	: >"$1"
	: >"$2"
	while read_turn; do
		case $track in
		schema) take_turn "$1" apply_schema ;;
		index) take_turn "$2" build_index ;;
		esac
	done 3<"$work/turns"
}

# read_turn: $track, $until and $pending, of descriptor 3
read_turn() {
	IFS= read -r track && IFS= read -r until && IFS= read -r pending
} <&3

# take_turn FILE COMMAND
take_turn() {
	read_history
	choose_track "$track"
	to=${until:-$to}
	"$2" "$work/done.jsonl"
	cat "$work/done.jsonl" >>"$1"
}

# apply_schema FILE: what the schema track, whose stream was chosen, lacks, up
# to $to, and the records of that
apply_schema() {
	: >"$1"
	[ -s "$work/track.schema.jsonl" ] || return 0
	$MG_APPLY --lock-wait "$MG_LOCK_WAIT" $rows ${to:+--to "$to"} \
	    $MG_APPLY_FLAGS <"$work/stream.jsonl" >"$1" &
	await $!
}

# build_index FILE: likewise, of the index track; a baseline that need not run
# is mg-apply's to record
build_index() {
	: >"$1"
	[ -s "$work/track.index.jsonl" ] || return 0
	$MG_STATUS -q --pending <"$work/stream.jsonl" >"$work/states.jsonl"
	recorded=$($MG_JQ -r 'select(.plan == "recorded").name' \
	    "$work/states.jsonl")
	if [ -n "$recorded" ]; then
		$MG_APPLY --lock-wait "$MG_LOCK_WAIT" --to "$recorded" \
		    <"$work/stream.jsonl" >"$1" &
		await $!
	fi
	$MG_INDEX --lock-wait "$MG_LOCK_WAIT" ${to:+--to "$to"} \
	    $MG_INDEX_FLAGS <"$work/stream.jsonl" >"$work/built.jsonl" &
	await $!
	cat "$work/built.jsonl" >>"$1"
}
