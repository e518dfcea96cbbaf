#!/usr/bin/env bats
# mg-apply(1): timeouts, retries, who keeps it waiting, and a lost connection

# What run and start_apply set, what common.bash exports:
# shellcheck disable=SC2154,SC2030,SC2031,SC2034

load helper/common
load helper/server

setup() {
	sandbox
	database
	sql 'create table busy (x int)' 'create schema other' \
	    'alter table busy set schema other'
}

teardown() {
	end_sessions
	end_server
}

# reader SECONDS: a session called reader keeps busy locked for so long
reader() {
	sessions=begun
	PGAPPNAME=reader psql -Xqc 'begin' -c 'lock other.busy in share mode' \
	    -c "select pg_sleep($1)" -c 'commit' >/dev/null 2>&1 3>&- &
	await "select exists (select from pg_stat_activity
	    where datname = current_database() and wait_event = 'PgSleep'
	    and application_name = 'reader')"
}

# snapshot SECONDS: it keeps an old snapshot, and no lock that matters
snapshot() {
	sessions=begun
	PGAPPNAME=snapshot psql -Xqc 'begin isolation level repeatable read' \
	    -c "select pg_sleep($1) from (select 1) x" >/dev/null 2>&1 3>&- &
	await "select exists (select from pg_stat_activity
	    where datname = current_database() and wait_event = 'PgSleep'
	    and application_name = 'snapshot')"
}

# blocked: until mg-apply waits for a lock
blocked() {
	await "select exists (select from pg_stat_activity
	    where datname = current_database() and wait_event_type = 'Lock'
	    and application_name = 'mg-apply')"
}

#
# --lock-timeout and --retries
#

@test "who does not get a lock in time goes back, waits, and comes again" {
	migration 1_a 'CREATE TABLE a (x int);' \
	    'ALTER TABLE other.busy ADD y int;'
	reader 2
	run -0 --separate-stderr apply --lock-timeout 200ms
	has "$stderr" \
	    '1_a: canceling statement due to lock timeout; attempt 2 of 11 follows in ' \
	    'it is kept waiting by process ' ' of reader, connected '
	is '1|t' "$(sql "select count(*), bool_and(finished_at is not null)
	    from _prisma_migrations")"
}

@test "giving up is 75: nothing of it remains, those before it do" {
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b 'CREATE TABLE b (x int);' \
	    'ALTER TABLE other.busy ADD y int;'
	migration 3_c 'CREATE TABLE c (x int);'
	reader 600
	run -75 --separate-stderr apply --lock-timeout 200ms --retries 1
	has "$stderr" 'attempt 2 of 2 follows' \
	    'migrations/2_b/migration.sql:2:1: P3018: canceling statement due to lock timeout (SQLSTATE 55P03)' \
	    '  it was kept waiting by process ' ' of reader' \
	    '1 of 3 pending migrations were applied' \
	    '2_b: nothing of it remains; run again'
	is '1_a applied|2_b failed' \
	    "$(jq -r '"\(.name) \(.state)"' <<<"$output" | paste -sd '|')"
	is 1_a "$(history_of migration_name)"
	is '' "$(sql "select to_regclass('b')")"
}

@test "--retries 0 tries once" {
	migration 1_a 'ALTER TABLE other.busy ADD y int;'
	reader 600
	run -75 --separate-stderr apply --lock-timeout 100ms --retries 0
	case $stderr in *attempt*) false ;; esac
}

@test "others get their turn between two attempts" {
	migration 1_a 'ALTER TABLE other.busy ADD y int;'
	reader 600
	start_apply --lock-timeout 300ms --retries 1000
	blocked
	# It queues behind ours, and so would wait for as long as the reader.
	PGOPTIONS='-c lock_timeout=20s' psql -Xqc 'select from other.busy'
	kill -INT "$pid"
	ends 130
}

@test "beside a steady load and a long reader, nobody waits for long" {
	migration 1_a 'ALTER TABLE other.busy ADD y int;'
	reader 3
	echo 'select count(*) from other.busy;' >load
	start_apply --lock-timeout 200ms --retries 1000
	"$(pg_config --bindir)/pgbench" -n -f load -R 100 -T 2 -l \
	    --log-prefix=log >told 2>&1
	ends 0
	# Microseconds; without the timeout it would be that of the reader.
	sort -nk 3 log.* | awk '{ took[NR] = $3 } END {
	    p99 = took[int(NR * 0.99)]
	    print NR " queries, p99 " p99
	    exit !(NR > 100 && p99 < 1500000) }'
}

@test "a step that did not get its lock is tried again, not those before it" {
	migration 1_a 'CREATE TABLE a (x int);' 'VACUUM a;' \
	    'INSERT INTO a VALUES (1);' 'VACUUM a;' \
	    'INSERT INTO a VALUES (2); ALTER TABLE other.busy ADD y int;'
	reader 2
	run -0 --separate-stderr apply --lock-timeout 200ms
	has "$stderr" 'attempt 2 of 11'
	is $'1\n2' "$(sql 'select x from a order by x')"
}

