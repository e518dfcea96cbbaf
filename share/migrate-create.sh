# migrate-create.sh - begin a migration, of one track or of none
#
# usage: sh migrate-create.sh schema|index|none
#
# make migrate-schema-create, migrate-indexes-create and new run this, with their
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
	schema) folder=$MG_SCHEMA_MIGRATIONS ;;
	index) folder=$MG_INDEX_MIGRATIONS ;;
	*) folder=$MG_MIGRATIONS ;;
	esac
	[ -d "$folder" ] || write_lock_file "$folder"
	set -- "$folder"
	for one in "$MG_SCHEMA_MIGRATIONS" "$MG_INDEX_MIGRATIONS" \
	    "$MG_MIGRATIONS"; do
		[ "$one" = "$folder" ] || [ ! -d "$one" ] || set -- "$@" "$one"
	done
	read_switch DOWN || fail "$switch_is_wrong"
	script=$($MG_NEW -- "$NAME" "$@")
	echo "$script"
	[ "$switch" = false ] || add_down
}

# What undoes it, to be written beside it.
add_down() {
	: >"${script%/*}/down.sql"
	echo "${script%/*}/down.sql"
}

fail() {
	echo "migrate-create: $*" >&2
	exit 1
}

main "$@"
