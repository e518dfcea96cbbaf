#!/usr/bin/env bats
# mg-dump(1): print a database's final state as one clean migration script
#
# shellcheck disable=SC2016 # what a fake pg_dump runs
# shellcheck disable=SC2030,SC2031 # run sets output

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

# into NAME COMMAND...: run it where psql and mg find a new, empty database
into() {
	local -x PGDATABASE=${PGDATABASE}_$1 DATABASE_URL
	DATABASE_URL=$(url "$PGDATABASE")
	shift
	createdb "$PGDATABASE"
	"$@"
}

# again NAME [OPTION...]: what mg-dump says of that database
again() {
	local -x DATABASE_URL
	DATABASE_URL=$(url "${PGDATABASE}_$1")
	shift
	mg-dump "$@"
}

# witness [OPTION...]: what pg_dump says of a database, without the random
# word and the tools' own tables
witness() {
	PGTZ=UTC pg_dump -O -x -T _prisma_migrations "$@" |
	    sed '/^\\\(un\)\{0,1\}restrict /d'
}

# run_plain, run_one, run_message, run_apply: run the script ./dump
run_plain() {
	psql -Xq -v ON_ERROR_STOP=1 -f dump >/dev/null
}

run_one() {
	psql -Xq1 -v ON_ERROR_STOP=1 -f dump >/dev/null
}

run_message() {
	psql -Xq -v ON_ERROR_STOP=1 -c "$(cat dump)" >/dev/null
}

run_apply() {
	mkdir -p all/1_all
	cp dump all/1_all/migration.sql
	records all
	mg-apply <records >applied
}

# returns WAY [OPTION...]: a database made by the dump in that way has the same
# schema and gives the same dump, rows included where the options say so
returns() {
	local way=$1
	shift
	mg-dump "$@" >dump
	into "$way" "run_$way"
	witness -s >want
	witness -s "${PGDATABASE}_$way" >got
	diff -u want got
	again "$way" "$@" >dump.again
	cmp dump dump.again
}

# fake TEXT...: a pg_dump of the server's version, which runs these lines
fake() {
	mkdir -p bin
	printf '%s\n' '#!/bin/sh' \
	    'if [ "$1" = --version ]; then' \
	    "	echo 'pg_dump (PostgreSQL) $(sql 'show server_version')'; exit" \
	    'fi' "$@" >bin/pg_dump
	chmod +x bin/pg_dump
	export MG_PGBIN=$PWD/bin
}

# no PART...: none of these is in the file ./dump
no() {
	local part
	for part; do
		run -1 grep -F -- "$part" dump
	done
}

#
# The text
#

@test "it is statements and nothing else" {
	sql 'create table a (id int primary key)'
	is 'CREATE TABLE public.a (
    id integer NOT NULL
);

ALTER TABLE ONLY public.a
    ADD CONSTRAINT a_pkey PRIMARY KEY (id);' "$(mg-dump)"
}

@test "an empty database is an empty script" {
	is '' "$(mg-dump)"
}

@test "bodies keep what looks like pg_dump's own lines" {
	sql 'create function f() returns int language sql as $$
-- Name: x; Type: INDEX; Schema: -; Owner: -
/*
\restrict a
\unrestrict a
SET search_path = x;
*/
select 1 $$'
	mg-dump >dump
	has "$(cat dump)" $'\n-- Name: x' $'\n\\restrict a\n\\unrestrict a\nSET'
	returns message
}

@test "a pg_dump that knows no \\restrict is read as well" {
	fake "printf '%s\\n' '--' '' 'SET row_security = off;' '' \
	    'CREATE FUNCTION f() AS \$\$' '\\unrestrict a' '\$\$;' '' '--'"
	has "$(mg-dump)" 'CREATE FUNCTION f() AS $$
\unrestrict a
$$;'
}

@test "what migration tools keep is left out" {
	sql 'create table _prisma_migrations (id int primary key)' \
	    'create schema other' \
	    'create table other."SequelizeMeta" (id int)' \
	    'create table knex_migrations (id serial, name text)' \
	    'create table mine (id serial)' \
	    'create schema sqitch create table changes (change_id text)' \
	    'create schema graphile_migrate create table migrations (id serial)'
	sql "insert into knex_migrations (name) values ('a')" \
	    "insert into sqitch.changes values ('a')"
	mg-dump --data >dump
	no _prisma_migrations SequelizeMeta knex sqitch graphile_migrate
	has "$(cat dump)" mine mine_id_seq 'SCHEMA other'
}

