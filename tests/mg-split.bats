#!/usr/bin/env bats
# mg-split(1): cut SQL into classified statements, a record each

# The dollars in single quotes are SQL's.
# shellcheck disable=SC2016

load helper/common

setup() {
	sandbox
}

# split [OPTION...]: the SQL of ./in, in records in ./out
split() {
	mg-split "$@" <in >out
}

# pieces TEXT PIECE...: it is cut into these, escapes expanded, and they are it
pieces() {
	printf %b "$1" >in
	split --text
	jq -j .text out | cmp - in
	shift
	is "$(printf '%s\n' "$@")" "$(jq -r '.text | @json[1:-1]' out)"
}

# refuses PLACE WHY: the SQL of ./in, with nothing on stdout
refuses() {
	fails 2 "mg-split: <stdin>:$1: $2" mg-split <in
	is '' "$output"
}

# kinds: each line of standard input is a kind, the object or -, and SQL
kinds() {
	local kind object text
	while read -r kind object text; do
		for text in "$text" "/* x */ ${text^^}"; do
			echo "$kind $object $text" >>want
			echo "$text;" >>in
		done
	done
	split --text
	jq -r '"\(.kind) \(.object // "-" | ascii_downcase) " +
	    (.text | rtrimstr(";\n"))' out | diff want -
}

# waits SQL...: each a line; the first index in it may wait until all have run
waits() {
	printf '%s;\n' "$@" >in
	split "${options[@]}"
	is 'index: null' "$(jq -r 'select(.kind == "create-index") |
	    "\(.track): \(.reason)"' out | head -n 1)"
}

# stays REASON SQL...: likewise, but it may not
stays() {
	local reason=$1
	shift
	printf '%s;\n' "$@" >in
	split "${options[@]}"
	is "schema: $reason" "$(jq -r 'select(.kind == "create-index") |
	    "\(.track): \(.reason)"' out | head -n 1)"
}

# -- records

@test "a record has file, place, kind, names, track, transaction and bytes" {
	printf %s $'-- é\n  create index "I" on s."T" (a); -- x\n' >in
	split
	is '{"file":"<stdin>","line":2,"column":3,"kind":"create-index","object":"\"I\"","table":"s.\"T\"","track":"index","transaction":"any","offset":0,"bytes":44}' \
	    "$(cat out)"
}

@test "--file names the input, in records and messages" {
	is a/b.sql "$(mg-split --file a/b.sql <<<'select 1' | jq -r .file)"
	fails 2 "mg-split: a\\nb:1:8: unterminated string: no ' ends it" \
	    mg-split --file $'a\nb' <<<"select 'x"
	fails 2 'mg-split: --file: not UTF-8' mg-split --file $'\xe9' </dev/null
}

@test "line and column are those of the statement, in characters" {
	printf '%s\n' 'é; /* é' 'é */ a;' '' '  b' 'c' >in
	split
	is '1:1 2:6 4:3' "$(jq -r '"\(.line):\(.column)"' out | paste -sd' ')"
}

@test "--text adds the bytes that offset and bytes tell" {
	printf %s $'\t-- ü\nselect \'"\\\';\r\nselect 2' >in
	split --text
	while read -r offset bytes; do
		tail -c "+$((offset + 1))" in | head -c "$bytes"
	done < <(jq -r '"\(.offset) \(.bytes)"' out) >again
	cmp in again
	jq -j .text out | cmp - in
}

@test "transaction says how a statement and a transaction go together" {
	printf '%s;\n' begin 'savepoint a' 'release a' 'rollback to a' \
	    'prepare transaction $$x$$' commit 'rollback' 'vacuum' \
	    'create index concurrently i on t (a)' 'set a = 1' >in
	split
	is 'begin savepoint savepoint savepoint prepare commit rollback alone alone any' \
	    "$(jq -r .transaction out | paste -sd' ')"
}

# -- pieces

@test "what stands before a statement belongs to it, and the rest of its line" {
	pieces '-- a\n\nselect 1; -- b\n\n-- c\nselect 2;\n\n-- d' \
	    '-- a\n\nselect 1; -- b\n' '\n-- c\nselect 2;\n\n-- d'
	pieces 'a; b;c;\nd' 'a;' ' b;' 'c;\n' 'd'
	pieces 'a /* x */ ; /* y */ /* z */ \t;\n;\nb' \
	    'a /* x */ ; /* y */ /* z */ \t;\n' ';\nb'
	pieces 'a;\r\nb;\r\n' 'a;\r\n' 'b;\r\n'
}

