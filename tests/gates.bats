#!/usr/bin/env bats
# mg.deploy.mk: the gates in front of a deployment in production
#
# Rows are those of the promises to users.

# What run sets, commands for other shells, each test being a subshell:
# shellcheck disable=SC2154,SC2016,SC2030,SC2031,SC2034

load helper/common
load helper/make
load helper/backup
load helper/server

# A database that has the first migration of two, and a backup that takes no
# time; what opens and closes gates leaves a word in ./door, and what the
# database has of the second.
setup() {
	sandbox
	makefile 'MG_MIGRATIONS = migrations'
	migration 20240101000000_one 'create table a (i int);'
	database
	apply -q
	migration 20240102000000_two 'create table b (i int);'
	word backup 'echo backups/backup_production_1.dump; echo "$@" >options'
	word on
	word off
	word test
	export ENVIRONMENT=production FORCE=1 MODE=dev MG_BACKUP=./backup
	export MAINTENANCE_ON_CMD=./on MAINTENANCE_OFF_CMD=./off TEST_CMD=./test
}

teardown() {
	end_sessions
}

# word NAME [LINE...]: a program of that name that leaves it, and runs these
word() {
	local name=$1
	shift
	printf '%s\n' '#!/bin/sh' "echo $name \$(psql -XqAtc \
	    \"select to_regclass('b')\") >>door" "$@" >"$name"
	chmod +x "$name"
}

# door: what was left there
door() {
	[ ! -e door ] || paste -sd ' ' door
}

# logged FILTER: of the last line of the log
logged() {
	tail -n 1 .mg/log.jsonl | jq -r "$1"
}

# said: by the last deployment, as it is kept
said() {
	local logs=(.mg/logs/migration_*.log)
	cat "${logs[-1]}"
}

# closed DOOR WORDS...: the deployment fails with these, and nothing was applied
closed() {
	local want=$1
	shift
	run -2 mg_make deploy
	has "$output" "$@"
	is "$want" "$(door)"
	is '' "$(sql "select to_regclass('b')")"
	is '' "$(ls -d .mg/run.* 2>/dev/null)"
	has "$(said)" "$1"
}

# Rows 219, 227, 233, 242, 249, 251, 273, 274.
@test "production: lint, tests, backup, maintenance, and only then it is applied" {
	run -0 mg_make deploy
	has "$output" '1 applied'
	is 'test backup on off b' "$(door)"
	is 'route plan lint test backup maintenance apply maintenance finished' \
	    "$(jq -r .event .mg/log.jsonl | paste -sd ' ')"
	is '-o backups --label production --rehearse' "$(cat options)"
	is 'deployed production backups/backup_production_1.dump' \
	    "$(logged '"\(.outcome) \(.environment) \(.backup)"')"
}

# Rows 219, 228, 242, 274.
@test "production: the backup is a real one, and was rehearsed" {
	MG_BACKUP=mg-backup run -0 mg_make deploy
	is true "$(jq '.rehearsed != null' backups/backup_production_*.json)"
	is 'true' "$(jq 'select(.event == "backup").rehearsed' .mg/log.jsonl)"
	has "$(mg_make status)" '2 applied'
}

# Row 243.
@test "make -n deploy shows the gates, and does nothing" {
	run -0 mg_make -n deploy
	is 'route plan gate-lint gate-test gate-backup gate-maintenance deploy compare' \
	    "$(sed -n "s/^exec sh .*\/\([a-z-]*\)\.sh '.*/\1/p" <<<"$output" |
		paste -sd ' ')"
	run -0 mg_make deploy DRY_RUN=1
	is '' "$(door)"
	is plan "$(logged .event)"
}

@test "nothing pending: no gate closes" {
	apply -q
	run -0 mg_make deploy
	has "$output" 'nothing pending'
	is '' "$(door)"
	[ ! -e options ]
}

@test "development has no gates and tells nobody, staging has them if told" {
	mg_make plan NOTIFY_CMD='touch told'
	ENVIRONMENT=development mg_make deploy NOTIFY_CMD='touch told'
	is '' "$(door)"
	[ ! -e told ]
	sql 'drop table b' \
	    "delete from _prisma_migrations where migration_name like '%two'"
	ENVIRONMENT=staging mg_make deploy GATES=1
	is 'test backup on off b' "$(door)"
	has "$(cat options)" '--label staging'
}

# Rows 246, 248, 249.
@test "switches that are neither true nor false are refused beforehand" {
	local target word
	for word in ENVIRONMENT=prod SKIP_BACKUP=yes SKIP_MAINTENANCE=2 \
	    GATES=on; do
		run -2 mg_make deploy "$word"
		has "$output" "${word%=*} is " ", not '${word#*=}'; nothing"
	done
	for target in plan route; do
		run -2 mg_make $target ENVIRONMENT=prod
		has "$output" 'ENVIRONMENT is development, staging or production'
	done
	run -2 mg_make deploy MAINTENANCE_OFF_CMD=
	has "$output" 'MAINTENANCE_ON_CMD without MAINTENANCE_OFF_CMD'
	is '' "$(door)"
	is refused "$(logged .outcome)"
}

