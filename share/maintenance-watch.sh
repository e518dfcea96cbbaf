# maintenance-watch.sh - end maintenance where make was killed
#
# usage: sh maintenance-watch.sh RUN
#
# What begins maintenance starts this, in a session of its own, where it ends by
# itself as soon as maintenance has ended.
#
# shellcheck shell=sh disable=SC2154
# shellcheck source=share/step.sh
. "$MG_SHARE/step.sh"
trap '' HUP INT TERM

main() {
	while is_on && is_alive; do
		sleep 0.2
	done
	! is_on || await_programs
	! is_on || fail "make was killed; what it ran has ended"
}

is_on() {
	[ -e "$run/maintenance" ]
}

# is_alive: the make; one that nobody has waited for is not
is_alive() {
	IFS=' ' read -r _ _ state _ 2>/dev/null <"/proc/${run##*.}/stat" || return
	[ "$state" != Z ]
}

await_programs() {
	exec 9<"$run"
	flock 9
}

main