@test "a comment over several lines belongs to what follows it" {
	pieces 'a; /* b\n*/ c;' 'a;' ' /* b\n*/ c;'
	pieces 'a; /* /* */ -- \n */\nc;' 'a;' ' /* /* */ -- \n */\nc;'
	pieces 'a; -- /*\nc; -- */\n' 'a; -- /*\n' 'c; -- */\n'
	pieces 'a; -- x\rb; c' 'a;' ' -- x\rb;' ' c'
	pieces 'a; -- x\r/* y\n*/ b' 'a;' ' -- x\r/* y\n*/ b'
}

@test "strings, bodies and lists are not cut" {
	pieces "select ';--' ; do \$x\$ a; \$\$; \$x\$; select E'\\\\\\\\'';';" \
	    "select ';--' ;" ' do $x$ a; $$; $x$;' " select E'\\\\\\\\'';';"
	pieces 'create rule r as on update to t do (a; b); c' \
	    'create rule r as on update to t do (a; b);' ' c'
	pieces 'create function f() begin atomic select 1; end; c' \
	    'create function f() begin atomic select 1; end;' ' c'
}

@test "a text without a statement is one empty piece, an empty text none" {
	pieces '-- only this' '-- only this'
	is '1:1 empty schema any null' "$(jq -r \
	    '"\(.line):\(.column) \(.kind) \(.track) \(.transaction) \(.object)"' out)"
	pieces ' \n;;' ' \n;;'
	: >in
	split
	[ ! -s out ]
}

@test "the pieces of a whole history are its files, byte for byte" {
	local path
	"$ROOT/tests/history" 60 5 history
	for path in history/*/migration.sql; do
		mg-split --text <"$path" >out
		jq -j .text out | cmp - "$path"
	done
}

# -- what is refused

@test "what is not whole is refused, with its place" {
	printf %s $'select 1;\n  select \'x;' >in
	refuses 2:10 "unterminated string: no ' ends it"
	printf %s 'a; /* /* */' >in
	refuses 1:4 'unterminated comment: no */ ends it'
	printf %s 'a; $x$ $$' >in
	refuses 1:4 'unterminated dollar quote: its tag does not come again'
	printf %s 'a "b' >in
	refuses 1:3 'unterminated name: no " ends it'
	printf %s 'a (b;' >in
	refuses 1:3 'unbalanced (: no ) closes it'
}

@test "what is not only SQL, or no text, is refused" {
	printf '%s\n' 'select 1;' '\set a b' >in
	refuses 2:1 'a psql command, which the server does not know; only SQL can stand here'
	printf 'select 1;\0' >in
	refuses 1:10 'a NUL byte, at which the server stops reading; remove it'
	printf '\xef\xbb\xbfselect 1;' >in
	refuses 1:1 'a byte order mark, which the server refuses; save the file without it'
	printf 'select \xe9' >in
	refuses 1:8 'not UTF-8; convert the file, as with iconv -t UTF-8'
	printf 'copy t from stdin;\n1\n\\.\n' >in
	refuses 1:1 'COPY from stdin or to stdout cannot run here; load rows with INSERT'
}

@test "an input that cannot be read, or an output not written, exits 3" {
	fails 3 'mg-split: <stdin>: Is a directory' mg-split </
	run -3 bash -c 'mg-split <<<"select 1" >/dev/full'
}

@test "wrong usage is told" {
	says 2 'mg-split: a.sql: SQL comes on standard input' mg-split a.sql
	says 2 'mg-split: --track: not schema or index' mg-split --track x
	says 2 'mg-split: --track writes SQL, --text belongs to records' \
	    mg-split --track index --text
}

# -- kinds and objects

@test "definitions have their kind and the name of their object" {
	kinds <<-'END'
		create-table t create table t (a int)
		create-table s."t" create temp table if not exists s."t" (a int)
		create-table t create unlogged table t as select 1
		create-table t create foreign table t (a int) server s
		alter-table t alter table if exists only t add a int
		drop-table t drop table if exists t, u cascade
		create-index i create unique index concurrently if not exists i on t (a)
		create-index - create index on t (a)
		create-index - create index concurrently if not exists on t (a)
		alter-index i alter index if exists i rename to j
		drop-index i drop index concurrently if exists i
		create-view v create or replace view v as select 1
		create-view v create or replace temp recursive view v (a) as select 1
		create-materialized-view v create materialized view v as select 1
		refresh v refresh materialized view concurrently v
		create-sequence s create sequence s
		create-type e create type e as enum ('a')
		alter-type e alter type e add value 'b'
		create-domain d create domain d as int
		create-function f create or replace function f() returns int language sql as 'select 1'
		drop-procedure p drop procedure p(int)
		create-trigger g create constraint trigger g after insert on t execute function f()
		drop-policy p drop policy p on t
		create-extension "a-b" create extension if not exists "a-b" with schema s
		create-schema s create schema s
		create-schema - create schema authorization r
		alter-role r alter role r set a = 1
		other - create user mapping for r server s
		other - create event trigger g on ddl_command_end execute function f()
		other - create statistics x on a, b from t
		other - alter default privileges grant select on tables to r
	END
}

