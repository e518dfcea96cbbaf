#!/usr/bin/env bats
# mg.consolidate.mk: one proven baseline of all migrations

# What run sets, SQL with its quotes:
# shellcheck disable=SC2154,SC2016

load helper/common
load helper/consolidate

setup_file() {
	publish_first
}

setup() {
	history_of_three
}

@test "the first baseline has all that was promised of it" {
	unset MG_SCRATCH_URL
	echo 'model a {}' >schema.prisma
	is "initial-baseline (there is none): $baseline" \
	    "$(consolidate MG_SCHEMA=schema.prisma)"
	is "$baseline" "$(echo "$folder"/*)"
	is 20240103000000_consolidated "$(told migration_name)"
	is 2024-01-03T00:00:00Z "$(told generated_at)"
	is initial-baseline "$(told strategy)"
	is squash "$(told method)"
	is 20240103000000_three "$(told includes_up_to)"
	is 20240103000000_three "$(told last_migration)"
	is 3 "$(told included_migrations)"
	is 3 "$(told total_migrations)"
	is '' "$(told prefix)"
	is "$(wc -l <"$baseline/migration.sql")" "$(told baseline_lines)"
	is "$(sha256sum <schema.prisma)" "$(told schema_checksum)  -"
	is "$(sha256sum <"$baseline/migration.sql")" "$(told checksum)  -"
	records
	is "$(jq -c '[.name, .checksum]' records)" \
	    "$(told 'replaces[] | [.name, .checksum] | tojson')"
	has "$(told server_version)" "$(sql 'show server_version')"
	has "$(head -n 6 "$baseline/migration.sql")" \
	    '-- The baseline of 3 migrations' \
	    "-- Made on PostgreSQL $(sql 'show server_version');" \
	    "-- $(jq -r '"\(.checksum)  \(.name)"' .mg/consolidate/records.jsonl |
		sha256sum | cut -d ' ' -f 1)"
}

# Rows 82, 113, 114 of the promises.
@test "a fresh database gets from it what the migrations make" {
	published
	database
	records "$folder"
	run -0 mg-apply <records
	is 1 "${#lines[@]}"
	is $'1\n2' "$(sql 'select i from a order by i')"
	is '1|1|5' "$(sql 'select * from b')"
	is 2 "$(sql "select nextval('b_s_seq')")"
	is '{x,z,y}' "$(sql 'select enum_range(null::e)')"
	is t "$(sql "select indisvalid from pg_index
	    where indexrelid = 'b_a_idx'::regclass")"
	is "$(told catalog_digest)" "$(mg-catalog --digest --no-owners \
	    --no-privileges --no-versions)"
}

@test "again changes nothing, and a forced one only says so" {
	published
	cp -a "$folder" before
	is "up to date: $baseline" "$(consolidate)"
	diff -r before "$folder"
	is "clean-regenerate (CLEAN): $baseline" "$(consolidate CLEAN=1)"
	cmp before/*/migration.sql "$baseline/migration.sql"
	is 'consolidate unchanged,consolidate made' "$(jq -rs '.[-2:] |
	    map("\(.flow) \(.outcome)") | join(",")' .mg/log.jsonl)"
	is clean-regenerate "$(told strategy)"
	is "up to date: $baseline" "$(consolidate CLEAN=0)"
	cp -a "$folder/." before
	consolidate CLEAN=1
	diff -r before "$folder"
}

# Rows 122, 175 of the promises.
@test "newer, edited and vanished migrations make another one, and one only" {
	published
	first=$(told checksum)
	migration 20240104000000_four 'create table d ();'
	is "incremental-update (1 newer): $folder/20240104000000_consolidated" \
	    "$(unproven)"
	is "$folder/20240104000000_consolidated" "$(echo "$folder"/*)"
	is incremental-update "$(told strategy)"
	is "20240103000000_consolidated $first" \
	    "$(told 'replaces[] | select(.replaces) | "\(.name) \(.checksum)"')"
	touch -d '2030-01-01' migrations/*/migration.sql
	has "$(unproven)" 'up to date'
	migration 20240104000000_four 'create table four ();'
	migration 20240101000001_late 'create table late ();'
	has "$(unproven)" '(1 newer, 1 edited)'
	rm -r migrations/20240104000000_four
	# That name is taken: there are databases that know it.
	is "incremental-update (1 vanished): ${baseline}_2" "$(unproven)"
	is "${baseline}_2" "$(echo "$folder"/*)"
}

