#!/usr/bin/env bats
# mg-doctor(1): say what a broken history means, and how to settle it
# (SEEDS 46, 211, 212)

# What run and start_apply set, what the helpers share, SQL with its dollars
# and quotes:
# shellcheck disable=SC2154,SC2030,SC2031,SC2034,SC2016,SC1003

load helper/common
load helper/make
load helper/server

setup_file() {
	createdb mg_doctor
}

setup() {
	sandbox
	export PGDATABASE=mg_doctor
	DATABASE_URL=$(url mg_doctor)
	export DATABASE_URL
	psql -Xq -c 'set client_min_messages = error' \
	    -c 'drop schema public cascade; create schema public'
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b 'CREATE TABLE b (x int);' 'CREATE INDEX b_x ON b (x);'
}

teardown() {
	end_sessions
}

# begun NAME LOGS [STEPS]: 1_a was applied, and a run of that one has not come
# to its end
begun() {
	records
	mg-apply -q --to 1_a <records >out
	sql "insert into _prisma_migrations (id, checksum, migration_name,
	    logs, applied_steps_count) values (gen_random_uuid(),
	    '$(sha256sum <"migrations/$1/migration.sql" | cut -c 1-64)', '$1',
	    $2, ${3:-0})"
}

# What Prisma's engine writes there.
broke="'A migration failed to apply. New migrations cannot be applied.

Migration name: 2_b

Database error code: 22012

Database error:
ERROR: division by zero

