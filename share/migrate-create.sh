# migrate-create.sh - begin a migration of one track
#
# usage: sh migrate-create.sh schema|index
#
# make migrate-schema-create and migrate-indexes-create run this, with their
# variables in the environment.  Its timestamp comes behind all that the project
# has, whichever folder that is in.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086,SC2153
set -eu
# shellcheck source=share/tracks.sh
. "$MG_SHARE/tracks.sh"

main() {
	[ -n "$NAME" ] || fail "NAME= says what it is about, as NAME=add_users"
	case $1 in
	schema) folder=$MG_SCHEMA_MIGRATIONS other=$MG_INDEX_MIGRATIONS ;;
	*) folder=$MG_INDEX_MIGRATIONS other=$MG_SCHEMA_MIGRATIONS ;;
	esac
	[ -d "$folder" ] || write_lock_file "$folder"
	set -- "$folder"
	for one in "$other" "$MG_MIGRATIONS"; do
		[ ! -d "$one" ] || set -- "$@" "$one"
	done
	exec $MG_NEW -- "$NAME" "$@"
}

fail() {
	echo "migrate-create: $*" >&2
	exit 1
}

main "$@"
