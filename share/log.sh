# log.sh - tell MG_LOG what happens, as JSON Lines
#
# To be read by a flow with $flow, its name; $run_number, a number of its own;
# $self, who speaks; $work, its folder; and $words, if its words have a file.  The
# rest comes from make.
#
#	begin_log
#	echo '{ "version": "v4.0.0" }' >"$work/about.json"
#	log finished '{ outcome: "made" }'
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2154

# begin_log: the time counts from here; in about.json go the members that all
# lines of the run have
begin_log() {
	rm -f "$work/unwritten"
	date +%s%3N >"$work/began"
	echo '{}' >"$work/about.json"
}

# log EVENT FILTER [OPTION...]: a line, which gets the members of that object
log() {
	event=$1 filter=$2
	shift 2
	$MG_JQ -c --arg flow "$flow" --arg run "$run_number" \
	    --arg host "$(uname -n)" --arg event "$event" --argjson ms "$(ms)" \
	    --arg environment "${ENVIRONMENT:-}" --arg log "${words:-}" "$@" \
	    "{ time: (now | todate), \$flow, run: (\$run | tonumber),
	    \$host, \$event, \$ms } +
	    ({ \$environment, \$log } | with_entries(select(.value != \"\"))) +
	    . + ($filter)" "$work/about.json" \
	    >"$work/line"
	{
		mkdir -p "$(dirname "$MG_LOG")" && end_torn_line >>"$MG_LOG" &&
		    cat "$work/line" >>"$MG_LOG"
	} 2>"$work/why" || warn_of_log
}

# What was cut off, as by a full disk, shall not take the next line with it.
end_torn_line() {
	[ ! -f "$MG_LOG" ] || [ ! -s "$MG_LOG" ] ||
	    [ "$(tail -c 1 "$MG_LOG" | wc -l)" = 1 ] || echo
}

# Once, not for each line of it.
warn_of_log() {
	[ ! -e "$work/unwritten" ] || return 0
	mv "$work/why" "$work/unwritten"
	echo "$self: warning: the log $MG_LOG cannot be written, and this" \
	    "goes on without; MG_LOG= may be another file:" \
	    "$(head -n 1 "$work/unwritten")" >&2
}

# ms: since the run began
ms() {
	echo "$(($(date +%s%3N) - $(cat "$work/began")))"
}
