#!/usr/bin/env bats
# The migration lock: mg and Prisma never migrate at the same time

load helper

MIGRATION_LOCK=72707369
GATE=1
declare -gA pids # -g: bats reads this file inside of a function

setup() {
	project
	databases one
	migration 1_one 'CREATE TABLE one (x int);'
	migration 2_gate "SELECT pg_advisory_xact_lock($GATE);"
	migration 3_three 'CREATE TABLE three (x int);'
}

# holding KEY: a session has that lock, until let_go
holding() {
	mkfifo session
	in_background session on one psql -Xqf session
	exec 9>session
	echo "SELECT pg_advisory_lock($1);" >&9
	on one until_locks "$1" t
}

let_go() {
	exec 9>&-
}

# in_background NAME COMMAND...: ended NAME says how it went; bats must not
# wait for it, as it does for who has descriptor 3
in_background() {
	local name=$1
	shift
	"$@" >"$name.out" 2>&1 3>&- 9>&- &
	pids[$name]=$!
}

# ended NAME PART...: it ended well, and said so
ended() {
	local name=$1
	shift
	local status=0
	wait "${pids[$name]}" || status=$?
	cat "$name.out" >&2
	is 0 "$status"
	has "$(<"$name.out")" "$@"
}

# locks KEY t|f: how many sessions have that lock, or wait for it
locks() {
	sql "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database
	    WHERE locktype = 'advisory' AND classid = 0 AND objid = $1
		AND objsubid = 1 AND granted = '$2'
		AND datname = current_database()"
}

# until_locks KEY t|f: wait for one
until_locks() {
	local tries=400
	until [ "$(locks "$@")" = 1 ]; do
		[ $((tries -= 1)) -gt 0 ] || return
		sleep .05
	done
}

# until_connected PROGRAM: wait until it is
until_connected() {
	local tries=400
	until [ "$(sql "SELECT count(*) FROM pg_stat_activity
	    WHERE datname = current_database()
		AND application_name = '$1'")" = 1 ]; do
		[ $((tries -= 1)) -gt 0 ] || return
		sleep .05
	done
}

# once: each migration was run, and by one of them
once() {
	is '3|3|3' "$(sql 'SELECT count(*), count(DISTINCT migration_name),
	    sum(applied_steps_count) FROM _prisma_migrations
	    WHERE finished_at IS NOT NULL')"
}

@test "mg gives up where another session has the lock, and changes nothing" {
	holding "$MIGRATION_LOCK"
	says 75 P1002 on one apply --lock-wait 1s
	is '' "$output"
	is '' "$(on one sql "SELECT to_regclass('_prisma_migrations')")"
	is 0 "$(on one locks "$MIGRATION_LOCK" f)"
	let_go
	ended session
	on one apply
	on one once
}

@test "Prisma waits while mg migrates" {
	holding "$GATE"
	in_background mg on one apply
	on one until_locks "$GATE" f
	in_background prisma on one prisma deploy
	on one until_locks "$MIGRATION_LOCK" f
	let_go
	ended mg 3_three
	ended prisma 'No pending migrations to apply.'
	on one once
}

@test "mg waits while Prisma migrates" {
	holding "$GATE"
	in_background prisma on one prisma deploy
	on one until_locks "$GATE" f
	run -75 on one apply --lock-wait 500ms
	in_background mg on one apply --lock-wait 1m
	let_go
	ended prisma 'All migrations have been successfully applied.'
	ended mg
	on one once
}

@test "started together, they run each migration once" {
	in_background prisma on one prisma deploy
	in_background mg on one apply --lock-wait 1m
	ended prisma
	ended mg
	on one once
	on one agreed
}

@test "mg that waits does not disturb an index that Prisma builds concurrently" {
	migration 2_gate 'SELECT 1;'
	migration 3_three 'CREATE INDEX CONCURRENTLY three ON one (x);'
	holding "$MIGRATION_LOCK"
	in_background mg on one apply --lock-wait 1m
	on one until_connected mg-apply
	in_background prisma on one prisma deploy
	on one until_locks "$MIGRATION_LOCK" f
	let_go # to Prisma, which is in the queue; mg only asks now and then
	ended prisma 'All migrations have been successfully applied.'
	ended mg
	on one once
}

# The server looks for a deadlock when a session has waited so long, and only
# then: Prisma has looked when the index makes it one, so it is mg that is hit.
@test "Prisma that waits does not disturb an index that mg builds concurrently" {
	on one sql "ALTER DATABASE $(called one) SET deadlock_timeout = '10ms'"
	migration 3_three 'CREATE INDEX CONCURRENTLY three ON one (x);'
	holding "$GATE"
	in_background mg on one apply
	on one until_locks "$GATE" f
	in_background prisma on one prisma deploy
	on one until_locks "$MIGRATION_LOCK" f
	let_go
	ended mg
	on one once
}
