#!/usr/bin/env bats
# mg-undo(1): take the newest migrations of a database back

# What run and start_apply set, what common.bash exports:
# shellcheck disable=SC2154,SC2030,SC2031,SC2034

load helper/common
load helper/server
load helper/undo

setup_file() {
	dropdb --if-exists -f mg_undo && createdb mg_undo
}

setup() {
	sandbox
	export PGDATABASE=mg_undo
	DATABASE_URL=$(url "$PGDATABASE")
	export DATABASE_URL
	sql "drop schema if exists public, app cascade; create schema public" \
	    2>err
	change 1_a 'create table a (x int);' 'drop table a;'
	change 2_b 'create table b (x int);' 'drop table b;'
	change 3_c 'create table c (x int);' 'drop table c;'
	apply -q >applied
}

teardown() {
	end_sessions
}

# change NAME UP DOWN: a migration, and what undoes it
change() {
	migration "$1" "$2"
	down "$1" "$3"
}

down() {
	printf '%s\n' "$2" >"migrations/$1/down.sql"
}

# nothing_undone: all is as it was before
nothing_undone() {
	is 'a b c 1_a 2_b 3_c' "$(left)"
}

@test "the last goes, with what its script made, and is pending again" {
	undo >out
	is 'a b 1_a 2_b' "$(left)"
	is '["3_c","undone","migrations/3_c/down.sql","number"]' "$(jq -c \
	    '[.name, .state, .down, (.ms | type)]' out)"
	is $'1_a applied\n2_b applied\n3_c pending' \
	    "$(mg-status <records | jq -r '.name + " " + .state')"
	mg-apply -q <records >out
	nothing_undone
}

@test "--to: all behind that one, newest first" {
	undo --to 1_a >out
	is 'a 1_a' "$(left)"
	is $'3_c\n2_b' "$(jq -r .name out)"
	undo --to 1_a >out
	is '' "$(cat out)"
}

# Undone is what came last, and what came late has an early name.
@test "the order is the history's, not that of the names" {
	change 1_late 'create table d (x int);' 'drop table d;'
	apply -q >out
	undo >out
	is 1_late "$(jq -r .name out)"
	undo >out
	is 3_c "$(jq -r .name out)"
}

@test "rows of earlier attempts go, too, so that Prisma sees it as pending" {
	sql "insert into _prisma_migrations (id, checksum, migration_name,
	    started_at, rolled_back_at) select gen_random_uuid(), checksum,
	    migration_name, '2020-01-01', '2020-01-02' from _prisma_migrations
	    where migration_name = '3_c'"
	undo >out
	is 'a b 1_a 2_b' "$(left)"
}

@test "-n: what would run, as records, and nothing is changed" {
	undo -n --to 1_a >out
	is $'3_c applied migrations/3_c/down.sql\n2_b applied migrations/2_b/down.sql' \
	    "$(jq -r '[.name, .state, .down] | join(" ")' out)"
	nothing_undone
}

@test "nothing is undone where a down.sql is missing, and each is named" {
	rm migrations/[13]*/down.sql
	change 4_d 'create table d (x int);' 'drop table d;'
	apply -q >out
	fails 2 'mg-undo: migrations/3_c/down.sql: there is none, and nothing runs without; write what takes the migration back' \
	    undo --to 2_b
	rm migrations/2_b/down.sql
	says 2 'mg-undo: migrations/3_c/down.sql, migrations/2_b/down.sql: there' \
	    undo --to 1_a
	is 'a b c d 1_a 2_b 3_c 4_d' "$(left)"
}

@test "one that fails is shown as mg-apply does, and undoes none of them" {
	down 2_b $'-- é\nselect \'é\', x;'
	run -1 --separate-stderr undo --to 1_a
	has "$stderr" 'mg-undo: migrations/2_b/down.sql:2:13: P3018: column "x" does not exist (SQLSTATE 42703)' \
	    "statement: select 'é', x" 'nothing was undone'
	is '2_b applied true' "$(jq -r \
	    '"\(.name) \(.state) \(.error != null)"' <<<"$output")"
	nothing_undone
}

# refused PART [OPTION...]: 3_c, with exit 2
refused() {
	says 2 "migrations/3_c/down.sql$1" undo "${@:2}"
	nothing_undone
}

@test "what cannot run in the one transaction is refused, with its place" {
	down 3_c $'select 1;\n  drop index concurrently i;'
	refused ':2:3: this statement refuses a transaction, and all'
	down 3_c 'drop table c; commit; select 1;'
	refused ':1:15: its own COMMIT cuts it'
	down 3_c 'begin; drop table c; rollback;'
	refused ':1:22: its own ROLLBACK cuts it'
	down 3_c 'begin isolation level serializable; drop table c; commit;'
	refused ':1:51: it begins a transaction with modes'
	down 3_c 'begin; drop table c;'
	refused ':1:1: the transaction that begins here is never ended'
	down 3_c "select '"
	refused ':1:8: '
}