@test "other statements have theirs" {
	kinds <<-'END'
		insert t insert into t values (1)
		insert t with a (b, c) as (select 1, 2), d as materialized (delete from u returning 1) insert into t select 1
		select - with recursive a as (select 1 union all select 2) search depth first by b set c select 1
		select - with recursive a as (select 1) cycle id set c using p select 1
		update t update only t set a = 1
		delete s.t delete from s.t
		merge t merge into t using u on true when matched then do nothing
		truncate t truncate table only t, u
		truncate t truncate t
		copy t copy t from '/x'
		select - (select 1) union select 2
		select - values (1)
		select - table t
		do - do $$ begin end $$
		call p call p(1)
		commit - end
		begin - start transaction read only
		rollback - abort
		rollback - rollback to a
		savepoint - release a
		set - set a = 1
		reset - discard all
		lock t lock table t
		lock t lock only t
		comment t.a comment on column t.a is 'x'
		comment v comment on materialized view v is 'x'
		comment c comment on constraint c on t is null
		comment f comment on function f(int) is 'x'
		grant - grant select on t to r
		revoke - revoke all on t from r
		analyze t analyze verbose t (a)
		vacuum t vacuum (full) t
		vacuum t vacuum full freeze verbose analyze t
		vacuum - vacuum
		reindex i reindex (verbose) index concurrently i
		reindex s reindex schema s
		other - explain select 1
		other - listen a
		other - frobnicate t
	END
}

# -- which index statements may wait

@test "a plain index that nothing touches waits, whatever else happens" {
	waits 'create table t (a int, b int)' 'create index i on t (a)'
	waits 'create index concurrently if not exists i on t using gin (a) where b' \
	    'alter table t add column c int references u (a) on delete cascade' \
	    'alter table t add constraint x foreign key (a) references t (a)' \
	    'alter table t alter a set default 1, alter column a set not null' \
	    'alter table t drop column b2, alter column b2 set data type int' \
	    'alter table t rename column b2 to c2' \
	    'alter table t rename constraint b2 to c2' \
	    'alter table t drop constraint x' \
	    'alter table t validate constraint x, enable row level security' \
	    'alter table t set (fillfactor = 10)' \
	    'alter table u drop column a, add foreign key (c) references t (a)' \
	    'create unique index j on t (a)' 'insert into t values (1) on conflict do nothing' \
	    'update t set a = 2' 'drop table u' 'drop index k' \
	    'comment on table t is $$x$$' 'grant select on t to r' \
	    'create table v (a int references t (a))' \
	    'create type e as enum ()' 'alter type e add value $$x$$' \
	    'create function f() returns int language sql as $$drop table t$$' \
	    'drop table u cascades'
}

@test "a unique one waits only by consent, and other index statements never" {
	unique='it is unique: until it is built, duplicates may enter'
	stays "$unique" 'create unique index i on t (a)'
	options=(--unique)
	waits 'create unique index i on t (a)' 'insert into t values (1)'
	printf '%s;\n' 'drop index i' 'alter index i rename to j' \
	    'reindex index i' >in
	split --unique
	is 3 "$(grep -c '"schema","reason":"only CREATE INDEX may wait"' out)"
}