@test "a baseline that was edited is made again" {
	published
	cp "$baseline/migration.sql" before
	echo '-- and more' >>"$baseline/migration.sql"
	has "$(consolidate)" '(its migration.sql is not what was proven)'
	cmp before "$baseline/migration.sql"
}

@test "LABEL, NAME and METHOD are asked for only where they are given" {
	published
	unproven LABEL=release_v4.0
	is "$folder/20240103000000_release_v4.0_consolidated" \
	    "$(echo "$folder"/*)"
	is release_v4.0 "$(told prefix)"
	has "$(unproven)" 'up to date'
	has "$(unproven NAME=0_baseline)" 'is called 20240103000000_release'
	is "$folder/0_baseline" "$(echo "$folder"/*)"
	has "$(unproven METHOD=concat)" '(its method is squash)'
	is concat "$(told method)"
	has "$(unproven)" 'up to date'
}

@test "concat keeps every statement, and is proven like a squash" {
	consolidate METHOD=concat
	grep -q '^alter table a drop t;' "$baseline/migration.sql"
	shadow mg-concat '"$real" "$@" >whole; grep -v "drop t" whole'
	cp -a "$folder" before
	arguments=(METHOD=concat CLEAN=1 MG_CONCAT="$PWD/shadow/mg-concat")
	refused 'extra  column public.a.t' 'the baseline makes something else' \
	    "nothing was published, $baseline stays"
	diff -r before "$folder"
}

@test "a statement that a baseline lacks is caught, whichever it is" {
	# A script of statements, each ended by a line that ends in a
	# semicolon: leave out number LEAVE_OUT.
	shadow mg-dump '"$real" "$@" >whole.$$ || exit
	    awk -v n="$LEAVE_OUT" "BEGIN { at = 1 } at != n
		/;\$/ { at++ }" whole.$$; rm whole.$$'
	arguments=(MG_DUMP="$PWD/shadow/mg-dump")
	LEAVE_OUT=0 run -0 mg_make consolidate "${arguments[@]}"
	statements=$(grep -c ';$' .mg/consolidate/first.sql)
	[ "$statements" -gt 8 ]
	rm -r "$folder"
	for ((LEAVE_OUT = 1; LEAVE_OUT <= statements; LEAVE_OUT++)); do
		export LEAVE_OUT
		refused 'nothing was published'
	done
}

@test "every difference is named" {
	shadow mg-dump '"$real" "$@" >whole.$$ || exit
	    sed -e "/^CREATE INDEX b_n_idx/d" -e "s/(2)/(3)/" whole.$$
	    rm whole.$$'
	arguments=(MG_DUMP="$PWD/shadow/mg-dump")
	refused 'missing  index public.b_n_idx' 'different  rows public.a' \
	    'nothing was published'
}

@test "what the clock said to the migrations, it says to each database" {
	migration 20240105000000_five \
	    'create table log (i int primary key,
		at timestamptz default now(), "Then" timestamp(3), till date);' \
	    "insert into log values (1, default, now(), '2020-01-01'),
		(2, '2020-01-01', current_timestamp, null);" \
	    "insert into a values (7), (8);"
	PGTZ=Asia/Tokyo consolidate
	is '[]' "$(told 'volatile | tojson')"
	cp "$folder"/*/migration.sql before
	consolidate CLEAN=1
	cmp before "$folder"/*/migration.sql
	database
	records "$folder"
	mg-apply <records
	is $'1|t|t|2020-01-01\n2|f|t|' "$(sql "select i,
	    at > now() - '5 s'::interval, \"Then\" > now() - '5 s'::interval,
	    till from log order by i")"
	is 1 "$(sql 'select count(distinct at) from log where i = 1')"
}

@test "a clock that is an hour ahead is chance, not the clock" {
	migration 20240105000000_five 'create table log (at timestamptz);' \
	    "insert into log values (now() + '1 hour');"
	refused 'by chance: ["public.log"]'
}

