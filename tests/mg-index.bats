#!/usr/bin/env bats
# mg-index(1): build the indexes that a database has not got yet

# What run and start_index set, what common.bash exports, SQL with its dollars:
# shellcheck disable=SC2154,SC2030,SC2031,SC2034,SC2016

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
	idlers=()
	sql 'create function passing(k int) returns int immutable
	    language plpgsql as $$ begin
	    perform pg_advisory_lock_shared(k), pg_advisory_unlock_shared(k);
	    return k; end $$'
}

teardown() {
	[ -z "${idlers[*]}" ] || kill "${idlers[@]}" 2>/dev/null || true
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
	records --track index migrations
	env --default-signal=INT mg-index "$@" <records >out 2>err 3>&- &
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

# idle NAME STATEMENT...: a session that has run these and does nothing more
idle() {
	local name=$1 pipe
	shift
	sessions=begun
	pipe=$(mktemp -u pipe.XXXXXX)
	mkfifo "$pipe"
	PGAPPNAME=$name psql -Xq <"$pipe" >/dev/null 2>&1 3>&- &
	{
		printf '%s;\n' "$@"
		exec sleep 60
	} >"$pipe" 3>&- &
	idlers+=($!)
	await "select exists (select from pg_stat_activity
	    where datname = current_database() and application_name = '$name'
	    and state like 'idle%' and starts_with(query, '${*: -1}'))"
}