@test "a unique one that something needs keeps its place" {
	options=(--unique)
	foreign='a foreign key needs it in line 2'
	stays "$foreign" 'create unique index i on "T" (a, "B")' \
	    'alter table u add foreign key (x, y) references s."T" ("B", a)'
	stays "$foreign" 'create unique index i on t (a)' \
	    'create table u (x int, foreign key (x) references t (a))'
	stays "$foreign" 'create unique index i on t (a)' \
	    'alter table t add column x int references T(A)'
	waits 'create unique index i on t (a)' \
	    'create table u (x int references t (b), y int references t)' \
	    'alter table u add foreign key (x, y) references t (a, b)'
	stays 'ON CONFLICT needs it in line 2' 'create unique index i on t (a)' \
	    'insert into t values (1) on conflict (a) do nothing'
	stays 'ON CONFLICT needs it in line 2' 'create unique index i on t (a)' \
	    'with x as (insert into t values (1) on conflict (a) do nothing returning 1) insert into u table x'
	waits 'create unique index i on t (a)' \
	    'insert into u values (1) on conflict (a) do nothing'
	stays 'REFRESH CONCURRENTLY needs it in line 2' \
	    'create unique index i on v (a)' \
	    'refresh materialized view concurrently v'
	waits 'create unique index i on v (a)' 'refresh materialized view v'
}

@test "the foreign key is told though consent is missing, too" {
	stays 'a foreign key needs it in line 2' \
	    'create unique index i on t (a)' \
	    'alter table u add foreign key (x) references t (a)'
}

@test "one that a later statement names keeps its place" {
	stays 'a constraint takes it with USING INDEX in line 2' \
	    'create unique index i on t (a)' \
	    'alter table t add constraint p primary key using index I'
	stays 'it becomes the replica identity in line 2' \
	    'create unique index i on t (a)' \
	    'alter table t replica identity using index "i"'
	stays 'it is dropped in line 2' 'create index "I" on t (a)' \
	    'drop index if exists s."I"'
	stays 'a statement names it in line 3' 'create index i on t (a)' \
	    'drop index "I"' 'alter index i rename to j'
	stays 'a statement names it in line 2' 'create index i on t (a)' \
	    'comment on index i is $$x$$'
	long=$(printf 'x%.0s' {1..63})
	stays 'it is dropped in line 2' "create index ${long}y on t (a)" \
	    "drop index ${long}z"
}

@test "one whose table or columns change later keeps its place" {
	local change='its table or column changes in line 2' alteration
	for alteration in 'drop a' 'drop column if exists "a"' 'drop b, drop a' \
	    'alter a type text' 'alter column b set data type text' \
	    'rename a to c' 'rename column b to c' 'rename to u' \
	    'set schema s' 'add unique (c)' 'add column c int primary key' \
	    'add column c numeric(9, 2) unique' 'set unlogged' 'cluster on j'; do
		stays "$change" 'create index i on t (a, lower(b))' \
		    "alter table only t $alteration"
	done
	stays "$change" 'create index i on t (a)' 'alter table u rename to t'
	stays 'its table is dropped in line 2' 'create index i on t (a)' \
	    'drop table t'
	stays 'its table is dropped in line 2' 'create index i on v (a)' \
	    'drop materialized view v'
	stays 'its table is copied in line 2' 'create index i on t (a)' \
	    'create table u (like t including all)'
	stays 'its table is temporary, or has partitions or children, in line 1' \
	    'create temp table t (a int)' 'create index i on t (a)'
	stays 'its table is temporary, or has partitions or children, in line 2' \
	    'create index i on t (a)' \
	    'alter table t attach partition u for values in (1)'
	stays 'it is on ONLY a table, to be attached' \
	    'create index i on only t (a)'
}

@test "one that uses what changes later keeps its place" {
	local uses='something that it uses changes in line 2'
	stays "$uses" 'create index i on t (f(a))' \
	    'create or replace function f(x int) returns int language sql as $$$$'
	stays "$uses" 'create index i on t (a) where b = $$old$$' \
	    "alter type e rename value 'old' to 'new'"
	stays "$uses" 'create index i on t ((a::e))' 'alter type E rename to f'
	stays "$uses" 'create index i on t (a)' 'cluster t'
	waits 'create index i on t (f(a)) where b = $$old$$' \
	    'alter type e rename value $$older$$ to $$new$$' \
	    'drop function g(a2 int)' 'alter function g depends on extension x' \
	    'create function f(x text) returns int language sql as $$$$'
}

@test "nothing waits for what may do anything" {
	local any='a statement that may do anything runs in line 3' text
	for text in 'do $$begin end$$' 'call p()' 'select f()' \
	    'drop schema s' 'drop type e cascade' 'drop owned by r' \
	    'alter table u drop column a cascade' \
	    'alter table u drop constraint x cascade' \
	    'alter table u drop a cascade, add constraint x check (true)' \
	    'explain analyze select 1' frobnicate; do
		stays "$any" 'create index i on t (a)' \
		    'insert into t values (f())' "$text"
	done
	waits 'do $$begin end$$' 'create index i on t (a)' 'select 1'
}

