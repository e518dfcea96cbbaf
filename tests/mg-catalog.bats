#!/usr/bin/env bats
# mg-catalog(1): list what is in a database

# What run sets, what common.bash exports, SQL with its quotes:
# shellcheck disable=SC2154,SC2030,SC2031,SC2034,SC2016

load helper/common
load helper/server

# A database that others are made from, for it takes a while to fill.
setup_file() {
	sql "do \$\$ begin create role mg_rich_owner; create role mg_rich_app;
	    exception when duplicate_object then null; end \$\$" \
	    'drop database if exists mg_rich' 'create database mg_rich'
	# A subscription would not be copied.
	sed '/^create subscription/,/;$/d' "$ROOT/tests/catalog/rich.sql" |
	    psql -Xq -v ON_ERROR_STOP=1 -d mg_rich >/dev/null
}

setup() {
	sandbox
}

teardown() {
	end_sessions
}

# rich: a copy of that database, for this test alone
rich() {
	export PGDATABASE=mg_$BATS_SUITE_TEST_NUMBER
	createdb -T mg_rich "$PGDATABASE"
	DATABASE_URL=$(url "$PGDATABASE")
	export DATABASE_URL
}

# objects [OPTION...]: kind and name of each
objects() {
	mg-catalog "$@" | jq -r '.kind + " " + .name'
}

# record KIND NAME [OPTION...]: without these two
record() {
	local kind=$1 name=$2
	shift 2
	mg-catalog "$@" | jq -c --arg kind "$kind" --arg name "$name" \
	    'select(.kind == $kind and .name == $name) | del(.kind, .name)'
}

# same OPTION...: the listing is still what it was in ./before
same() {
	mg-catalog "$@" >after
	diff before after
}

# differs OPTION...: it is not
differs() {
	mg-catalog "$@" >after
	run -1 diff before after
}

# same_constraints NUMBER: those of tables are what PostgreSQL says, and so many
same_constraints() {
	mg-catalog | jq -r 'select(.kind == "constraint" and .table) |
	    .name + " " + .definition' | grep -o '[^.]*_[0-9]* .*' | sort >got
	PGOPTIONS='-c search_path=pg_catalog' sql "select conname || ' ' ||
	    pg_get_constraintdef(oid) from pg_constraint
	    where conname ~ '_[0-9]*\$' and conparentid = 0" | sort >want
	is "$1" "$(wc -l <want)"
	diff want got
}

# same_indexes COUNT: so many or more, and they are what PostgreSQL says
same_indexes() {
	mg-catalog | jq -r 'select(.kind == "index").definition' | sort >got
	sql "set search_path = pg_catalog; select pg_get_indexdef(indexrelid)
	    from pg_index join pg_class on pg_class.oid = indrelid
	    where relnamespace = 'public'::regnamespace" | grep CREATE |
	    sort >want
	[ "$(wc -l <want)" -ge "$1" ]
	diff want got
}

@test "an object is a line of JSON, and the lines are sorted" {
	rich
	mg-catalog >out
	[ "$(wc -l <out)" -gt 200 ]
	jq -e 'has("kind") and has("name")' out >/dev/null
	LC_ALL=C sort -c out
	is '' "$(jq -r '.kind + " " + .name' out | sort | uniq -d)"
}

@test "all is read in two round trips, with the rows or without" {
	rich
	: >records
	is 2 "$(round_trips mg-catalog)"
	is 2 "$(round_trips mg-catalog --data)"
}