DbError { severity: \"ERROR\" }'"

# finds FINDING NAME PART...: that alone, with these words
finds() {
	records
	is_found "$@"
}

# is_found FINDING NAME PART...: the same, by ./records; in ./found
is_found() {
	local finding=$1 name=$2
	shift 2
	run -1 mg-doctor <records
	echo "$output" >found
	is 1 "$(grep -cv $'^[ \t]' found)"
	has "$output" "$name: $finding: " "$@"
}

# settle [WAY]: run the commands of that way out, or of the first
settle() {
	awk -v want="${1:-1}" '/^    / { n++ }
	    /^\t/ { if (n == 0) n = 1; if (n == want) print substr($0, 2) }' \
	    found >settle
	[ -s settle ] && bash -eo pipefail settle >settled
}

# sound: nothing is wrong
sound() {
	records
	run -0 --separate-stderr mg-doctor <records
	is '' "$output"
	is '' "$stderr"
}

#
# Nothing
#

@test "what is applied or pending is no finding, and nothing is written" {
	export PGOPTIONS='-c default_transaction_read_only=on'
	sound
	mg-doctor </dev/null
	is t "$(sql "select to_regclass('_prisma_migrations') is null")"
	PGOPTIONS='' mg-apply --to 1_a <records >out
	sound
	PGOPTIONS='' mg-apply <records >out
	sound
}

@test "what it asks, it asks in a transaction that may only read" {
	begun 2_b null
	sql "create function reading() returns bool language plpgsql as
	    'begin if current_setting(\$\$transaction_read_only\$\$) <> \$\$on\$\$
		then raise \$\$it may write\$\$; end if; return true; end'" \
	    'alter table _prisma_migrations rename to rows' \
	    'create view _prisma_migrations as
		select * from rows where reading()'
	finds stopped 2_b
}

#
# What did not come to its end
#

@test "failed, and nothing of it is there: mend it, and it runs again" {
	begun 2_b "$broke"
	finds failed 2_b 'Z and failed with 22012: division by zero;' \
	    '; nothing of it is there' 'once what stopped it is mended'
	settle
	sound
	is 2 "$(history_of finished_at | grep -c .)"
}

@test "failed, and all of it is there: it is marked as applied" {
	begun 2_b "$broke"
	sql 'create table b (x int)' 'create index b_x on b (x)'
	finds failed 2_b 'all of it is there' 'so that was there before'
	is 1 "$(grep -c $'^\t' found)"
	settle
	sound
	is 0 "$(mg-status --pending <records | grep -c .)"
}

@test "failed, and a part of it is there: which, and either way out" {
	begun 2_b "$broke"
	sql 'create table b (x int)'
	finds failed 2_b 'statement 1 of 2 is there, ' \
	    'statement 2 at migrations/2_b/migration.sql:2:1 is not'
	sql 'drop table b'
	settle 2
	sound
	sql "update _prisma_migrations set finished_at = null
	    where migration_name = '2_b' and rolled_back_at is null" \
	    'drop index b_x'
	finds stopped 2_b 'statement 1 of 2 is there'
	sql 'create index b_x on b (x)'
	settle 1
	sound
}

@test "a later part without an earlier one is what no run leaves" {
	migration 2_b 'CREATE TABLE b (x int);' 'CREATE TABLE c (x int);'
	begun 2_b null
	sql 'create table c (x int)'
	finds stopped 2_b 'statement 2 of 2 is there, ' 'which no run leaves'
}

@test "stopped: who ran it died, and left no word" {
	begun 2_b null
	finds stopped 2_b 'and what ran it died' 'nothing of it is there'
	settle
	sound
}

@test "stopped behind its end: Prisma had counted the step" {
	migration 2_b 'INSERT INTO a VALUES (1);'
	begun 2_b null 1
	finds stopped 2_b 'its script came to its end before that'
	is 1 "$(grep -c $'^\t' found)"
	settle
	sound
	is '' "$(sql 'select * from a')"
}

@test "what leaves no trace is for a person, who gets both ways" {
	migration 2_b 'UPDATE a SET x = 1;' 'DO $$ BEGIN END $$;'
	begun 2_b null
	finds stopped 2_b 'the catalog cannot tell what of it is there' \
	    'look for what migrations/2_b/migration.sql does' \
	    'if the database has all of it' 'if it has nothing of it'
	settle 2
	sound
}

@test "of one transaction, what holds for the rest holds for the rows" {
	migration 2_b 'UPDATE a SET x = 1;' 'CREATE TABLE b (x int);'
	begun 2_b null
	finds stopped 2_b 'of statement 1 the catalog cannot tell' \
	    'it ran in one transaction, so nothing of that was done'
	sql 'create table b (x int)'
	finds stopped 2_b 'so that was done, too' \
	    'once the rest is seen to be there, too'
	settle
	sound
}

@test "of several transactions, what holds for one says nothing of the rest" {
	migration 2_b 'UPDATE a SET x = 1;' 'COMMIT;' 'CREATE TABLE b (x int);'
	begun 2_b null
	finds stopped 2_b '; nothing of it is there; of statement 1 the catalog cannot tell'
	is 0 "$(grep -c 'one transaction' found)"
}

@test "an edited script is compared as it is now, and that is said" {
	begun 2_b "$broke"
	migration 2_b 'CREATE TABLE c (x int);'
	finds failed 2_b 'its script was edited since, and as it is now, nothing'
	settle
	sound
}

@test "where another row says that it is applied, the unfinished one goes" {
	begun 2_b null
	mg-mark --applied 2_b <records >out
	sql "update _prisma_migrations set rolled_back_at = null"
	finds stopped 2_b 'another row says that it is applied'
	is 1 "$(grep -c $'^\t' found)"
	settle
	sound
}

@test "a program that was killed is looked at by a person" {
	mkdir migrations/3_c
	printf '#!/bin/sh\necho $$ >%s\nexec sleep 600\n' "$PWD/program" \
	    >migrations/3_c/migration
	chmod +x migrations/3_c/migration
	start_apply
	await "select count(*) > 0 from _prisma_migrations
	    where migration_name = '3_c'"
	until [ -s program ]; do sleep 0.02; done
	finds running 3_c 'the migration lock is held by process' mg-apply
	kill -KILL "$pid"
	ended
	kill "$(cat program)" || true
	await "select not exists (select from pg_locks
	    where objid = 72707369 and locktype = 'advisory')"
	finds stopped 3_c 'only that can tell what it did: migrations/3_c/migration'
	settle 1
	sound
}