@test "a deadlock is tried again" {
	migration 1_a 'LOCK other.busy IN EXCLUSIVE MODE;' \
	    "SELECT pg_sleep(0.5);" 'LOCK other.idle IN EXCLUSIVE MODE;'
	sql 'create table other.idle (x int)'
	start_apply
	await_sleep
	sessions=begun
	# The server ends the one whose deadlock_timeout is over first: ours.
	PGOPTIONS='-c deadlock_timeout=60s' psql -Xqc begin \
	    -c 'lock other.idle in exclusive mode' \
	    -c 'lock other.busy in exclusive mode' -c commit
	ends 0
	has "$(cat err)" '1_a: deadlock detected; attempt 2 of 11'
}

@test "without --lock-timeout the server's own holds, and is retried, too" {
	migration 1_a 'ALTER TABLE other.busy ADD y int;'
	reader 2
	sql "alter database $PGDATABASE set lock_timeout = '200ms'"
	run -0 --separate-stderr apply
	has "$stderr" 'attempt 2 of 11'
}

@test "the timeout holds behind a script's RESET ALL, but not for a later one's own" {
	migration 1_a "SET work_mem = '1MB';" 'RESET ALL;'
	migration 2_b "CREATE TABLE t AS SELECT
	    current_setting('lock_timeout') AS l,
	    current_setting('statement_timeout') AS s;"
	migration 3_c "SET lock_timeout = '7s'; INSERT INTO t SELECT
	    current_setting('lock_timeout'), 'own';"
	migration 4_d "INSERT INTO t SELECT
	    current_setting('lock_timeout'), 'after';"
	apply --lock-timeout 1234ms --statement-timeout 9s >out
	is $'1234ms|9s\n7s|own\n1234ms|after' "$(sql 'select * from t')"
}

@test "what PGOPTIONS says is kept beside the timeouts" {
	migration 1_a "CREATE TABLE t AS SELECT
	    current_setting('work_mem') AS w, current_setting('lock_timeout');"
	PGOPTIONS='-c work_mem=3MB' apply --lock-timeout 5s >out
	is '3MB|5s' "$(sql 'select * from t')"
}

@test "--statement-timeout ends a statement, which fails the migration" {
	migration 1_a 'SELECT pg_sleep(60);'
	says 1 'P3018: canceling statement due to statement timeout (SQLSTATE 57014)' \
	    apply --statement-timeout 200ms
}

@test "a server that runs out of something is the world's fault" {
	migration 1_a "SET work_mem = '64kB'; SET temp_file_limit = 0;" \
	    'CREATE TABLE t AS SELECT g FROM generate_series(1, 99999) g
	    ORDER BY g::text;'
	run -3 --separate-stderr apply
	has "$stderr" 'P3018: temporary file size exceeds ' '(SQLSTATE 53400)' \
	    '1_a: nothing of it remains; run again'
}

@test "what is no number or duration is refused" {
	migration 1_a ''
	fails 2 'mg-apply: x: not a whole number' apply --retries x
	fails 2 'mg-apply: -1: not a whole number' apply --retries -1
	fails 2 'mg-apply: 1x: not a whole number' apply --retries 1x
	fails 2 'mg-apply: soon: not a duration such as 500ms, 10s or 2m' \
	    apply --lock-timeout soon
}

#
# Concurrent builds
#

@test "lock_timeout does not end a concurrent build, which is told of" {
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b 'CREATE INDEX CONCURRENTLY a_x ON a (x);'
	migration 3_c "CREATE TABLE t AS SELECT
	    current_setting('lock_timeout') AS l;"
	snapshot 2
	run -0 --separate-stderr apply --lock-timeout 200ms
	has "$stderr" 'it is kept waiting by process ' ' of snapshot'
	case $stderr in *attempt*) false ;; esac
	is t "$(sql "select indisvalid from pg_index
	    where indexrelid = 'a_x'::regclass")"
	is 200ms "$(sql 'select l from t')"
}

@test "but a script that sets lock_timeout itself has its way" {
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b "SET lock_timeout = '100ms';" \
	    'CREATE INDEX CONCURRENTLY a_x ON a (x);'
	snapshot 600
	run -75 --separate-stderr apply --retries 1
	has "$stderr" 'canceling statement due to lock timeout' \
	    '2_b: 1 of its 2 steps are done; run again'
}

@test "a build that is kept waiting for too long is given up and cleared away" {
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b 'CREATE INDEX CONCURRENTLY a_x ON a (x);' 'SELECT 1;'
	snapshot 600
	run -75 --separate-stderr apply --lock-timeout 300ms --retries 1
	has "$stderr" 'migrations/2_b/migration.sql:1:1: P3018: ' \
	    'it was kept waiting by process ' ' of snapshot' \
	    '2_b: 0 of its 2 steps are done; run again'
	is '' "$(sql "select indexrelid::regclass from pg_index
	    where not indisvalid")"
	end_sessions
	run -0 --separate-stderr apply
	is t "$(sql "select indisvalid from pg_index
	    where indexrelid = 'a_x'::regclass")"
}

