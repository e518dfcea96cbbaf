# deploy.sh - run what was planned
#
# usage: sh deploy.sh RUN
#
# make deploy runs this behind plan.sh.  Who waits for another deployment then
# finds what that one left.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2154,SC2034,SC2153
# shellcheck source=share/step.sh
. "$MG_SHARE/step.sh"
# shellcheck source=share/stream.sh
. "$MG_SHARE/stream.sh"
# shellcheck source=share/tracks.sh
. "$MG_SHARE/tracks.sh"
# shellcheck source=share/turns.sh
. "$MG_SHARE/turns.sh"

main() {
	read_route
	status=0
	: >"$run/applied.jsonl"
	keep_words
	if [ -e "$run/choice" ]; then
		bring_tracks
	else
		[ ! -s "$run/plan.jsonl" ] || apply || status=$?
	fi
	end_words
	log apply '{ applied: ($applied | map(select(.state == "applied")) |
		length),
	    replaces: ([$applied[] | .replaces // [] | length] | add // 0),
	    server_ms: ([$applied[].ms // empty] | add // 0 | round),
	    migrations: ($applied | map({ name, kind: (.plan //
		if .replaces then "baseline" else "single" end) } +
		with_entries(select(.key | IN("state", "ms", "steps"))))) }' \
	    --slurpfile applied "$run/applied.jsonl"
	exit "$status"
}

apply() {
	choose_rows
	$MG_APPLY --lock-wait "$MG_LOCK_WAIT" $rows $MG_APPLY_FLAGS \
	    <"$run/stream.jsonl" >"$run/applied.jsonl" &
	await $!
}

bring_tracks() {
	read_skip
	list_deployed >"$run/deployed.jsonl"
	if [ "$skip" = true ]; then
		choose_rows
		apply_schema "$run/applied.jsonl"
	else
		take_turns "$run/applied.jsonl" "$run/built"
		cat "$run/built" >>"$run/applied.jsonl"
	fi
}

main