@test "a program that failed is told with the last that it said" {
	mkdir migrations/3_c
	printf '#!/bin/sh\n# mg: idempotent\necho no disk >&2\nexit 4\n' \
	    >migrations/3_c/migration
	chmod +x migrations/3_c/migration
	records
	run -1 mg-apply <records
	finds half-done 3_c '; it failed: failed, exit status 4'
	printf '#!/bin/sh\n' >migrations/3_c/migration
	finds failed 3_c 'and failed: failed, exit status 4'
	settle 2
	sound
}

@test "running: who has the lock, and how to end that" {
	begun 2_b null
	hold_lock
	finds running 2_b 'may be running: the migration lock is held by' \
	    deployer
	run settle 2
	is 1 "$status"
	has "$(cat settled)" '2_b: stopped: '
	finds stopped 2_b
}

@test "a lock that is held for nothing is told, and can be waited for" {
	hold_lock
	finds lock-held _prisma_migrations 'process' deployer
	{ sleep 0.3; release_lock; } &
	settle 1
	sound
}

@test "half done: mg-apply goes on, and clears away what it left" {
	migration 2_b 'CREATE TABLE b (x int);' \
	    'INSERT INTO b VALUES (1), (1);' \
	    'CREATE UNIQUE INDEX CONCURRENTLY "b X" ON b (x);'
	records
	run -1 mg-apply <records
	run sql 'create unique index concurrently "b X" on b (x)'
	finds half-done 2_b 'is half done, 1 of 2 steps; it failed with 23505'
	sql 'delete from b'
	settle
	sound
}

@test "half done by mg-index: that goes on" {
	migration 2_b 'CREATE INDEX CONCURRENTLY b_x ON a (x);' \
	    'CREATE UNIQUE INDEX CONCURRENTLY b_y ON a (x);'
	records
	mg-apply -q --to 1_a <records >out
	sql 'insert into a values (1), (1)'
	run -1 mg-index <records
	finds half-done 2_b '1 of 2 steps' $'\tmg-index <records'
	sql 'delete from a'
	settle
	sound
}

@test "half done, and the part that is done was edited: it is not gone on with" {
	migration 2_b 'CREATE TABLE b (x int);' 'VACUUM nowhere;'
	records
	run -1 mg-apply <records
	migration 2_b 'CREATE TABLE b (x bigint);' 'VACUUM;'
	finds failed 2_b 'the part that is done has changed since' \
	    'all of it that the catalog can tell of is there'
	settle
	sound
}

@test "failed, and the stream lacks it: it is fetched, or let go" {
	begun 2_b null
	git_has
	rm -r migrations/2_b
	finds stopped 2_b 'the stream has no such migration'
	settle 1
	finds stopped 2_b 'nothing of it is there'
	rm -r migrations/2_b
	finds stopped 2_b
	settle 2
	finds unknown 2_b 'all its rows are rolled back'
	settle 2
	sound
	is 1_a "$(history_of migration_name)"
}

@test "rolled back: it runs again, unless all of it is there" {
	begun 2_b "$broke"
	mg-mark --rolled-back 2_b >out
	finds rolled-back 2_b 'nothing of it is there' 'prisma migrate status'
	settle
	sound
	sql "update _prisma_migrations set rolled_back_at = now()
	    where migration_name = '2_b'"
	finds rolled-back 2_b 'all of it is there'
	settle
	sound
	is 1 "$(sql "select count(*) from _prisma_migrations
	    where migration_name = '2_b' and rolled_back_at is null")"
}

#
# What is otherwise wrong with it
#

# git_has: git, all of ./migrations
git_has() {
	[ -d .git ] || git init -q .
	git add migrations
	git -c user.name=x -c user.email=x commit -qm x
}

@test "edited: git gives the script back that was applied" {
	records
	mg-apply -q <records >out
	git_has
	migration 1_a 'CREATE TABLE a (x bigint);'
	git_has
	finds edited 1_a 'migrations/1_a/migration.sql has changed since'
	settle
	is 'CREATE TABLE a (x int);' "$(cat migrations/1_a/migration.sql)"
	sound
}

