# gate-maintenance.sh - keep users out while migrations run
#
# usage: sh gate-maintenance.sh RUN
#
# make deploy runs this in production, right in front of deploy.sh.
#
# shellcheck shell=sh disable=SC2016,SC2154,SC2034,SC2153
# shellcheck source=share/step.sh
. "$MG_SHARE/step.sh"
# shellcheck source=share/environment.sh
. "$MG_SHARE/environment.sh"

main() {
	read_route
	is_pending || exit 0
	read_switch SKIP_MAINTENANCE
	if [ "$switch" = true ]; then
		skip maintenance "NO MAINTENANCE:" \
		    "SKIP_MAINTENANCE=$SKIP_MAINTENANCE says so"
	elif [ -z "$MAINTENANCE_ON_CMD" ]; then
		skip maintenance "NO MAINTENANCE: MAINTENANCE_ON_CMD and" \
		    "MAINTENANCE_OFF_CMD say how"
	else
		begin_maintenance || refuse "MAINTENANCE_ON_CMD failed with" \
		    "$status; nothing was applied"
	fi
}

main
