#!/usr/bin/env bats
# mg-concat(1): join migrations into one script that does what they did

load helper/common

setup() {
	sandbox
}

# part NAME TEXT: a migration of exactly these bytes, escapes expanded
part() {
	mkdir -p "migrations/$1"
	printf %b "$2" >"migrations/$1/migration.sql"
}

# join [OPTION]: the migrations that are there, in ./joined
join() {
	records
	mg-concat "$@" <records >joined
}

# run_sql DATABASE FILE: with psql, in a session of its own
run_sql() {
	psql -XqAt -v ON_ERROR_STOP=1 -d "$1" -f "$2" >/dev/null 2>>psql.log
}

# one_query DATABASE FILE: as Prisma sends it
one_query() {
	psql -XqAt -v ON_ERROR_STOP=1 -d "$1" -c "$(cat "$2")" >/dev/null \
	    2>>psql.log
}

# dump DATABASE FILE: all that is in it, rows included, but for what the clock
# and chance put there
dump() {
	local hex='[0-9a-f]'
	pg_dump --inserts -d "$1" >"$2"
	sed -i -E "/^[\\]/d; s/'$(date +%Y)-[0-9-]+ [0-9:.+]+'/now/g
		s/$hex{8}(-$hex{4}){3}-$hex{12}/uuid/g; s/'$hex{32}'/md5/g" "$2"
	psql -XqAt -d "$1" -c 'select indexrelid::regclass
		from pg_index where not indisvalid' >>"$2"
}

# joins [RUN [OPTION]]: ./joined leaves in a database what the migrations leave
# one by one when RUN runs them
joins() {
	local one=mg_${BATS_SUITE_TEST_NUMBER}_one path
	local all=mg_${BATS_SUITE_TEST_NUMBER}_all
	join ${2+"$2"}
	dropdb --if-exists "$one" 2>/dev/null
	dropdb --if-exists "$all" 2>/dev/null
	createdb "$one"
	createdb "$all"
	while IFS= read -r -d '' path; do
		"${1:-run_sql}" "$one" "$path"
	done < <(jq -j '.path + "\u0000"' records)
	run_sql "$all" joined || { cat psql.log joined >&2; return 1; }
	dump "$one" one.dump
	dump "$all" all.dump
	diff -u one.dump all.dump
	[ -n "${2-}" ] || comes_apart
}

# leaves QUERY ROWS: it gives these in the database of the joined script
leaves() {
	is "$2" "$(psql -XqAt -d "mg_${BATS_SUITE_TEST_NUMBER}_all" -c "$1")"
}

