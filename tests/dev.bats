#!/usr/bin/env bats
# mg.dev.mk: new, migrate NAME=, reset, generate, seed, status, undo

# What run sets, and what other shells read:
# shellcheck disable=SC2154,SC2030,SC2031,SC2016

load helper/common
load helper/make

setup_file() {
	dropdb --if-exists -f mg_dev && createdb mg_dev
}

setup() {
	sandbox
	unset SEED NAME TO DOWN YES EDITOR VISUAL "${!RESET_@}"
	makefile 'MG_MIGRATIONS = migrations'
	export PGDATABASE=mg_dev
	DATABASE_URL=$(url "$PGDATABASE")
	export DATABASE_URL
	sql "set client_min_messages = error; drop schema if exists public, app,
	    other cascade; create schema public"
}

two_migrations() {
	migration 1_one 'create table a (i int);'
	migration 1_two 'create table b (i int);'
}

# on_terminal ANSWER WORD...: make, at a terminal where somebody types that
on_terminal() {
	local answer=$1 command
	shift
	printf -v command '%q ' make -s --no-print-directory -I include "$@"
	# Never at its end, where script would hang up.
	[ -p typed ] || mkfifo typed
	exec 9<>typed
	echo "$answer" >&9
	timeout 30 script -qec "$command" /dev/null <&9 >out 2>&1 3>&-
}

# tables: of the schema public
tables() {
	sql "select string_agg(tablename, ' ' order by tablename)
	    from pg_tables where schemaname = 'public'"
}

#
# new, migrate NAME=
#

# Rows 200, 216, 250, 255, 266 of the promises.
@test "new: a migration with a timestamp behind all others, to be edited" {
	migration 29990101000000_far 'select 1;'
	run -0 mg_make new NAME=add_users
	is migrations/29990101000001_add_users/migration.sql "$output"
	[ -e "$output" ]
	[ ! -e "${output%/*}/down.sql" ]
	run -0 mg_make new NAME=more DOWN=1
	is migrations/29990101000002_more/migration.sql "${lines[0]}"
	is migrations/29990101000002_more/down.sql "${lines[1]}"
	[ -e "${lines[1]}" ]
	says 2 'NAME= says what it is about' mg_make new
}

@test "new: makes the folder, with the file that Prisma wants there" {
	run -0 mg_make new NAME=first
	[ -e "$output" ]
	is 'provider = "postgresql"' "$(cat migrations/migration_lock.toml)"
}

# Row 222 of the promises.
@test "migrate NAME=: made, written in the editor, applied" {
	two_migrations
	EDITOR='sh -c '\''echo "create table c (i int);" >"$1"'\'' sh' \
	    on_terminal '' migrate NAME=add_c
	is '_prisma_migrations a b c' "$(tables)"
	grep -q '3 applied' out
}

@test "migrate NAME=: nothing written, no migration, and nothing applied" {
	two_migrations
	run -2 env EDITOR=true bash -c "$(declare -f on_terminal)
	    on_terminal '' migrate NAME=add_c"
	grep -q 'nothing was written, so there is no migration' out
	is $'1_one\n1_two' "$(ls migrations)"
	is '' "$(tables)"
}

@test "migrate NAME= without a terminal says what to do, and makes nothing" {
	two_migrations
	says 2 'make new NAME=add_c makes an empty one' \
	    mg_make migrate NAME=add_c </dev/null
	is $'1_one\n1_two' "$(ls migrations)"
	is '' "$(tables)"
}

@test "a NAME of the environment does not begin a migration" {
	two_migrations
	NAME=DESKTOP-1 run -0 mg_make migrate
	has "$output" '2 applied'
	is $'1_one\n1_two' "$(ls migrations)"
}

#
# status
#

# Rows 223, 228, 230 of the promises.
@test "status ENVIRONMENT=: a known one, or it is refused" {
	two_migrations
	has "$(mg_make status ENVIRONMENT=production)" '2 pending'
	has "$(ENVIRONMENT=development mg_make status)" '2 pending'
	says 2 "status: ENVIRONMENT is development, staging or production, not 'prod'" \
	    mg_make status ENVIRONMENT=prod
}

#
# generate
#

# Row 231 of the promises.
@test "generate: runs GENERATE_CMD, whose failure is its own" {
	is "it's me" "$(mg_make generate GENERATE_CMD="echo \"it's me\"")"
	says 2 "generate: 'exit 7' failed" mg_make generate GENERATE_CMD='exit 7'
	says 2 "generate: nobody says how: GENERATE_CMD='npx prisma generate'" \
	    mg_make generate
}