# Each of changes.sql is made, then the driver says what is different.
# bats test_tags=server
@test "each of 270 single changes is named, and nothing but it" {
	database
	local version
	version=$(sql 'show server_version_num')
	((version >= 150000 && version < 180000)) ||
	    skip 'changes.sql says what 15 to 17 do'
	psql -Xq -v ON_ERROR_STOP=1 -f "$ROOT/tests/catalog/rich.sql" >/dev/null
	local file=$ROOT/tests/catalog/changes.sql
	sed -n '1,/^$/d; s/^-- //p; /^$/p' "$file" >want
	sed '/^--/d; s/^$/\\! sh .\/step/' "$file" >script
	cat >step <<-'END'
		echo >ask
		while read -r line && [ -n "$line" ]; do
			printf '%s\n' "$line"
		done <answer >>got
		echo >>got
	END
	mkfifo ask answer
	exec 8<>ask 9<>answer
	"$DRIVERS/catalog/changed" <&8 >&9 3>&- &
	changed=$!
	psql -Xq -v ON_ERROR_STOP=1 -f script 2>err
	sh ./step
	kill "$changed"
	# An object that changed was there before and after.
	sed 1d got | uniq >got.once
	[ "$(grep -c '^$' got.once)" -ge 270 ]
	diff want <(sed '$d' got.once)
}

# bats test_tags=server
@test "what there is only one of is found" {
	database
	local kind create drop
	sql 'create table t (i int)'
	while IFS='|' read -r kind create drop; do
		sql "create $create" >/dev/null
		mg-catalog | jq -r .kind >got
		grep -qx "$kind" got || echo "$kind" >>lost
		sql "${drop:-drop ${create%% [(a]*}}" >/dev/null
	done <<-'END' 2>err
		view|view v as select 1
		materialized-view|materialized view v as select 1 as i
		sequence|sequence s
		trigger|trigger r before update on t execute function suppress_redundant_updates_trigger()|drop trigger r on t
		rule|rule r as on delete to t do instead nothing|drop rule r on t
		policy|policy p on t|drop policy p on t
		statistics|statistics s on (i + 1) from t|drop statistics s
		enum|type e as enum ()
		enum-order|type e as enum ()
		domain|domain d as int
		constraint|domain d as int constraint c check (value > 0)
		composite|type c as ()
		range|type r as range (subtype = int)
		shell-type|type b
		type|type b; create function b(cstring) returns b language internal strict immutable as 'int4in'; create function b(b) returns cstring language internal strict immutable as 'int4out'; create type b (input = b, output = b, like = int4, category = 'A')|drop type b cascade
		function|function f() returns int language sql return 1|drop function f
		procedure|procedure f() language sql begin atomic select 1; end|drop procedure f
		aggregate|aggregate a (int) (sfunc = int4pl, stype = int)|drop aggregate a (int)
		operator|operator === (function = int4eq, leftarg = int, rightarg = int)|drop operator === (int, int)
		operator-family|operator family f using btree
		operator-class|operator class c for type int using btree as function 1 btint4cmp(int, int)|drop operator family c using btree
		cast|cast (int as date) with inout|drop cast (int as date)
		conversion|conversion c for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1|drop conversion c
		transform|transform for int language sql (from sql with function prsd_lextype(internal))|drop transform for int language sql
		collation|collation c (locale = 'C')|drop collation c
		text-search-configuration|text search configuration c (copy = simple)
		text-search-dictionary|text search dictionary c (template = simple)
		text-search-parser|text search parser c (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype)
		text-search-template|text search template c (lexize = dsimple_lexize)
		publication|publication p
		publication-table|publication p for table t|drop publication p
		subscription|subscription s connection '' publication p with (connect = false, slot_name = none)|drop subscription s
		event-trigger|function e() returns event_trigger language plpgsql as 'begin end'; create event trigger e on ddl_command_start execute function e()|drop function e cascade
		foreign-data-wrapper|foreign data wrapper w
		server|foreign data wrapper w; create server s foreign data wrapper w|drop foreign data wrapper w cascade
		user-mapping|foreign data wrapper w; create server s foreign data wrapper w; create user mapping for public server s|drop foreign data wrapper w cascade
		language|language l handler plpgsql_call_handler|drop language l
		access-method|access method m type table handler heap_tableam_handler|drop access method m
	END
	[ ! -e lost ]
}