# Rows 244, 248, 249.
@test "what is skipped is loud, and in the log" {
	run -0 mg_make deploy SKIP_BACKUP=true SKIP_MAINTENANCE=1 LINT=0 TEST_CMD=
	has "$output" 'NO LINT: LINT=0' 'NO TESTS' 'NO BACKUP: SKIP_BACKUP=true' \
	    'NO MAINTENANCE: SKIP_MAINTENANCE=1'
	is '' "$(door)"
	is lint,test,backup,maintenance "$(logged '.skipped | join(",")')"
	has "$(mg_make deploy-status)" \
	    'skipped  lint, test, backup, maintenance' \
	    'deployed: dev, production'
	sql 'drop table b' \
	    "delete from _prisma_migrations where migration_name like '%two'"
	run -0 mg_make deploy SKIP_BACKUP=false REHEARSE=false \
	    MAINTENANCE_ON_CMD=
	has "$output" 'NO REHEARSAL' 'NO MAINTENANCE: MAINTENANCE_ON_CMD and'
	is '-o backups --label production' "$(cat options)"
}

@test "an error of mg-lint in what is pending closes the gate" {
	migration 20240102000000_two 'create table b (i int);' \
	    'create index concurrently b_i on b (i);'
	closed '' 'two/migration.sql:2:1: error: ban-concurrent-index-creation' \
	    '1 of what mg-lint says above is an error; nothing was applied'
	is 'refused gate-lint' "$(logged '"\(.outcome) \(.step)"')"
}

@test "what was applied long ago, and a warning, close none" {
	rm -r migrations
	dropdb "$PGDATABASE"
	database
	migration 20240101000000_one 'create table a (i int);' \
	    'create index concurrently a_i on a (i);'
	apply -q
	migration 20240102000000_two 'alter table a add b int not null;'
	run -0 mg_make deploy
	has "$output" 'warning: adding-required-field'
	is '0 1' "$(jq -r 'select(.event == "lint") | "\(.errors) \(.warnings)"' \
	    .mg/log.jsonl)"
}

# Rows 242, 273.
@test "tests that fail close the gate, and never learn of the database" {
	word test '[ -z "$DATABASE_URL$DIRECT_URL" ] && exit 3'
	DIRECT_URL=$DATABASE_URL closed test 'TEST_CMD failed with 3; nothing'
	printf '%s\n' 'test-migrations:' '	@false' >>Makefile
	TEST_MIGRATIONS=1 closed test 'make test-migrations failed with 2'
}

# Rows 242, 274, 283.
@test "a backup that fails closes the gate: pg_dump, a full disk" {
	around 'exit 4'
	MG_BACKUP=mg-backup closed test 'pg_dump failed, exit status 4' \
	    'gate-backup: the backup failed, and nothing was applied; SKIP_BACKUP=1'
	is 'failed gate-backup 3' "$(logged '"\(.outcome) \(.step) \(.status)"')"
	unset MG_PGBIN
	rm door
	printf '%s\n' '#!/bin/sh' 'ulimit -f 4' 'exec mg-backup "$@"' >backup
	(
		trap '' XFSZ
		closed test 'mg-backup: ' 'the database: nothing was applied'
	)
}

@test "a rehearsal that fails closes the gate" {
	MG_BACKUP=mg-backup TMPDIR=$PWD/gone closed test gone \
	    'the backup failed, and nothing was applied'
}

@test "maintenance that does not begin: nothing is applied, and it ends" {
	word on 'exit 3'
	closed 'test backup on off' \
	    'MAINTENANCE_ON_CMD failed with 3; nothing was applied'
	is 'refused gate-maintenance' "$(logged '"\(.outcome) \(.step)"')"
}

# Rows 244, 269, 270, 283 to 286.
@test "a migration that fails: users are in again, and it says what to do" {
	local log
	migration 20240103000000_three 'create table b (i int);'
	migration 20240104000000_four 'create table c (i int);'
	run -2 mg_make deploy CONTACT='db@example.org' ESCALATION='call 112'
	is 'test backup on off b' "$(door)"
	log=$(echo .mg/logs/migration_????????_??????.log)
	has "$output" P3018 "deploy: the log: $log; the events: .mg/log.jsonl" \
	    'the database: 2 applied, 2 pending (20240103000000_three, 20240104000000_four)' \
	    'make restore FILE=backups/backup_production_1.dump (make rollback' \
	    'contact: db@example.org' 'escalation: call 112'
	has "$(cat "$log")" '20240103000000_three/migration.sql:1:1: P3018' \
	    'the database: 2 applied'
	is 600 "$(stat -c %a "$log")"
	has "$(mg_make deploy-status)" 'failed: dev, production' 'step  deploy' \
	    'backup  backups/backup_production_1.dump' "log  $log"
	run -2 mg_make deploy SKIP_BACKUP=1
	has "$output" 'next: make status; mend'
}