@test "the page names all of these tables" {
	sed -n 's/^\t"\(.*\)",$/\1/p' "$ROOT/lib/bookkeeping.c" | sort >names
	grep -c . names
	sed -n 's/^\.Li \([A-Za-z_]*\).*/\1/p' "$ROOT/man/mg-dump.1" |
	    sort | comm -23 names - >missing
	is '' "$(cat missing)"
}

@test "owners and privileges are there when asked for" {
	sql 'create role mg_dump_reader' 'create table a (id int)' \
	    'alter table a owner to mg_dump_reader' \
	    'grant select on a to public'
	mg-dump >dump
	no OWNER GRANT
	has "$(mg-dump --owners)" 'ALTER TABLE public.a OWNER TO mg_dump_reader'
	has "$(mg-dump --privileges)" 'GRANT SELECT ON TABLE public.a TO PUBLIC'
	sql 'drop table a' 'drop role mg_dump_reader'
}

# bats test_tags=server
@test "privileges that another granted are granted as that one" {
	sql 'create role mg_dump_a' 'create role mg_dump_b' \
	    'create table a (id int)' \
	    'grant select on a to mg_dump_a with grant option' \
	    'set role mg_dump_a; grant select on a to mg_dump_b'
	mg-dump --privileges >dump
	has "$(cat dump)" 'SET SESSION AUTHORIZATION mg_dump_a;' \
	    'RESET SESSION AUTHORIZATION;'
	into plain run_plain
	sql 'drop owned by mg_dump_b, mg_dump_a cascade'
	PGDATABASE+=_plain sql 'drop owned by mg_dump_b, mg_dump_a cascade'
	sql 'drop role mg_dump_b, mg_dump_a'
}

# bats test_tags=server
@test "a comment that came with an extension is left out, another is not" {
	sql 'create extension citext' 'create extension "uuid-ossp"' \
	    "comment on extension \"uuid-ossp\" is 'ours'"
	mg-dump >dump
	has "$(cat dump)" 'CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA' \
	    "COMMENT ON EXTENSION \"uuid-ossp\" IS 'ours'"
	no 'COMMENT ON EXTENSION citext'
}

# bats test_tags=server
@test "a schema public made anew, as prisma migrate reset does, is no news" {
	sql 'drop schema public' 'create schema public'
	is '' "$(mg-dump)"
	sql "comment on schema public is 'ours'"
	is "COMMENT ON SCHEMA public IS 'ours';" "$(mg-dump)"
}

# bats test_tags=server
@test "settings of the role or the client change no byte" {
	sql "create table a (at timestamptz default '2024-01-01 00:00:00+00',
	    bytes bytea default '\\x00', price money default 1.5,
	    backslash text default 'a\\b')" \
	    "insert into a default values" "comment on table a is 'é'"
	mg-dump --data >dump
	sql "alter database $PGDATABASE set bytea_output = escape" \
	    "alter database $PGDATABASE set quote_all_identifiers = on" \
	    "alter database $PGDATABASE set standard_conforming_strings = off" \
	    "alter database $PGDATABASE set timezone = 'Asia/Tokyo'" \
	    "alter database $PGDATABASE set datestyle = 'SQL, DMY'" \
	    "alter database $PGDATABASE set search_path = pg_catalog"
	PGTZ=Europe/Berlin PGOPTIONS='-c extra_float_digits=-10' \
	    PGCLIENTENCODING=LATIN1 mg-dump --data >dump.again
	cmp dump dump.again
}

# bats test_tags=server
@test "tables are put where they were, and how" {
	psql -XqAt -v ON_ERROR_STOP=1 <<-'END'
	set allow_in_place_tablespaces = on;
	drop tablespace if exists mg_dump_space;
	create tablespace mg_dump_space location '';
	create access method mg_heap type table handler heap_tableam_handler;
	create table elsewhere (id int primary key) tablespace mg_dump_space;
	create table otherwise (id int) using mg_heap;
	create table usual (id int);
	END
	returns plain
	returns message
	has "$(cat dump)" 'SET default_tablespace = mg_dump_space;' \
	    "SET default_tablespace = '';" \
	    'SET default_table_access_method = mg_heap;' \
	    "set_config('default_tablespace', pg_catalog.current_setting('mg.default_tablespace'), false)"
	dropdb "${PGDATABASE}_plain"
	dropdb "${PGDATABASE}_message"
	sql 'drop table elsewhere' 'drop tablespace mg_dump_space'
}

