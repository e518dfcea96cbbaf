# backup-take.sh - take a backup, and print its path
#
# usage: sh backup-take.sh WORK
#
# make backup runs this, with its variables in the environment.
#
# shellcheck shell=sh disable=SC2154
# shellcheck source=share/workplace.sh
. "$MG_SHARE/workplace.sh"
# shellcheck source=share/backup.sh
. "$MG_SHARE/backup.sh"

main() {
	read_environment || fail "$environment_is_wrong"
	read_switch REHEARSE || fail "$switch_is_wrong"
	[ "$switch" = false ] || set -- --rehearse
	take_backup "$work/path" "$@"
	warn_unignored
	cat "$work/path"
}

main
