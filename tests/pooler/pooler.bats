#!/usr/bin/env bats
# Behind a transaction pooler: a real pgbouncer, in transaction mode

# What run and start_apply set, what common.bash exports, SQL with its dollars:
# shellcheck disable=SC2154,SC2030,SC2031,SC2034,SC2016

load ../helper/common
load ../helper/server

setup() {
	sandbox
	database
	direct=$DATABASE_URL
	start_pooler
}

teardown() {
	local pid
	for pid in ${runners-}; do
		kill -KILL "$pid" 2>/dev/null || true
	done
	end_pooler
	DATABASE_URL=$direct end_sessions
}

end_pooler() {
	kill -KILL "$pooler"
	rm -rf "$folder"
}

# start_pooler [MODE]: $DATABASE_URL leads through it, to two server sessions
start_pooler() {
	local tries user
	folder=$(mktemp -d "${TMPDIR:-/tmp}/mg.XXXXXX") # a socket's name must be short
	cat >"$folder/ini" <<-END
		[databases]
		* = host=$PGHOST user=postgres
		[pgbouncer]
		unix_socket_dir = $folder
		listen_addr =
		listen_port = 5432
		auth_type = any
		pool_mode = ${1:-transaction}
		default_pool_size = 2
		max_client_conn = 200
		logfile = $folder/log
	END
	user=$(id -un)
	[ "$user" != root ] || user=postgres
	[ "$user" != postgres ] || chown -R postgres "$folder"
	pgbouncer -q -u "$user" "$folder/ini" 3>&- &
	pooler=$!
	for ((tries = 0; tries < 600; tries++)); do
		[ ! -S "$folder/.s.PGSQL.5432" ] || break
		sleep 0.02
	done
	pooled=${DATABASE_URL%%host=*}host=$folder
	DATABASE_URL="$pooled&pgbouncer=true"
}

# whole: every migration of ./migrations has one row, and ran once
whole() {
	ls migrations >names
	sed -i /migration_lock/d names
	is "$(cat names)" "$(sql "select migration_name
	    from _prisma_migrations where finished_at is not null
	    and rolled_back_at is null order by migration_name collate \"C\"")"
	is "$(wc -l <names)" "$(sql 'select count(*) from _prisma_migrations')"
	is '' "$(sql "select l.pid from pg_locks l where locktype = 'advisory'
	    and database = (select oid from pg_database
	     where datname = current_database())")"
}

# history N: that many, each of which tells how often it ran
history() {
	local i
	migration 000_log 'CREATE TABLE ran (name text);'
	for ((i = 1; i < $1; i++)); do
		case $((i % 4)) in
		0) migration "$(printf %03d_steps "$i")" \
		    "INSERT INTO ran VALUES ('$i a');" 'COMMIT;' \
		    "BEGIN; INSERT INTO ran VALUES ('$i b'); COMMIT;" ;;
		*) migration "$(printf %03d_x "$i")" \
		    "CREATE TABLE t$i (x int);" \
		    "INSERT INTO ran VALUES ('$i');" ;;
		esac
	done
}

# ran_once: no part of the history of N ran twice
ran_once() {
	is '' "$(sql 'select name from ran group by name having count(*) > 1')"
	is $(($1 - 1 + ($1 - 1) / 4)) "$(sql 'select count(*) from ran')"
}

@test "a history goes through, each migration once, and nothing is left behind" {
	history 20
	migration 900_set "SET search_path = nowhere;" "SET ROLE postgres;" \
	    "CREATE TABLE public.set (x int);"
	apply --lock-timeout 7s --statement-timeout 70s >out
	is 21 "$(jq -r 'select(.state == "applied").name' out | wc -l)"
	whole
	ran_once 20
	fails 0 '' apply
	for _ in 1 2 3 4; do
		psql -XqAt "$pooled" -c "select name, setting from pg_settings
		    where source = 'session'" -c "select 'lock'
		    from pg_locks where locktype = 'advisory'"
	done >left
	is 'application_name|psql' "$(sort -u left | grep -v client_encoding)"
}

@test "?schema= and the timeouts hold inside of each transaction" {
	migration 1_a "CREATE TABLE a AS SELECT current_setting('lock_timeout')
	    AS l, current_setting('statement_timeout') AS s;"
	DATABASE_URL="$pooled&pgbouncer=true&schema=the%20%22app" \
	    apply --lock-timeout 1234ms --statement-timeout 9s >out
	is '1234ms|9s' "$(sql 'select * from "the ""app".a')"
	is 1_a "$(sql 'select migration_name
	    from "the ""app"._prisma_migrations')"
}

@test "a pooler that the URL is silent about is found, and told of" {
	history 6
	DATABASE_URL=$pooled
	run -0 --separate-stderr apply
	is "mg-apply: a connection pooler is in between: the lock is taken in each transaction; DIRECT_URL could go around it" "$stderr"
	whole
}

@test "a pooler that gives whole sessions is none, if the URL says so" {
	end_pooler
	start_pooler session
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b 'CREATE INDEX CONCURRENTLY a_x ON a (x);'
	DATABASE_URL=$pooled says 2 'cannot be done behind a transaction' apply
	DATABASE_URL="$pooled&pgbouncer=false" fails 0 '' apply
	whole
}

@test "options that it refuses lead to the word that is missing" {
	migration 1_a ''
	DATABASE_URL=$pooled says 3 \
	    'if it is a transaction pooler, say pgbouncer=true in the URL' \
	    apply --lock-timeout 1s
}

