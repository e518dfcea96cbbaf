# maintenance.sh - keep users out while migrations run, and never longer
#
# To be read by step.sh.  Whoever moves $run/maintenance away ends it: the last
# step, the one that fails, maintenance-watch.sh where make was killed, or the
# next deployment where that was, too.  A command that fails may have done half
# of its work, so that even then the other one is run.
#
# shellcheck shell=sh disable=SC2016,SC2034,SC2154
still_on=''

# begin_maintenance: its status that of the command
begin_maintenance() {
	: >"$run/maintenance"
	(
		trap '' HUP INT TERM
		exec setsid sh "$MG_SHARE/maintenance-watch.sh" "$run" 9<&-
	) &
	say "maintenance begins"
	log maintenance '{ state: "on" }'
	sh -c "$MAINTENANCE_ON_CMD" 9<&- &
	await $!
}

# end_maintenance: if it has begun; no signal reaches us any more
end_maintenance() {
	trap '' HUP INT TERM
	mv "$run/maintenance" "$run/ended" 2>/dev/null || return 0
	off=0
	sh -c "$MAINTENANCE_OFF_CMD" 9<&- || off=$?
	if [ "$off" = 0 ]; then
		say "maintenance is over"
		log maintenance '{ state: "off" }'
		return
	fi
	still_on=1
	log maintenance '{ state: "still on", status: $status }' \
	    --argjson status "$off"
	reason="MAINTENANCE IS STILL ON: MAINTENANCE_OFF_CMD failed with $off"
	say "$reason; run it by hand:"
	# The command may have a secret in it, which is for nobody's file.
	echo "    $MAINTENANCE_OFF_CMD" >&2
	return 1
}