@test "a row that a baseline leaves out is missed, the clock in it or not" {
	migration 20240105000000_five 'create table log (i int primary key,
		at timestamptz default now());' 'insert into log values (1), (2);'
	shadow mg-dump '"$real" "$@" >whole.$$ || exit
	    sed -z "s/(1, .2[^\n]*\n\t(2, /(3, /" whole.$$; rm whole.$$'
	arguments=(MG_DUMP="$PWD/shadow/mg-dump")
	refused 'different  rows public.log: count is 1, not 2'
	shadow mg-scan 'case $* in *proof*)
		sed -i "s/(1, CURRENT/(3, CURRENT/" .mg/*/proof/*/migration.sql
	    esac; exec "$real" "$@"'
	arguments=(MG_SCAN="$PWD/shadow/mg-scan")
	refused '(3, CURRENT_TIMESTAMP)'
}

@test "rows that come by chance are named, and asked for" {
	migration 20240105000000_five \
	    'create table log (at uuid default gen_random_uuid());' \
	    'insert into log default values;' \
	    'create table logs (n int);' 'insert into logs values (1);'
	refused 'by chance: ["public.log"]' "$folder/volatile.json" \
	    'METHOD=concat'
	mkdir "$folder"
	echo '["public.other"]' >"$folder/volatile.json"
	refused '["public.log"]'
	echo '["public.log"]' >"$folder/volatile.json"
	has "$(consolidate)" initial-baseline
	is '["public.log"]' "$(told 'volatile | tojson')"
	has "$(consolidate METHOD=concat)" incremental-update
}

@test "a change of the one table is not forgiven for the volatile other" {
	migration 20240105000000_five \
	    'create table log (at uuid default gen_random_uuid());' \
	    'insert into log default values;' \
	    'create table lo (n int);' 'insert into lo values (1);'
	shadow mg-concat '"$real" "$@" >whole
	    sed "s/into lo values (1)/into lo values (2)/" whole'
	arguments=(METHOD=concat MG_CONCAT="$PWD/shadow/mg-concat")
	refused 'different  rows public.lo: checksum'
	shadow mg-concat '"$real" "$@" >whole
	    sed "s/^insert into log .*/& &/" whole'
	refused 'different  rows public.log: count is 2, not 1'
}

@test "two replays that make other things have no final state" {
	migration 20240105000000_five 'do $do$ begin execute format(
	    $$create table %I ()$$, gen_random_uuid()); end $do$;'
	refused 'renamed  table' 'two replays differ'
}

@test "a history that does not run from empty is told with file and line" {
	migration 20240105000000_five 'select 1;' 'insert into b (a) values (9);'
	refused '20240105000000_five/migration.sql:2:1: P3018' \
	    'the migrations do not run on an empty database' \
	    'nothing was published'
}

@test "a role that migrations make is the server's, and is told" {
	unset MG_SCRATCH_URL
	migration 20240105000000_five 'create role mg_someone;' \
	    'grant select on a to mg_someone;'
	refused 'mg_someone' 'make roles' 'MG_SCRATCH_URL'
}

@test "privileges come along, on a server that has the roles" {
	database
	role=mg_role_$BATS_SUITE_TEST_NUMBER
	sql "create role $role"
	migration 20240105000000_five "grant select on a to $role;"
	consolidate
	records "$folder"
	mg-apply <records
	is t "$(sql "select has_table_privilege('$role', 'a', 'select')")"
	sql 'drop table b, a' "drop role $role"
	is '' "$(sql "select datname from pg_database
	    where datname like 'mg_scratch_%'")"
}

@test "what it is not to touch, it refuses" {
	arguments=(METHOD=con)
	refused 'METHOD is squash, concat or diff, not con'
	for label in a/b "a'; touch b; '"; do
		arguments=("LABEL=$label")
		refused 'LABEL and NAME are letters, digits'
	done
	[ ! -e b ]
	arguments=(NAME=20240101000000_one)
	refused 'is one of the migrations: take another NAME'
	arguments=(MG_MIGRATIONS=none)
	mkdir none
	refused 'there are no migrations'
	arguments=(CLEAN=1)
	mkdir -p "$folder/mine"
	echo 'select 1;' >"$folder/mine/migration.sql"
	refused 'mine has no metadata.json that can be read'
	mv "$folder/mine" .
	published
	mv mine "$folder"
	refused 'more than one folder' "${baseline##*/}, mine"
}