#
# The way back
#

# bats test_tags=server
@test "a function may refer to what comes later, in every way to run it" {
	sql 'create table a (id int)' 'create function f() returns bigint
	    language sql as $$ select count(*) from a $$'
	returns plain
	returns one
	returns message
	returns apply
}

# bats test_tags=server
@test "an index may call a function whose body trusts the search_path" {
	sql "create function inner_part(text) returns text language sql immutable
	    as 'select lower(\$1)'" \
	    "create function outer_part(text) returns text language sql immutable
	    as 'select inner_part(\$1)'" \
	    'create table a (t text)' "insert into a values ('X')" \
	    'create index on a (outer_part(t))'
	returns message --data
}

# bats test_tags=server
@test "the session keeps its settings" {
	sql 'create function f() returns int language sql as $$ select 1 $$'
	mg-dump >dump
	cat >session.sql <<-'END'
	select name, setting from pg_settings order by 1 \g before
	\i dump
	select name, setting from pg_settings order by 1 \g after
	END
	into on psql -Xq -v ON_ERROR_STOP=1 -f session.sql
	cmp before after
	sed -i '1i set search_path = a, b; set check_function_bodies = off;' \
	    session.sql
	into off psql -Xq -v ON_ERROR_STOP=1 -f session.sql
	grep 'check_function_bodies *| off' after
	cmp before after
}

# bats test_tags=server
@test "a materialized view is filled behind those that it reads" {
	sql 'create table a (id int)' \
	    'create materialized view z as select id from a' \
	    'create view y as select id from z' \
	    'create materialized view b as select id from y' \
	    'create materialized view no as select 1 as one with no data'
	mg-dump >dump
	is 'REFRESH MATERIALIZED VIEW public.z;
REFRESH MATERIALIZED VIEW public.b;' "$(grep REFRESH dump)"
	returns message
}

# bats test_tags=server
@test "an event trigger comes last, and hears of nothing" {
	sql 'create table a (id int)' \
	    'create materialized view v as select id from a' \
	    "create function never() returns event_trigger language plpgsql
	    as \$\$ begin raise 'heard of'; end \$\$" \
	    'create event trigger never on ddl_command_start
	    execute function never()'
	mg-dump >dump
	returns message
	returns one
}

# bats test_tags=server
@test "every kind of object comes back" {
	psql -Xq -v ON_ERROR_STOP=1 -f "$ROOT/tests/dump/objects.sql" \
	    >/dev/null 2>&1
	returns plain
	returns one
	returns message
	returns apply
}

@test "what a history has made comes back, rows included" {
	"$ROOT/tests/history" 100 3 migrations
	records
	mg-apply <records >applied
	returns plain --data
	returns apply --data
	cmp <(witness -a --inserts | sort) \
	    <(witness -a --inserts "${PGDATABASE}_apply" | sort)
}

# bats test_tags=server
@test "a view that needs a key for its GROUP BY comes back" {
	sql 'create table a (id int primary key, note text)' \
	    'create view v as select id, note from a group by id' \
	    'insert into a values (1)'
	returns message --data
}

#
# Rows
#

@test "rows come with --data only, and sequences with them" {
	sql 'create table a (id serial primary key)' \
	    'insert into a default values'
	mg-dump >dump
	no INSERT setval
	has "$(mg-dump --data)" 'INSERT INTO public.a (id) VALUES
	(1);' "SELECT pg_catalog.setval('public.a_id_seq', 1, true);"
}

# bats test_tags=server
@test "every value of every type comes back" {
	psql -Xq -v ON_ERROR_STOP=1 -f "$ROOT/tests/dump/values.sql" >/dev/null
	returns plain --data
	returns apply --data
	witness -a --inserts | sort >want
	witness -a --inserts "${PGDATABASE}_apply" | sort >got
	[ "$(grep -c INSERT want)" -gt 20 ]
	cmp want got
}

@test "rows are in the order of the key, else of all their values" {
	sql 'create table keyed (k text primary key)' \
	    "insert into keyed values ('b'), ('B'), ('a')" \
	    'create table bare (v json)' \
	    "insert into bare values ('2'), ('1'), (null)"
	has "$(mg-dump --data)" "VALUES
	('B'),
	('a'),
	('b');" "VALUES
	(NULL),
	('1'),
	('2');"
}