# bats test_tags=server
@test "what is rewritten, built again or made again the same is no change" {
	rich
	mg-catalog --data >before
	sql 'vacuum full' 'reindex schema public' 'analyze' \
	    'cluster users' 'update events set n = n' \
	    'alter table orders alter amount type int' \
	    'alter table cache drop constraint cache_pkey,
		add constraint cache_pkey primary key (k)' \
	    'drop index users_data_idx' \
	    'create index users_data_idx on users using gin (data jsonb_path_ops)' \
	    'drop view totals' \
	    'create view totals as select u.id, count(*) as orders,
		max(o.status) as last from users u
		join orders o on o.user_id = u.id
		where o.status in ('"'new', 'paid'"') group by u.id' \
	    "comment on view totals is 'per user'" \
	    "comment on column totals.orders is 'how many'" \
	    'create table other ()' 'drop table other' \
	    "update pg_attribute set attoptions = '{pg_attver=3}'
		where attrelid = 'animals'::regclass and attname = 'name'" \
	    'revoke all on users from public, mg_rich_app, mg_rich_owner' \
	    'grant update (name, email) on users to mg_rich_app
		with grant option' \
	    'grant insert on users to mg_rich_app' \
	    'grant all on users to mg_rich_owner' \
	    'grant select on users to public, mg_rich_app' \
	    'grant all on animals to postgres' \
	    'revoke all on animals from public' \
	    'refresh materialized view summary' \
	    'alter table orders set (fillfactor = 50)' \
	    'alter table orders reset (fillfactor)' >/dev/null
	same --data
}

# bats test_tags=server
@test "an index is defined as pg_get_indexdef() says" {
	database
	sql "create type mood as enum ('a')" "create type rank as enum ('a')" \
	    'create domain word as text' \
	    'create table "T t" (x int, i int, "J" text, v varchar(9), m mood, r rank,
		w word, c char(3), n name, a int[], d text collate "C")' \
	    'create index on "T t" (i, "J")' \
	    'create unique index "i 1" on "T t" (i)' \
	    'create index on "T t" (i desc, "J" nulls first, v desc nulls last)' \
	    'create index on "T t" (v)' 'create index on "T t" (m)' \
	    'create index on "T t" (r)' 'create index on "T t" (w)' \
	    'create index on "T t" (m enum_ops, w, c, n, a, d)' \
	    'create index on "T t" (v varchar_pattern_ops, i)' \
	    'create index on "T t" ("J" text_pattern_ops)' \
	    'create index on "T t" ("J" collate "C")' \
	    'create index on "T t" (d collate "default")' \
	    'create index on "T t" (i) include (m)' \
	    'create index on "T t" (i) where i > 0' \
	    'create index on "T t" (i, lower("J"))' \
	    'create index on "T t" (i desc, "J", m)' \
	    'create index on "T t" (i, "J", w)' \
	    'create index on "T t" (i, "J" text_pattern_ops, m)' \
	    'create index on "T t" (i, "J" collate "C", v)' \
	    'create index on "T t" (r, i, "J", v)' \
	    'create index on "T t" (i, i, i)' \
	    'create index on "T t" (i) with (fillfactor = 50)' \
	    'create index on "T t" using hash (i)' \
	    'create index on "T t" using gin (a)' \
	    'create table parts (i int) partition by range (i)' \
	    'create index on parts (i)' 'alter table "T t" drop x, add x int' \
	    'create index on "T t" (x)' >/dev/null
	[ "$(sql 'show server_version_num')" -lt 150000 ] ||
	    sql 'create unique index on "T t" (i, "J") nulls not distinct'
	same_indexes 20
	sql 'create function rank_cmp(rank, rank) returns int
		language sql immutable return 0' \
	    'create operator class rank_ops default for type rank using btree
		as operator 1 < (anyenum, anyenum),
		function 1 rank_cmp(rank, rank)' \
	    'create index on "T t" (r)' >/dev/null
	same_indexes 20
}