#
# seed
#

# Row 257 of the promises.
@test "seed: an .sql file in one transaction, or nothing of it" {
	mkdir prisma
	echo 'create table a (i int); insert into a values (1);' \
	    >prisma/seed.sql
	is 'seeded by prisma/seed.sql' "$(mg_make seed)"
	is 1 "$(sql 'select count(*) from a')"
	printf '%s\n' 'insert into a values (2);' 'select 1/0;' >"it's.sql"
	says 2 "it's.sql:2: ERROR:  division by zero" mg_make seed SEED="it's.sql"
	is 1 "$(sql 'select count(*) from a')"
}

@test "seed: any program, which finds the database of the URL" {
	printf '%s\n' '#!/bin/sh' 'psql -XAtc "select current_database()"' \
	    >seed.sh
	says 2 'SEED=seed.sh is no .sql, and cannot be run: chmod +x' \
	    mg_make seed SEED=seed.sh
	chmod +x seed.sh
	unset PGDATABASE
	is $'mg_dev\nseeded by seed.sh' "$(mg_make seed SEED=seed.sh)"
}

@test "seed: none, and one that is not there" {
	says 2 'there is no prisma/seed.sql, and SEED= names no other' \
	    mg_make seed
	says 2 'SEED=x.sql is not there' mg_make seed SEED=x.sql
}

@test "seed: refused in production unless FORCE=1" {
	echo 'create table a (i int);' >s.sql
	says 2 'ENVIRONMENT=production has rows of its own' \
	    mg_make seed SEED=s.sql ENVIRONMENT=production
	is '' "$(tables)"
	run -0 mg_make seed SEED=s.sql ENVIRONMENT=production FORCE=1
	is a "$(tables)"
}

#
# reset
#

# develop: a database that has been developed in
develop() {
	two_migrations
	mg_make migrate >out
	sql 'create table stray (i int)' 'insert into stray values (1), (2)' \
	    'create schema other' 'create table other.t (i int)' \
	    'create extension "uuid-ossp"'
	migration 1_zee 'create table c (i int);'
}

# reset [WORD...]
reset() {
	mg_make reset ENVIRONMENT=development "$@"
}

