# tracks.bash - a project with two tracks; to be loaded behind make.bash
#
# shellcheck disable=SC2034,SC2154 # what the tests read, what run sets

schema=prisma/migrations-schema/migrations
index=prisma/migrations-indexes/migrations

# schema_track NAME SQL..., index_track NAME SQL...: one more migration of that track
schema_track() {
	in_track "$schema" "$@"
}

index_track() {
	in_track "$index" "$@"
}

in_track() {
	mkdir -p "$1/$2"
	printf '%s\n' "${@:3}" >"$1/$2/migration.sql"
}

# tracked: the current directory is a project with one migration of each
tracked() {
	sandbox
	makefile
	schema_track 20240101000000_users \
	    'create table users (id int primary key, name text);'
	index_track 20240101000001_users_name \
	    'create index concurrently if not exists users_name on users (name);'
}

# indexes: that are valid, and not of a constraint
indexes() {
	sql "select indexrelid::regclass from pg_index
	    where indisvalid and indrelid >= 16384 and not indisprimary
	    and indrelid <> '_prisma_migrations'::regclass order by 1"
}

# hold_snapshot: a session called reader has one, for which concurrent builds wait
hold_snapshot() {
	sessions=begun
	PGAPPNAME=reader psql -Xqc 'select pg_sleep(600)' >/dev/null 2>&1 3>&- &
	await "select exists (select from pg_stat_activity
	    where datname = current_database() and wait_event = 'PgSleep'
	    and application_name = 'reader')"
}

release_snapshot() {
	sql "select pg_terminate_backend(pid) from pg_stat_activity
	    where datname = current_database()
	    and application_name = 'reader'" >release
}

# names: of the history, as they came
names() {
	sql 'select migration_name from _prisma_migrations
	    where finished_at is not null order by started_at'
}

# untouched: the database is as empty as it was
untouched() {
	is '' "$(sql "select to_regclass('users')" \
	    "select to_regclass('_prisma_migrations')" | tr -d '\n')"
}

# refuses TARGET PART [VARIABLE=VALUE...]: make fails, and says so
refuses() {
	local target=$1 part=$2
	shift 2
	run -2 mg_make "$target" "$@"
	has "$output" "$part"
}