#
# Who keeps it waiting
#

@test "without any timeout, who keeps it waiting is told once" {
	migration 1_a 'ALTER TABLE other.busy ADD y int;'
	reader 5
	run -0 --separate-stderr apply
	is 1 "$(grep -c 'it is kept waiting by' <<<"$stderr")"
	has "$stderr" ' of reader, connected '
}

@test "-q does not tell, and does not fail where nobody can look" {
	migration 1_a 'SELECT pg_sleep(3);'
	sql 'create role lonely login connection limit 1' \
	    "alter database $PGDATABASE owner to lonely" \
	    'alter schema public owner to lonely'
	DATABASE_URL=${DATABASE_URL/postgres@/lonely@} fails 0 '' apply -q
	sql "alter database $PGDATABASE owner to postgres" \
	    'reassign owned by lonely to postgres' 'drop owned by lonely' \
	    'drop role lonely'
}

#
# Several hosts
#

# served HOST: $port is one of 127.0.0.1 that leads to its server
served() {
	PGHOST=$1 start_proxy --port 0 >port
	proxies+=" $proxy"
	for _ in {1..600}; do
		[ ! -s port ] || break
		sleep 0.02
	done
	port=$(grep -oE '[0-9]+$' port)
	rm -rf proxy port
}

@test "of several hosts the first that answers is taken" {
	migration 1_a ''
	served "$PGHOST"
	DATABASE_URL=postgresql://$PGUSER@127.0.0.1:1,127.0.0.1:$port/$PGDATABASE \
	    fails 0 '' apply
	end_proxy
	is 1_a "$(history_of migration_name)"
}

@test "target_session_attrs leads past a standby, which is refused" {
	local primary second
	own_server 'hot_standby = on'
	standby
	migration 1_a ''
	served "$own"
	primary=$port
	served "$own/standby"
	second=postgresql://$PGUSER@127.0.0.1:$port
	DATABASE_URL=$second/$PGDATABASE says 2 'standby' apply
	PGHOST=$own
	DATABASE_URL="$second,127.0.0.1:$primary/$PGDATABASE?target_session_attrs=read-write" \
	    fails 0 '' apply
	is 1_a "$(history_of migration_name)"
	for proxy in $proxies; do
		kill "$proxy"
	done
}

#
# A connection that is lost
#

# lost_behind MARK: the connection is lost as soon as that table is there
lost_behind() {
	await "select to_regclass('$1') is not null"
	server_crash
	server_start
}

@test "what was committed although nobody heard of it is found" {
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b 'CREATE TABLE b (x int);' 'SELECT pg_sleep(1);'
	start_proxy
	by_proxy start_apply
	await_sleep
	kill -STOP "$proxy"
	await "select exists (select from _prisma_migrations
	    where migration_name = '2_b')"
	kill -KILL "$proxy"
	start_proxy
	ends 0
	end_proxy
	has "$(cat err)" 'the connection broke, but all of it was done'
	is 'applied|applied' "$(jq -r .state out | paste -sd '|')"
}

@test "a server that crashes and comes back is asked what became of it" {
	own_server 'fsync = on'
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b 'CREATE TABLE b (x int);' 'SELECT pg_sleep(60);'
	start_apply
	lost_behind a
	ends 3
	has "$(cat err)" ' of 2 pending migrations were applied' \
	    'nothing of it remains; run again'
	records
	mg-apply <records >out 2>err &
	pid=$!
	await_sleep
	is t "$(sql "select to_regclass('a') is not null")"
}

@test "a server that says that it recovers is waited for" {
	own_server 'hot_standby = off'
	migration 1_a 'SELECT pg_sleep(60);'
	start_apply
	await_sleep
	server_crash
	# It says so until it is promoted.
	touch "$own/data/standby.signal"
	server pg_ctl -W -s -D "$own/data" -l "$own/log" start
	# Longer than a server that says nothing would be waited for.
	sleep 7
	server pg_ctl -s -D "$own/data" promote
	ends 3
	has "$(cat err)" '0 of 1 pending migrations were applied' \
	    '1_a: nothing of it remains; run again'
	run -1 grep -F 'is not known' err
}

@test "a server that does not come back leaves it in doubt" {
	own_server
	migration 1_a 'SELECT pg_sleep(60);'
	start_apply
	await_sleep
	server_crash
	ends 3
	has "$(cat err)" 'what became of it is not known: P1001: ' \
	    'as far as is known 0 of 1 pending migrations were applied' \
	    '1_a: the server may still run it, and a crash may have taken away what came before; look with mg-status, then run again'
	is '' "$(cat out)"
}