@test "the lock file comes along, so that Prisma takes the folder as it is" {
	echo 'provider = "postgresql"' >migrations/migration_lock.toml
	published
	unproven CLEAN=1
	cmp migrations/migration_lock.toml "$folder/migration_lock.toml"
}

@test "folders and names with blanks and quotes work" {
	mkdir 'my folder'
	mv migrations 'my folder/'
	mv 'my folder/migrations/20240103000000_three' \
	    "my folder/migrations/it's three"
	makefile 'MG_MIGRATIONS = my folder/migrations' \
	    'MG_CONSOLIDATED = my folder/one'
	is "initial-baseline (there is none): my folder/one/it's three_consolidated" \
	    "$(consolidate)"
	has "$(consolidate)" 'up to date'
}

@test "a name without a timestamp takes the time once" {
	mv migrations/20240103000000_three migrations/9_three
	published
	rm -r "$folder"
	unproven
	is "$folder/9_consolidated" "$(echo "$folder"/*)"
	jq '.generated_at = "2020-02-02T02:02:02Z"' "$folder"/*/metadata.json \
	    >new
	mv new "$folder/9_consolidated/metadata.json"
	unproven CLEAN=1
	is 2020-02-02T02:02:02Z "$(told generated_at)"
	unproven CLEAN=1 SOURCE_DATE_EPOCH=86400
	is 1970-01-02T00:00:00Z "$(told generated_at)"
}

# Killed between the steps of publishing: mv is the one to stop.
@test "killed while the new one takes the old one's place, one is left" {
	shadow mv 'case $* in *consolidated-migration*)
		echo >>moves
		[ "$(wc -l <moves)" != "$STOP" ] || kill -KILL "$PPID"
	    esac; exec "$real" "$@"'
	for text in same other; do
		for STOP in 1 2; do
			rm -rf "$folder"* moves migrations/2024010[45]*
			published
			if [ "$text" = other ]; then
				migration 20240104000000_four \
				    'create table d ();'
			else
				export METHOD=concat
			fi
			export STOP
			PATH=$PWD/shadow:$PATH run -2 unproven
			unproven >after
			# The old one was not forgotten.
			run ! grep initial-baseline after
			is 1 "$(find "$folder" -mindepth 1 -type d | wc -l)"
			is "$folder" "$(echo "$folder"*)"
			run ! cmp {"$BATS_FILE_TMPDIR/",}"$folder"/*/metadata.json
			unset METHOD
		done
	done
}

# begin: one that will not end by itself, as $make, and wait until it replays
begin() {
	migration 20240104000000_four 'select pg_sleep(600);'
	rm -f .mg/consolidate/first.applied
	start_make consolidate
	until [ -e .mg/consolidate/first.applied ]; do sleep 0.05; done
}

@test "stopped by a signal, it leaves the old one and no server" {
	unset MG_SCRATCH_URL
	published
	cp -a "$folder" before
	TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/mg.XXXXXX")
	chmod 1777 "$TMPDIR"
	export TMPDIR
	begin
	kill -TERM "$make"
	run wait "$make"
	for ((tries = 0; tries < 200; tries++)); do
		[ -n "$(ls "$TMPDIR")" ] || break
		sleep 0.05
	done
	rmdir "$TMPDIR"
	diff -r before "$folder"
}

@test "while one is at work, a second is refused, and told which one it is" {
	published
	begin
	refused "another make consolidate is at work in .mg/consolidate, \
process $(cat .mg/consolidate/lock): run this again"
	kill -TERM "$make"
	run wait "$make"
	rm -r migrations/20240104000000_four
	unproven
}

@test "killed, it lets go, and leaves nothing behind" {
	begin
	kill -KILL "$(cat .mg/consolidate/lock)"
	run wait "$make"
	flock -w 20 .mg/consolidate/lock true
	is '' "$(sql "select datname from pg_database
	    where datname like 'mg_scratch_%'")"
	rm -r migrations/20240104000000_four
	published
	unproven CLEAN=1
}