@test "missing: git gives the folder back, wherever it was" {
	migration 'it'\''s 3' 'CREATE TABLE c (x int);'
	records
	mg-apply -q <records >out
	git_has
	rm -r "migrations/it's 3"
	finds missing "it's 3" 'the stream lacks it'
	settle
	sound
}

@test "twice: one row is enough" {
	migration "1'a" ''
	records
	mg-apply -q <records >out
	sql "insert into _prisma_migrations select gen_random_uuid(), checksum,
	    now(), migration_name, logs, null, now(), 0
	    from _prisma_migrations where migration_name like '1''%'"
	finds twice "1'a" '2 rows say that it is applied'
	settle
	sound
	is $'1\'a\n1_a\n2_b' "$(history_of migration_name)"
}

# back LINE...: 2_b went back by that program, and did not get far
back() {
	records
	mg-apply -q <records >out
	printf '%s\n' "$@" >migrations/2_b/down.sh
	records
	run mg-undo <records
	[ "$status" = "${want:-1}" ]
}

@test "a way back that failed: what is there decides, and nothing runs again" {
	back 'exit 7'
	finds failed 2_b ', was applied, and was being taken back' \
	    'and failed: failed, exit status 7; all of it is there'
	run -1 grep mg-apply found
	echo 'psql -Xqc "drop table b"' >migrations/2_b/down.sh
	settle
	sound
	is 1_a "$(history_of migration_name)"
	mg-apply -q <records >out
	back 'psql -Xqc "drop table b"' 'exit 7'
	finds failed 2_b 'nothing of it is there' 'if it has nothing of it'
	settle 2
	finds rolled-back 2_b 'nothing of it is there'
	settle
	sound
}

@test "a way back that nobody noted the end of" {
	want=137 back 'kill -9 $PPID'
	finds stopped 2_b 'was being taken back and what ran it died'
	echo 'psql -Xqc "drop table b"' >migrations/2_b/down.sh
	settle
	sound
}

