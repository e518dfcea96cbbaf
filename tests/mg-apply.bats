#!/usr/bin/env bats
# mg-apply(1): run the migrations that a database has not had yet

# What run and start_apply set, what common.bash exports, SQL with its dollars
# and quotes:
# shellcheck disable=SC2154,SC2030,SC2031,SC2034,SC2016,SC1003

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

# tables: of this test's database, but for the history, on one line
tables() {
	sql "select coalesce(string_agg(tablename, ' ' order by tablename), '')
	    from pg_tables where schemaname = 'public'
	    and tablename <> '_prisma_migrations'"
}

# planned: what -n says of each migration
planned() {
	apply -n | jq -r '[.name, .state, .plan, .reason] | join("|")'
}

# unchanged: neither a table nor a row has come
unchanged() {
	is '' "$(sql "select tablename from pg_tables
	    where schemaname = 'public'")"
}

#
# What it does
#

@test "runs what is pending, in the order of the stream" {
	migration 10_add 'ALTER TABLE a ADD y int;'
	migration 01_create 'CREATE TABLE a (x int);'
	migration 2_use 'INSERT INTO a (x, y) VALUES (1, 2);'
	apply >out
	is '1|2' "$(sql 'select * from a')"
	is $'01_create\n10_add\n2_use' "$(sql 'select migration_name
	    from _prisma_migrations order by finished_at')"
}

@test "writes each record as it came, with state, ms and steps" {
	migration 1_a 'SELECT pg_sleep(0.01);'
	migration 2_b 'CREATE TABLE b (x int);'
	apply >out
	is "$(cat records)" "$(jq -c 'del(.state, .ms, .steps)' out)"
	is '["applied",true,1] ["applied",true,1]' "$(jq -c \
	    '[.state, .ms > 0, .steps]' out | paste -sd ' ')"
	jq -e '.ms >= 10 and .ms < 10000' <(head -1 out)
}

@test "a row is what Prisma leaves of a migration that was applied" {
	migration 1_a 'CREATE TABLE a (x int);'
	apply >out
	is 't|1_a|t|t|t|t|1' "$(history_of "id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\$',
	    migration_name, started_at < finished_at,
	    finished_at between now() - interval '1 min' and now(), logs is null,
	    rolled_back_at is null, applied_steps_count")"
	is "$(sha256sum <migrations/1_a/migration.sql | cut -d ' ' -f 1)" \
	    "$(history_of checksum)"
}

@test "the history is the table that Prisma creates" {
	migration 1_a ''
	apply >out
	is 'id|character varying|36|NO|
checksum|character varying|64|NO|
finished_at|timestamp with time zone||YES|
migration_name|character varying|255|NO|
logs|text||YES|
rolled_back_at|timestamp with time zone||YES|
started_at|timestamp with time zone||NO|now()
applied_steps_count|integer||NO|0' "$(sql "select column_name, data_type,
	    character_maximum_length, is_nullable, column_default
	    from information_schema.columns
	    where table_name = '_prisma_migrations' order by ordinal_position")"
	is 'CREATE UNIQUE INDEX _prisma_migrations_pkey ON public._prisma_migrations USING btree (id)' \
	    "$(sql "select indexdef from pg_indexes
	    where tablename = '_prisma_migrations'")"
	is '_prisma_migrations_pkey|p' "$(sql "select conname, contype
	    from pg_constraint where conrelid = '_prisma_migrations'::regclass
	    and contype <> 'n'")" # as which 18 knows NOT NULL
}

@test "what Prisma has applied is not run again" {
	migration 1_a 'CREATE TABLE a (x int);'
	apply >out
	sql "update _prisma_migrations set finished_at = started_at, logs = '',
	    applied_steps_count = 0"
	run -0 apply
	is '' "$output"
}

@test "with nothing pending it says nothing, and needs no lock and no right to write" {
	local before
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b 'CREATE TABLE b (x int);'
	apply >out
	sql 'create role mg_reader login' \
	    'grant select on _prisma_migrations to mg_reader'
	hold_lock
	PGUSER=mg_reader
	DATABASE_URL=$(url "$PGDATABASE" \
	    options=-c%20default_transaction_read_only%3Don)
	run -0 --separate-stderr apply --lock-wait 0
	PGUSER=postgres
	sql 'drop owned by mg_reader' 'drop role mg_reader'
	is '' "$output$stderr"
}

@test "with nothing pending it writes nothing" {
	local before
	own_server
	migration 1_a 'CREATE TABLE a (x int);'
	apply >out
	before=$(sql 'select pg_snapshot_xmax(pg_current_snapshot())')
	apply
	is "$before" "$(sql 'select pg_snapshot_xmax(pg_current_snapshot())')"
}

@test "runs what has come since" {
	migration 1_a 'CREATE TABLE a (x int);'
	apply >out
	migration 2_b 'CREATE TABLE b (x int);'
	run -0 apply
	is 2_b "$(jq -r .name <<<"$output")"
	is 'a b' "$(tables)"
}

@test "a hundred migrations take as few round trips as ten" {
	local n few many
	for n in {10..19}; do
		migration "$n" "CREATE TABLE t$n (x int);"
	done
	records
	few=$(round_trips mg-apply)
	for n in {100..199}; do
		migration "$n" "CREATE TABLE t$n (x int);"
	done
	sql 'drop table _prisma_migrations' "do \$\$ begin
	    for n in 10..19 loop execute 'drop table t' || n; end loop;
	    end \$\$"
	records
	many=$(round_trips mg-apply)
	is 110 "$(sql 'select count(*) from _prisma_migrations')"
	echo "ten: $few, a hundred and ten: $many"
	[ "$few" -le 8 ] && [ "$many" -le 8 ]
}

# Row 220: a transaction for each, and where a script has its own, that is said.
@test "-n prints the plan, takes no lock and changes nothing" {
	migration 1_a 'CREATE TABLE a (x int);' 'SET lock_timeout = 1;'
	migration 2_b 'CREATE INDEX CONCURRENTLY a_x ON a (x);'
	migration 3_c 'BEGIN;' 'SELECT 1;' 'COMMIT;'
	migration 4_d 'BEGIN;' 'SELECT 1;' 'COMMIT;' 'SELECT 2;'
	migration 5_e 'SELECT 1;' 'ROLLBACK;' 'SELECT 2;'
	migration 6_f '-- nothing'
	hold_lock
	is '1_a|pending|atomic|
2_b|pending|stepwise|this statement refuses a transaction
3_c|pending|atomic|
4_d|pending|own transactions|its own COMMIT cuts it
5_e|pending|own transactions|its own ROLLBACK cuts it
6_f|pending|atomic|' "$(planned)"
	unchanged
}

@test "-n refuses what would be refused" {
	migration 1_a 'BEGIN; SELECT 1;'
	run -2 apply -n
	migration 1_a 'SELECT 1;'
	sql 'create table mine ()'
	run -1 apply -n
}

@test "--to stops behind the migration it names" {
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b 'CREATE TABLE b (x int);'
	migration 3_c 'CREATE TABLE c (x int);'
	run -0 apply --to 2_b
	is $'1_a\n2_b' "$(jq -r .name <<<"$output")"
	is 'a b' "$(tables)"
	run -0 apply --to 2_b
	is '' "$output"
}

@test "--to a name that the stream lacks changes nothing" {
	migration 1_a 'CREATE TABLE a (x int);'
	fails 2 'mg-apply: --to 2_b: no such migration in the stream' \
	    apply --to 2_b
	unchanged
}

@test "what comes out of order is run, with a warning" {
	migration 2_b 'CREATE TABLE b (x int);'
	apply >out
	migration 1_a 'CREATE TABLE a (x int);'
	migration 3_c 'CREATE TABLE c (x int);'
	fails 0 'mg-apply: 1_a: comes before migrations that are already applied' \
	    apply
	is 'a b c' "$(tables)"
}

@test "-q keeps warnings back" {
	migration 2_b 'CREATE TABLE b (x int);'
	apply >out
	migration 1_a "DO 'BEGIN RAISE WARNING \$\$beware\$\$; END';"
	fails 0 '' apply -q
}