# comes_apart: ./joined gives back each migration, byte for byte
comes_apart() {
	local path n=0
	rm -rf apart
	mkdir apart
	perl -MJSON::PP -MDigest::SHA=sha256_hex -0777 -ne '
		while (/^-- mg: (\{.*\})\n/gm) {
			my ($head, $part) = (decode_json($1), "");
			my $mark = " -- " . ($head->{mark} // "mg");
			while (length $part < $head->{bytes} && /\G(.*\n)/gc) {
				my $line = $1;
				next if $line =~ /\Q$mark\E\n\z/;
				if ($line =~ /\Q$mark\E<\n\z/) { chop $part }
				else { $part .= $line }
			}
			$part = substr $part, 0, $head->{bytes};
			sha256_hex($part) eq $head->{checksum}
			    or die "$head->{name}: other bytes\n";
			open my $out, ">", "apart/" . $n++ or die;
			print $out $part;
		}' joined
	while IFS= read -r -d '' path; do
		cmp "$path" "apart/$n"
		n=$((n + 1))
	done < <(jq -j '.path + "\u0000"' records)
	[ ! -e "apart/$n" ]
}

# refuses PLACE REASON TEXT: as the second of two migrations; nothing is
# written.  How the library goes on behind the reason is its own affair.
refuses() {
	part 1 'create table one(i int);\n'
	part 2 "$3"
	records
	says 2 "mg-concat: migrations/2/migration.sql:$1: $2" mg-concat <records
	is '' "$output"
}

@test "a part is its migration between a comment that names it and our lines" {
	part 1_init 'create table a(i int);\n'
	join
	is '-- Joined by mg-concat.  Run it with mg-apply, or with
-- psql -v ON_ERROR_STOP=1 -f; never with psql -1, whose
-- transaction the first COMMIT would end.

-- mg: {"name":"1_init","checksum":"9f312470afacf0f2fb3b391796be5f9f0a87115dcab5c44a1ec54419c7649d2f","bytes":23}
BEGIN; -- mg
create table a(i int);
COMMIT; -- mg' "$(cat joined)"
}

@test "the parts stand in the order of the stream" {
	part 1 'create table a(i int);\n'
	part 2 'alter table a add j int;\n'
	part 3 'alter table a drop i;\n'
	joins
	sed '1!G;h;$!d' records >reversed
	mg-concat <reversed >joined
	is $'3\n2\n1' "$(sed -n 's/^-- mg: //p' joined | jq -r .name)"
}

@test "no newline, no semicolon and a comment at the end harm nobody" {
	part 1 'create table a(i int);'
	part 2 'create table b(i int)'
	part 3 'create table c(i int); -- end'
	part 4 'create table d(i int) -- end'
	part 5 'create table e(i int)\n'
	part 6 'create table f(i int)\n-- end;'
	part 7 'create table g(i int) /* end */'
	part 8 'create table h(i int);;; '
	part 9 'drop table h;\n\n\n'
	joins
	leaves "select count(*) from pg_tables where schemaname = 'public'" 7
}

@test "CRLF ends lines as LF does" {
	part 1 'create table a(i int);\r\n-- c\r\ncreate table b(t text default \x27x\r\ny\x27)\r\n'
	part 2 'create table c(i int);\r\ncreate index concurrently d on c(i);\r\ncreate table e(i int)'
	part 3 'create table f(i int);\r'
	part 4 'create table g(i int) -- c\r'
	joins
}

@test "scripts without a statement are parts like others" {
	part 1 ''
	part 2 '\n'
	part 3 '-- nothing yet'
	part 4 '/* nothing\n yet */'
	part 5 ' ;; '
	part 6 'create table a(i int)'
	joins
	is 6 "$(grep -c '^-- mg: ' joined)"
	has "$(cat joined)" $'\n\n\n-- mg: {"name":"3"' \
	    $'\n-- nothing yet\n -- mg<\n\n-- mg: {"name":"4"' \
	    $'\n yet */\n -- mg<\n\n-- mg: {"name":"5"'
}

@test "quotes, dollar quotes and nested comments hide what they hold" {
	part 1 "create table a(t text default ';', \"x;--\" text);\n"
	part 2 "create function f() returns text language sql as \$q\$ select ';--'; \$q\$;"
	part 3 "/* ; /* nested ; */ ' */ insert into a values ('it''s -- mg', E'\\\\'; -- mg');"
	part 4 "create function g() returns int language sql begin atomic; select 1; select 2; end"
	part 5 "do \$\$ begin execute 'create table b(i int)'; end \$\$"
	part 6 "create rule r as on insert to b do also (insert into a values ('1', '2'); delete from a where t = '2')"
	part 7 'comment on table a is \x27two\n-- mg: {"name":"x"}\nlines\x27'
	joins
}

@test "a script's own BEGIN and COMMIT, in any shape, do what they did" {
	part 01 'BEGIN;\ncreate table a(i int);\nCOMMIT;\n'
	part 02 'begin transaction; create table b(i int); end'
	part 03 'START TRANSACTION ISOLATION LEVEL SERIALIZABLE;\ncreate table c(i int);\nCOMMIT WORK; -- done'
	part 04 'begin; create table d(i int); commit; begin; create table e(i int); commit;'
	part 05 'create table f(i int);\nBEGIN;\ncreate table g(i int);\nCOMMIT;\ncreate table h(i int);\n'
	part 06 'begin; create table i(i int); commit; create table j(i int)'
	part 07 'create table k(i int); commit; create table l(i int);'
	part 08 'commit; create table m(i int);'
	part 09 'begin; create table n(i int); rollback; create table o(i int);'
	part 10 'begin; create table p(i int); commit and chain; create table q(i int); rollback and chain; create table r(i int); commit'
	part 11 'begin; savepoint s; create table s(i int); rollback to s; create table t(i int); release s; commit'
	part 12 'begin; begin; create table u(i int); commit; commit; create table v(i int)'
	part 13 'begin; commit'
	part 14 'begin; create temp table w(i int) on commit drop; insert into w values (1); create table x as select * from w; commit'
	part 15 'begin; lock table x; set transaction read write; alter table x add y int; commit'
	joins
	leaves "select string_agg(tablename, '' order by tablename) from pg_tables
		where schemaname = 'public'" abcdefghijklmoprtuvx
}

# becomes TEXT JOINED: the part that a migration of this text alone becomes
becomes() {
	part 1 "$1"
	join
	is "$(printf %b "$2")" "$(sed '1,/^-- mg: /d' joined)"
}

@test "a script gets only the BEGIN and COMMIT that it lacks" {
	text='BEGIN;\ncreate table a(i int);\nCOMMIT;\n-- more\nBEGIN;\ndrop table a;\nROLLBACK;\n'
	becomes "$text" "$text"
	text='BEGIN;\nselect 1;\nCOMMIT AND CHAIN;\nselect 2;\nROLLBACK AND CHAIN;\nselect 3;\nEND;\n'
	becomes "$text" "$text"
	becomes 'select 1;\nROLLBACK;\nselect 2;\nCOMMIT;\n' \
	    'BEGIN; -- mg\nselect 1;\nROLLBACK;\nBEGIN; -- mg\nselect 2;\nCOMMIT;\n'
}

@test "a comment stays with the statement that it precedes" {
	becomes '\n-- one\nselect 1; \r\n-- two\nvacuum;\n-- three\nselect 3;\n' \
	    'BEGIN; -- mg\n\n-- one\nselect 1; \r\nCOMMIT; -- mg\n-- two\nvacuum;\nBEGIN; -- mg\n-- three\nselect 3;\nCOMMIT; -- mg\n'
}

@test "a lone ROLLBACK undoes what one query with it would" {
	part 1 'create table a(i int); rollback; create table b(i int);'
	part 2 'create table c(i int); abort'
	part 3 'create table d(i int)'
	joins one_query
	leaves "select string_agg(tablename, '' order by tablename) from pg_tables
		where schemaname = 'public'" bd
}

@test "a COMMIT AND CHAIN without BEGIN leaves nothing open" {
	part 1 'create table a(i int); commit and chain; create table b(i int);'
	part 2 'create table c(i int); rollback; create table d(i int)'
	join
	createdb "mg_${BATS_SUITE_TEST_NUMBER}_all"
	run_sql "mg_${BATS_SUITE_TEST_NUMBER}_all" joined
	leaves "select string_agg(tablename, '' order by tablename) from pg_tables
		where schemaname = 'public'" abd
}

@test "a part that fails leaves nothing of itself, and those before it whole" {
	part 1 'create table a(i int); create table b(i int)'
	part 2 'create table c(i int); select 1/0; create table d(i int);'
	part 3 'create table e(i int)'
	join
	createdb "mg_${BATS_SUITE_TEST_NUMBER}_all"
	run -3 run_sql "mg_${BATS_SUITE_TEST_NUMBER}_all" joined
	leaves "select string_agg(tablename, '' order by tablename) from pg_tables
		where schemaname = 'public'" ab
	part 1 'create table c(i int); commit; create table d(i int);'
	part 2 'create table e(i int);\ncommit;\ncreate table f(i int); select 1/0'
	join
	run -3 run_sql "mg_${BATS_SUITE_TEST_NUMBER}_all" joined
	leaves "select string_agg(tablename, '' order by tablename) from pg_tables
		where schemaname = 'public'" abcde
}

@test "CONCURRENTLY runs outside a transaction, what stands around it inside" {
	part 1 'create table a(i int, j int);'
	part 2 'create index concurrently b on a(i);\n'
	part 3 'create index concurrently c on a(j)'
	part 4 'create table d(i int); create unique index concurrently if not exists e on d(i); alter table d add k int; drop index concurrently c;'
	part 5 '-- one\ncreate index concurrently f on a(j); -- two\n-- three\nalter table a add l int; -- four'
	part 6 'vacuum a; reindex index concurrently b; alter table a add m int'
	part 7 'do $$ begin create table n(i int); commit; create table o(i int); end $$; create table p(i int)'
	joins
	is 0 "$(sed -n '/^BEGIN;/,/^COMMIT;/p' joined | grep -ci concurrently)"
	run -0 grep -B1 -A1 '^alter table d add k\|^ alter table d add k' joined
	is $'BEGIN; -- mg<\n alter table d add k int;\nCOMMIT; -- mg<' "$output"
}

@test "--no-concurrently leaves the word out, and every other byte in place" {
	part 1 'create table a(i int, j int);'
	part 2 'create index concurrently b on a(i);\ncreate index CONCURRENTLY c on a(j); reindex index concurrently c;'
	part 3 'drop index concurrently if exists b; comment on table a is \x27CONCURRENTLY\x27'
	joins run_sql --no-concurrently
	is 1 "$(grep -ci concurrently joined)"
	run -0 grep -c 'create index              b on a(i);' joined
	is "$(jq -r .checksum records)" \
	    "$(sed -n 's/^-- mg: //p' joined | jq -r .checksum)"
	# Now all of it is in transactions.
	is 3 "$(grep -c '^BEGIN; -- mg' joined)"
}

@test "an enum value is committed before the next part uses it" {
	part 1 "create type e as enum ('a');"
	part 2 "alter type e add value 'b'"
	part 3 "create table t(e e default 'b'); insert into t default values"
	part 4 "alter type e add value 'c' before 'a'; create table u(i int)"
	part 5 "insert into t values ('c')"
	joins
	leaves 'select string_agg(e::text, $$$$ order by e) from t' cb
}

# sets SETTING TEXT: a part that does so, and one that keeps what it then is
sets() {
	n=$((${n-10} + 1))
	part "${n}_set" "$2"
	part "${n}_then" "create table public.kept_$n as
		select coalesce(current_setting('$1', true), '');"
}

@test "settings end with the part that made them" {
	part 1 'create schema s;'
	sets lock_timeout "SET lock_timeout = '5s';"
	sets lock_timeout 'set session lock_timeout to 5000'
	sets lock_timeout "begin; set lock_timeout = '5s'; commit;"
	sets statement_timeout "SET STATEMENT_TIMEOUT = '1h'; select 1 -- end"
	sets search_path 'set search_path to s, public; create table a(i int);'
	sets search_path "set schema 's'; create table b(i int);"
	sets timezone "set time zone 'Asia/Tokyo'"
	sets client_encoding "set names 'LATIN1'"
	sets role 'set role pg_monitor;'
	sets session_authorization 'set session authorization pg_monitor;'
	sets default_transaction_isolation 'set session characteristics as transaction isolation level serializable'
	sets my.own "set my.own = 'x'; "
	joins
	is 12 "$(grep -c '^RESET .* -- mg<*$' joined)"
}

@test "settings that a function or a DO block made end with it as well" {
	sets search_path "select pg_catalog.set_config('search_path', '', false);"
	sets search_path "SELECT SET_CONFIG('search_path', '', false);"
	sets lock_timeout "do \$\$ begin set lock_timeout = '5s'; end \$\$"
	joins
	is 3 "$(grep -c '^RESET ALL; -- mg<*$' joined)"
}

@test "a setting of the transaction alone needs no reset" {
	part 1 "set local lock_timeout = '5s'; create table a(i int);"
	part 2 'begin; set transaction isolation level serializable; set constraints all deferred; commit'
	join
	run -1 grep RESET joined
}

@test "each setting is reset, and in a line of its own" {
	part 1 "set lock_timeout = '5s'; set role pg_monitor; reset role; create table a(i int)"
	part 2 "create table b as select current_setting('lock_timeout') || current_user v;"
	joins
	is $'RESET lock_timeout; -- mg\nRESET ROLE; -- mg' \
	    "$(grep '^RESET.*mg$' joined)"
}

@test "names with a newline, quotes or comment marks cannot end the comment" {
	for name in $'a\ndrop table one;' "b'\";--" $'d\rdrop table one;' \
	    'e\n' "f\$\$" 'g\q' 'h é 名' 'i {"}' $'j\u2028k'; do
		part "$name" 'create table if not exists one(i int);\n'
	done
	joins
	is 9 "$(grep -c '^-- mg: {.*}$' joined)"
	is "$(jq -c .name records)" \
	    "$(sed -n 's/^-- mg: //p' joined | jq -c .name)"
	# No folder can be called so, but records come from anywhere.
	jq -c '.name += "*/ drop table one; /*"' records >slashed
	mg-concat <slashed >joined
	createdb "mg_$BATS_SUITE_TEST_NUMBER"
	run_sql "mg_$BATS_SUITE_TEST_NUMBER" joined
	dump "mg_$BATS_SUITE_TEST_NUMBER" slashed.dump
	diff -u one.dump slashed.dump
}

@test "a joined script can be a part, and comes apart again" {
	part 1 'create table a(i int); create index concurrently b on a(i); alter table a add j int -- end'
	part 2 'begin; create table c(i int); commit'
	part 3 'insert into a select 1; -- mg\n-- mg: {"name":"4","bytes":9}\n-- mg<\nselect 1; -- mg1<\n'
	joins
	part 4 'drop table a; drop table c;'
	part 5 ''
	cp joined migrations/5/migration.sql
	joins
	part 6 'drop table a; drop table c;'
	part 7 ''
	cp joined migrations/7/migration.sql
	joins
}

@test "psql commands are refused with their place" {
	refuses 1:1 'a psql command' '\\\\set x 1\n'
	refuses 2:10 'a psql command' \
	    'create table two(i int);\nselect 1 \\\\gexec\n'
}

@test "COPY from or to the client is refused with its place" {
	refuses 2:1 'COPY from ' \
	    'create table two(i int);\nCOPY two FROM stdin;\n1\n\\\\.\n'
	refuses 1:1 'COPY from ' 'copy two to stdout'
}

@test "bytes that are no SQL are refused with their place" {
	refuses 1:1 'a byte order mark, ' '\xef\xbb\xbfselect 1;'
	refuses 2:7 'a NUL byte, ' 'select 1;\nselect\0 2;'
	refuses 2:10 'not UTF-8; ' 'select 1;\nselect \x27é\xe9\x27;'
}

@test "a script that is not whole is refused with its place" {
	refuses 1:8 '' 'select (1;'
	refuses 1:9 '' 'select 1);'
	for text in "'x" '"x' "\$\$x" '/* x' '/* x /* y */'; do
		refuses 2:8 '' "select 1;\nselect $text"
	done
}

@test "a transaction that is left open or prepared is refused" {
	refuses 2:1 'the transaction that begins here is never ended' \
	    'create table two(i int);\nbegin; create table three(i int);'
	refuses 1:8 'PREPARE TRANSACTION leaves a transaction behind' \
	    "begin; prepare transaction 'x';"
}

@test "what refuses a transaction is refused between BEGIN and COMMIT" {
	refuses 2:1 'this statement refuses a transaction' \
	    'begin;\ncreate index concurrently a on one(i);\ncommit;'
}

@test "an empty stream is refused" {
	fails 2 'mg-concat: no records came: did what should write them fail?' \
	    mg-concat </dev/null
	is '' "$output"
}

@test "a stream that is wrong is refused" {
	part 1 'select 1;'
	records
	printf '{"name":"2"' >>records
	says 2 'mg-concat: <stdin>:2: cut short: no newline' mg-concat <records
	is '' "$output"
	records
	cat records records >twice
	fails 2 'mg-concat: 1: comes twice in the stream' mg-concat <twice
	fails 2 'mg-concat: 1: the record has no "path"' \
	    mg-concat <<<'{"name":"1"}'
	fails 2 'mg-concat: no\nsuch: No such file or directory' \
	    mg-concat <<<'{"name":"1","path":"no\nsuch"}'
	fails 2 'mg-concat: <stdin>:1: "checksum" is not a SHA-256 in lower-case hexadecimal; make it with mg-hash' \
	    mg-concat <<<'{"name":"1","path":"x","checksum":1}'
}

@test "bytes that are not the checksum's are refused, without one they are not" {
	part 1 'select 1;'
	records
	part 1 'select 2;'
	fails 2 "mg-concat: migrations/1/migration.sql: its bytes are not those of the record's checksum; run mg-scan and mg-hash again" \
	    mg-concat <records
	is '' "$output"
	mg-concat <records.scanned >joined
	comes_apart
}

@test "-C changes the directory, to which paths are then relative" {
	part 1 'select 1;'
	join
	mkdir elsewhere
	mv migrations elsewhere
	mg-concat -C elsewhere <records >again
	cmp joined again
}

@test "operands are refused" {
	says 2 'mg-concat: x.sql: records come on standard input' \
	    mg-concat x.sql </dev/null
}

@test "the page's examples work" {
	part 1 'create table a(i int)'
	mkdir prisma
	mv migrations prisma
	database
	run -0 bash -euo pipefail -c \
	    "$(sed -n 's/^\.Dl //p' "$ROOT/man/mg-concat.1")"
	is 0 "$(sql 'select count(*) from a')"
}

@test "a full disk exits 3" {
	part 1 'select 1;'
	records
	fails 3 'mg-concat: stdout: No space left on device' \
	    bash -c 'mg-concat <records >/dev/full'
}

@test "a history of 200 does the same joined as one by one" {
	"$ROOT/tests/history" 200 1 migrations
	joins
}

@test "mg-apply runs a joined script too" {
	"$ROOT/tests/history" 60 2 migrations
	joins
	mkdir -p baseline/0_baseline
	cp joined baseline/0_baseline/migration.sql
	database
	records baseline
	mg-apply <records >applied
	dropdb "mg_${BATS_SUITE_TEST_NUMBER}_one"
	sql 'drop table _prisma_migrations'
	dump "$PGDATABASE" applied.dump
	diff -u all.dump applied.dump
}