@test "what needs a session needs DIRECT_URL" {
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b 'CREATE INDEX CONCURRENTLY a_x ON a (x);'
	fails 2 "mg-apply: migrations/2_b/migration.sql: this statement refuses a transaction: that cannot be done behind a transaction pooler; give the server's own URL in DIRECT_URL or with -d" apply
	is '' "$(sql "select to_regclass('a')")"
	DIRECT_URL=$direct fails 0 '' apply
	whole
}

@test "settings that one step makes for another need it, too" {
	migration 1_a 'SET search_path = pg_catalog;' 'COMMIT;' \
	    'SELECT 1;' 'COMMIT;' 'SELECT 2;'
	says 2 'that cannot be done behind a transaction pooler' apply
}

@test "who holds the lock for a session is waited for, and named" {
	migration 1_a ''
	hold_lock
	run -75 --separate-stderr apply --lock-wait 300ms
	has "$stderr" 'P1002: the migration lock is held by process ' \
	    ' of deployer'
	start_apply --lock-wait 20s
	sleep 0.3
	release_lock
	ends 0
	whole
}

@test "a failure leaves nothing, and the steps done are not repeated" {
	migration 1_a 'CREATE TABLE ran (x int);' \
	    'INSERT INTO ran VALUES (1); COMMIT;' \
	    'INSERT INTO ran VALUES (2); SELECT 1/0;'
	says 1 'migrations/1_a/migration.sql:3:29: P3018: division by zero' \
	    apply
	is 1 "$(sql 'select x from ran')"
	migration 1_a 'CREATE TABLE ran (x int);' \
	    'INSERT INTO ran VALUES (1); COMMIT;' \
	    'INSERT INTO ran VALUES (2);'
	says 0 'goes on behind step 1 of 2' apply
	is $'1\n2' "$(sql 'select x from ran order by x')"
	whole
}

@test "a lock that is not free in time is retried" {
	sql 'create schema other' 'create table other.busy (x int)'
	migration 1_a 'ALTER TABLE other.busy ADD y int;'
	sessions=begun
	psql -Xqd "$direct" -c begin -c 'lock other.busy' \
	    -c 'select pg_sleep(1.5)' -c commit >/dev/null 3>&- &
	await "select exists (select from pg_locks l
	    where relation = 'other.busy'::regclass)"
	says 0 '1_a: canceling statement due to lock timeout; attempt 2 of 11' \
	    apply --lock-timeout 200ms
	whole
}

# half_done NAME: it is, by another run; ROW of a history that is there
half_done() {
	migration "$1" "INSERT INTO ran VALUES ('$1 a'); COMMIT;" \
	    "INSERT INTO ran VALUES ('$1 b'); SELECT 1 / 0;"
	run -1 apply
	sed -i 's/SELECT 1 . 0;//' "migrations/$1/migration.sql"
}

@test "two that were left half done are continued, one behind the other" {
	migration 000_log 'CREATE TABLE ran (name text);'
	half_done 002_b
	mv migrations/002_b .
	sql "update _prisma_migrations set migration_name = '002_c'
	    where migration_name = '002_b'"
	half_done 002_b
	sql "update _prisma_migrations set migration_name = '003_c'
	    where migration_name = '002_c'"
	cp -r 002_b migrations/003_c
	apply >out
	whole
	is applied "$(jq -r .state out | sort -u)"
	is 0 "$(jq -r 'select(.error) | .name' out | wc -l)"
}

@test "alone, no turn is found to be stale" {
	history 8
	apply --to 000_log >out
	sql 'select pg_stat_reset()'
	apply >out
	whole
	# Each counts what it rolled back when it ends, and its end as one.
	sql "select pg_terminate_backend(pid) from pg_stat_activity
	    where datname = current_database() and pid <> pg_backend_pid()" \
	    >/dev/null
	sleep 1
	[ "$(sql 'select xact_rollback from pg_stat_database
	    where datname = current_database()')" -le 1 ]
}

@test "set_config for a later step is a setting that would leak" {
	migration 1_a "SELECT set_config('work_mem', '1MB', false); COMMIT;" \
	    'SELECT 1;'
	says 2 'cannot be done behind a transaction pooler' apply
}

@test "a first script that begins read-only does not keep the table away" {
	migration 1_a 'BEGIN READ ONLY; SELECT 1; COMMIT;' \
	    'CREATE TABLE t (x int);'
	apply >out
	whole
}

@test "twenty runners at once, some of them killed: each migration runs once" {
	local i
	history 60
	records
	for ((i = 0; i < 20; i++)); do
		mg-apply -q --lock-wait 60s <records >"out.$i" 2>"err.$i" 3>&- &
		runners+=" $!"
	done
	for ((i = 0; i < 8; i++)); do
		sleep 0.2
		kill -KILL "$(xargs -n 1 <<<"$runners" | shuf -n 1)" 2>/dev/null || true
	done
	for pid in $runners; do
		wait "$pid" || [ $? = 137 ] || { cat err.*; false; }
	done
	runners=
	apply --lock-wait 60s >out
	whole
	ran_once 60
}

@test "mg-mark and mg-status work there, mg-lock says that it cannot" {
	history 5
	records
	mg-mark --applied <records >out
	is applied "$(mg-status <records | jq -r .state | sort -u)"
	fails 2 "mg-lock: the URL says pgbouncer=true: behind a transaction pooler no lock lasts; give the server's own URL in DIRECT_URL or with -d" \
	    mg-lock true
}
