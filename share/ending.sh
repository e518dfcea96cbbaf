# ending.sh - how a deployment ends
#
# To be read by step.sh.  Maintenance ends first, then people are told, then the
# log and those who are notified.
#
# shellcheck shell=sh disable=SC2016,SC2034,SC2086,SC2154
#
# $failing is what to say, too, should this step fail by a program's fault.
reason='' failing=''

# refuse WORD...: nothing was changed, and nothing will be
refuse() {
	reason="$*"
	say "$*"
	finish refused 1
}

# end STATUS: of this step, which ends the others if it is not 0
end() {
	[ "$1" != 0 ] || return 0
	trap - EXIT
	end_words
	[ -e "$run/began" ] || exit "$1"
	if [ -n "$failing" ]; then
		reason="$failing"
		say "$reason"
	fi
	finish failed "$1"
}

# succeed WORD...: all is there; unless maintenance does not end
succeed() {
	end_maintenance || {
		self=maintenance
		finish failed 1
	}
	done_ms=$(ms)
	log_finished deployed 0
	set -- "$*; $done_ms ms in all"
	echo "$1"
	note "$1"
	! is_pending || notify success "$1"
	rm -rf "$run"
}

# finish OUTCOME STATUS: not as it should be
finish() {
	set +e
	trap - EXIT
	end_maintenance
	log_finished "$@"
	tell_log
	if [ "$1" = failed ]; then
		tell_state
		tell_next
	fi
	[ -z "$CONTACT" ] || say "contact: $CONTACT"
	[ -z "$ESCALATION" ] || say "escalation: $ESCALATION"
	notify failure "$1 by $self: $(tell_reason "$2")"
	rm -rf "$run"
	exit "$2"
}

# log_finished OUTCOME STATUS
log_finished() {
	: >>"$run/skipped"
	: >>"$run/backup"
	log finished '{ outcome: $outcome } + if $outcome == "deployed" then {}
	    else { step: $step, reason: $reason, status: $status } end +
	    { backup: ($backup | rtrimstr("\n")),
		skipped: ($skipped / "\n" | map(select(. != ""))),
		maintenance: (if $on == "" then "" else "still on" end) } |
	    if .outcome == "refused" then del(.status) else . end |
	    with_entries(select(.value != "" and .value != []))' \
	    --arg outcome "$1" --arg step "$self" --arg reason "$reason" \
	    --argjson status "$2" --arg on "$still_on" \
	    --rawfile backup "$run/backup" --rawfile skipped "$run/skipped"
}

#
# What the one who is woken by it needs
#

tell_log() {
	[ -z "$words" ] || say "the log: $words; the events: $MG_LOG"
}

tell_state() {
	if [ ! -e "$run/applied.jsonl" ]; then
		say "the database: nothing was applied"
		return
	fi
	write_deployed
	if $MG_STATUS -q <"$run/deployed.jsonl" >"$run/states.jsonl" \
	    2>"$run/why"; then
		say "the database: $($MG_JQ -rs -f "$MG_SHARE/state.jq" \
		    "$run/states.jsonl")"
	else
		say "the database cannot be asked: $(head -n 1 "$run/why")"
	fi
}

tell_next() {
	backup=$(cat "$run/backup")
	if [ -n "$still_on" ]; then
		say "next: end maintenance, as above"
	elif [ ! -e "$run/applied.jsonl" ]; then
		say "next: mend what failed, and deploy again"
	elif [ -n "$backup" ]; then
		say "next: mend what failed, and deploy again; or go back, with" \
		    "make restore FILE=$backup (make rollback shows all)," \
		    "which loses what was written since"
	else
		say "next: make status; mend what failed, and deploy again"
	fi
}

# tell_reason STATUS: in a few lines; what a program said of it comes before
# what we say
tell_reason() {
	if [ -n "$reason" ]; then
		echo "$reason"
	elif [ -s "$run/heard" ]; then
		tail -n 5 "$run/heard" | cut -c -500
	else
		echo "status $1"
	fi
	[ -z "$CONTACT" ] || echo "contact: $CONTACT"
	[ -z "$ESCALATION" ] || echo "escalation: $ESCALATION"
}

# notify EVENT TEXT: whatever becomes of that
notify() {
	[ -n "${GATED:-}" ] || return 0
	sh "$MG_SHARE/notify.sh" "$run" "$1" \
	    "${ENVIRONMENT:+$ENVIRONMENT: }$2" 9<&- || :
}