# leave NAME...: these sessions are gone
leave() {
	local names
	names=$(printf ",'%s'" "$@")
	sql "select pg_terminate_backend(pid, 5000)
	    from pg_stat_activity where datname = current_database()
	    and application_name in (${names#,})" >/dev/null
}

# gate KEY: passing(KEY) waits from now on, until leave gateKEY
gate() {
	idle "gate$1" "select pg_advisory_lock($1)"
}

# building COUNT [PHASE]: until so many indexes are, in that phase
building() {
	await "select count(*) = $1 from pg_stat_progress_create_index
	    where datname = current_database() and phase ~ '${2:-}'"
}

#
# What it builds
#

@test "what is pending is built, and its rows are Prisma's" {
	migration 1_a 'create index a_i on a (i);' 'create index on a (t);' \
	    "comment on index a_i is 'it';"
	migration 2_b 'create unique index concurrently "B i" on b (i);'
	run -0 --separate-stderr index
	is '' "$stderr"
	is '1_a applied 3 0
2_b applied 1 0' "$(jq -r '"\(.name) \(.state) \(.steps) \(.found)"' \
	    <<<"$output" | sort)"
	is 'B i a_i a_t_idx' "$(indexes)"
	is '1_a, 2_b' "$(rows)"
	is it "$(sql "select obj_description('a_i'::regclass)")"
}

@test "with nothing pending it takes no lock" {
	migration 1_a 'create index a_i on a (i);'
	index >out
	hold_lock
	run -0 --separate-stderr index --lock-wait 0
	is '' "$output$stderr"
}

@test "other tracks are not missed, and their failed rows are respected" {
	migration 1_a 'create index a_i on a (i);'
	sql "insert into _prisma_migrations (id, checksum, migration_name)
	    values ('x', 'y', '9_schema')"
	says 1 '9_schema' index
	is '' "$(indexes)"
}

@test "what is no index statement is refused before anything runs" {
	migration 1_a 'create index a_i on a (i);'
	migration 2_b 'create index b_i on b (i);' '  analyze b;'
	fails 2 'mg-index: migrations/2_b/migration.sql:2:3: this is no index statement; such a migration belongs to mg-apply' \
	    index
	is '' "$(indexes)"
}

@test "a transaction pooler is refused" {
	migration 1_a 'create index a_i on a (i);'
	records
	says 2 'DIRECT_URL' mg-index -d "$(url "$PGDATABASE" pgbouncer=true)" \
	    <records
}

#
# CONCURRENTLY
#

@test "--concurrently stops no writer, and --plain waits for it" {
	migration 1_a 'create unique index a_i on a (i);'
	idle writer begin 'insert into a values (0)'
	says 75 'kept waiting by process ' index --lock-timeout 500ms \
	    --retries 0
	is ' ' "$(rows) $(indexes)"
	start_index --concurrently
	building 1 'waiting for writers'
	sql 'insert into a values (-1)'
	leave writer
	ends 0
	is a_i "$(indexes)"
	rm -r migrations
	migration 2_b 'create index concurrently b_i on b (i);'
	idle writer begin 'insert into b values (0)'
	says 75 'kept waiting by' index --plain --lock-timeout 500ms --retries 0
	is a_i "$(indexes)"
}

@test "an error is told where it is in the script, whatever was put in" {
	migration 1_a '/* c */ create unique  index a_i on a ((i + nothing));'
	says 1 'migrations/1_a/migration.sql:1:45: P3018: column "nothing"' \
	    index
	says 1 'migrations/1_a/migration.sql:1:45: P3018: column "nothing"' \
	    index --concurrently
	is '' "$(rows)"
}

@test "on a partitioned table nothing is concurrent, and that is said" {
	sql 'create table p (i int) partition by range (i)' \
	    'create table p1 partition of p for values from (0) to (9)'
	migration 1_a 'create index p_i on p (i);'
	says 2 'migrations/1_a/migration.sql:1:1: p is partitioned' \
	    index --concurrently
	migration 1_a 'create index p_i on only p (i);' \
	    'create index p1_i on p1 (i);' \
	    'alter index p_i attach partition p1_i;'
	index --concurrently >out
	is t "$(sql "select indisvalid from pg_index
	    where indexrelid = 'p_i'::regclass")"
	migration 2_b 'create index p_j on p ((i + 1));'
	index >out
	is t "$(sql "select bool_and(indisvalid) from pg_index
	    where indrelid in ('p'::regclass, 'p1'::regclass)")"
}

#
# Side by side
#

@test "tables are built side by side, and so are plain builds of one" {
	migration 1_a 'create index concurrently a_i on a (passing(i));'
	migration 2_b 'create index b_i on b (passing(i));' \
	    'create index b_j on b (passing(i + 0));'
	gate 7
	start_index -j 3
	building 3
	leave gate7
	ends 0
	is 'a_i b_i b_j' "$(indexes)"
}

@test "a concurrent build has its table for itself" {
	migration 1_a 'create index concurrently a_i on a (passing(i));'
	migration 2_b 'create index a_j on a (passing(i));' \
	    'create index concurrently a_k on a (passing(i));'
	migration 3_c 'create index b_i on b (passing(i));'
	gate 7
	start_index -j 9
	building 2
	is $'a_i\nb_i' "$(sql "select substr(query, position('_' in query) - 1, 3)
	    from pg_stat_activity where datname = current_database()
	    and query like 'create index%' and state = 'active' order by 1")"
	leave gate7
	ends 0
	is 'a_i a_j a_k b_i' "$(indexes)"
}

@test "statements about one index keep their order" {
	migration 1_a 'create index x on a (i);'
	migration 2_b 'drop index x;'
	migration 3_c 'create index x on b (i);' \
	    'alter index x rename to y;' 'create index x on a (t);'
	migration 4_d 'reindex index concurrently y;' 'drop index x, y;' \
	    'create index x on b (t);'
	migration 5_e 'alter index x rename to w;'
	migration 6_f 'create index x on a (i);'
	index -j 4 >out
	is 'w x' "$(indexes)"
	is b "$(sql "select indrelid::regclass from pg_index
	    where indexrelid = 'w'::regclass")"
}

@test "a plan says what would run when, and changes nothing" {
	sql 'create index a_t on a (t)'
	migration 1_a 'create index concurrently a_i on a (i);' \
	    'create index a_t on a (t);'
	migration 2_b 'create index b_i on b (i);' 'drop index a_t;'
	index -n >out
	is 'create-index a_i a concurrent 1
create-index a_t a found 2
create-index b_i b plain 1
drop-index a_t a in order 3' "$(jq -r '.statements[] |
	    "\(.kind) \(.index) \(.table) \(.plan) \(.wave)"' out)"
	is pending "$(jq -r .state out | sort -u)"
	is a_t "$(indexes)"
	is '' "$(rows)"
}

#
# What is there already
#

@test "an index made by hand is recorded, not built" {
	local definitions=(
		'unique index h0 on a (i)'
		'index h1 on public.a using btree (i desc nulls last, t)'
		'index h2 on only a (lower(t) text_pattern_ops) where i > 3'
		'index h3 on a using hash (t)'
		'index "h 4" on a (i) include (t) with (fillfactor = 70)'
		'index h5 on a (t collate "C", (a.i + 1)) where a.t is not null'
		'index h6 on a using gin (to_tsvector($$english$$, t))'
	) n
	for n in "${!definitions[@]}"; do
		sql "create ${definitions[n]}"
		migration "1_$n" "create ${definitions[n]};"
	done
	migration 2_if 'create index if not exists h1 on a (i desc nulls last, t);'
	sql "create table seen as select max(oid::int) from pg_class"
	index --concurrently >out
	is 1 "$(jq -r .found out | sort -u)"
	is '1_0, 1_1, 1_2, 1_3, 1_4, 1_5, 1_6, 2_if' "$(rows)"
	is 0 "$(sql "select count(*) from pg_index, seen
	    where indexrelid::int > max and indrelid = 'a'::regclass")"
}

@test "another index of that name is refused, and both are shown" {
	local statement
	sql 'create index x on a (i)' 'create index y on b (i)'
	for statement in 'UNIQUE INDEX x on a (i)' 'INDEX x on a (i desc)' \
	    'INDEX x on a (i) where i > 1' 'INDEX if not exists x on a (t)'; do
		migration 1_a 'create index b_t on b (t);' "create $statement;"
		run -1 --separate-stderr index
		has "$stderr" 'migrations/1_a/migration.sql:2:1: x is there already' \
		    'there: CREATE INDEX x ON public.a USING btree (i)' \
		    "wanted: CREATE ${statement%%INDEX*}INDEX x ON public.a"
	done
	migration 1_a 'create index if not exists y on a (i);'
	says 1 'there: CREATE INDEX y ON public.b USING btree (i)' index
	sql 'create table z ()'
	migration 1_a 'create index if not exists z on a (i);'
	says 1 'there: a relation that is no index' index
	is 'x y' "$(indexes)"
	is '' "$(rows)"
}

@test "the index of a constraint is another one" {
	sql 'alter table a add constraint x unique (i) deferrable'
	migration 1_a 'create unique index x on a (i);'
	says 1 'btree (i), of the constraint x' index
}

@test "what a broken build left is dropped and built again" {
	migration 1_a 'create unique index if not exists a_i on a (i);'
	sql 'insert into a values (1)'
	run -1 sql 'create unique index concurrently a_i on a (i)'
	is '!a_i' "$(indexes)"
	sql 'delete from a where t is null'
	index >out
	is a_i "$(indexes)"
	is 0 "$(jq .found out)"
}

#
# Failures
#

@test "duplicates are named, and nothing remains" {
	local how
	sql 'insert into a values (1), (1), (2)'
	migration 1_a 'create unique index a_i on a (i);'
	for how in --concurrently --plain; do
		run -1 --separate-stderr index "$how"
		has "$stderr" '(i)=(1) 3 times' '(i)=(2) 2 times' \
		    '0 of 1 pending migrations were applied'
		is failed "$(jq -r .state <<<"$output")"
		is ' ' "$(rows) $(indexes)"
	done
	sql 'delete from a where t is null'
	index >out
	is '1_a a_i' "$(rows) $(indexes)"
}

@test "a failure lets what runs go on, and the next run does the rest" {
	migration 1_a 'create index a_i on a (passing(i));' \
	    'create unique index b_u on b ((i / 2));'
	migration 2_b 'create index b_t on b (t);'
	gate 7
	start_index
	building 1
	await "select count(*) = 1 from pg_stat_activity
	    where application_name = 'mg-index' and state = 'active'
	    and datname = current_database()"
	leave gate7
	ends 1
	is 'a_i' "$(indexes)"
	is '1_a unfinished' "$(rows)"
	is 'mg-index: 1 of 2 steps done' "$(sql 'select left(logs, 27)
	    from _prisma_migrations where finished_at is null')"
	says 1 'mg-index left it half done' mg-apply <records
	migration 1_a 'create index a_i on a (passing(i));' \
	    'create unique index b_u on b (i);'
	index >out
	is 'a_i b_t b_u' "$(indexes)"
	is '1_a, 2_b' "$(rows)"
}

@test "what mg-apply left half done goes on" {
	migration 1_a 'create index concurrently a_i on a (i);' \
	    'create unique index concurrently b_u on b ((i / 2));'
	run -1 apply
	migration 1_a 'create index concurrently a_i on a (i);' \
	    'create unique index concurrently b_u on b (i);'
	says 0 'goes on behind step 1 of 2' index
	is '1_a a_i b_u' "$(rows) $(indexes)"
}

# died NAME: the row of that migration says that not even one step was done
died() {
	sql "insert into _prisma_migrations (id, checksum, migration_name, logs)
	    values (gen_random_uuid(), 'y', '$1', 'mg-index: 0 of 1 steps done, xxh3 '
	    '99aa06d3014798d86001c324468d497f')"
}

@test "what a dead run did without a note is found out, or asked" {
	migration 1_a 'drop index concurrently a_i;'
	died 1_a
	says 0 'goes on behind step 1 of 1' index
	is 1_a "$(rows)"
	migration 2_b 'create index on b (i);'
	died 2_b
	sql 'create index on b (i)'
	says 1 'migrations/2_b/migration.sql:1:1: nobody noted whether' index
	sql 'drop index b_i_idx'
	index >out
	is '1_a, 2_b b_i_idx' "$(rows) $(indexes)"
}

@test "a part that is done and has changed since is refused" {
	migration 1_a 'create index a_i on a (i);' 'create unique index b_u on b
	    ((i / 2));'
	run -1 index
	migration 1_a 'create index a_j on a (i);' 'create index b_u on b (i);'
	says 1 'the part that is done has changed since' index
}

@test "a lock that is not free in time is asked for again" {
	migration 1_a 'create index a_i on a (i);'
	idle writer begin 'insert into a values (0)'
	start_index --lock-timeout 100ms
	until grep -qs 'attempt 2 of 11 follows' err; do sleep 0.02; done
	leave writer
	ends 0
	is a_i "$(indexes)"
}

@test "who keeps a concurrent build waiting for too long ends it" {
	migration 1_a 'create index concurrently a_i on a (i);'
	idle reader 'begin isolation level repeatable read' 'select 1'
	says 75 'kept waiting by process ' index --lock-timeout 500ms \
	    --retries 4
	is '' "$(indexes)"
	is '' "$(rows)"
}

@test "while it builds, others migrate" {
	migration 1_a 'create index concurrently a_i on a (passing(i));'
	gate 7
	start_index
	building 1
	is t "$(sql 'select pg_try_advisory_lock(72707369)')"
	is 1_a "$(sql "select string_agg(migration_name, ' ')
	    from _prisma_migrations where finished_at is null")"
	leave gate7
	ends 0
	is a_i "$(indexes)"
}

@test "what is decided and written first needs the migration lock" {
	migration 1_a 'create index a_i on a (i);'
	hold_lock
	says 75 'P1002: the migration lock is held by process ' \
	    index --lock-wait 300ms
	is '' "$(indexes)"
	is '' "$(rows)"
}

@test "a row says when its own statements began" {
	migration 1_a 'create index a_i on a (passing(i));'
	migration 2_b 'create index a_j on a (passing(i));'
	gate 7
	start_index -j 1
	building 1
	sleep 0.3
	leave gate7
	ends 0
	is t "$(sql "select max(started_at) - min(started_at) > '0.2 s'
	    from _prisma_migrations")"
}

@test "the second of two waits, and says for whom" {
	migration 1_a 'create index concurrently a_i on a (passing(i));'
	gate 7
	start_index
	building 1
	says 75 'another run is at work: process ' \
	    mg-index --lock-wait 300ms <records
	leave gate7
	ends 0
	is a_i "$(indexes)"
}

#
# --until, --progress and settings
#

# soon [ZONE]: the time of day in two seconds, there
soon() {
	date -d "2 seconds ${1:+$1 hours}" "+%H:%M:%S${1:+$1}"
}

@test "past --until nothing is begun, what runs is finished, and the rest told" {
	local until
	migration 1_a 'create index a_i on a (passing(i));'
	migration 2_b 'create index b_i on b (i);'
	migration 3_c 'create index b_t on b (t);'
	gate 7
	start_index -j 1 --until "$(soon +02)"
	building 1
	until=$(date -d '2 seconds' +%s)
	while [ "$(date +%s)" -lt "$until" ]; do sleep 0.1; done
	leave gate7
	ends 1
	has "$(cat err)" 'the time is over, and nothing more is begun' \
	    '1 of 3 pending migrations were applied'
	is '1_a applied
2_b pending
3_c pending' "$(jq -r '"\(.name) \(.state)"' out)"
	is '1_a a_i' "$(rows) $(indexes)"
	index --until "$(date -d '1 minute ago' +%H:%M)" >out
	is 'a_i b_i b_t' "$(indexes)"
}

@test "--until takes times of day, and nothing else" {
	local time
	migration 1_a 'create index a_i on a (i);'
	records
	for time in 6:00 24:00 06:60 06:00:61 06:00+2 06:00+02:5 06:00x now ''; do
		says 2 'not a time of day' mg-index --until "$time" <records
	done
	mg-index -n --until 23:59Z <records >out
	mg-index -n --until 06:00-03:30 <records >out
}

@test "--progress writes records, and says for whom a build waits" {
	migration 1_a 'create index concurrently a_i on a (passing(i));'
	gate 7
	start_index --progress
	until grep -qs waits_for err; do sleep 0.1; done
	leave gate7
	ends 0
	grep '^{' err | tail -1 >last
	is '1_a a_i a building index: scanning table blocks 1 1' "$(jq -r '"\(.name)
	    \(.index) \(.table) \(.phase) \(.unit) \(.done) \(.total)"' last |
	    tr -s '\n\t ' ' ' | sed 's/ $//')"
	has "$(jq -r .waits_for last)" ' of gate7, connected '
	has "$(cat err)" 'mg-index: a_i: it is kept waiting by process '
}

@test "builds have the memory and the workers that were asked for, and time" {
	sql "create function settings(i int) returns int immutable
	    language plpgsql as \$\$ begin raise 'has %/%/%/%',
	    current_setting('maintenance_work_mem'),
	    current_setting('max_parallel_maintenance_workers'),
	    current_setting('statement_timeout'),
	    current_setting('lock_timeout'); end \$\$"
	sql "alter database $PGDATABASE set statement_timeout = '1h'" \
	    "alter database $PGDATABASE set lock_timeout = '2h'" \
	    "alter database $PGDATABASE set maintenance_work_mem = '33MB'"
	migration 1_a 'create index a_i on a (settings(i));'
	says 1 'has 33MB/0/0/2h' index
	says 1 'has 33MB/2/0/0' index -j 1 --concurrently
	says 1 'has 1GB/3/1min/2h' index --maintenance-work-mem 1GB \
	    --parallel-workers 3 --statement-timeout 1m
	says 2 'maintenance_work_mem' index --maintenance-work-mem 1lb
}

#
# Interrupted in each phase
#

# obstruct PHASE: what a build on a is to wait for
obstruct() {
	case $1 in
	writers) idle writer begin 'insert into a values (0)' ;;
	scan) gate 7 ;;
	validation) gate 7 && gate 200 ;;
	snapshots) idle reader 'begin isolation level repeatable read' \
	    'select 1' ;;
	esac
}