# bats test_tags=server
@test "so are indexes whose operator classes have options" {
	database
	sql 'create table t (i int, v tsvector)' 'create index on t (i)' \
	    'create index on t using gist (v tsvector_ops (siglen = 100))' \
	    "create function options(internal) returns void language internal
		as 'gtsvector_options'" \
	    'create operator class own_ops for type int using btree
		as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=,
		operator 5 >, function 1 btint4cmp(int, int),
		function 5 options(internal)' \
	    'create index on t (i own_ops (siglen = 100))' >/dev/null
	same_indexes 3
	sql 'alter operator family integer_ops using btree add function 5
		(int) options(internal)'
	# A session that has used the class knows nothing of it.
	sql 'create index on t (i int4_ops (siglen = 100))' >/dev/null
	same_indexes 4
	is 3 "$(grep -c "siglen='100'" got)"
}

# bats test_tags=server
@test "a constraint is defined as pg_get_constraintdef() says" {
	database
	local version key
	version=$(sql 'show server_version_num')
	sql 'create schema "S s"' 'create domain number as int' \
	    'create table public.pg_class (x int, i int constraint p_1 primary key,
		"T" text collate "C" constraint u_1 unique, "select" int
		constraint u_2 unique, n number constraint u_3 unique, v varchar(9)
		constraint u_4 unique deferrable, d int constraint u_5 unique
		deferrable initially deferred, a int[] constraint u_6 unique,
		g int generated always as (i + 1) stored constraint u_7 unique,
		constraint u_8 unique (i, "T"), constraint u_9 unique (v, d, a),
		constraint u_10 unique (d) include (i))' \
	    'alter table public.pg_class drop x' \
	    'create table "S s"."select" (i int generated always as identity
		constraint p_2 primary key, constraint c_1 check (i > 0) no inherit,
		constraint e_1 exclude (i with =))' \
	    'create table "S s".pg_class (i int, "J j" int, constraint p_3
		primary key (i) include ("J j"))' \
	    'create table parts (i int constraint p_4 primary key)
		partition by range (i)' \
	    'create table part partition of parts for values from (1) to (5)' \
	    'create table child (constraint p_5 primary key (i))
		inherits (public.pg_class)' \
	    'create table two (i int, j int, constraint p_6 primary key (j, i))' \
	    'create unique index x on two (i)' \
	    'alter table two add constraint u_11 unique using index x' \
	    'create table keys (i int, j int, "T" text, constraint c_2
		check (i > 0) not valid)' \
	    'alter table parts add constraint f_1 foreign key (i)
		references two (i)' \
	    'alter table "S s"."select" add constraint f_2 foreign key (i)
		references "S s"."select" on delete cascade' \
	    'alter table keys add constraint f_3 foreign key ("T")
		references public.pg_class ("T")' \
	    'alter table keys add constraint f_4 foreign key (i)
		references public.pg_class ("select")' \
	    'alter table keys add constraint f_5 foreign key (i)
		references "S s".pg_class' \
	    'alter table keys add constraint f_6 foreign key (i)
		references parts' >/dev/null
	local number=7 rest
	for rest in '' 'match full' 'not valid' deferrable \
	    'deferrable initially deferred' 'on update cascade' \
	    'on update set null' 'on update set default on delete restrict' \
	    'on update restrict on delete set default' 'on delete set null' \
	    'match full on delete cascade on update set null not valid'; do
		sql "alter table keys add constraint f_$number
		    foreign key (i) references two (i) $rest" \
		    "alter table keys add constraint f_$((number + 1))
		    foreign key (j, i) references two $rest" >/dev/null
		number=$((number + 2))
	done
	same_constraints 48
	((version >= 150000)) || return 0
	sql 'alter table keys add constraint f_30 foreign key (j, i)
		references two on delete set null (i)' \
	    'alter table keys add constraint f_31 foreign key (i)
		references two (i) on delete set null (i)' \
	    'create table three (i int constraint u_12 unique nulls
		not distinct, j int constraint u_13 unique nulls distinct)' \
	    >/dev/null
	same_constraints 52
	((version >= 180000)) || return 0
	sql 'alter table keys add constraint f_32 foreign key (i)
		references two (i) not enforced' \
	    'create table times (i int4range, r int4range, constraint p_7
		primary key (i, r without overlaps))' \
	    'create table spans (i int4range, r int4range, constraint f_33
		foreign key (i, period r) references times (i, period r))' \
	    >/dev/null
	same_constraints 55
}

