#!/usr/bin/env bats
# mg-lock(1): hold the migration lock while a command runs

load helper/common
load helper/server

setup() {
	sandbox
	database
}

teardown() {
	end_sessions
	end_server
}

# Is the lock free?  To be asked from within mg-lock, too.
free="psql -XqAtc 'select pg_try_advisory_lock(72707369)'"

@test "the lock is held while the command runs, and free afterwards" {
	is f "$(mg-lock -- bash -c "$free")"
	is t "$(bash -c "$free")"
}

@test "the command's exit status is passed on, a signal's as 128 + n" {
	run -0 mg-lock true
	run -7 mg-lock -- bash -c 'exit 7'
	run -143 mg-lock -- bash -c 'kill -TERM $$'
}

@test "options behind the command are the command's" {
	is '-d x --wait' "$(mg-lock echo -d x --wait)"
}

@test "a command that cannot be run is 127 or 126, said aloud" {
	fails 127 'mg-lock: no-such-command: No such file or directory' \
	    mg-lock no-such-command
	touch plain
	fails 126 'mg-lock: ./plain: Permission denied' mg-lock ./plain
}

@test "while another has the lock it exits 75, says who, and runs nothing" {
	hold_lock
	run -75 mg-lock --lock-wait 100ms -- touch ran
	has "$output" 'P1002: the migration lock is held by process ' deployer
	[ ! -e ran ]
}

@test "it waits for the lock" {
	hold_lock
	mg-lock --lock-wait 30s -- touch ran 3>&- &
	pid=$!
	await_session mg-lock
	[ ! -e ran ]
	release_lock
	wait "$pid"
	[ -e ran ]
}

@test "mg-apply does not run beside it" {
	migration 1_a 'create table a (i int);'
	records
	run -75 mg-lock -- bash -c 'mg-apply --lock-wait 100ms <records'
	is '' "$(sql "select to_regclass('a')")"
}

@test "a lock that was lost is told, and a success is none" {
	run -3 mg-lock -- psql -Xqc \
	    "select pg_terminate_backend(pid) from pg_stat_activity
	    where application_name = 'mg-lock'
	    and datname = current_database()"
	has "$output" 'mg-lock: the lock was lost while the command ran: '
}

@test "killed, it leaves no lock" {
	mg-lock -- bash -c 'echo $$ >command; exec sleep 600' 3>&- &
	pid=$!
	await_session mg-lock
	until [ -s command ]; do sleep 0.02; done
	kill -KILL "$pid"
	await "select not exists (select from pg_stat_activity where
	    application_name = 'mg-lock' and datname = current_database())"
	is t "$(bash -c "$free")"
	kill "$(cat command)"
}

@test "without a command, through a pooler, or without a server it says so" {
	says 2 'no command given' mg-lock
	says 2 'pgbouncer=true' \
	    mg-lock -d "$(url "$PGDATABASE" pgbouncer=true)" true
	says 3 P1001 mg-lock -d "postgresql://localhost/x?host=$PWD" true
}

@test "psql finds the database of the URL, and its ?schema=" {
	local theirs=$PGDATABASE
	unset PGDATABASE
	sql() { psql -XqAtc "$1" -d "$theirs"; }
	sql 'create schema "a b\c"'
	is "$theirs|a b\\c" "$(PGDATABASE=template1 \
	    DATABASE_URL=$(url "$theirs" 'schema=a%20b%5Cc') mg-lock -- \
	    psql -XqAtc 'select current_database(), current_schema()')"
	is "$theirs|public" "$(DATABASE_URL='' mg-lock -d "$(url "$theirs")" -- \
	    psql -XqAtc 'select current_database(), current_schema()')"
}