# reached PHASE: until the build waits for that
reached() {
	case $1 in
	writers) building 1 'waiting for writers before build' ;;
	scan) building 1 'building index' ;;
	validation)
		building 1 'building index'
		sql "insert into a values (200, 'late')"
		leave gate7
		building 1 'index validation'
		;;
	snapshots) building 1 'waiting for old snapshots' ;;
	esac
}

# interrupt_each COMMAND...: run that in each phase of a build, and then the
# whole again, which completes
interrupt_each() {
	local phase
	migration 1_a 'create index concurrently a_i on a (passing(i));'
	for phase in ${phases:-writers scan validation snapshots}; do
		echo "phase: $phase"
		obstruct "$phase"
		start_index "${options[@]}"
		reached "$phase" || return
		"$@" || return
		is '' "$(jq -r 'select(.state != "failed")' out)" || return
		leave writer gate7 gate200 reader
		index >out 2>err || return
		is 'a_i 1_a' "$(indexes) $(rows)" || return
		sql "drop index a_i; delete from a where i = 200;
		    delete from _prisma_migrations
		    where migration_name = '1_a'"
	done
}

# clean: nothing is left, or what could not be dropped has an unfinished row
clean() {
	case "$(indexes) $(rows)" in
	' ' | '!a_i 1_a unfinished') ;;
	*) is 'nothing left' "$(indexes) $(rows)" ;;
	esac
}