@test "its own BEGIN and COMMIT around all of it are no more than ours" {
	down 2_b 'begin; drop table b; commit;'
	down 3_c 'drop table c; select 1/0;'
	run -1 undo
	down 3_c 'begin; drop table c; commit;'
	down 2_b 'begin; drop table nothing; commit;'
	run -1 undo --to 1_a
	nothing_undone
	down 2_b 'begin; drop table b; commit;'
	undo --to 1_a >out
	is 'a 1_a' "$(left)"
}

@test "an empty one is a forgotten one" {
	down 3_c '-- to be written'
	refused ': it has no statement; where nothing is to be undone, SELECT 1'
	: >migrations/3_c/down.sql
	refused ': it has no statement'
	down 3_c 'begin; commit;'
	refused ': it has no statement'
}

@test "a down.sql in a folder of files is nobody's" {
	mkdir flat
	echo 'create table f (x int);' >flat/4_d.sql
	echo 'drop table f, a, b, c;' >down.sql
	cp down.sql flat/down.sql.txt
	mg-scan migrations --layout flat flat | mg-hash >records
	mg-apply -q <records >applied
	says 2 'mg-undo: flat/4_d.down.sql: there is none, and nothing runs' \
	    mg-undo -d "$DATABASE_URL" <records
	sed -i 's,flat/4_d.sql,flat/./other.sql,' records
	says 2 '4_d: flat/./other.sql is in no folder of its own, where a down.sql' \
	    mg-undo -d "$DATABASE_URL" <records
	is 'a b c f 1_a 2_b 3_c 4_d' "$(left)"
}

# Row 203.
@test "a program that lies in its folder goes back by its down.sql" {
	mkdir migrations/4_d
	printf '%s\n' '#!/bin/sh' 'psql -Xqc "create table d (x int)"' \
	    >migrations/4_d/migration.sh
	down 4_d 'drop table d;'
	records && mg-apply -q <records >applied
	is 'a b c d 1_a 2_b 3_c 4_d' "$(left)"
	undo
	nothing_undone
}

@test "a script that was edited since is refused, other line ends are not" {
	sed -i 's/$/\r/' migrations/3_c/migration.sql
	undo >out
	is 3_c "$(jq -r .name out)"
	echo '-- edited' >>migrations/2_b/migration.sql
	says 1 'mg-undo: 2_b: its script has changed since it was applied' undo
	is 'a b 1_a 2_b' "$(left)"
}

@test "what is applied later must be known" {
	rm -r migrations/3_c
	says 1 'mg-undo: 3_c: it is applied and not in the stream' undo
	says 1 'mg-undo: 3_c: it is applied and not in the stream' \
	    undo --to 1_a
	is 'a b c 1_a 2_b 3_c' "$(left)"
}

@test "what was applied earlier need not be known" {
	rm -r migrations/1_a
	undo >out
	is 'a b 1_a 2_b' "$(left)"
}

@test "a failed row, which may be running, comes first (P3009)" {
	sql "insert into _prisma_migrations (id, checksum, migration_name)
	    values (gen_random_uuid(), 'x', '4_d')"
	says 1 'mg-undo: P3009: 4_d: it has failed, or is running' undo
	is 'a b c 1_a 2_b 3_c 4_d' "$(left)"
}

@test "--to what is not there, or not applied" {
	fails 2 'mg-undo: --to 9_x: no such migration in the stream' \
	    undo --to 9_x
	change 4_d 'create table d (x int);' 'drop table d;'
	says 1 'mg-undo: --to 4_d: it is not applied' undo --to 4_d
	nothing_undone
}

@test "where nothing is applied there is nothing to undo" {
	undo --to 1_a >out
	undo >out
	run -0 --separate-stderr undo
	is '' "$output$stderr"
	sql 'drop table _prisma_migrations'
	run -0 --separate-stderr undo
	is '' "$output$stderr"
}

@test "an empty stream, and one without checksums, is refused" {
	: >records
	run -2 mg-undo <records
	mg-scan migrations >records
	says 2 'mg-undo: 3_c: its record needs "path" and "checksum"' \
	    mg-undo <records
	nothing_undone
}

# baseline NAME REPLACED...: one that creates nothing, in ./migrations
baseline() {
	local name=$1
	shift
	change "$name" 'select 1;' 'select 1;'
	jq -nc '{replaces: $ARGS.positional}' --args "$@" \
	    >"migrations/$name/metadata.json"
}

@test "a baseline that was run cannot be undone, nor can what it stands for" {
	sql 'delete from _prisma_migrations'
	baseline 3_all 1_a 2_b 3_c
	change 4_d 'create table d (x int);' 'drop table d;'
	apply -q >out
	is 'a b c d 3_all 4_d' "$(left)"
	says 1 'mg-undo: --to 2_b: the baseline 3_all stands for it' \
	    undo --to 2_b
	undo --to 3_all >out
	is 4_d "$(jq -r .name out)"
	says 1 'mg-undo: 3_all: it is a baseline, which stands for 3 migr' undo
	is 'a b c 3_all' "$(left)"
}