@test "one without a name keeps its place, and one before such" {
	stays 'it has no name, and the server gives it one by what is there' \
	    'create index on t (a)'
	stays 'an index without a name is made there in line 2' \
	    'create index t_a_idx on t (a)' 'create index on t (a)'
	stays 'it has a U&"name", which is not read' \
	    'create index i on t (U&"\0061")'
}

@test "one that may be rolled back keeps its place" {
	local undone='it may be rolled back in line'
	stays "$undone 3" begin 'create index i on t (a)' rollback
	stays "$undone 4" 'savepoint a' 'create index i on t (a)' \
	    'checkpoint' 'rollback to a'
	waits begin 'create index i on t (a)' commit begin rollback
	waits begin rollback 'create index i on t (a)'
	waits 'create index i on t (a)' commit rollback
}

@test "a setting that concerns names or places is seen until it is undone" {
	local index='create index i on t (a)' text
	for text in 'set search_path = x' 'set role r' 'set session authorization r' \
	    'set default_tablespace = x' "select set_config('search_path', 'x', false)" \
	    'set local search_path to x' 'set session search_path to x, y'; do
		stays 'a setting there concerns it in line 1' "$text" 'set x.y = 1' \
		    "$index"
	done
	for text in "set search_path = ''" "set lock_timeout = '5s'" \
	    'set session statement_timeout to 0' 'set local work_mem = 1' \
	    "set default_tablespace = ''" 'set constraints all deferred' \
	    "select pg_catalog.set_config('search_path', '', false)"; do
		waits "$text" "$index"
	done
	waits 'set search_path = x' 'reset search_path' "$index"
	waits 'set role r' 'set search_path = x' 'reset all' "$index"
	stays 'a setting there concerns it in line 1' 'set role r' \
	    'set search_path = x' 'reset search_path' "$index"
	waits 'set local search_path = x' commit "$index"
}

# -- tracks

@test "--track writes the pieces of one track, in order" {
	printf '%s\n' '-- t' 'create table t (a int, b int);' '-- i' \
	    'create index i on t (a); -- why' 'create unique index u on t (a);' \
	    '-- j' 'create index j on t (b)' >in
	is $'-- t\ncreate table t (a int, b int);\ncreate unique index u on t (a);' \
	    "$(mg-split --track schema <in)"
	is $'-- i\ncreate index i on t (a); -- why\n-- j\ncreate index j on t (b)' \
	    "$(mg-split --track index <in)"
	is $'-- t\ncreate table t (a int, b int);' \
	    "$(mg-split --track schema --unique <in)"
	is '' "$(mg-split --track index </dev/null)"
	is '-- x' "$(mg-split --track schema <<<'-- x')"
}

# psql_files DATABASE FILE...: run them in one session
psql_files() {
	local database=$1
	shift
	psql -Xq -v ON_ERROR_STOP=1 -d "$database" "${@/#/-f}" >log 2>&1 ||
	    { cat log >&2; return 1; }
}

# same: ./in leaves in a database of its own what ./whole.catalog lists, when
# the part of the schema runs first and that of the indexes then
same() {
	local parts=${PGDATABASE}_parts
	mg-split --unique --track schema <in >schema.sql
	mg-split --unique --track index <in >index.sql
	grep -q '^CREATE .*INDEX' index.sql
	dropdb --if-exists "$parts" 2>/dev/null
	createdb "$parts"
	psql_files "$parts" schema.sql index.sql
	mg-catalog -q -d "$(url "$parts")" >parts.catalog
	dropdb "$parts"
	cmp whole.catalog parts.catalog
}

@test "schema part and index part leave what the whole leaves" {
	database
	"$ROOT/tests/history" 60 11 migrations
	records
	mg-concat <records >in
	psql_files "$PGDATABASE" in
	mg-catalog -q >whole.catalog
	same
}

@test "the final state, dumped, has all in the index part that may wait" {
	database
	sql 'create table t (a int primary key, b text, c text)' \
	    'create table u (c text)' 'create index i on t (b)' \
	    'create unique index k on t (c)' 'create unique index l on t (b)' \
	    'alter table u add foreign key (c) references t (c)' \
	    'create index j on u (c)'
	mg-catalog -q >whole.catalog
	mg-dump -q >in
	same
	is 'i j l' "$(mg-split --unique <in | jq -r 'select(.track == "index").object' |
	    paste -sd' ')"
}