@test "columns that were dropped, and statistics, leave nothing behind" {
	rich
	mg-catalog >before
	sql 'alter table cache add x int default 1, drop v' \
	    'alter table cache drop x, add v bytea' 'analyze'
	same
}

# bats test_tags=server
@test "a database and its dump, restored, are the same, rows included" {
	rich
	mg-catalog --data >before
	pg_dump --no-sync "$PGDATABASE" >dump.sql
	createdb "${PGDATABASE}_b"
	psql -Xq -v ON_ERROR_STOP=1 -d "${PGDATABASE}_b" -f dump.sql >/dev/null
	same --data -d "$(url "${PGDATABASE}_b")"
}

@test "an invalid index equals nothing, not even itself" {
	rich
	mg-catalog >before
	same
	sql "update pg_index set indisvalid = false
	    where indexrelid = 'animals_name_key'::regclass"
	mg-catalog >before
	differs
	has "$output" '"name":"public.animals_name_key"'
	[ "$(mg-catalog --digest)" != "$(mg-catalog --digest)" ]
}

@test "--digest is the listing's SHA-256" {
	rich
	mg-catalog >out
	is "$(sha256sum <out | cut -d ' ' -f 1)" "$(mg-catalog --digest)"
}

@test "--order says whether the order of columns and enums counts" {
	database
	sql 'create table t (a int, b int)' "create type e as enum ('a', 'b')"
	mg-catalog >before
	same --order all
	is $'column-order\nenum-order' "$(jq -r .kind before | grep order)"
	is column-order \
	    "$(mg-catalog --order columns | jq -r .kind | grep order)"
	is enum-order \
	    "$(mg-catalog --order enums | jq -r .kind | grep order)"
	is '{"columns":["a","b"]}' "$(record column-order public.t)"
	says 2 '--order: not columns' mg-catalog --order some
}

# bats test_tags=server
@test "with --order none no order is a fact, nor one of the rows' sums" {
	rich
	sql 'create table t (a int, b int)' "create type e as enum ('a', 'b')" \
	    'insert into t values (1, 2)'
	mg-catalog --order none --data >before
	sql 'drop table t' 'create table t (b int, a int)' \
	    'insert into t values (2, 1)' \
	    'drop type e' "create type e as enum ('b', 'a')"
	same --order none --data
}

@test "--schema keeps to schemas, by pattern, and to what is in them" {
	rich
	is 'schema app' "$(objects --schema app | grep ^schema)"
	run -1 grep -vE '^[a-z-]+ (app($|\.)|mg_rich_owner.app )' \
	    <(objects --schema app)
	is $'schema "odd "".schema"\nschema app' \
	    "$(objects --schema 'a?p' --schema '*.*' | grep ^schema)"
	sql 'create schema "a_p"' 'create schema "a%b"' 'create schema "axb"' \
	    'create schema "a\b"'
	is 'schema a_p' "$(objects --schema a_p)"
	is 'schema a%b' "$(objects --schema 'a%b')"
	is 'schema a\b' "$(objects --schema 'a\b')"
	is '' "$(mg-catalog --schema nothing)"
	is '' "$(mg-catalog --schema 'pg_*')"
}