@test "a baseline that was only recorded stands in no newer one's way" {
	change 4_d 'create table d (x int);' 'drop table d;'
	apply -q >out
	baseline 3_all 1_a 2_b 3_c
	apply -q >out
	is 'a b c d 1_a 2_b 3_all 3_c 4_d' "$(left)"
	undo -n --to 3_all >out
	is 4_d "$(jq -r .name out)"
	undo >out
	is 4_d "$(jq -r .name out)"
	says 1 'mg-undo: 3_c: the baseline 3_all stands for it' undo
	is 'a b c 1_a 2_b 3_all 3_c' "$(left)"
}

@test "while another has the lock it exits 75, and says who" {
	hold_lock
	says 75 'P1002: the migration lock is held by process ' \
	    undo --lock-wait 100ms
	nothing_undone
}

@test "under the lock it chooses again" {
	hold_lock
	records
	mg-undo --lock-wait 30s <records >out 3>&- &
	pid=$!
	await_session mg-undo
	await "select exists (select from pg_stat_activity where
	    application_name = 'mg-undo' and state = 'idle in transaction')"
	sql "delete from _prisma_migrations where migration_name = '3_c'"
	release_lock
	wait "$pid"
	is 2_b "$(jq -r .name out)"
	is 'a c 1_a' "$(left)"
}

@test "a table that is locked for too long: exit 75, and nothing is undone" {
	hold_lock_of_table
	run -75 --separate-stderr undo --lock-timeout 100ms
	has "$stderr" 'nothing was undone; try again' \
	    'down.sql:1:1: P3018: canceling statement due to lock timeout'
	nothing_undone
}

hold_lock_of_table() {
	sessions=begun
	psql -Xq -c 'begin; lock table c; select pg_sleep(600)' \
	    >/dev/null 2>&1 3>&- &
	await "select exists (select from pg_locks where granted and
	    relation = 'c'::regclass and mode = 'AccessExclusiveLock')"
}

@test "a signal stops it, and nothing is undone" {
	sessions=begun
	down 3_c 'drop table c; select pg_sleep(600);'
	records
	env --default-signal=INT mg-undo <records >out 2>err 3>&- &
	pid=$!
	await "select exists (select from pg_stat_activity where
	    application_name = 'mg-undo' and wait_event = 'PgSleep')"
	kill -INT "$pid"
	ends 130
	grep -q 'nothing was undone' err
	nothing_undone
}

@test "what one script sets does not reach the next, nor the history" {
	down 3_c "set search_path = nowhere; set role pg_monitor;"
	down 2_b "drop table b;"
	undo --to 1_a >out
	is 'a c 1_a' "$(left)"
}

@test "a history row that something keeps keeps it all" {
	sql "create function keep() returns trigger language plpgsql as
	    'begin return null; end'" "create trigger keep before delete on
	    _prisma_migrations for each row execute function keep()"
	says 1 'mg-undo: 3_c: its history row stays' undo
	nothing_undone
}

@test "?schema= is where it looks" {
	DATABASE_URL=$(url "$PGDATABASE" schema=app)
	apply -q >out
	undo >out
	is 'a b' "$(sql "select string_agg(tablename, ' ' order by tablename)
	    from pg_tables where schemaname = 'app'
	    and tablename <> '_prisma_migrations'")"
	is 'a b c' "$(sql "select string_agg(tablename, ' ' order by tablename)
	    from pg_tables where schemaname = 'public'
	    and tablename <> '_prisma_migrations'")"
}

# cut_at BYTES: before the end of what travels; the status of mg-undo
cut_at() {
	local status=0
	rm -rf proxy
	start_proxy --cut "$(($(jq ".sent + .received" stats) - $1))"
	by_proxy mg-undo <records >out 2>err || status=$?
	end_proxy || true
	return "$status"
}

@test "if the connection breaks at COMMIT, another looks what came of it" {
	records
	start_proxy --stats stats
	by_proxy mg-undo <records >out
	end_proxy
	mg-apply -q <records >out
	run -0 cut_at 25
	is 'a b 1_a 2_b' "$(left)"
	mg-apply -q <records >out
	run -3 cut_at 60
	grep -q 'nothing was undone' err
	nothing_undone
}

@test "a down.sql is no migration to others" {
	records
	is $'1_a\n2_b\n3_c' "$(jq -r .name records)"
	down 3_c 'drop table if exists c; drop table b; alter table a drop x;'
	run -0 --separate-stderr mg-apply <records
	is '' "$output$stderr"
	mg-lint <records >linted || true
	run -1 grep down.sql linted
	mg-concat <records >joined
	run -1 grep -i drop joined
}
