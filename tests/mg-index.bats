#!/usr/bin/env bats
# mg-index(1): build the indexes that a database has not got yet

# What run and start_index set, what common.bash exports:
# shellcheck disable=SC2154,SC2030,SC2031,SC2034

load helper/common
load helper/server

setup() {
	sandbox
	database
	sql 'create table a (i int, t text)' 'create table b (i int, t text)' \
	    "insert into a select g, 'x' || g from generate_series(1, 99) g" \
	    'insert into b select * from a'
	migration 0_tables 'SELECT 1;'
	records
	mg-mark --applied <records >out
	rm -r migrations
}

teardown() {
	end_sessions
	end_server
}

# index [OPTION...]: what ./migrations holds, in this test's database
index() {
	records --track index migrations && mg-index "$@" <records
}

# start_index [OPTION...]: the same in the background, as $pid, with its
# output in ./out and ./err
start_index() {
	sessions=begun
	records
	env --default-signal=INT mg-index "$@" <records >out 2>err 3>&- 9>&- &
	pid=$!
}

# indexes: those of this test's tables, on one line; ! if one is not valid
indexes() {
	sql "select coalesce(string_agg(case when indisvalid then '' else '!'
		end || relname, ' ' order by relname), '')
	    from pg_index join pg_class on oid = indexrelid
	    where indrelid in ('a'::regclass, 'b'::regclass)"
}

# rows: of the history, but that of the tables
rows() {
	sql "select coalesce(string_agg(migration_name || case when
		finished_at is not null and logs is null and
		applied_steps_count = 1 and rolled_back_at is null then ''
		else ' unfinished' end, ', ' order by migration_name), '')
	    from _prisma_migrations where migration_name <> '0_tables'"
}

# gate KEY...: until open KEY, passing(KEY) waits
gate() {
	local key
	sessions=begun
	sql 'create or replace function passing(k int) returns int immutable
	    language plpgsql as $$ begin
	    perform pg_advisory_lock_shared(k), pg_advisory_unlock_shared(k);
	    return k; end $$'
	for key; do
		idle "gate$key" "select pg_advisory_lock($key);"
	done
}

# idle NAME STATEMENT...: a session that has run these and does nothing more
idle() {
	mkfifo "$1.in"
	PGAPPNAME=$1 psql -Xq <"$1.in" >/dev/null 2>&1 3>&- 9>&- &
	{
		printf '%s\n' "${@:2}" >&9
		await "select exists (select from pg_stat_activity
		    where datname = current_database() and query <> ''
		    and application_name = '$1' and state like 'idle%')"
	} 9>"$1.in.hold" 
}
