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

main() {
	[ -n "$NAME" ] || fail "NAME= says what it is about, as NAME=add_users"
	case $1 in
	schema) folder=$MG_SCHEMA_MIGRATIONS other=$MG_INDEX_MIGRATIONS ;;
	*) folder=$MG_INDEX_MIGRATIONS other=$MG_SCHEMA_MIGRATIONS ;;
	esac
	begin_folder
	set -- "$folder"
	for one in "$other" "$MG_MIGRATIONS"; do
		[ ! -d "$one" ] || set -- "$@" "$one"
	done
	exec $MG_NEW -- "$NAME" "$@"
}

# As Prisma wants it.
begin_folder() {
	[ ! -d "$folder" ] || return 0
	mkdir -p "$folder"
	if [ -e "$MG_MIGRATIONS/migration_lock.toml" ]; then
		cp "$MG_MIGRATIONS/migration_lock.toml" "$folder"
	else
		echo 'provider = "postgresql"' >"$folder/migration_lock.toml"
	fi
}

fail() {
	echo "migrate-create: $*" >&2
	exit 1
}

main "$@"