@test "out of order: it runs where it is, or goes behind the others" {
	rm -r migrations/*
	migration 20240101000000_a 'CREATE TABLE a (x int);'
	migration 20240102000000_b 'CREATE TABLE b (x int);'
	records
	mv migrations/20240101000000_a hidden
	apply -q >out
	mv hidden migrations/20240101000000_a
	finds out-of-order 20240101000000_a 'comes before 20240102000000_b'
	settle 2
	sound
	set -- migrations/*
	is migrations/20240102000000_b "$1"
	has "$2" _a
	mv migrations/*_a migrations/20240101000000_a
	finds out-of-order 20240101000000_a
	settle 1
	sound
}

@test "out of order is what is so in its own track" {
	records
	mg-apply -q <records >out
	mkdir indexes
	migration 1_i 'CREATE INDEX a_x ON a (x);'
	mv migrations/1_i indexes
	mg-scan --track index indexes | mg-hash | cat - records >both
	mv both records
	mg-doctor <records
	jq -c 'del(.track)' records >one
	run -1 mg-doctor <one
	has "$output" '1_i: out-of-order'
}

@test "a baseline that the database has in part wants the rest" {
	records
	mg-apply -q --to 1_a <records >out
	git_has
	migration 3_all 'CREATE TABLE a (x int);' 'CREATE TABLE b (x int);'
	echo '{"replaces":["1_a","2_b"]}' >migrations/3_all/metadata.json
	rm -r migrations/2_b
	finds baseline-partly 3_all 'has only some of what it replaces'
	settle
	sound
	mg-apply <records >out
	sound
}

@test "without a history, or with two, what to do is said" {
	sql 'create table a (x int)' 'create table b (x int)'
	finds no-history _prisma_migrations P3005
	settle
	sound
	sql 'create schema other' \
	    'create table other._prisma_migrations (like _prisma_migrations)'
	export PGOPTIONS='-c search_path=other'
	finds two-histories _prisma_migrations 'the schema other has one and public'
	settle
	has "$(cat settled)" 1_a
	sql 'set client_min_messages = error; drop schema other cascade'
}

#
# Knex
#

# knex_records: of a folder of knex's, in which one migration was applied by us
# and another by knex
knex_records() {
	mkdir -p knex
	echo 'exports.up = () => {}' >knex/20240101000000_k.js
	records migrations --knex-table knex_migrations --layout knex knex
}

# sees FINDING NAME PART...: as finds, of knex's records
sees() {
	knex_records
	is_found "$@"
}

@test "what one of the two histories lacks, the other says" {
	knex_records
	mg-mark --applied <records >out
	mg-doctor <records
	sql 'delete from knex_migrations'
	sees row-without-knex-row 20240101000000_k 'knex would run it again'
	settle
	mg-doctor <records
	sql "delete from _prisma_migrations where migration_name like '%_k'"
	sees knex-row-without-row 20240101000000_k 'knex has run it'
	settle
	mg-doctor <records
	git init -q .
	git add knex
	git -c user.name=x -c user.email=x commit -qm x
	sql "insert into knex_migrations (name, batch) values
	    ('20240102000000_l.js', 1)"
	sees missing 20240102000000_l.js 'knex refuses to run anything'
	echo 'exports.up = () => {}' >knex/20240102000000_l.js
	git add knex
	git -c user.name=x -c user.email=x commit -qm x
	rm knex/20240102000000_l.js
	sees missing 20240102000000_l.js
	settle
	sees knex-row-without-row 20240102000000_l
}

@test "knex may call it by the name of what was compiled, or a baseline know it" {
	knex_records
	touch knex/20240101000000_k.ts
	knex_records
	mg-mark --applied <records >out
	sql "update knex_migrations set name = '20240101000000_k.js'"
	mg-doctor <records
	migration 20240101000000_all 'CREATE TABLE k (x int);'
	jq -c 'select(.knex) | {replaces: [{name, checksum, knex, knex_table,
	    knex_compiled}]}' records >migrations/20240101000000_all/metadata.json
	rm knex/*
	echo 'exports.up = () => {}' >knex/20240102000000_l.js
	records migrations --knex-table knex_migrations --layout knex knex
	mg-mark --applied 20240102000000_l <records >out
	mg-doctor <records
	rm -r migrations/20240101000000_all
	touch knex/20240101000000_k.ts
	knex_records
	sql "update knex_migrations set name = '20240101000000_other.js'
	    where name like '%_k.js'"
	run -1 mg-doctor <records
	has "$output" '20240101000000_k: row-without-knex-row' \
	    '20240101000000_other.js: missing'
}

@test "knex keeps its lock as long as one of its migrations is a failed one" {
	knex_records
	mg-mark --applied <records >out
	sql 'update knex_migrations_lock set is_locked = 72707369' \
	    'delete from knex_migrations' \
	    "update _prisma_migrations set finished_at = null, logs =
	    'mg-undo: way back failed, exit status 1'
	    where migration_name like '%_k'"
	sees failed 20240101000000_k 'being taken back and failed'
	settle 2
	run -1 mg-doctor <records
	has "$output" '"knex_migrations_lock": knex-lock-left: mg-apply was'
}

@test "a lock of knex that nobody has is given back" {
	knex_records
	mg-mark --applied <records >out
	sql 'update knex_migrations_lock set is_locked = 1'
	sees knex-lock-left '"knex_migrations_lock"' 'no session but this'
	hold_lock
	run -1 mg-doctor <records
	has "$output" 'if none of the sessions' '(deployer)' lock-held
	release_lock
	await "select count(*) = 1 from pg_stat_activity
	    where datname = 'mg_doctor'"
	settle
	mg-doctor <records
	sql 'update knex_migrations_lock set is_locked = 72707369'
	hold_lock
	sees lock-held _prisma_migrations
	release_lock
	await "select count(*) = 1 from pg_stat_activity
	    where datname = 'mg_doctor'"
	sees knex-lock-left '"knex_migrations_lock"' 'mg-apply was killed'
	settle
	mg-doctor <records
}

#
# Indexes
#

@test "an index that a broken build left is built, or dropped" {
	records
	mg-apply -q <records >out
	sql 'insert into b values (1), (1)'
	run sql 'create unique index concurrently "b Y" on b (x)'
	finds invalid-index 'b Y' 'on b was cut off'
	sql 'delete from b'
	settle 1
	sound
	is t "$(sql "select indisvalid from pg_index
	    where indexrelid = '\"b Y\"'::regclass")"
	sql "update pg_index set indisvalid = false
	    where indexrelid = '\"b Y\"'::regclass"
	finds invalid-index 'b Y'
	settle 2
	sound
	is '' "$(sql "select to_regclass('\"b Y\"')")"
}

@test "a copy that REINDEX left is only dropped" {
	records
	mg-apply -q <records >out
	sql 'create index b_x_ccnew on b (x)' "update pg_index
	    set indisvalid = false where indexrelid = 'b_x_ccnew'::regclass"
	finds invalid-index b_x_ccnew
	settle 1
	sound
}

#
# The catalog
#

# Each of these can be told by the catalog.
every=(
	'CREATE TYPE mood AS ENUM ('\''sad'\'');'
	'CREATE TABLE "T" (id int, old int, gone int, CONSTRAINT was CHECK (id > 0));'
	'CREATE DOMAIN pos AS int;'
	'CREATE SEQUENCE seq;'
	'CREATE SCHEMA IF NOT EXISTS more;'
	'CREATE TABLE more.t (x int);'
	'CREATE VIEW v AS SELECT 1;'
	'CREATE MATERIALIZED VIEW mv AS SELECT 1;'
	'CREATE SCHEMA empty;'
	'CREATE TABLE kept (x int CONSTRAINT pk PRIMARY KEY, y int);'
	'CREATE INDEX kx ON kept (y);'
	'CREATE TRIGGER kt BEFORE UPDATE ON kept FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();'
)
changes=(
	'ALTER TYPE mood ADD VALUE '\''it'\'''\''s'\'';'
	'ALTER TABLE "T" ADD COLUMN "New" int, ADD CONSTRAINT k UNIQUE (id), DROP gone;'
	'ALTER TABLE ONLY "T" RENAME old TO young;'
	'ALTER TABLE "T" RENAME CONSTRAINT was TO is_now;'
	'CREATE INDEX ix ON "T" (id);'
	'ALTER TABLE more.t RENAME TO u;'
	'DROP VIEW v;'
	'DROP MATERIALIZED VIEW mv;'
	'ALTER SEQUENCE seq RENAME TO seq2;'
	'CREATE POLICY pol ON "T";'
	'DROP DOMAIN pos;'
	'CREATE TRIGGER trg BEFORE UPDATE ON "T" FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();'
	'ALTER TABLE "T" ALTER COLUMN "New" SET NOT NULL;'
	'DROP SCHEMA empty;'
	'CREATE UNLOGGED TABLE un (x int);'
	'ALTER TABLE kept DROP CONSTRAINT IF EXISTS pk;'
	'DROP TRIGGER kt ON kept;'
	'DROP INDEX kx;'
)

@test "of each kind of statement the catalog tells whether it was done" {
	migration 2_b "${every[@]}"
	migration 3_c "${changes[@]}"
	records
	mg-apply --to 2_b -q <records >out
	sql "insert into _prisma_migrations (id, checksum, migration_name)
	    values ('x', repeat('0', 64), '3_c')"
	mg-doctor --format json <records >found || true
	is '18 0 17 1' "$(jq -r '"\(.statements) \(.there) \(.lacking) \(.unknown)"' \
	    found)"
	psql -Xq -f migrations/3_c/migration.sql
	mg-doctor --format json <records >found || true
	is '18 16 0 0' "$(jq -r '"\(.statements) \(.there) \(.lacking) \(.unknown)"' \
	    found)"
	sql 'drop schema more cascade' 2>err
}

@test "IF EXISTS and its like say nothing, and may run again" {
	migration 2_b 'CREATE TABLE IF NOT EXISTS a (x int);' \
	    'DROP TABLE IF EXISTS b;' 'ALTER TABLE a ALTER x DROP NOT NULL;'
	begun 2_b null
	finds stopped 2_b 'it asks for nothing that is not so already'
	settle
	sound
}

@test "what a script makes and changes again proves nothing" {
	migration 2_b 'CREATE TYPE n AS ENUM ();' 'DROP TYPE n;' \
	    'CREATE TABLE c (x int);' 'ALTER TABLE c ADD y int;' \
	    'DROP TABLE c;'
	begun 2_b null
	finds stopped 2_b 'the catalog cannot tell what of it is there'
}

@test "nor does what stands before a DROP CASCADE, SET search_path or ROLLBACK" {
	local script
	for script in 'CREATE TABLE c (x int); DROP TABLE a CASCADE;' \
	    'SET search_path = other; CREATE TABLE c (x int);' \
	    'CREATE TEMP TABLE a (y int); ALTER TABLE a ADD z int;'; do
		migration 2_b "$script"
		begun 2_b null
		finds stopped 2_b
		is '' "$(grep -o 'statement 1 at' found)"
		case $script in
		*CASCADE*) has "$(cat found)" 'of statement 1 the catalog' ;;
		*) has "$(cat found)" 'cannot tell what of it' ;;
		esac
		sql 'delete from _prisma_migrations' 'drop table a'
	done
}

@test "a timeout that a script sets changes no name" {
	migration 2_b "SET lock_timeout = '1s';" 'CREATE TABLE b (x int);'
	begun 2_b null
	finds stopped 2_b '; nothing of it is there'
}

@test "names are the server's: case, quotes, schemas, the schema of the URL" {
	migration 2_b 'CREATE TABLE "B""x" (x int);' \
	    'CREATE TABLE public.C (x int);'
	begun 2_b null
	sql 'create table "B""x" (x int)'
	finds stopped 2_b 'statement 1 of 2 is there'
	sql 'create table c (x int)'
	finds stopped 2_b 'all of it is there'
	settle
	sound
}

#
# How it is said
#

@test "json: an object for each, with its facts" {
	begun 2_b "$broke"
	run -1 mg-doctor --format json --records 'my file' <records
	is '["failed","2_b",0,"22012",2,0,2,0,["mg-mark --rolled-back 2_b","mg-apply <'\''my file'\''"]]' \
	    "$(jq -c '[.finding, .name, .steps, .sqlstate, .statements,
		.there, .lacking, .unknown, .ways[0].commands] |
		select(true)' <<<"$output")"
	has "$output" '"logs":"A migration failed' '"started_at":"2'
}

@test "what is given is checked, and a server that is not there is told" {
	says 2 'not text or json' mg-doctor --format xml </dev/null
	says 2 'cut short' mg-doctor <<<'{"name":"1_a"' || says 2 '' mg-doctor <<<'{'
	PGHOST=/nowhere DATABASE_URL=$(PGHOST=/nowhere url x) \
	    says 3 '/nowhere' mg-doctor </dev/null
}

@test "make doctor: of a sound history, of a broken one, of two tracks" {
	makefile 'MG_MIGRATIONS = migrations'
	is 'the history is sound' "$(mg_make doctor)"
	begun 2_b "$broke"
	run -2 mg_make doctor
	has "$output" '2_b: failed: ' 'mg-apply <.mg/records.jsonl'
	echo "$output" >found
	settle
	is 'the history is sound' "$(mg_make doctor)"
	mkdir -p prisma/migrations-indexes/migrations/1_i
	echo 'CREATE INDEX a_x ON a (x);' \
	    >prisma/migrations-indexes/migrations/1_i/migration.sql
	is 'the history is sound' "$(mg_make doctor)"
	sql "delete from _prisma_migrations where rolled_back_at is not null" \
	    "update _prisma_migrations set finished_at = null
	    where migration_name = '2_b'"
	run -2 mg_make doctor
	has "$output" '2_b: stopped: ' 'all of it is there' \
	    'mg-mark --applied 2_b <.mg/doctor.jsonl'
}