@test "--strict refuses what comes out of order, and only that" {
	migration 2_b 'CREATE TABLE b (x int);'
	apply --strict >out
	migration 3_c 'CREATE TABLE c (x int);'
	apply --strict >out
	migration 1_a 'CREATE TABLE a (x int);'
	says 1 'mg-apply: --strict: 1_a comes before migrations that are already applied' \
	    apply --strict
	is 'b c' "$(tables)"
}

# Row 276.
@test "a script that was edited after it ran is warned of, and not run" {
	migration 1_a 'CREATE TABLE a (x int);'
	apply >out
	migration 1_a 'CREATE TABLE a (x int, y int);'
	migration 2_b 'CREATE TABLE b (x int);'
	fails 0 'mg-apply: 1_a: was applied, and its script has changed since; the change will not run' \
	    apply
	is 'a b' "$(tables)"
}

@test "other line ends are no edit" {
	migration 1_a 'CREATE TABLE a (x int);'
	apply >out
	printf 'CREATE TABLE a (x int);\r\n' | script 1_a
	fails 0 '' apply
}

@test "applied migrations that the stream lacks are counted" {
	migration 1_a ''
	migration 2_b ''
	migration 3_c ''
	apply >out
	rm -r migrations/1_a
	fails 0 'mg-apply: 1 applied migration is not in the stream, the first is 1_a' \
	    apply
	rm -r migrations/3_c
	fails 0 'mg-apply: 2 applied migrations are not in the stream, the first is 1_a' \
	    apply
}

@test "the server's WARNINGs are passed on, its NOTICEs with -v only" {
	migration 1_a "DO 'BEGIN RAISE NOTICE \$\$one\$\$; RAISE WARNING \$\$two\$\$; END';"
	fails 0 'mg-apply: the server says: WARNING: two' apply
	sql 'truncate _prisma_migrations'
	fails 0 $'mg-apply: the server says: NOTICE: one\nmg-apply: the server says: WARNING: two' \
	    apply -v
}

@test "progress is shown when asked for, and not to a file by itself" {
	migration 1_a ''
	migration 2_b ''
	fails 0 '' apply -n
	fails 0 $'\r\e[K1/2 1_a\r\e[K2/2 2_b' apply --progress
}

@test "-C is where the paths of the records begin" {
	migration 1_a 'CREATE TABLE a (x int);'
	records
	mkdir elsewhere
	cd elsewhere
	says 2 'No such file or directory' mg-apply <../records
	mg-apply -C .. <../records >out
	is a "$(tables)"
}