@test "owners, privileges, comments and versions can be left out" {
	rich
	mg-catalog --no-owners >out
	[ "$(jq -c 'select(has("owner"))' out)" = '' ]
	mg-catalog --no-privileges >out
	[ "$(jq -c 'select(has("privileges"))' out)" = '' ]
	run -1 grep default-privileges out
	mg-catalog --no-comments >out
	[ "$(jq -c 'select(has("comment") or has("comments"))' out)" = '' ]
	mg-catalog --no-versions --no-versions >out
	is '{"schema":"public"}' "$(jq -c 'select(.name == "hstore" and
	    .kind == "extension") | {schema, version} | del(.[] | nulls)' out)"
}

# bats test_tags=server
@test "--settings adds what belongs to the database as a whole" {
	database
	is '' "$(objects | grep -E '^(database|settings)' || true)"
	sql "alter database $PGDATABASE set work_mem = '5MB'" \
	    "alter role postgres in database $PGDATABASE set jit = off"
	is UTF8 "$(record database database --settings | jq -r .encoding)"
	is '{"settings":["work_mem=5MB"]}' \
	    "$(record settings database --settings)"
	is '{"settings":["jit=off"]}' "$(record settings postgres --settings)"
	sql "alter role postgres in database $PGDATABASE reset all"
}

@test "--data counts and sums up rows, in whatever order they lie" {
	database
	sql 'create table t (a text, b int)' 'create table u () inherits (t)' \
	    "insert into t values ('x', 1), ('y', 2), ('z', 3)" \
	    "insert into u values ('v', 4)"
	mg-catalog --data >before
	is 3 "$(record rows public.t --data | jq -r .count)"
	sql "delete from t where a = 'x'" "insert into t values ('x', 1)"
	same --data
	sql "update only t set b = 5 where a = 'x'"
	differs --data
	has "$output" '"name":"public.t"'
	sql "update only t set b = 1 where a = 'x'"
	same --data
	sql "insert into t values ('x', 1), ('x', 1)"
	mg-catalog --data >before
	sql "delete from t where a = 'x'" "insert into t values ('x', 1)"
	differs --data
}

@test "--data tells null from nothing, and one column's value from another's" {
	database
	sql 'create table t (a text, b text)' "insert into t values ('', null)"
	mg-catalog --data >before
	sql "update t set a = null, b = ''"
	differs --data
}

@test "--data tells where sequences stand" {
	rich
	is '{"last_value":"42","is_called":true}' \
	    "$(record position app.free --data)"
	mg-catalog >before
	sql "select nextval('app.free')"
	same
}

# bats test_tags=server
@test "the session's settings change neither listing nor sums" {
	database
	sql "create table t (a timestamptz default '2001-02-03 04:05:06+00',
	    b interval default '1 day', c bytea default '\x01ff', d float
	    default 0.1::float * 3, e money default 1.5, f date default
	    '2001-02-03', g regclass default 't'::regclass, h text default
	    'a\\b', \"User\" xml default '<a/>')" 'insert into t default values'
	mg-catalog --data >before
	sql "alter database $PGDATABASE set datestyle = 'sql, dmy'" \
	    "alter database $PGDATABASE set timezone = 'Asia/Tokyo'" \
	    "alter database $PGDATABASE set intervalstyle = iso_8601" \
	    "alter database $PGDATABASE set bytea_output = escape" \
	    "alter database $PGDATABASE set extra_float_digits = -5" \
	    "alter database $PGDATABASE set lc_monetary = 'C.UTF-8'" \
	    "alter database $PGDATABASE set search_path = public, pg_catalog" \
	    "alter database $PGDATABASE set quote_all_identifiers = on" \
	    "alter database $PGDATABASE set default_transaction_isolation =
		serializable" \
	    "alter database $PGDATABASE set standard_conforming_strings = off"
	same --data -q
	DATABASE_URL=$(url "$PGDATABASE" schema=other) same --data -q
}

