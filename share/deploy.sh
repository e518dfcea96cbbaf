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

main() {
	read_route
	status=0
	: >"$run/applied.jsonl"
	[ ! -s "$run/plan.jsonl" ] || apply || status=$?
	[ "$status" != 0 ] || [ ! -e "$run/choice" ] || build || status=$?
	log apply '{ applied: ($applied | map(select(.state == "applied")) |
		length),
	    replaces: ([$applied[] | .replaces // [] | length] | add // 0),
	    server_ms: ([$applied[].ms // empty] | add // 0 | round) }' \
	    --slurpfile applied "$run/applied.jsonl"
	exit "$status"
}

apply() {
	choose_rows
	$MG_APPLY --lock-wait "$MG_LOCK_WAIT" $rows ${to:+--to "$to"} \
	    $MG_APPLY_FLAGS <"$run/stream.jsonl" >"$run/applied.jsonl" &
	await $!
}

# build: the index track, of a project that has tracks
build() {
	read_skip
	list_deployed >"$run/deployed.jsonl"
	[ "$skip" = false ] || return 0
	read_history
	choose_track index
	build_index "$run/built" || return
	cat "$run/built" >>"$run/applied.jsonl"
}

main