@test "names may have spaces, quotes, newlines and letters of any script" {
	local name
	for name in '1 a b' "2'; drop table x; --" '3"\' $'4\nfour' '5_été_🚀' \
	    '6$HOME`%s'; do
		migration "$name" 'SELECT 1;'
	done
	apply >out
	is 6 "$(sql 'select count(*) from _prisma_migrations')"
	is "$(jq -c .name out)" "$(sql 'select to_json(migration_name)
	    from _prisma_migrations order by migration_name collate "C"')"
	fails 0 '' apply
}

@test "a file of any shape is run: no newline, no semicolon, CRLF, nothing" {
	printf 'CREATE TABLE a (x int)' | script 1_a
	printf 'CREATE TABLE b (x int); -- end' | script 2_b
	printf 'CREATE TABLE c (\r\n  x int\r\n);\r\n' | script 3_c
	printf ' ;;\n;' | script 4_d
	: | script 5_e
	printf 'CREATE TABLE f (x text DEFAULT $$;$$) /* ; */' | script 6_f
	apply >out
	is 'a b c f' "$(tables)"
	is 6 "$(sql 'select count(*) from _prisma_migrations
	    where finished_at is not null')"
}

#
# What it refuses before anything runs
#

@test "an empty stream is refused" {
	fails 2 'mg-apply: no records came: did what should write them fail?' \
	    mg-apply </dev/null
	unchanged
}

@test "a stream that was cut short is refused" {
	migration 1_a 'CREATE TABLE a (x int);'
	records
	printf '{"name":"2_b","pa' >>records
	fails 2 'mg-apply: <stdin>:2: cut short: no newline after the last record; did the program that wrote it fail?' \
	    mg-apply <records
	unchanged
}

@test "a stream that is no stream of records is refused" {
	says 2 'mg-apply: <stdin>:1: ' mg-apply <<<'1_a'
	fails 2 'mg-apply: <stdin>:1: no "name", which every record here must have' \
	    mg-apply <<<'{"path":"x"}'
	fails 2 'mg-apply: x: the record has no "path"' \
	    mg-apply <<<'{"name":"x"}'
	says 2 'mg-apply: <stdin>:1: "checksum" is not a SHA-256' \
	    mg-apply <<<'{"name":"x","path":"x","checksum":"abc"}'
	says 2 'mg-apply: <stdin>:1: ' mg-apply <<<$'{"name":"\xe9"}'
	unchanged
}

@test "a name that comes twice is refused" {
	migration 1_a 'CREATE TABLE a (x int);'
	records
	cat records records >twice
	fails 2 'mg-apply: 1_a: comes twice in the stream' mg-apply <twice
	unchanged
}

@test "operands are refused" {
	says 2 'mg-apply: migrations: records come on standard input' \
	    mg-apply migrations </dev/null
}

@test "a script that is not there is refused, before the first one runs" {
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b 'CREATE TABLE b (x int);'
	records
	rm migrations/2_b/migration.sql
	fails 2 'mg-apply: migrations/2_b/migration.sql: No such file or directory' \
	    mg-apply <records
	unchanged
}

@test "a script whose bytes are not the record's is refused" {
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b 'CREATE TABLE b (x int);'
	records
	migration 2_b 'DROP TABLE a;'
	fails 2 "mg-apply: migrations/2_b/migration.sql: its bytes are not those of the record's checksum; run mg-scan and mg-hash again" \
	    mg-apply <records
	unchanged
}

@test "a script that changes after the first one has begun is not run" {
	migration 1_a 'SELECT pg_advisory_xact_lock(4711);'
	# More than is sent ahead of the answers.
	yes 'SELECT 2;' | head -6000 | script 2_b
	migration 3_c 'CREATE TABLE c (x int);'
	hold_lock 'select pg_advisory_lock(4711), pg_sleep(600)'
	mg-scan migrations >records
	PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK=1 \
	    mg-apply <records >out 2>err 3>&- &
	pid=$!
	await "select exists (select from pg_stat_activity
	    where datname = current_database() and wait_event = 'advisory')"
	migration 3_c 'DROP TABLE c;'
	release_lock
	ends 2
	is 'mg-apply: migrations/3_c/migration.sql: it changed while it was to be run; run again
mg-apply: 2 of 3 pending migrations were applied
mg-apply: 3_c: is the next; run again' "$(cat err)"
	is $'1_a applied\n2_b applied' "$(jq -r '"\(.name) \(.state)"' out)"
	is '1_a 2_b' "$(history_of migration_name | paste -sd ' ')"
}

# refuses PLACE WHY: the migration 2_b, by itself and before 1_a has run
refuses() {
	migration 1_a 'CREATE TABLE a (x int);'
	fails 2 "mg-apply: migrations/2_b/migration.sql:$1: $2" apply
	unchanged
}

@test "BEGIN without COMMIT is refused, with its place" {
	migration 2_b 'SELECT 1;' '  BEGIN;' 'SELECT 2;'
	refuses 2:3 'the transaction that begins here is never ended, and all of it would be lost; add COMMIT'
}

@test "CONCURRENTLY between BEGIN and COMMIT is refused" {
	migration 2_b 'BEGIN;' 'CREATE INDEX CONCURRENTLY a_x ON a (x);' 'COMMIT;'
	refuses 2:1 'this statement refuses a transaction, and stands between BEGIN and COMMIT; move it out'
}

@test "DISCARD ALL is refused, as it would give up the lock" {
	migration 2_b 'SELECT 1;' 'discard all;'
	refuses 2:1 'DISCARD ALL would give up the migration lock; leave it out: what a script sets is reset behind it'
}

@test "a script that drops prepared statements, ours included, has its row" {
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b 'PREPARE p AS SELECT 1;' 'CREATE TABLE b (x int);' \
	    "DO \$\$ BEGIN EXECUTE 'DEALLOCATE ALL'; END \$\$;"
	migration 3_c 'CREATE TABLE c (x int);'
	apply >applied
	is '1_a applied
2_b applied
3_c applied' "$(jq -r '"\(.name) \(.state)"' applied)"
	is '1_a 1,2_b 1,3_c 1' "$(sql "SELECT string_agg(migration_name || ' ' ||
	    applied_steps_count, ',' ORDER BY 1) FROM _prisma_migrations")"
	is '' "$(sql "SELECT logs FROM _prisma_migrations WHERE logs > ''")"
}

@test "what dropped them is not run twice where it was not rolled back" {
	migration 1_a 'CREATE TABLE a (x int);' 'CREATE PROCEDURE drops () AS $$
	    BEGIN INSERT INTO a VALUES (1); COMMIT;
	    EXECUTE $x$DEALLOCATE ALL$x$; END $$ LANGUAGE plpgsql;'
	migration 2_b 'CALL drops();'
	migration 3_c 'CREATE INDEX CONCURRENTLY a_x ON a (x);' \
	    'INSERT INTO a VALUES (2);' 'DEALLOCATE ALL;' \
	    'CREATE INDEX CONCURRENTLY a_y ON a (x);'
	apply -q >out
	is '1 2' "$(sql "select string_agg(x::text, ' ' order by x) from a")"
	is 3 "$(sql 'select count(*) from _prisma_migrations
	    where applied_steps_count = 1 and logs is null')"
}

@test "PREPARE TRANSACTION is refused" {
	migration 2_b 'BEGIN;' "PREPARE TRANSACTION 'x';"
	refuses 2:1 'PREPARE TRANSACTION leaves a transaction behind that no history row can belong to; use COMMIT'
}

@test "COPY from the client is refused" {
	migration 2_b 'SELECT 1;' 'COPY a FROM STDIN;' '1' '\.'
	refuses 2:1 'COPY from stdin or to stdout cannot run here; load rows with INSERT'
}

@test "a byte order mark is refused" {
	printf '\xef\xbb\xbfSELECT 1;\n' | script 2_b
	refuses 1:1 'a byte order mark, which the server refuses; save the file without it'
}

@test "a NUL byte is refused" {
	printf 'SELECT 1;\n\0' | script 2_b
	refuses 2:1 'a NUL byte, at which the server stops reading; remove it'
}

@test "bytes that are not UTF-8 are refused" {
	printf "SELECT 'caf\xe9';\n" | script 2_b
	refuses 1:12 'not UTF-8; convert the file, as with iconv -t UTF-8'
}

@test "psql's commands are refused" {
	printf 'SELECT 1;\n\\echo hello\n' | script 2_b
	migration 1_a 'CREATE TABLE a (x int);'
	says 2 'mg-apply: migrations/2_b/migration.sql:2:1: ' apply
	unchanged
}

@test "a quote that is never closed is refused" {
	printf "SELECT 1;\nSELECT 'open;\n" | script 2_b
	migration 1_a 'CREATE TABLE a (x int);'
	says 2 'mg-apply: migrations/2_b/migration.sql:2:8: ' apply
	unchanged
}

@test "a database with tables and no history is refused (P3005)" {
	sql 'create table mine ()'
	migration 1_a 'CREATE TABLE a (x int);'
	fails 1 'mg-apply: P3005: the schema public has tables but no migration history; if it is what these migrations make, record that with mg-mark --applied, else give an empty database' \
	    apply
	is mine "$(tables)"
}

@test "what an extension brings does not count as tables" {
	sql 'create table spatial_ref_sys ()' 'create view v as select 1'
	migration 1_a 'CREATE TABLE a (x int);'
	apply >out
}

@test "failed rows of others are refused, all of them, with both ways out (P3009)" {
	migration 1_a 'CREATE TABLE a (x int);'
	apply >out
	sql "insert into _prisma_migrations (id, checksum, migration_name,
	    started_at, logs) values
	    ('1', '', '2_b', '2026-01-02 03:04:05.6+00', E'it broke\nbadly'),
	    ('2', '', 'gone', '2026-01-03 03:04:05+00', null)"
	migration 2_b 'CREATE TABLE b (x int);'
	migration 3_c 'CREATE TABLE c (x int);'
	fails 1 'mg-apply: P3009: the history has failed migrations, and nothing runs before that is settled:
  2_b, started 2026-01-02T03:04:05Z: it broke
  gone, started 2026-01-03T03:04:05Z, no word of how it ended: it may be running elsewhere
look what the database has of each: if all of it, mg-mark --applied NAME; if nothing, mg-mark --rolled-back NAME and run again; mg-doctor says which' \
	    apply
	is a "$(tables)"
}

@test "failed rows are refused with nothing pending, too" {
	migration 1_a ''
	apply >out
	sql "insert into _prisma_migrations (id, checksum, migration_name)
	    values ('1', '', 'gone')"
	says 1 'P3009' apply
}

@test "two histories are refused" {
	sql 'create schema postgres'
	migration 1_a 'CREATE TABLE a (x int);'
	apply >out
	sql 'create table public._prisma_migrations
	    (like postgres._prisma_migrations)'
	migration 2_b 'CREATE TABLE b (x int);'
	fails 1 'mg-apply: there is a _prisma_migrations in the schema postgres and one in public; name the right one in the URL with ?schema=, or drop the other' \
	    apply
	DATABASE_URL=$(url "$PGDATABASE" schema=postgres)
	apply >out
	is 2 "$(sql 'select count(*) from postgres._prisma_migrations')"
}

@test "a standby is refused" {
	own_server
	standby
	migration 1_a 'CREATE TABLE a (x int);'
	fails 2 "mg-apply: the server is a standby, which takes no writes; give the primary's URL" \
	    apply
}

#
# What it says of an error, and what an error leaves
#

@test "a failed migration leaves nothing, and those before it stay" {
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b 'CREATE TABLE b (x int);' 'INSERT INTO b VALUES (1/0);'
	migration 3_c 'CREATE TABLE c (x int);'
	run -1 --separate-stderr apply
	is 'mg-apply: migrations/2_b/migration.sql:2:1: P3018: division by zero (SQLSTATE 22012)
  statement: INSERT INTO b VALUES (1/0)
mg-apply: 1 of 3 pending migrations were applied
mg-apply: 2_b: nothing of it remains; mend it and run again' "$stderr"
	is '["1_a","applied"] ["2_b","failed"]' \
	    "$(jq -c '[.name, .state]' <<<"$output" | paste -sd ' ')"
	is 'migrations/2_b/migration.sql:2:1: P3018: division by zero (SQLSTATE 22012)
  statement: INSERT INTO b VALUES (1/0)' \
	    "$(jq -r 'select(.error).error' <<<"$output")"
	is a "$(tables)"
	is 1_a "$(history_of migration_name)"
}

@test "a migration that was mended is simply run" {
	migration 1_a 'SELECT nothing;'
	run -1 apply
	migration 1_a 'CREATE TABLE a (x int);'
	run -0 apply
	is '1_a|1' "$(history_of 'migration_name, applied_steps_count')"
}

@test "an error is placed by line and character, behind text of any script" {
	migration 1_a "SELECT 'été 🚀 価格';" \
	    "  /* 🚀 */ SELECT 'naïve 🚀' AS x, nothing" '  FROM nowhere;'
	says 1 'migrations/1_a/migration.sql:3:8: P3018: relation "nowhere" does not exist (SQLSTATE 42P01)
  statement: SELECT '\''naïve 🚀'\'' AS x, nothing FROM nowhere' apply
}

@test "a syntax error is placed where the server saw it" {
	migration 1_a 'CREATE TABLE a (x int);' 'CREATE TABLE "é" (x int' \
	    '    ,, y int);'
	says 1 'migrations/1_a/migration.sql:3:6: P3018: syntax error at or near "," (SQLSTATE 42601)' \
	    apply
}

@test "an error in the body of a DO is placed in that body" {
	migration 1_a 'SELECT 1;' 'DO $$' 'BEGIN' '    PERFORM 1;' \
	    "    RAISE EXCEPTION 'no';" 'END $$;'
	says 1 'migrations/1_a/migration.sql:5:5: P3018: no (SQLSTATE P0001)' \
	    apply
}

@test "an error's detail and hint are told" {
	migration 1_a "DO \$\$ BEGIN RAISE 'no' USING DETAIL = 'this is why',
	    HINT = 'do that'; END \$\$;"
	says 1 'no (SQLSTATE P0001)
  detail: this is why
  hint: do that
  statement: DO' apply
}

@test "a long statement is cut, at no half character" {
	migration 1_a "SELECT 'x$(printf 'é%.0s' {1..400})' FROM nowhere;"
	run -1 --separate-stderr apply
	has "$stderr" 'ééé ...'
	[ "${#stderr}" -lt 600 ]
	iconv -f UTF-8 -t UTF-16 <<<"$stderr" >/dev/null
}

@test "an enum value that is used too early comes with advice (55P04)" {
	migration 1_a "CREATE TYPE m AS ENUM ('a');" 'CREATE TABLE t (m m);'
	migration 2_b "BEGIN; ALTER TYPE m ADD VALUE 'b';" \
	    "INSERT INTO t VALUES ('b'); COMMIT;"
	run -1 --separate-stderr apply
	has "$stderr" 'mg-apply: migrations/2_b/migration.sql:2:23: P3018: unsafe use of new value "b" of enum type m (SQLSTATE 55P04)' \
	    '  next: a new enum value can be used after COMMIT only: put its use into a migration of its own'
}

@test "what fails at COMMIT is told as such, and leaves nothing" {
	migration 1_a 'CREATE TABLE a (x int PRIMARY KEY);' \
	    'CREATE TABLE b (x int REFERENCES a DEFERRABLE INITIALLY DEFERRED);'
	migration 2_b 'INSERT INTO b VALUES (1);'
	run -1 --separate-stderr apply
	has "$stderr" 'mg-apply: 2_b: its COMMIT: insert or update on table "b" violates foreign key constraint "b_x_fkey" (SQLSTATE 23503)' \
	    '  detail: Key (x)=(1) is not present in table "a".'
	is 0 "$(sql 'select count(*) from b')"
	is 1_a "$(history_of migration_name)"
}

@test "a password is shown in no error, no record and no row" {
	local text
	sql 'create role mg_secret'
	migration 1_a "CREATE ROLE mg_secret LOGIN PASSWORD 'hunter2';"
	migration 2_b 'VACUUM;' \
	    "CREATE ROLE mg_secret LOGIN PASSWORD 'hunter2' nonsense;"
	run -1 --separate-stderr apply
	is 'mg-apply: migrations/1_a/migration.sql:1:1: P3018: the server refused it (SQLSTATE 42710)
  statement: not shown, as it may hold a password
mg-apply: 0 of 2 pending migrations were applied
mg-apply: 1_a: nothing of it remains; mend it and run again' "$stderr"
	text=$output$stderr
	migration 1_a ''
	run -1 --separate-stderr apply -v
	text+=$output$stderr$(history_of logs)
	sql 'drop role mg_secret'
	has "$text" 'the next step failed: 42601'
	case $text in *hunter2*) false ;; esac
}

@test "records are complete, or the exit status says so" {
	migration 1_a 'CREATE TABLE a (x int);'
	records
	fails 3 'mg-apply: stdout: No space left on device' \
	    bash -c 'mg-apply <records >/dev/full'
	is a "$(tables)"
	is 1_a "$(history_of migration_name)"
}

#
# Sessions: what one migration does to the next
#

@test "what a script sets is gone behind it" {
	sql 'create schema other'
	migration 1_a 'SET lock_timeout = 5555;' 'SET search_path = other;' \
	    "SELECT set_config('statement_timeout', '55555', false);" \
	    'CREATE TABLE a (x int);'
	migration 2_b "CREATE TABLE b AS SELECT current_setting('lock_timeout') AS l,
	    current_setting('search_path') AS p,
	    current_setting('statement_timeout') AS s;"
	apply >out
	is '0|"$user", public|0' "$(sql 'select * from b')"
	is t "$(sql "select to_regclass('other.a') is not null")"
	is 2 "$(sql 'select count(*) from public._prisma_migrations')"
}

@test "a role that a script takes on is given up behind it" {
	sql 'create role mg_other' 'grant create on schema public to mg_other'
	migration 1_a 'SET ROLE mg_other;' 'CREATE TABLE a (x int);'
	migration 2_b 'SET SESSION AUTHORIZATION mg_other;' \
	    'CREATE TABLE b (x int);'
	migration 3_c 'CREATE TABLE c (x int);'
	run -0 apply
	is 'mg_other mg_other postgres' "$(sql "select string_agg(tableowner,
	    ' ' order by tablename) from pg_tables
	    where tablename in ('a', 'b', 'c')")"
	sql 'drop owned by mg_other' 'drop role mg_other'
}

@test "a role holds through all steps of its script" {
	sql 'create role mg_other' 'grant create on schema public to mg_other'
	migration 1_a 'SET ROLE mg_other;' 'CREATE TABLE a (x int);' \
	    'CREATE INDEX CONCURRENTLY a_x ON a (x);' 'CREATE TABLE b (x int);'
	run -0 apply
	is 'mg_other mg_other' "$(sql "select string_agg(tableowner, ' ')
	    from pg_tables where tablename in ('a', 'b')")"
	is '1_a|1' "$(history_of 'migration_name, applied_steps_count')"
	sql 'drop owned by mg_other' 'drop role mg_other'
}

@test "a script that frees all advisory locks does not let others in" {
	migration 1_a 'SELECT pg_advisory_unlock_all();'
	migration 2_b 'SELECT pg_sleep(30);'
	start_apply
	await_sleep
	is f "$(sql 'select pg_try_advisory_lock(72707369)')"
}

@test "one whose lock another has taken meanwhile is rolled back" {
	migration 1_a 'CREATE TABLE a (x int);' \
	    'SELECT pg_advisory_unlock_all();' 'SELECT pg_sleep(2);'
	start_apply --retries 0
	await_sleep
	hold_lock
	ends 75
	has "$(cat err)" '1_a: its history row: the script gave up the migration lock, and another has it now (SQLSTATE 55P03)'
	is '' "$(tables)"
}

@test "what a database sets by default does not change what a script means" {
	sql "alter database $PGDATABASE set standard_conforming_strings = off" \
	    "alter database $PGDATABASE set escape_string_warning = off"
	migration 1_a "SELECT 'SET nothing';"
	migration 2_b "CREATE TABLE b AS SELECT 'C:\\n' AS x;"
	apply >out
	is 'C:\n' "$(sql 'select x from b')"
}

#
# Scripts that cannot run in one transaction
#

@test "CREATE INDEX CONCURRENTLY alone is run, and leaves a row like any other" {
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b '-- only this' 'CREATE INDEX CONCURRENTLY a_x ON a (x);'
	migration 3_c 'CREATE TABLE c (x int);'
	apply >out
	is '[1,1,1]' "$(jq -sc 'map(.steps)' out)"
	is 't|a_x' "$(sql "select indisvalid, indexrelid::regclass from pg_index
	    where indrelid = 'a'::regclass")"
	is '2_b|t|t|1' "$(sql "select migration_name, finished_at > started_at,
	    logs is null, applied_steps_count from _prisma_migrations
	    where migration_name = '2_b'")"
}

@test "--no-concurrently runs such a script in one transaction" {
	migration 1_a 'CREATE TABLE a (x int);' 'CREATE TABLE b (x int);' \
	    'CREATE INDEX b_x ON b (x);'
	migration 2_b 'CREATE INDEX CONCURRENTLY a_x ON a (x);' 'SELECT 1/0;'
	says 1 'nothing of it remains' apply --no-concurrently
	is 1_a "$(history_of migration_name)"
	is '' "$(sql "SELECT to_regclass('a_x')")"
	migration 2_b 'CREATE INDEX CONCURRENTLY a_x ON a (x);' 'BEGIN;' \
	    'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a_y ON a (x);' \
	    'COMMIT;' 'DROP INDEX CONCURRENTLY b_x;'
	run -0 apply -n --no-concurrently
	is 'own transactions' "$(jq -r .plan <<<"$output")"
	apply --no-concurrently >out
	is 'applied 2' "$(jq -r '"\(.state) \(.steps)"' out)"
	is 'a_x a_y' "$(sql "SELECT string_agg(relname, ' ' ORDER BY relname)
	    FROM pg_index JOIN pg_class ON oid = indexrelid
	    WHERE indisvalid AND relname ~ '^[ab]_[xy]$'")"
}

@test "CONCURRENTLY among other statements is a step of its own" {
	migration 1_a 'CREATE TABLE a (x int);' \
	    'CREATE INDEX CONCURRENTLY a_x ON a (x);' \
	    'ALTER TABLE a ADD y int;' \
	    'DROP INDEX CONCURRENTLY a_x;' \
	    'REINDEX TABLE CONCURRENTLY a;'
	apply >out
	is 5 "$(jq .steps out)"
	is '1_a|1|t' "$(history_of \
	    'migration_name, applied_steps_count, logs is null')"
	is t "$(sql "select to_regclass('a_x') is null")"
}

@test "VACUUM and ALTER SYSTEM are run" {
	migration 1_a 'CREATE TABLE a (x int);' 'VACUUM a;' \
	    'ALTER SYSTEM RESET work_mem;'
	apply >out
	is 3 "$(jq .steps out)"
}

# Row 220.
@test "a script of one BEGIN and COMMIT is one transaction with its row" {
	migration 1_a 'BEGIN;' 'CREATE TABLE a (x int);' 'SELECT 1/0;' 'COMMIT;'
	run -1 apply
	is '' "$(tables)$(history_of 1)"
	migration 1_a 'BEGIN;' 'CREATE TABLE a (x int);' 'COMMIT;'
	apply >out
	is 1 "$(jq .steps out)"
	is a "$(tables)"
}

@test "what stands before BEGIN belongs to it, what stands behind COMMIT does not" {
	migration 1_a 'CREATE TABLE a (x int);' 'BEGIN;' \
	    'CREATE TABLE b (x int);' 'COMMIT;' 'CREATE TABLE c (x int);' \
	    'SELECT 1/0;'
	run -1 --separate-stderr apply
	is 'a b' "$(tables)"
	has "$stderr" 'mg-apply: 1_a: 1 of its 2 steps are done; mend the rest and run again'
}

@test "two transactions in a script are two steps" {
	migration 1_a 'BEGIN; CREATE TABLE a (x int); COMMIT;' \
	    'START TRANSACTION; CREATE TABLE b (x int); END;'
	apply >out
	is 2 "$(jq .steps out)"
	is 'a b' "$(tables)"
}

@test "a lone COMMIT cuts, a lone ROLLBACK undoes" {
	migration 1_a 'CREATE TABLE a (x int);' 'COMMIT;' \
	    'CREATE TABLE b (x int);'
	migration 2_b 'CREATE TABLE gone (x int);' 'ROLLBACK;' \
	    'CREATE TABLE c (x int);'
	migration 3_c 'BEGIN;' 'CREATE TABLE gone (x int);' 'ROLLBACK;'
	apply >out
	is 'a b c' "$(tables)"
	is 3 "$(sql 'select count(*) from _prisma_migrations
	    where applied_steps_count = 1 and finished_at is not null')"
}

@test "what the script itself rolled back is a step that is done, too" {
	migration 1_a 'CREATE TABLE a (x int);' 'INSERT INTO a VALUES (1), (1);' \
	    'COMMIT;' 'DELETE FROM a;' 'ROLLBACK;' \
	    'CREATE UNIQUE INDEX CONCURRENTLY a_x ON a (x);'
	run -1 --separate-stderr apply
	has "$stderr" '1_a: 2 of its 3 steps are done'
	is 2 "$(sql 'select count(*) from a')"
}

@test "COMMIT AND CHAIN begins the next transaction" {
	migration 1_a 'BEGIN ISOLATION LEVEL SERIALIZABLE;' \
	    "CREATE TABLE a AS SELECT current_setting('transaction_isolation');" \
	    'COMMIT AND CHAIN;' \
	    "INSERT INTO a SELECT current_setting('transaction_isolation');" \
	    'COMMIT;' \
	    "INSERT INTO a SELECT current_setting('transaction_isolation');"
	apply >out
	is $'serializable\nserializable\nread committed' \
	    "$(sql 'select * from a')"
}

@test "savepoints work" {
	migration 1_a 'BEGIN;' 'CREATE TABLE a (x int);' 'SAVEPOINT s;' \
	    'CREATE TABLE gone (x int);' 'ROLLBACK TO s;' 'COMMIT;'
	apply >out
	is a "$(tables)"
	is 1 "$(jq .steps out)"
}

@test "a procedure that commits works where it is alone" {
	migration 1_a 'CREATE TABLE a (x int);' \
	    'CREATE PROCEDURE p() LANGUAGE plpgsql AS $$' \
	    'BEGIN FOR n IN 1..3 LOOP' \
	    'INSERT INTO a VALUES (n); COMMIT; END LOOP; END $$;'
	migration 2_b 'CALL p();'
	apply >out
	is 3 "$(sql 'select count(*) from a')"
	is '1_a|1 2_b|1' "$(history_of 'migration_name, applied_steps_count' |
	    paste -sd ' ')"
	fails 0 '' apply
}

@test "a DO that commits works" {
	migration 1_a 'CREATE TABLE a (x int);' \
	    'DO $$ BEGIN INSERT INTO a VALUES (1); COMMIT; END $$;'
	apply >out
	is 1 "$(sql 'select count(*) from a')"
}

@test "REINDEX of what is partitioned works where it is alone" {
	migration 1_a 'CREATE TABLE a (x int) PARTITION BY RANGE (x);' \
	    'CREATE TABLE a1 PARTITION OF a DEFAULT;' \
	    'CREATE INDEX a_x ON a (x);'
	migration 2_b 'REINDEX INDEX a_x;'
	migration 3_c 'CREATE TABLE c (x int);'
	apply >out
	is $'1_a\n2_b\n3_c' "$(history_of migration_name)"
	migration 4_d 'SELECT 1;' 'REINDEX INDEX a_x;'
	run -1 --separate-stderr apply
	has "$stderr" 'migrations/4_d/migration.sql:2:1: P3018: ' \
	    '(SQLSTATE 25001)' \
	    '  next: what refuses a transaction must stand in a migration of its own'
}

#
# Half done: what a failure between steps leaves, and how it goes on
#

# half_done: 1_a, which fails in the last of its three steps
half_done() {
	migration 1_a 'CREATE TABLE a (x int);' \
	    'CREATE INDEX CONCURRENTLY a_x ON a (x);' \
	    'INSERT INTO nowhere VALUES (1);'
	run -1 --separate-stderr apply
}

@test "a failure between steps leaves the row unfinished, with a note" {
	half_done
	is 'mg-apply: migrations/1_a/migration.sql:3:13: P3018: relation "nowhere" does not exist (SQLSTATE 42P01)
  statement: INSERT INTO nowhere VALUES (1)
mg-apply: 0 of 1 pending migrations were applied
mg-apply: 1_a: 2 of its 3 steps are done; mend the rest and run again' "$stderr"
	is '["1_a","failed",3]' \
	    "$(jq -c '[.name, .state, .steps]' <<<"$output")"
	is '1_a|t|t|0|t' "$(history_of "migration_name, finished_at is null,
	    rolled_back_at is null, applied_steps_count,
	    logs ~ '^mg-apply: 2 of 3 steps done, xxh3 [0-9a-f]{32}
the next step failed: 42P01\$'")"
}

@test "a rerun goes on behind the last step done" {
	local id
	half_done
	id=$(history_of id)
	migration 1_a 'CREATE TABLE a (x int);' '-- mended' \
	    'CREATE INDEX CONCURRENTLY a_x ON a (x);' \
	    'INSERT INTO a VALUES (1);'
	migration 2_b 'CREATE TABLE b (x int);'
	fails 0 'mg-apply: 1_a: was left half done and goes on behind step 2 of 3' \
	    apply
	is 'a b' "$(tables)"
	is 1 "$(sql 'select count(*) from a')"
	is "$id|t|t|1|$(jq -r 'select(.name == "1_a").checksum' records)" \
	    "$(sql "select id, finished_at > started_at, logs is null,
	    applied_steps_count, checksum from _prisma_migrations
	    where migration_name = '1_a'")"
}

@test "a rerun that fails again changes nothing of the note" {
	local logs
	half_done
	logs=$(history_of logs)
	says 1 'relation "nowhere" does not exist' apply
	is "$logs" "$(history_of logs)"
}

@test "a rerun is refused if the part that is done has changed" {
	half_done
	migration 1_a 'CREATE TABLE a (x bigint);' \
	    'CREATE INDEX CONCURRENTLY a_x ON a (x);' \
	    'INSERT INTO a VALUES (1);'
	fails 1 'mg-apply: migrations/1_a/migration.sql: it was left half done, 2 of 3 steps, and the part that is done has changed since; restore that part and mend only the rest, or finish by hand what is missing and then: mg-mark --applied 1_a' \
	    apply
	is 0 "$(sql 'select count(*) from a')"
}

@test "a rerun with nothing left to do finishes the row" {
	half_done
	migration 1_a 'CREATE TABLE a (x int);' \
	    'CREATE INDEX CONCURRENTLY a_x ON a (x);'
	fails 0 'mg-apply: 1_a: was left half done and goes on behind step 2 of 2' \
	    apply
	is '1_a|t|1' "$(history_of \
	    'migration_name, finished_at is not null, applied_steps_count')"
}

@test "what is half done and not in the stream is refused (P3009)" {
	half_done
	mv migrations/1_a migrations/2_b
	says 1 'P3009: the history has failed migrations, and nothing runs before that is settled:
  1_a, started ' apply
}

@test "an invalid index that a failed build left is dropped at once" {
	migration 1_a 'CREATE TABLE a ("X" int);' \
	    'INSERT INTO a VALUES (1), (1);' \
	    'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "A_x" ON "a" ("X");'
	run -1 --separate-stderr apply
	has "$stderr" 'could not create unique index "A_x" (SQLSTATE 23505)' \
	    '  detail: Key ("X")=(1) is duplicated.' \
	    '1_a: 1 of its 2 steps are done'
	is '' "$(sql "select to_regclass('\"A_x\"')")"
	sql 'delete from a where ctid = (select min(ctid) from a)'
	fails 0 'mg-apply: 1_a: was left half done and goes on behind step 1 of 2' \
	    apply
	is "t|t" "$(sql "select indisvalid, indisunique from pg_index
	    where indexrelid = '\"A_x\"'::regclass")"
}

@test "a rerun has the settings that the steps done made" {
	migration 1_a 'CREATE SCHEMA app; CREATE TABLE app.t (x int);' \
	    "SET search_path = app; SET ROLE $PGUSER;" \
	    'COMMIT; BEGIN; SET search_path = public; ROLLBACK;' \
	    'CREATE UNIQUE INDEX CONCURRENTLY t_x ON t (nothing);' \
	    "CREATE TABLE said AS SELECT current_setting('role');"
	run -1 apply
	migration 1_a 'CREATE SCHEMA app; CREATE TABLE app.t (x int);' \
	    "SET search_path = app; SET ROLE $PGUSER;" \
	    'COMMIT; BEGIN; SET search_path = public; ROLLBACK;' \
	    'CREATE UNIQUE INDEX CONCURRENTLY t_x ON t (x);' \
	    "CREATE TABLE said AS SELECT current_setting('role');"
	migration 2_b 'CREATE TABLE t2 (x int);'
	apply >out
	is "app.t_x|$PGUSER|public" "$(sql "select 'app.t_x'::regclass,
	    (select * from app.said), (select schemaname from pg_tables
	    where tablename = 't2')")"
}

# begun NAME: its row is there, and not even its first step is noted
begun() {
	migration 0_x ''
	apply --to 0_x >out
	sql "insert into _prisma_migrations (id, checksum, migration_name, logs)
	    values (gen_random_uuid(), repeat('0', 64), '$1',
	    'mg-apply: 0 of 2 steps done, xxh3 99aa06d3014798d86001c324468d497f')"
}

@test "one statement that was done says nothing of the others" {
	begun 1_a
	sql 'create table t (x int)'
	migration 1_a 'DROP INDEX CONCURRENTLY IF EXISTS old;' \
	    'INSERT INTO t VALUES (42);'
	apply --no-concurrently >out
	is 42 "$(sql 'select x from t')"
}

@test "a history row that is gone or settled meanwhile stops the run" {
	migration 1_a 'CREATE TABLE t (x int); COMMIT;' \
	    'TRUNCATE _prisma_migrations; COMMIT;' 'CREATE TABLE u (x int);'
	migration 2_b 'CREATE TABLE v (x int);'
	says 1 '1_a: its history row: another has removed or settled it' apply
	is t "$(tables)"
	migration 1_a 'CREATE TABLE t (x int); COMMIT;' \
	    'UPDATE _prisma_migrations SET rolled_back_at = now();' \
	    'CREATE TABLE u (x int);'
	says 1 'another has removed or settled it; look with mg-status, settle it with mg-mark, then run again: 0 rows' \
	    apply
	is t "$(tables)"
}

@test "a row that a trigger keeps away stops the run, too" {
	migration 1_a 'CREATE FUNCTION no () RETURNS trigger LANGUAGE plpgsql' \
	    'AS $$ BEGIN RETURN NULL; END $$;' \
	    'CREATE TRIGGER no BEFORE INSERT ON _prisma_migrations' \
	    'FOR EACH ROW EXECUTE FUNCTION no();' 'CREATE TABLE t (x int);'
	says 1 'another has removed or settled it' apply
	is '' "$(tables)"
}

@test "what a SELECT does beside set_config is not done again" {
	migration 1_a 'CREATE SEQUENCE s;' \
	    "SELECT set_config('work_mem', '1MB', false), nextval('s'); COMMIT;" \
	    'SELECT 1 / 0;'
	run -1 apply
	run -1 apply
	is 1 "$(sql 'select last_value from s')"
}

@test "what a procedure committed is not repeated, not even by a retry" {
	migration 1_a 'CREATE TABLE t (x int);' \
	    'CREATE PROCEDURE p () LANGUAGE plpgsql AS $$ BEGIN' \
	    "INSERT INTO t VALUES (1); COMMIT;" \
	    "RAISE EXCEPTION USING ERRCODE = '40001'; END \$\$;"
	migration 2_b 'CALL p ();'
	says 1 '(SQLSTATE 40001)' apply
	is 1 "$(sql 'select x from t')"
	says 1 'nobody noted whether this statement was done' apply
	is 1 "$(sql 'select x from t')"
}

@test "a rerun has what set_config set in the steps done" {
	migration 1_a 'CREATE SCHEMA o;' \
	    "SELECT pg_catalog.set_config('search_path', 'o', false); COMMIT;" \
	    "CREATE TABLE b (x int); SELECT 1 / (SELECT count(*) FROM pg_class
	    WHERE relname = 'flag');"
	run -1 apply
	sql 'create table flag ()'
	apply >out
	is o "$(sql "select schemaname from pg_tables where tablename = 'b'")"
}

@test "a role's own role holds for the note of a step" {
	sql 'create role mg_owner' 'create role mg_low login noinherit' \
	    'grant mg_owner to mg_low' 'alter role mg_low set role = mg_owner' \
	    "alter schema public owner to mg_owner"
	migration 1_a "SET work_mem = '1MB';" 'CREATE TABLE a (x int); COMMIT;' \
	    'CREATE TABLE b (x int);'
	PGUSER=mg_low
	DATABASE_URL=$(url "$PGDATABASE")
	run --separate-stderr apply
	PGUSER=postgres
	sql 'reassign owned by mg_owner to postgres' \
	    'drop owned by mg_low, mg_owner' 'drop role mg_low' \
	    'drop role mg_owner'
	is 0 "$status"
}

# died: what the row says if mg-apply ended before it could note a failure
died() {
	sql "update _prisma_migrations set logs = split_part(logs, E'\n', 1)"
}

@test "an index that was built while nobody noted it is not built again" {
	local old
	migration 1_a 'CREATE TABLE a (x int);' \
	    'CREATE INDEX CONCURRENTLY a_x ON a (nothing);' 'SELECT 1;'
	run -1 apply
	died
	migration 1_a 'CREATE TABLE a (x int);' \
	    'CREATE INDEX CONCURRENTLY a_x ON a (x);' 'SELECT 1;'
	sql 'create index a_x on a (x)'
	old=$(sql "select 'a_x'::regclass::oid")
	fails 0 'mg-apply: 1_a: was left half done and goes on behind step 2 of 3' \
	    apply
	is "$old" "$(sql "select 'a_x'::regclass::oid")"
}

@test "an index that was dropped while nobody noted it is not dropped again" {
	migration 1_a 'CREATE TABLE a (x int);' \
	    'DROP INDEX CONCURRENTLY a_x;' 'SELECT 1;'
	run -1 apply
	died
	fails 0 'mg-apply: 1_a: was left half done and goes on behind step 2 of 3' \
	    apply
}

@test "VACUUM is repeated if nobody noted that it ran" {
	migration 1_a 'CREATE TABLE a (x int);' 'VACUUM nowhere;'
	run -1 apply
	died
	migration 1_a 'CREATE TABLE a (x int);' 'VACUUM a;'
	fails 0 '' apply -q
}

@test "a statement that may have run without a note is for a person to judge" {
	migration 1_a 'CREATE TABLE a (x int);' \
	    '  DO $$ BEGIN INSERT INTO a VALUES (1); COMMIT; RAISE $x$no$x$; END $$;'
	run -1 apply
	died
	fails 1 'mg-apply: migrations/1_a/migration.sql:2:3: nobody noted whether this statement was done before the connection broke, and it must not be done twice; look, do it by hand if it was not, and put it into a comment' \
	    apply
	is 1 "$(sql 'select count(*) from a')"
	migration 1_a 'CREATE TABLE a (x int);' \
	    '--  DO $$ BEGIN INSERT INTO a VALUES (1); COMMIT; RAISE $x$no$x$; END $$;'
	apply >out
	is '1|1_a|t' "$(sql "select (select count(*) from a), migration_name,
	    finished_at is not null from _prisma_migrations")"
}

@test "a procedure that commits may have run without a note, too" {
	migration 1_a 'CREATE TABLE a (x int);' \
	    'CREATE PROCEDURE p() LANGUAGE plpgsql AS $$' \
	    'BEGIN INSERT INTO a VALUES (1); COMMIT; RAISE $x$no$x$; END $$;'
	migration 2_b 'CALL p();'
	run -1 apply
	died
	says 1 'mg-apply: migrations/2_b/migration.sql:1:1: nobody noted whether this statement was done' \
	    apply
	is 1 "$(sql 'select count(*) from a')"
}

@test "one that is known to have failed is run again" {
	migration 1_a 'CREATE TABLE a (x int);' 'DROP DATABASE mg_none;'
	run -1 apply
	migration 1_a 'CREATE TABLE a (x int);' \
	    'DROP DATABASE IF EXISTS mg_none;'
	fails 0 'mg-apply: 1_a: was left half done and goes on behind step 1 of 2' \
	    apply
}

@test "what was rolled back runs again as a new row, and the old one stays" {
	local old
	migration 1_a 'CREATE TABLE a (x int);'
	apply >out
	sql 'drop table a' 'update _prisma_migrations set finished_at = null,
	    rolled_back_at = now(), applied_steps_count = 0'
	old=$(sql 'select * from _prisma_migrations')
	apply >out
	is a "$(tables)"
	is "$old" "$(sql 'select * from _prisma_migrations
	    where rolled_back_at is not null')"
	is '1_a|t|1' "$(sql 'select migration_name, finished_at is not null,
	    applied_steps_count from _prisma_migrations
	    where rolled_back_at is null')"
}

#
# The lock
#

@test "while another has the lock it exits 75, says who, and changes nothing" {
	hold_lock
	migration 1_a 'CREATE TABLE a (x int);'
	run -75 --separate-stderr apply --lock-wait 100ms
	has "$stderr" "mg-apply: P1002: the migration lock is held by process $(sql "select pid
	    from pg_locks where locktype = 'advisory' and objid = 72707369
	    and database = (select oid from pg_database
	    where datname = current_database())") of deployer, connected " \
	    ' UTC, is running: select pg_sleep(600); nothing was changed, try again'
	is '' "$output"
	unchanged
}

@test "of the one who has the lock no secret is told" {
	hold_lock "select pg_sleep(600), 'password ''hunter2'''"
	migration 1_a ''
	run -75 --separate-stderr apply --lock-wait 0
	has "$stderr" 'of deployer, connected ' ', is running a secret statement;'
	case $stderr in *hunter2*) false ;; esac
}

@test "it waits for the lock, and then reads the history again" {
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b 'CREATE TABLE b (x int);'
	apply --to 1_a >out
	hold_lock
	start_apply --lock-wait 60s
	await_session mg-apply
	sql "insert into _prisma_migrations (id, checksum, migration_name,
	    finished_at) values ('x', '', '2_b', now())"
	release_lock
	ends 0
	is '' "$(cat out err)"
	is a "$(tables)"
}

@test "the lock is Prisma's, and free again at the end" {
	migration 1_a 'SELECT pg_sleep(30);'
	start_apply
	await_sleep
	is '0|72707369|1|ExclusiveLock|t' "$(sql "select classid, objid, objsubid,
	    mode, granted from pg_locks where locktype = 'advisory'
	    and database = (select oid from pg_database
	    where datname = current_database())")"
	kill -INT "$pid"
	ends 130
	await "select not exists (select from pg_locks
	    where locktype = 'advisory' and objid = 72707369
	    and database = (select oid from pg_database
	    where datname = current_database()))"
}

@test "PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK does without the lock, 0 does not" {
	hold_lock
	migration 1_a 'CREATE TABLE a (x int);'
	records
	PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK=0 \
	    run -75 mg-apply --lock-wait 0 <records
	PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK=1 \
	    run -0 mg-apply --lock-wait 0 <records
	is a "$(tables)"
}

#
# The connection
#

# Row 209.
@test "a server that is not there exits 3 (P1001)" {
	migration 1_a ''
	records
	DATABASE_URL="postgresql://me:hunter2@localhost/x?host=$PWD" \
	    run -3 --separate-stderr mg-apply <records
	has "$stderr" "mg-apply: P1001: connection to server on socket \"$PWD/.s.PGSQL.5432\" failed: "
	case $stderr in *hunter2*) false ;; esac
	DATABASE_URL=postgresql://me:hunter2@127.0.0.1:1/x \
	    run -3 --separate-stderr mg-apply <records
	has "$stderr" 'server at "127.0.0.1", port 1 failed: '
	case $stderr in *hunter2*) false ;; esac
}

@test "a database that is not there exits 2 (P1003)" {
	migration 1_a ''
	DATABASE_URL=$(url no_such_database) run -2 --separate-stderr apply
	has "$stderr" 'mg-apply: P1003: ' 'database "no_such_database" does not exist'
}

@test "a wrong password exits 2 (P1000), and is not shown" {
	own_server
	sql "create role locked login superuser password 'right'"
	server_config pg_hba.conf 'local all locked scram-sha-256' \
	    'local all all trust'
	migration 1_a 'CREATE TABLE a (x int);'
	DATABASE_URL="postgresql://locked:hunter2@localhost/$PGDATABASE?host=$PGHOST" \
	    run -2 --separate-stderr apply --wait 60s
	has "$stderr" 'mg-apply: P1000: ' \
	    'password authentication failed for user "locked"'
	case $stderr in *hunter2*) false ;; esac
	export DATABASE_URL="postgresql://locked:right@localhost/$PGDATABASE?host=$PGHOST"
	run -0 apply
	is a "$(tables)"
	# It waits no longer for a password, and records may come later.
	server_config postgresql.auto.conf 'authentication_timeout = 1'
	migration 2_b 'CREATE TABLE b (x int);'
	records
	{ sleep 2.2 && cat records; } | mg-apply -q >out
	is 'a b' "$(tables)"
}

@test "--wait waits for a server that is still starting" {
	own_server
	server_stop
	migration 1_a 'CREATE TABLE a (x int);'
	says 3 'mg-apply: P1001: ' apply
	start_apply --wait 60s
	server_start
	ends 0
	is a "$(tables)"
}

# Row 209.
@test "--wait gives up in the end" {
	migration 1_a ''
	records
	DATABASE_URL="postgresql://localhost/x?host=$PWD" \
	    says 3 'mg-apply: P1001: ' mg-apply --wait 300ms <records
}

@test "--wait does not wait for what waiting cannot mend" {
	migration 1_a ''
	records
	DATABASE_URL=$(url no_such_database) \
	    run -2 timeout 30 mg-apply --wait 60s <records
}

@test "ps shows no URL, and the server its program" {
	hold_lock
	migration 1_a ''
	start_apply -d "postgresql://postgres:hunter2@localhost/$PGDATABASE?host=$PGHOST"
	await_session mg-apply
	run -0 tr '\0' ' ' <"/proc/$pid/cmdline"
	has "$output" 'mg-apply -d postgresql://'
	case $output in *hunter2* | *"$PGDATABASE"*) false ;; esac
}

@test "application_name in the URL wins" {
	hold_lock
	migration 1_a ''
	start_apply -d "$(url "$PGDATABASE" application_name=mine)"
	await_session mine
}

@test "-d wins over DIRECT_URL, that over DATABASE_URL, that over libpq's own" {
	migration 1_a 'CREATE TABLE a (x int);'
	export DATABASE_URL=$DATABASE_URL PGDATABASE=$PGDATABASE
	records
	DIRECT_URL=$(url no_direct) says 2 no_direct mg-apply <records
	DATABASE_URL=$(url no_url) says 2 no_url mg-apply <records
	DIRECT_URL=$(url no_direct) says 2 no_option \
	    mg-apply -d "$(url no_option)" <records
	unset DATABASE_URL
	PGDATABASE=no_libpq says 2 no_libpq mg-apply <records
	mg-apply <records >out
	is a "$(tables)"
}

@test "?schema= is created and used, and holds the history" {
	DATABASE_URL=$(url "$PGDATABASE" 'schema=the%20"app')
	sql 'create table mine ()'
	migration 1_a 'CREATE TABLE a (x int);' 'SET search_path = public;'
	migration 2_b 'CREATE TABLE b AS SELECT * FROM a;'
	apply >out
	is 'the "app|_prisma_migrations
the "app|a
the "app|b
public|mine' "$(sql "select schemaname, tablename from pg_tables
	    where schemaname in ('public', 'the \"app') order by 1 desc, 2")"
	fails 0 '' apply
}

@test "a database without a schema to create in is said to be so" {
	sql 'drop schema public'
	migration 1_a 'CREATE TABLE a (x int);'
	says 1 'mg-apply: 1_a: its history row: no schema has been selected to create in (SQLSTATE 3F000)' \
	    apply
}

@test "a role without the right to create is told so" {
	# Before 15 everybody may.
	sql 'create role mg_poor login' \
	    'revoke create on schema public from public'
	migration 1_a 'CREATE TABLE a (x int);'
	PGUSER=mg_poor
	DATABASE_URL=$(url "$PGDATABASE")
	run -1 --separate-stderr apply
	PGUSER=postgres
	sql 'drop role mg_poor'
	has "$stderr" 'mg-apply: 1_a: its history row: permission denied for schema public (SQLSTATE 42501)' \
	    '  next: run as the owner, or GRANT the right to this role'
	unchanged
}

@test "a role that may not read the history is told so" {
	migration 1_a ''
	apply >out
	sql 'create role mg_blind login'
	PGUSER=mg_blind
	DATABASE_URL=$(url "$PGDATABASE")
	run --separate-stderr apply
	PGUSER=postgres
	sql 'drop role mg_blind'
	has "$stderr" 'mg-apply: the history cannot be read: permission denied for table _prisma_migrations'
	is 2 "$status"
}

@test "a connection that breaks is no success" {
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b 'CREATE TABLE b (x int);' 'SELECT pg_sleep(30);'
	start_apply
	await_sleep
	sql "select pg_terminate_backend(pid) from pg_stat_activity
	    where application_name = 'mg-apply'
	    and datname = current_database()"
	ends 3
	has "$(cat err)" 'terminating connection' \
	    '1 of 2 pending migrations were applied' \
	    '2_b: nothing of it remains; run again'
	is a "$(tables)"
	is 1_a "$(history_of migration_name)"
}

#
# Signals and crashes
#

# interrupted SIGNAL STATUS: what it does to a migration that is running
interrupted() {
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b 'CREATE TABLE b (x int);' 'SELECT pg_sleep(30);'
	start_apply
	await_sleep
	kill "-$1" "$pid"
	ends "$2"
	has "$(cat err)" 'canceling statement due to user request (SQLSTATE 57014)' \
	    '1 of 2 pending migrations were applied' \
	    '2_b: nothing of it remains'
	is a "$(tables)"
	is 1_a "$(history_of migration_name)"
	is f "$(sql "select exists (select from pg_stat_activity
	    where datname = current_database() and state = 'active'
	    and pid <> pg_backend_pid())")"
	migration 2_b 'CREATE TABLE b (x int);'
	apply >out
	is 'a b' "$(tables)"
}

@test "SIGINT cancels on the server, exits 130 and leaves nothing half done" {
	interrupted INT 130
}

@test "the third signal ends it, even if the server does not answer" {
	own_server
	migration 1_a 'SELECT pg_sleep(60);'
	start_apply
	await_sleep
	kill -STOP "$(head -n 1 "$own/data/postmaster.pid")"
	for _ in 1 2 3; do
		kill -INT "$pid"
		sleep 0.5
	done
	ends 130
	kill -CONT "$(head -n 1 "$own/data/postmaster.pid")"
}

@test "SIGTERM cancels on the server, exits 143 and leaves nothing half done" {
	interrupted TERM 143
}

@test "SIGHUP does so too, but not under nohup" {
	interrupted HUP 129
	migration 3_c 'SELECT pg_sleep(0.5);'
	trap '' HUP
	start_apply
	trap - HUP
	await_sleep
	kill -HUP "$pid"
	ends 0
}

@test "a signal between steps leaves a note, and the rerun goes on" {
	migration 1_a 'CREATE TABLE a (x int);' 'COMMIT;' \
	    'CREATE TABLE b (x int);' 'SELECT pg_sleep(30);'
	start_apply
	await_sleep
	kill -INT "$pid"
	ends 130
	has "$(cat err)" '1_a: 1 of its 2 steps are done'
	is a "$(tables)"
	migration 1_a 'CREATE TABLE a (x int);' 'COMMIT;' \
	    'CREATE TABLE b (x int);'
	apply >out
	is 'a b' "$(tables)"
}

@test "while it waits for the lock a signal simply ends it" {
	hold_lock
	migration 1_a 'CREATE TABLE a (x int);'
	start_apply --lock-wait 60s
	await_session mg-apply
	kill -TERM "$pid"
	ends 143
	unchanged
}

# survives: what is there after the server crashed and was started again
survives() {
	server_crash
	server_start
	is "$1" "$(tables)"
	is "$2" "$(history_of migration_name | paste -sd ' ')"
}

@test "what it says is applied outlives a crash of the server right behind it" {
	own_server 'wal_writer_delay = 10s'
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b 'CREATE TABLE b (x int);' 'SET synchronous_commit = off;'
	apply >out
	survives 'a b' '1_a 2_b'
}

@test "so does what came before a failure" {
	own_server 'wal_writer_delay = 10s'
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b 'SELECT 1/0;'
	run -1 apply
	survives a 1_a
}

@test "so does what came before a signal" {
	own_server 'wal_writer_delay = 10s'
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b 'SELECT pg_sleep(30);'
	start_apply
	await_sleep
	kill -TERM "$pid"
	ends 143
	survives a 1_a
}

@test "commits before the last do not wait for the disk" {
	migration 1_a 'CREATE TABLE a AS SELECT 1 AS n,
	    current_setting($$synchronous_commit$$) AS s;'
	migration 2_b 'SELECT set_config($$work_mem$$, $$1MB$$, false);'
	migration 3_c 'INSERT INTO a SELECT 3,
	    current_setting($$synchronous_commit$$);'
	apply >out
	is '1|off 3|off' "$(sql 'select * from a' | paste -sd ' ')"
}