@test "passwords of servers, users and subscriptions are not shown" {
	database
	psql -Xq -v ON_ERROR_STOP=1 -f "$ROOT/tests/catalog/rich.sql" >/dev/null
	mg-catalog --data --settings >out
	run -1 grep hunter2 out
	is '{"options":["password (set)","user (set)"]}' \
	    "$(record user-mapping far.mg_rich_app)"
	has "$(record server far)" '"password (set)"' \
	    '"url=http://(set)@there"' '"host=there"'
	has "$(record subscription sub)" '"publications":["other"]'
	sql 'alter subscription sub set (slot_name = none)' \
	    'drop subscription sub'
}

@test "who may not see all is told what is hidden, and sees the rest" {
	rich
	mg-catalog >before
	sql 'alter role mg_rich_app login'
	PGUSER=mg_rich_app
	DATABASE_URL=$(url "$PGDATABASE")
	mg-catalog >after
	PGUSER=postgres
	sql 'alter role mg_rich_app nologin'
	run -1 diff before after
	is 2 "$(grep -c '^[<>]' <<<"$(grep -v PUBLIC <<<"$output")")"
	has "$output" '> {"kind":"user-mapping","name":"far.mg_rich_app","options":["(hidden)"]}'
}

@test "--data says which table it may not read" {
	rich
	sql 'alter role mg_rich_app login'
	PGUSER=mg_rich_app
	DATABASE_URL=$(url "$PGDATABASE")
	run --separate-stderr mg-catalog --data
	PGUSER=postgres
	sql 'alter role mg_rich_app nologin'
	is 2 "$status"
	has "$stderr" 'mg-catalog: the catalog cannot be read: permission denied'
	is '' "$output"
}

@test "tables in which tools keep their history are left out, with all of it" {
	rich
	is '' "$(mg-catalog --data | grep -E 'migrations' || true)"
	sql 'create table "_Prisma_migrations" ()'
	has "$(objects)" 'table public._Prisma_migrations'
	sql 'create schema sqitch create table changes (id int)' \
	    'create schema graphile_migrate create table migrations (id int)'
	is '' "$(objects | grep -E 'sqitch|graphile' || true)"
}

@test "what an extension brings is left out" {
	rich
	is 'extension hstore' "$(objects | grep hstore)"
	sql 'alter table users add h hstore'
	has "$(record column public.users.h)" '"type":"public.hstore"'
}

@test "temporary tables, those of others too, are left out" {
	rich
	mg-catalog >before
	sessions=begun
	PGAPPNAME=deployer psql -Xq -c 'create temp table t (i serial)' \
	    -c 'select pg_sleep(600)' >/dev/null 2>&1 3>&- &
	await "select exists (select from pg_stat_activity
	    where datname = current_database() and wait_event = 'PgSleep')"
	same
}

# bats test_tags=server
@test "names are quoted only where they would be misread" {
	database
	sql 'create table "User" ("order" int, "json" int, "a.b" int,
	    "x y" int, "é" int, "q""q" int)'
	is 'column public.User."a.b"
column public.User."q""q"
column public.User."x y"
column public.User.json
column public.User.order
column public.User.é' "$(objects | grep ^column\ )"
}

# bats test_tags=server
@test "one spelling of what PostgreSQL spells in two ways" {
	database
	sql "create table t (\"json_table\" varchar, s varchar, check
	    (\"json_table\" <> '\"json_table\"'), check (s in ('a', 'b''c')),
	    check (s in (lower('(,]'), upper(s || ','))))"
	mg-catalog >before
	is "CHECK (((s)::text = ANY (ARRAY[('a'::character varying)::text, ('b''c'::character varying)::text])))" \
	    "$(record constraint public.t.t_s_check | jq -r .definition)"
	has "$(record constraint public.t.t_json_table_check)" \
	    "CHECK (((json_table)::text <> '\\\"json_table\\\"'::text))"
	pg_dump --no-sync "$PGDATABASE" >dump.sql
	createdb "${PGDATABASE}_b"
	psql -Xq -v ON_ERROR_STOP=1 -d "${PGDATABASE}_b" -f dump.sql >/dev/null
	same -d "$(url "${PGDATABASE}_b")"
}