# Rows 224, 268 of the promises.
@test "reset: says what goes, drops it, migrates anew and seeds" {
	develop
	sql "grant usage on schema public to pg_monitor"
	before=$(sql "select nspowner::regrole, nspacl::text from pg_namespace
	    where nspname = 'public'")
	echo 'insert into c values (7);' >s.sql
	run -0 --separate-stderr reset YES=1 SEED=s.sql
	has "$stderr" "reset drops, in the database mg_dev on $PGHOST:" \
	    '  schema public: tables 4, rows 4' \
	    '  schema other: tables 1, rows 0' '  extension "uuid-ossp"'
	is '_prisma_migrations a b c' "$(tables)"
	is 7 "$(sql 'select i from c')"
	is t "$(sql "select to_regclass('other.t') is null")"
	is "$before" "$(sql "select nspowner::regrole, nspacl::text
	    from pg_namespace where nspname = 'public'")"
	has "$(mg_make status)" '3 applied'
}

# kept: all is as develop left it
kept() {
	is '_prisma_migrations a b stray' "$(tables)"
}

@test "reset: only where ENVIRONMENT=development says so" {
	develop
	for one in '' staging production; do
		says 2 'ENVIRONMENT=development says it' \
		    mg_make reset YES=1 ENVIRONMENT="$one"
	done
	says 2 "not 'dev'" mg_make reset YES=1 ENVIRONMENT=dev
	kept
}

@test "reset: only on this machine, or on a host of RESET_HOSTS" {
	develop
	# What psql says of the host, without one that is elsewhere.
	printf '%s\n' '#!/bin/sh' 'echo db.example.org' >psql
	chmod +x psql
	says 2 'the database is on db.example.org, which is not this machine; nothing was changed: RESET_HOSTS=db.example.org' \
	    reset YES=1 MG_PSQL=./psql RESET_HOSTS='db, example.org'
	run -0 reset DRY_RUN=1 MG_PSQL=./psql \
	    RESET_HOSTS='db,db.example.org'
	kept
}

@test "reset: asks at the terminal, and anything but yes is no" {
	develop
	run -2 on_terminal no reset ENVIRONMENT=development
	grep -q 'Type yes to go on: ' out
	grep -q 'reset: nothing was changed' out
	kept
	on_terminal yes reset ENVIRONMENT=development
	is '_prisma_migrations a b c' "$(tables)"
}

@test "reset: without a terminal YES=1 must say yes; DRY_RUN=1 only tells" {
	develop
	says 2 'there is no terminal to ask at, so nothing was changed: YES=1' \
	    reset </dev/null
	says 2 "YES is true or false, not 'y'" reset YES=y
	run -0 --separate-stderr reset DRY_RUN=1 YES=1
	has "$stderr" 'schema public: tables 4, rows 4'
	kept
}

@test "reset: a seed that is not there is seen before anything goes" {
	develop
	says 2 'SEED=x.sql is not there, and nothing was changed' \
	    reset YES=1 SEED=x.sql
	kept
}

@test "reset: of a URL's own schema, or of RESET_SCHEMAS, and no other" {
	develop
	DATABASE_URL=$(url "$PGDATABASE" schema=app) mg_make migrate >out
	DATABASE_URL=$(url "$PGDATABASE" schema=app) run -0 reset YES=1
	kept
	is 4 "$(sql "select count(*) from pg_tables where schemaname = 'app'")"
	run -0 reset YES=1 RESET_SCHEMAS='other, public'
	is 4 "$(sql "select count(*) from pg_tables where schemaname = 'app'")"
	is t "$(sql "select to_regclass('other.t') is null")"
	is '_prisma_migrations a b c' "$(tables)"
}

#
# undo
#

undoable() {
	two_migrations
	migration 1_zee 'create table c (i int);'
	for name in a:1_one b:1_two c:1_zee; do
		echo "drop table ${name%:*};" >"migrations/${name#*:}/down.sql"
	done
	mg_make migrate >out
}

@test "undo: the last; TO=, all behind that one; then there is none" {
	undoable
	is 'undone  1_zee' "$(mg_make undo)"
	is '_prisma_migrations a b' "$(tables)"
	mg_make migrate >out
	is $'undone  1_zee\nundone  1_two' "$(mg_make undo TO=1_one)"
	is '_prisma_migrations a' "$(tables)"
	is 'nothing to undo' "$(mg_make undo TO=1_one)"
	has "$(mg_make status)" $'1 applied, 2 pending'
}

@test "undo: production asks; DRY_RUN=1 only tells" {
	undoable
	says 2 'there is no terminal to ask at' \
	    mg_make undo ENVIRONMENT=production </dev/null
	says 0 'would go  1_zee' mg_make undo DRY_RUN=1
	is '_prisma_migrations a b c' "$(tables)"
	is 'undone  1_zee' \
	    "$(mg_make undo ENVIRONMENT=production YES=1 2>err)"
	grep -q '^would go  1_zee' err
}

@test "undo: knows the tracks and the baseline" {
	undoable
	mkdir -p tracks consolidated-migration/4_base
	mv migrations/1_zee tracks
	echo 'select 1;' >consolidated-migration/4_base/migration.sql
	echo '{"replaces":["1_one","1_two"]}' \
	    >consolidated-migration/4_base/metadata.json
	is 'undone  1_zee' "$(mg_make undo MG_INDEX_MIGRATIONS=tracks)"
}

# Row 203.
@test "undo: scripts like SQL, and what they left undone when one fails" {
	undoable
	rm migrations/1_two/down.sql
	echo 'psql -Xqc "drop table b"; [ -e mended ]' \
	    >migrations/1_two/down.sh
	says 0 'it is not one transaction, as a way back is a program' \
	    mg_make undo DRY_RUN=1 TO=1_one
	run -2 mg_make undo TO=1_one
	has "$output" 'undone  1_zee' 'its way back failed, exit status 1' \
	    'mg-mark --rolled-back 1_two'
	run -1 grep 'undone  1_two' <<<"$output"
	is '_prisma_migrations a' "$(tables)"
	mg-mark --rolled-back 1_two >out
	mg_make migrate >out
	touch mended
	is $'undone  1_zee\nundone  1_two' "$(mg_make undo TO=1_one 2>err)"
}

@test "undo: a failure changes nothing, and is the program's" {
	undoable
	rm migrations/1_two/down.sql
	says 2 'mg-undo: migrations/1_two/down.sql: there is none' \
	    mg_make undo TO=1_one
	is '_prisma_migrations a b c' "$(tables)"
}