# bats test_tags=server
@test "rows that were moved give the same bytes" {
	sql 'create table a (v int, w json)' \
	    "insert into a values (1, '1'), (2, '2')"
	mg-dump --data >dump
	sql 'update a set v = v where v = 1'
	is "2 1" "$(sql 'select v from a' | xargs)"
	mg-dump --data >dump.again
	cmp dump dump.again
}

# bats test_tags=server
@test "keys that form a circle are in nobody's way" {
	sql 'create table a (id int primary key, b int)' \
	    'create table b (id int primary key, a int references a)' \
	    'alter table a add foreign key (b) references b' \
	    'insert into a values (1, null)' 'insert into b values (1, 1)' \
	    'update a set b = 1'
	returns message --data
	returns apply --data
}

# bats test_tags=server
@test "rules and triggers do not see the rows" {
	sql 'create table log (n int)' 'create table a (v int)' \
	    'insert into a values (1)' \
	    'create rule r as on insert to a do also insert into log values (1)' \
	    "create function f() returns trigger language plpgsql as
	    \$\$ begin return null; end \$\$" \
	    'create trigger t before insert on a for each row
	    execute function f()'
	returns message --data
	is 1 "$(psql -XAtc 'select v from a' "${PGDATABASE}_message")"
	is 0 "$(psql -XAtc 'select count(*) from log' "${PGDATABASE}_message")"
}

@test "many rows are several statements of bounded size" {
	sql 'create table a (id int primary key, v text)' \
	    "insert into a select i, repeat('x', 100) from
	    generate_series(1, 2500) i"
	mg-dump --data >dump
	[ "$(grep -c '^INSERT' dump)" -ge 3 ]
	returns apply --data
}

@test "sequences: not used, used, moved, and one that counts down" {
	sql 'create sequence unused start 5' 'create sequence used' \
	    "select nextval('used'), nextval('used')" \
	    'create sequence moved' 'alter sequence moved restart 40' \
	    'create sequence down increment -1' "select nextval('down')"
	mg-dump --data >dump
	is "SELECT pg_catalog.setval('public.down', -1, true);
SELECT pg_catalog.setval('public.moved', 40, false);
SELECT pg_catalog.setval('public.used', 2, true);" "$(grep setval dump)"
}

@test "--table takes the rows of these tables only" {
	sql 'create table one (id serial)' 'create table two (id serial)' \
	    'create schema app' 'create table app.three (id int)' \
	    'insert into one default values' 'insert into two default values' \
	    'insert into app.three values (3)'
	mg-dump --table one --table 'app.*' >dump
	is 'INSERT INTO app.three (id) VALUES
INSERT INTO public.one (id) VALUES' "$(grep INSERT dump)"
	is "SELECT pg_catalog.setval('public.one_id_seq', 1, true);" \
	    "$(grep setval dump)"
	fails 2 'mg-dump: nothing: there is no such table' \
	    mg-dump --table nothing
}

@test "large objects are refused with --data" {
	sql "select lo_from_bytea(0, 'x')"
	is '' "$(mg-dump)"
	says 2 '1 large objects: no INSERT carries them' mg-dump --data
}

@test "row security hides no row: it is told" {
	sql 'create role mg_dump_owner login' 'create table a (v int)' \
	    'insert into a values (1)' 'alter table a owner to mg_dump_owner' \
	    'alter table a enable row level security'
	theirs=$(url "$PGDATABASE" | sed 's/postgres@/mg_dump_owner@/')
	has "$(mg-dump --data -d "$theirs")" INSERT
	sql 'alter table a force row level security'
	says 2 'public.a: query would be affected by row-level security' \
	    mg-dump --data -d "$theirs"
	is '' "$output"
	returns message --data
	sql 'drop owned by mg_dump_owner' 'drop role mg_dump_owner'
}

#
# What goes wrong
#

# older MAJOR MINOR: mg-dump says that what it finds is too old for a server of
# that version
older() {
	local socket=$PWD/posing/.s.PGSQL.5432 tries
	mkdir -p posing
	rm -f "$socket"
	"$ROOT/tests/dump/posing" "$PGHOST/.s.PGSQL.5432" "$socket" "$1.$2" \
	    3>&- &
	for ((tries = 0; tries < 600; tries++)); do
		[ ! -S "$socket" ] || break
		sleep 0.02
	done
	says 3 "older than the server, which is $1.$2: install $1.$2 or newer (Debian: apt install postgresql-client-$1)" \
	    mg-dump -d "postgresql://$PGUSER@localhost/$PGDATABASE?host=$PWD/posing"
	is '' "$output"
}