# spells TEXT [WANT]: so, or as it is
spells() {
	is "${2-$1}" "$("$DRIVERS/catalog/spelled" "$1")"
}

# bats test_tags=server
@test "only the names that became key words lose their quotes" {
	spells '("json" > 0) AND (t."json_table" = "json"."jsonb")' \
	    '(json > 0) AND (t.json_table = json."jsonb")'
	spells '"order" "json""x" '\''"json"'\'' $$"json"$$ "Json" U&"json"'
	spells '"merge_action" "system_user"' 'merge_action system_user'
}

# bats test_tags=server
@test "only a list that is cast as a whole is cast one by one" {
	spells "(ARRAY['a', f(b, c)])::text[]" \
	    "ARRAY[('a')::text, (f(b, c))::text]"
	spells "x = ANY ((ARRAY[a, ')'])::numeric(5,2)[])" \
	    "x = ANY (ARRAY[(a)::numeric(5,2), (')')::numeric(5,2)])"
	spells '(ARRAY[a])::public."T x"[] || (ARRAY[b])::s.t[]' \
	    'ARRAY[(a)::public."T x"] || ARRAY[(b)::s.t]'
	spells '(ARRAY[a, f((ARRAY[b])::t[])])::timestamp(3) without time zone[]' \
	    'ARRAY[(a)::timestamp(3) without time zone, (f(ARRAY[(b)::t]))::timestamp(3) without time zone]'
	spells '(ARRAY[ARRAY[a], ARRAY[b]])::text[]'
	spells "(ARRAY[a])::text" "(ARRAY[a])::text"
	spells "((ARRAY[a])::text[])[1]" "(ARRAY[(a)::text])[1]"
	spells "(ARRAY[a]) '(ARRAY[a])::text[]'"
	spells "(ARRAY[a"
}

@test "bodies of functions and comments are verbatim" {
	database
	sql "create function f() returns text language sql as \$\$
	    select (array['a'::varchar])::text[]::text || '\"json\"' \$\$" \
	    "comment on function f() is '(ARRAY[''a''])::text[] \"json\"'"
	has "$(record function 'public.f()' | jq -r .definition)" \
	    "select (array['a'::varchar])::text[]::text || '\"json\"' "
	is "(ARRAY['a'])::text[] \"json\"" \
	    "$(record function 'public.f()' | jq -r .comment)"
}

@test "an empty database has its schema and plpgsql" {
	database
	is $'extension plpgsql\nschema public' "$(objects)"
	is '{}' "$(record schema public)"
	is '{}' "$(record schema public --data)"
	sql 'drop schema public'
	is 'extension plpgsql' "$(objects --data)"
}

@test "the database is not an operand" {
	says 2 'mg-catalog: x: the database is given with -d' mg-catalog x
}

@test "a server that is not there exits 3 (P1001), a database 2 (P1003)" {
	DATABASE_URL="postgresql://me:hunter2@localhost/x?host=$PWD" \
	    run -3 --separate-stderr mg-catalog
	has "$stderr" 'mg-catalog: P1001: '
	case $stderr in *hunter2*) false ;; esac
	DATABASE_URL=$(url no_such_database) \
	    says 2 'mg-catalog: P1003: ' mg-catalog
}

@test "-q keeps warnings back" {
	database
	DATABASE_URL=$(url "$PGDATABASE" 'nonsense=1')
	says 0 nonsense mg-catalog
	fails 0 '' mg-catalog -q
}

@test "the listing is complete, or the exit status says so" {
	database
	fails 3 'mg-catalog: stdout: No space left on device' \
	    bash -c 'mg-catalog >/dev/full'
	fails 3 'mg-catalog: stdout: No space left on device' \
	    bash -c 'mg-catalog --digest >/dev/full'
}
