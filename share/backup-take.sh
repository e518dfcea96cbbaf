# backup-take.sh - take a backup, and print its path
#
# usage: sh backup-take.sh WORK
#
# make backup runs this, with its variables in the environment.
#
# shellcheck shell=sh disable=SC2154
set -eu
work=$(mktemp -d "$1/backup.XXXXXX")
trap 'rm -rf "$work"' EXIT
# shellcheck source=share/package.sh
. "$MG_SHARE/package.sh"
# shellcheck source=share/environment.sh
. "$MG_SHARE/environment.sh"
# shellcheck source=share/backup.sh
. "$MG_SHARE/backup.sh"
heed_signals

main() {
	read_environment || fail "$environment_is_wrong"
	read_switch REHEARSE || fail "$switch_is_wrong"
	[ "$switch" = false ] || set -- --rehearse
	take_backup "$work/path" "$@"
	warn_unignored
	cat "$work/path"
}

main