@test "a pg_dump older than the server is refused, in its minor version too" {
	version=$(sql 'show server_version')
	version=${version%% *}
	older 99 "${version#*.}"
	older "${version%.*}" 99
}

@test "pg_dump's failure is told in its own words, and nothing is written" {
	fake 'echo "CREATE TABLE half ("' 'echo "pg_dump: broke" >&2' 'exit 1'
	fails 3 "pg_dump: broke
mg-dump: $PWD/bin/pg_dump failed, exit status 1" mg-dump
	is '' "$output"
}

@test "a pg_dump that is killed is told, and nothing is written" {
	fake 'echo "CREATE TABLE half ("' 'kill -KILL $$'
	fails 3 "mg-dump: $PWD/bin/pg_dump was ended by signal 9 (Killed)" \
	    mg-dump
	is '' "$output"
}

@test "killed, it takes pg_dump along" {
	fake 'echo $$ >pid.new; mv pid.new pid; exec sleep 600'
	mg-dump 3>&- &
	pid=$!
	until [ -s pid ]; do sleep 0.02; done
	kill "$pid"
	ended=0
	wait "$pid" || ended=$?
	is 143 "$ended"
	for ((tries = 0; tries < 600; tries++)); do
		kill -0 "$(cat pid)" 2>/dev/null || break
		sleep 0.02
	done
	run -1 kill -0 "$(cat pid)"
}

@test "text that is cut short is told, and nothing is written" {
	fake 'echo "CREATE TABLE half ("'
	fails 3 'mg-dump: what pg_dump wrote cannot be read, line 1: unbalanced (: no ) closes it' \
	    mg-dump
	is '' "$output"
}

@test "a table that may not be read is named beforehand" {
	sql 'drop role if exists mg_dump_stranger' \
	    'create role mg_dump_stranger login' \
	    'create table "Secret" (id int)' \
	    'grant usage on schema public to mg_dump_stranger'
	theirs=$(url "$PGDATABASE" | sed 's/postgres@/mg_dump_stranger@/')
	says 2 'public."Secret": we may not read this table' \
	    mg-dump -d "$theirs"
	sql 'alter table "Secret" rename to _prisma_migrations'
	is '' "$(mg-dump -d "$theirs")"
	sql 'drop owned by mg_dump_stranger' 'drop role mg_dump_stranger'
}

@test "a server that is not there, a pooler, and a full disk" {
	says 3 P1001 mg-dump -d "postgresql://localhost/x?host=$PWD"
	says 2 'pgbouncer=true' mg-dump -d "$(url "$PGDATABASE" pgbouncer=true)"
	sql 'create table a (id int)'
	run -3 bash -c 'mg-dump >/dev/full'
}

@test "no password is in the arguments of pg_dump" {
	fake 'printf "%s\n" "$@" >arguments' 'echo "$PGPASSWORD" >password'
	mg-dump -d "$(url "$PGDATABASE" |
	    sed 's/postgres@/postgres:hush@/')" >dump
	is hush "$(cat password)"
	run -1 grep hush arguments
}

@test "more locks than the server has room for are told beforehand" {
	own_server 'max_connections = 2' 'max_wal_senders = 0' \
	    'max_locks_per_transaction = 10' 'superuser_reserved_connections = 0'
	sql 'create table a (id int primary key)'
	mg-dump >dump
	for i in {1..12}; do
		sql "create table t$i (id int primary key, v text)"
	done
	says 2 'has room for 20: raise max_locks_per_transaction' mg-dump
	mg-dump --batch 3 >dump
	is "$(grep -c '^BEGIN' dump)" "$(grep -c '^COMMIT' dump)"
	into plain run_plain
	cmp <(witness -s) <(witness -s "${PGDATABASE}_plain")
}

@test "--batch commits behind so many statements" {
	sql 'create table a (id int)' 'create table b (id int)' \
	    'create table c (id int)'
	is 'BEGIN;

CREATE TABLE public.a (
    id integer
);

CREATE TABLE public.b (
    id integer
);

COMMIT;

BEGIN;

CREATE TABLE public.c (
    id integer
);

COMMIT;' "$(mg-dump --batch 2)"
	says 2 '--batch 0: not a number above 0' mg-dump --batch 0
	says 2 '--batch x: not a number above 0' mg-dump --batch x
}