@test "maintenance that does not end is loud, and the deployment failed" {
	word off 'exit 4' '# geheim'
	run -2 mg_make deploy MAINTENANCE_OFF_CMD='./off geheim'
	has "$output" 'STILL ON: MAINTENANCE_OFF_CMD failed with 4; run it by hand:' \
	    '    ./off geheim' 'the database: 2 applied' 'next: end maintenance'
	is 'failed maintenance still on' \
	    "$(logged '"\(.outcome) \(.step) \(.maintenance)"')"
	has "$(mg_make deploy-status)" 'maintenance  still on'
	run -1 grep -r geheim .mg
}

# sleeping: a deployment that is in the middle of a migration
sleeping() {
	sessions=begun
	migration 20240102000000_two 'create table b (i int);' \
	    'select pg_sleep(60);'
	start_make deploy
	await_sleep
	is 'test backup on' "$(door)"
}

# let_in: until users are, which takes a moment where make was killed
let_in() {
	local tries
	for ((tries = 0; tries < 1500; tries++)); do
		[ "$(door)" != 'test backup on off' ] || return 0
		sleep 0.02
	done
	door >&2
	return 1
}

# Row 249.
@test "stopped by a signal, users are in again when make ends" {
	local signal
	for signal in TERM INT; do
		rm -f door
		sleeping
		kill -s "$signal" -- "-$make"
		wait "$make" || :
		is 'test backup on off' "$(door)"
		is failed "$(logged .outcome)"
		is '' "$(sql "select to_regclass('b')")"
	done
}

@test "a second signal does not keep users out" {
	word off 'touch ending; sleep 0.5; echo in >>door'
	sleeping
	kill -TERM -- "-$make"
	eventually test -e ending
	kill -TERM -- "-$make"
	kill -INT -- "-$make"
	wait "$make" || :
	eventually grep -qx in door
	is 'test backup on off in' "$(door)"
}

# Row 249.
@test "killed, make and all it runs, users are in again a moment later" {
	sleeping
	kill -KILL -- "-$make"
	wait "$make" || :
	let_in
	has "$(cat out)" 'make was killed; what it ran has ended'
	await "select not exists (select from pg_stat_activity
	    where application_name = 'mg-apply'
	    and datname = current_database())"
}

@test "killed alone, make leaves users out until what it runs has ended" {
	sleeping
	kill -KILL "$make"
	wait "$make" || :
	sleep 0.5
	is 'test backup on' "$(door)"
	sql "select pg_cancel_backend(pid) from pg_stat_activity
	    where application_name = 'mg-apply'
	    and datname = current_database()"
	let_in
}

@test "killed with what watched, the next deployment lets users in" {
	sleeping
	kill -KILL "$(pgrep -f "watch.sh .mg/run.$(uname -n).$make\$")"
	kill -KILL -- "-$make"
	wait "$make" || :
	await "select not exists (select from pg_stat_activity
	    where application_name = 'mg-apply'
	    and datname = current_database())"
	mg_make plan
	is 'test backup on' "$(door)"
	run mg_make deploy MAINTENANCE_ON_CMD= MAINTENANCE_OFF_CMD= TEST_CMD=false
	has "$output" 'may have left maintenance on, and MAINTENANCE_OFF_CMD is not'
	run mg_make deploy TEST_CMD=false
	has "$output" 'maintenance was left on by a deployment that was killed'
	is 'test backup on off' "$(door)"
	is '' "$(ls -d .mg/run.* 2>/dev/null)"
}

# Row 244.
@test "deploy-status tells of none, of one that is running, and only of those" {
	run -2 mg_make deploy-status
	has "$output" 'there is no .mg/log.jsonl'
	mg_make plan
	is 'no deployment yet' "$(mg_make deploy-status)"
	sleeping
	has "$(mg_make deploy-status)" 'running, or killed: dev, production' \
	    'began  20'
	kill "$make"
	wait "$make" || :
	echo '{"event":"fin' >>.mg/log.jsonl
	has "$(mg_make deploy-status)" 'failed: dev, production' 'status  1'
}

@test "no password is in what is kept" {
	DATABASE_URL+='&password=geheim'
	migration 20240103000000_three 'create table b (i int);'
	run -2 mg_make deploy MG_BACKUP=mg-backup REHEARSE=0
	case $output in *geheim*) false ;; esac
	run -1 grep -r geheim .mg backups
}