interrupt() {
	kill "-$1" "$pid"
	ends "$2" && clean
}

@test "cancelled in each phase, it leaves nothing" {
	interrupt_each interrupt INT 130
	phases=scan
	interrupt_each interrupt TERM 143
}

@test "timed out in each phase, it leaves nothing" {
	local options=(--statement-timeout 700ms)
	time_out() {
		ends 1 && clean
	}
	interrupt_each time_out
}

@test "with its connections cut in each phase, it says so" {
	cut() {
		sql "select pg_terminate_backend(pid, 5000)
		    from pg_stat_activity where datname = current_database()
		    and application_name = 'mg-index'" >/dev/null
		ends 3
		grep -q '0 of 1 pending migrations were applied' err
	}
	interrupt_each cut
}

@test "killed in each phase, it leaves nothing that counts as done" {
	# The server finds out for itself; but once will do.
	die() {
		kill -KILL "$pid"
		ends 137
		is '1_a unfinished' "$(rows)"
		[ "$phase" = scan ] || leave mg-index
	}
	interrupt_each die
}

@test "when the server crashes, what is whole stays, and the rest follows" {
	own_server
	sql 'create table a (i int)' 'create table b (i int)'
	migration 0_tables 'select 1;'
	records
	mg-mark --applied <records >out
	rm -r migrations
	sql 'insert into a values (1)' 'create function passing(k int)
	    returns int immutable language plpgsql as $$ begin
	    perform pg_advisory_lock_shared(7); return k; end $$'
	migration 1_a 'create index concurrently a_i on a (passing(i));'
	migration 2_b 'create index b_i on b (i);'
	gate 7
	start_index
	await "select to_regclass('b_i') is not null"
	building 1
	server_crash
	server_start
	ends 3
	is '1_a unfinished, 2_b' "$(rows)"
	index >out
	is 'a_i b_i 1_a, 2_b' "$(indexes) $(rows)"
}
