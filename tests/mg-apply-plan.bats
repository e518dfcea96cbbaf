#!/usr/bin/env bats
# mg-apply(1): how it plans scripts that cannot be one transaction

# What run sets, and SQL with its dollars and quotes:
# shellcheck disable=SC2154,SC2016

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

# plans PLAN SQL...: what -n says of a migration of these lines
plans() {
	local plan=$1
	shift
	migration 9_z "$@"
	is "$plan" "$(apply -n | jq -r 'select(.name == "9_z")
	    | [.plan, .reason // empty] | join("|")')"
}

#
# What only the catalog tells
#

@test "what turns out to refuse a transaction works where it is alone" {
	local since told statement n=10 version
	version=$(($(sql 'show server_version_num') / 10000))
	migration 01_a 'CREATE TABLE p (a int) PARTITION BY RANGE (a);' \
	    'CREATE TABLE p1 PARTITION OF p DEFAULT;' \
	    'CREATE INDEX pi ON p (a);' \
	    'CREATE PROCEDURE ends() LANGUAGE plpgsql AS $$BEGIN COMMIT; END$$;'
	while read -r since told statement; do
		if [ "$told" = catalog ] && [ "$since" -le "$version" ]; then
			migration $((++n))_x "$statement"
		fi
	done <"$ROOT/tests/sql/refused"
	[ "$n" -gt 12 ]
	apply >out
	is "$((n - 9))" "$(sql 'select count(*) from _prisma_migrations
	    where applied_steps_count = 1 and logs is null')"
}

@test "DETACH PARTITION runs without CONCURRENTLY, too" {
	migration 1_a 'CREATE TABLE p (a int) PARTITION BY RANGE (a);' \
	    'CREATE TABLE p1 PARTITION OF p DEFAULT;' \
	    'ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;'
	apply --no-concurrently >out
	is 1 "$(jq .steps out)"
	is 0 "$(sql 'select count(*) from pg_inherits
	    where inhparent = $$p$$::regclass')"
}

#
# Enum values
#

early='stepwise|it uses an enum value that it adds'

# weekday: 1_a makes the type d, with the value a, and the table t
weekday() {
	migration 1_a "CREATE TYPE d AS ENUM ('a');" \
	    'CREATE TABLE t (x d, y text);'
	apply >out
}

@test "a value that is used where it was added is committed before" {
	weekday
	migration 2_b "ALTER TYPE d ADD VALUE 'b';" \
	    "ALTER TYPE d ADD VALUE 'c';" "INSERT INTO t VALUES ('b'), ('c');"
	apply >out
	is '2_b 2' "$(jq -r '"\(.name) \(.steps)"' out)"
	is b,c "$(sql "select string_agg(x::text, ',') from t")"
	is '2_b|1|t' "$(history_of 'migration_name, applied_steps_count,
	    logs is null' | tail -1)"
}

@test "every use that the server refuses is seen" {
	local use
	weekday
	while read -r use; do
		plans "$early" "ALTER TYPE d ADD VALUE 'b';" "$use;"
		apply >out || { echo "$use" >&2; return 1; }
		sql 'drop table if exists n' 'drop function if exists f' \
		    'drop index if exists i' \
		    "delete from _prisma_migrations where migration_name = '9_z'" \
		    'drop type d cascade' "create type d as enum ('a')" \
		    'alter table t add x d' 2>/dev/null
	done <<-'END'
		INSERT INTO t (x) VALUES ('b')
		INSERT INTO t (x) VALUES (E'b')
		INSERT INTO t (x) VALUES ($$b$$)
		CREATE TABLE n (x d DEFAULT 'b')
		CREATE TABLE n (x d[] DEFAULT ARRAY['a', 'b']::d[])
		CREATE TABLE n (x d[] DEFAULT '{a,b}')
		CREATE TABLE n (x d[] DEFAULT '{"b"}')
		CREATE INDEX i ON t (y) WHERE x = 'b'
		ALTER TABLE t ADD CONSTRAINT c CHECK (x <> 'b')
		CREATE FUNCTION f() RETURNS d LANGUAGE sql AS $$SELECT 'b'::d$$
		CREATE FUNCTION f() RETURNS d AS 'SELECT $$b$$::d' LANGUAGE 'sql'
		CREATE FUNCTION f() RETURNS d BEGIN ATOMIC SELECT 'b'::d; END
		DO $$ BEGIN INSERT INTO t (x) VALUES ('b'); END $$
	END
}

@test "a value that a DO block adds is seen, too" {
	weekday
	plans "$early" 'DO $$ BEGIN' \
	    "ALTER TYPE d ADD VALUE IF NOT EXISTS 'b' AFTER 'a';" \
	    'EXCEPTION WHEN duplicate_object THEN NULL; END $$;' \
	    "INSERT INTO t VALUES ('b');"
	apply >out
	is b "$(sql 'select x from t')"
}

@test "what only names a new value is no use of it" {
	local other
	weekday
	while read -r other; do
		plans atomic "ALTER TYPE d ADD VALUE 'b';" "$other;"
	done <<-'END'
		ALTER TYPE d ADD VALUE 'c' AFTER 'b'
		ALTER TYPE d RENAME VALUE 'b' TO 'c'
		CREATE TYPE o AS ENUM ('b')
		COMMENT ON TABLE t IS 'b'
		INSERT INTO t VALUES ('a', 'B')
		INSERT INTO t VALUES ('a', '''b''')
		INSERT INTO t VALUES ('a', '{ab,bc}')
		DO $$ BEGIN ALTER TYPE d ADD VALUE IF NOT EXISTS 'c' AFTER 'b'; END $$
		CREATE FUNCTION f() RETURNS d LANGUAGE plpgsql AS $$BEGIN RETURN 'b'; END$$
	END
	apply >out
}

@test "a value is used in the transaction behind, not in one more" {
	weekday
	plans "$early" "ALTER TYPE d ADD VALUE 'b';" \
	    "INSERT INTO t VALUES ('b');" "UPDATE t SET x = 'b';" \
	    "ALTER TYPE d ADD VALUE 'c';" "UPDATE t SET x = 'b';" \
	    "UPDATE t SET x = 'c';"
	apply >out
	is 3 "$(jq .steps out)"
}

@test "a value that the script's own COMMIT makes usable needs no cut" {
	weekday
	plans 'own transactions|its own COMMIT cuts it' \
	    "ALTER TYPE d ADD VALUE 'b';" 'COMMIT;' \
	    "INSERT INTO t VALUES ('b');"
	apply >out
	is 2 "$(jq .steps out)"
}

@test "no transaction is cut that the script keeps together" {
	local before
	weekday
	for before in 'LOCK TABLE t;' 'SET LOCAL work_mem = 64;' \
	    'SAVEPOINT s;' 'SET CONSTRAINTS ALL DEFERRED;' \
	    'DECLARE c CURSOR FOR SELECT 1;' BEGIN\;; do
		plans atomic "$before" "ALTER TYPE d ADD VALUE 'b';" \
		    "INSERT INTO t VALUES ('b');" \
		    "$([ "$before" != BEGIN\; ] || echo COMMIT\;)"
	done
	run -1 --separate-stderr apply
	has "$stderr" 'migrations/9_z/migration.sql:3:23: P3018: unsafe use of new value "b" of enum type d (SQLSTATE 55P04)' \
	    '  next: a new enum value can be used after COMMIT only'
	is a "$(sql "select string_agg(enumlabel, '') from pg_enum")"
	plans 'own transactions|its own ROLLBACK cuts it' \
	    "ALTER TYPE d ADD VALUE 'b';" "SELECT 'b';" 'ROLLBACK;'
	apply >out
	is a "$(sql "select string_agg(enumlabel, '') from pg_enum")"
}

#
# Transactions that write nothing
#

@test "a transaction that may only read holds no note, and is done" {
	migration 1_a 'BEGIN READ ONLY;' 'SELECT 1;' 'COMMIT;'
	migration 2_b 'CREATE TABLE a (x int);' 'COMMIT;' \
	    'BEGIN READ WRITE, ISOLATION LEVEL READ COMMITTED, READ ONLY;' \
	    'SELECT * FROM a;' 'COMMIT AND CHAIN;' 'SELECT 2;' 'COMMIT;' \
	    'CREATE TABLE b (x int);'
	apply >out
	is $'1_a 1\n2_b 4' "$(jq -r '"\(.name) \(.steps)"' out)"
	is $'1_a|1|t\n2_b|1|t' "$(history_of 'migration_name,
	    applied_steps_count, logs is null')"
	is b "$(sql "select to_regclass('b')")"
}

@test "what writes in a transaction that may only read fails" {
	migration 1_a 'CREATE TABLE a (x int);' 'COMMIT;' 'BEGIN READ ONLY;' \
	    'SELECT 1;' 'CREATE TABLE b (x int);' 'COMMIT;'
	run -1 --separate-stderr apply
	has "$stderr" 'migration.sql:5:1: P3018: cannot execute CREATE TABLE in a read-only transaction (SQLSTATE 25006)' \
	    '1_a: 1 of its 2 steps are done'
	migration 1_a 'CREATE TABLE a (x int);' 'COMMIT;' \
	    'BEGIN READ ONLY, READ WRITE;' 'CREATE TABLE b (x int);' 'COMMIT;'
	apply >out
	is b "$(sql "select to_regclass('b')")"
}

#
# Unique indexes over rows that are not
#

# duplicates: what the error of apply says of them
duplicates() {
	run -1 --separate-stderr apply
	has "$stderr" '(SQLSTATE 23505)'
	sed -n '/^  duplicates:/,/^  statement:/{/^    /p}' <<<"$stderr"
}

@test "a unique build that fails says which values stand in its way" {
	migration 1_a 'CREATE TABLE t (a int, "B" text);' \
	    "INSERT INTO t VALUES (1, 'x'), (1, 'x'), (2, 'x'), (3, E'y\n')," \
	    "(3, E'y\n'), (3, E'y\n'), (NULL, 'x'), (NULL, 'x'), (4, 'X')," \
	    "(4, 'x'), (4, 'z'), (4, 'z');"
	apply >out
	migration 2_b 'CREATE UNIQUE INDEX CONCURRENTLY ON t (a, "B" DESC);'
	run -1 --separate-stderr apply
	has "$stderr" '(SQLSTATE 23505)
  detail: Key (a, "B")=(' ') is duplicated.
  duplicates:
    (a, "B")=(3, y\n) 3 times
    (a, "B")=(1, x) 2 times
    (a, "B")=(4, z) 2 times
  statement: CREATE UNIQUE'
	migration 2_b 'CREATE UNIQUE INDEX CONCURRENTLY i ON ONLY public.t' \
	    ' USING btree (a int4_ops, lower("B") COLLATE "C" text_ops,' \
	    ' (a + 1) ASC NULLS LAST) INCLUDE ("B")' \
	    ' WITH (fillfactor = 70) WHERE a > 3;'
	is '    (a, lower("B"), (a + 1))=(4, x, 5) 2 times
    (a, lower("B"), (a + 1))=(4, z, 5) 2 times' "$(duplicates)"
	[ "$(sql 'show server_version_num')" -ge 150000 ] || return 0
	migration 2_b 'CREATE UNIQUE INDEX ON t (a) NULLS NOT DISTINCT;'
	is '    (a)=(4) 4 times
    (a)=(3) 3 times
    (a)=(1) 2 times
    (a)=(null) 2 times' "$(duplicates)"
}

@test "of many such values ten are shown" {
	migration 1_a 'CREATE TABLE t (a int);' \
	    'INSERT INTO t SELECT n / 2 FROM generate_series(2, 99) n;'
	apply >out
	migration 2_b 'CREATE UNIQUE INDEX CONCURRENTLY i ON t (a);'
	duplicates >out
	is 11 "$(wc -l <out)"
	is '    (a)=(1) 2 times' "$(head -1 out)"
	is '    and others' "$(tail -1 out)"
}

@test "where the values cannot be told, the server's detail stands alone" {
	sql 'create schema s' 'create table s.t (a int)' 'create table t (a int)' \
	    'insert into s.t values (1), (1)' 'insert into t values (2), (2)'
	migration 1_a 'SELECT 1;'
	records
	mg-mark --applied <records >out
	migration 2_b 'SET search_path = s;' \
	    'CREATE UNIQUE INDEX CONCURRENTLY i ON t (a);'
	is '' "$(duplicates)"
	sql "delete from _prisma_migrations where migration_name = '2_b'"
	migration 2_b 'SET search_path = s;' \
	    'CREATE UNIQUE INDEX CONCURRENTLY i ON s.t (a);'
	is '    (a)=(1) 2 times' "$(duplicates)"
	sql "delete from _prisma_migrations where migration_name = '2_b'"
	migration 2_b 'CREATE TABLE n (a int);' 'INSERT INTO n VALUES (1), (1);' \
	    'CREATE UNIQUE INDEX i ON n (a);'
	is '' "$(duplicates)"
}
