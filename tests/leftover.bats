#!/usr/bin/env bats
# mg-apply(1): what broken CONCURRENTLY statements leave, and how it goes on

# What run sets, what end_sessions reads, and SQL with its dollars and quotes:
# shellcheck disable=SC2154,SC2034,SC2016

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

# indexes: those of this test's tables and their TOAST tables, on one line
indexes() {
	sql "select coalesce(string_agg(case when indisvalid then ''
		else '!' end || regexp_replace(relname, '_[0-9]+_', '_'), ' '
		order by relname), '')
	    from pg_index join pg_class on oid = indexrelid
	    where indrelid >= 16384
	    and relname not like '\_prisma%'
	    and (relname not like 'pg_toast%' or not indisvalid)"
}

# reader TABLE: a session that has read it, and whose transaction stays open
reader() {
	sessions=begun
	PGAPPNAME=reader psql -Xq -c "begin; select from $1; select pg_sleep(600)" \
	    >/dev/null 2>&1 3>&- &
	await "select exists (select from pg_stat_activity
	    where datname = current_database() and wait_event = 'PgSleep'
	    and application_name = 'reader')"
}

# release: what reader did is over
release() {
	sql "select pg_terminate_backend(pid) from pg_stat_activity
	    where datname = current_database()
	    and application_name = 'reader'" >/dev/null
	await "select not exists (select from pg_stat_activity
	    where datname = current_database()
	    and application_name = 'reader')"
}

# cut_off STATEMENT TABLE: run it, and cancel it while it waits for a reader
cut_off() {
	reader "$2"
	! psql -Xq -c 'set statement_timeout = 300' -c "$1" 2>/dev/null
	release
}

# cut_off_apply CONDITION: start mg-apply, kill it and its session once that is
# true, and release its reader
cut_off_apply() {
	start_apply
	await "$1"
	kill -KILL "$pid"
	sql "select pg_terminate_backend(pid) from pg_stat_activity
	    where datname = current_database()
	    and application_name = 'mg-apply'" >/dev/null
	ends 137
	await "select not exists (select from pg_stat_activity
	    where datname = current_database()
	    and application_name = 'mg-apply')"
	release
}

# began_with_tables: a history that stands for what was made without one
began_with_tables() {
	migration 1_a 'SELECT 1;'
	records
	mg-mark --applied <records >out
}

# died: the row of 2_b says that not even its first step was done
died() {
	sql "update _prisma_migrations set finished_at = null, logs
	    = 'mg-apply: 0 of 1 steps done, xxh3 99aa06d3014798d86001c324468d497f'
	    where migration_name = '2_b'"
}

#
# CREATE INDEX
#

@test "a broken index to which the server gave the name is dropped" {
	migration 1_a 'CREATE TABLE t (a int, "B" int);' \
	    'INSERT INTO t VALUES (1, 1), (1, 1);'
	apply >out
	migration 2_b 'CREATE UNIQUE INDEX CONCURRENTLY ON t (a, "B");'
	run -1 apply
	is '' "$(indexes)"
	run -1 sql 'create unique index concurrently on t (a, "B")'
	is '!t_a_B_idx' "$(indexes)"
	sql 'delete from t'
	apply >out
	is 't_a_B_idx' "$(indexes)"
}

@test "a broken index on an expression is built again, and stays" {
	migration 1_a 'CREATE TABLE t (a text);' \
	    "INSERT INTO t VALUES ('x'), ('X');"
	apply >out
	migration 2_b 'CREATE UNIQUE INDEX CONCURRENTLY ON t (lower(a));'
	run -1 apply
	sql 'delete from t'
	apply >out
	is '!t_lower_idx t_lower_idx1' "$(indexes)"
}

@test "no index is dropped that may be another's" {
	migration 1_a 'CREATE TABLE t (a int, b int);' \
	    'CREATE TABLE u (a int);' \
	    'CREATE INDEX ON t (a, b);' 'CREATE INDEX ON t (b);' \
	    'CREATE INDEX ON t (a) WHERE a > 0;' 'CREATE INDEX ON t ((a));' \
	    'CREATE INDEX ON t (a DESC);' 'CREATE INDEX ON t USING hash (a);' \
	    'CREATE UNIQUE INDEX t_unique_idx ON t (a);' \
	    'CREATE INDEX mine ON t (a);' 'CREATE INDEX ON u (a);' \
	    'UPDATE pg_index SET indisvalid = false WHERE indexrelid >= 16384
		AND indrelid IN ($$t$$::regclass, $$u$$::regclass);'
	apply >out
	before=$(indexes)
	migration 2_b 'CREATE INDEX CONCURRENTLY new_idx ON t (a);' \
	    'DROP INDEX new_idx;' 'CREATE INDEX CONCURRENTLY ON u (a int4_ops);' \
	    'DROP INDEX u_a_idx1;'
	apply >out
	is "$before" "$(indexes)"
	# Of these, the expression (a) is the column a.
	migration 3_c 'CREATE INDEX CONCURRENTLY ON t (a);'
	apply >out
	is "${before/!t_a_idx1 /t_a_idx1 }" "$(indexes)"
}

@test "an invalid index of a partitioned table is none that broke" {
	migration 1_a 'CREATE TABLE p (a int) PARTITION BY RANGE (a);' \
	    'CREATE TABLE p1 PARTITION OF p DEFAULT;' \
	    'CREATE INDEX p_a_idx ON ONLY p (a);'
	apply >out
	migration 2_b 'CREATE INDEX CONCURRENTLY p_a_idx ON p (a);'
	run -1 apply
	is '!p_a_idx' "$(indexes)"
}

@test "while a session builds on the table, nothing is dropped" {
	migration 1_a 'CREATE TABLE t (a int);' 'CREATE INDEX x ON t (a);' \
	    'UPDATE pg_index SET indisvalid = false
		WHERE indexrelid = $$x$$::regclass;'
	apply >out
	reader t
	psql -Xqc 'create index concurrently y on t (a)' 2>/dev/null 3>&- &
	await "select exists (select from pg_stat_progress_create_index
	    where datname = current_database())"
	migration 2_b 'CREATE INDEX CONCURRENTLY IF NOT EXISTS x ON t (a);'
	run -75 --separate-stderr apply
	has "$stderr" "$(sql "select pid from pg_stat_activity
	    where query ~ '^create index'") is building an index just now on the table of the invalid index x; try again when it is done"
	release
	wait
	apply >out
	is 'x y' "$(indexes)"
}

@test "an index without a name is built again unless it may be there" {
	migration 1_a 'CREATE TABLE t (a int);'
	apply >out
	reader t
	migration 2_b 'CREATE INDEX CONCURRENTLY ON t (a);'
	cut_off_apply "select exists (select from pg_index
	    where indrelid = 't'::regclass)"
	is '!t_a_idx' "$(indexes)"
	apply >out
	is 't_a_idx' "$(indexes)"
	died
	says 1 'nobody noted whether this statement was done' apply
}

@test "an index that IF NOT EXISTS took for another is missed" {
	migration 1_a 'CREATE TABLE t (a int);' 'CREATE TABLE u (a int);' \
	    'CREATE INDEX i ON u (a);' 'CREATE INDEX "T" ON t (a);'
	apply >out
	migration 2_b 'CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);'
	run -1 --separate-stderr apply
	is 'mg-apply: migrations/2_b/migration.sql:1:1: P3018: no valid index i on t has come of it (SQLSTATE 55000)
  hint: IF NOT EXISTS is content with whatever bears the name, so drop or rename that
  statement: CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)
mg-apply: 0 of 1 pending migrations were applied
mg-apply: 2_b: 0 of its 1 steps are done; mend the rest and run again' "$stderr"
	migration 2_b 'CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON public."t" (a);' \
	    'SELECT 1;'
	says 1 'no valid index i on public."t" has come of it' apply
	migration 2_b 'CREATE INDEX j ON t (a);' \
	    'UPDATE pg_index SET indisvalid = false
		WHERE indexrelid = $$j$$::regclass;' \
	    'CREATE INDEX CONCURRENTLY IF NOT EXISTS j ON t (a);'
	says 1 'no valid index j on t has come of it' apply
	sql 'drop index j' 'alter index i rename to u_i' \
	    "delete from _prisma_migrations where migration_name = '2_b'"
	migration 2_b 'CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);'
	apply >out
	is 'T i u_i' "$(indexes)"
	migration 3_c 'CREATE INDEX CONCURRENTLY IF NOT EXISTS "T" ON t (a);' \
	    'SET search_path = pg_catalog;' \
	    'CREATE INDEX CONCURRENTLY U&"v" ON public.t (a);'
	apply >out
	is 'T i u_i v' "$(indexes)"
}

@test "an index is found where the script and its role see it" {
	sql 'create schema "S"' 'create table "S".t (a int)' 'create table t ()'
	began_with_tables
	migration 2_b 'SET search_path = "S";' \
	    'CREATE INDEX CONCURRENTLY i ON t (a);'
	apply >out
	is '"S".i' "$(sql "select indexrelid::regclass from pg_index
	    where indrelid = '\"S\".t'::regclass and indisvalid")"
}

#
# DROP INDEX, REINDEX
#

@test "an index that was dropped half way is dropped" {
	migration 1_a 'CREATE TABLE t (a int);' 'CREATE INDEX i ON t (a);'
	apply >out
	reader t
	migration 2_b 'DROP INDEX CONCURRENTLY i;'
	cut_off_apply "select not indisvalid from pg_index
	    where indexrelid = 'i'::regclass"
	is '!i' "$(indexes)"
	apply >out
	is '' "$(indexes)"
}

@test "copies that a broken REINDEX left are dropped, those of TOAST too" {
	sql 'create table t (a int, b text)' 'create index i on t (a)' \
	    'create table u (a int)' 'create index u_i on u (a)' \
	    'create index i_ccnew_mine on t (a)'
	cut_off 'reindex table concurrently t' t
	cut_off 'reindex table concurrently u' u
	is 'i !i_ccnew i_ccnew_mine !i_ccnew_mine_ccnew !pg_toast_index_ccnew u_i !u_i_ccnew' "$(indexes)"
	began_with_tables
	migration 2_b 'REINDEX INDEX CONCURRENTLY i_ccnew_mine;'
	apply >out
	is 'i !i_ccnew i_ccnew_mine !pg_toast_index_ccnew u_i !u_i_ccnew' \
	    "$(indexes)"
	migration 3_c 'REINDEX TABLE CONCURRENTLY t;'
	apply >out
	is 'i i_ccnew_mine u_i !u_i_ccnew' "$(indexes)"
	migration 4_d 'REINDEX (CONCURRENTLY) SCHEMA public;'
	apply >out
	is 'i i_ccnew_mine u_i' "$(indexes)"
}

@test "the copy of an index with a long name has a shorter one" {
	local name
	name=$(printf 'é%.0s' {1..31})
	sql 'create table t (a int)' "create index $name on t (a)"
	cut_off 'reindex table concurrently t' t
	is "!${name:0:56}_ccnew $name" "$(indexes)"
	began_with_tables
	migration 2_b "REINDEX INDEX CONCURRENTLY $name;"
	apply >out
	is "$name" "$(indexes)"
}

@test "copies in partitions are dropped, and an old index that remained" {
	sql 'create table p (a int) partition by range (a)' \
	    'create table p1 partition of p default' 'create index i on p (a)'
	cut_off 'reindex table concurrently p1' p1
	sql 'update pg_class set relname = $$p1_a_idx_ccold$$
	    where relname = $$p1_a_idx_ccnew$$'
	cut_off 'reindex table concurrently p1' p1
	is 'i p1_a_idx !p1_a_idx_ccnew !p1_a_idx_ccold' "$(indexes)"
	began_with_tables
	migration 2_b 'REINDEX INDEX CONCURRENTLY i;'
	apply >out
	is 'i p1_a_idx' "$(indexes)"
	cut_off 'reindex table concurrently p1' p1
	migration 3_c 'REINDEX TABLE CONCURRENTLY p;'
	apply >out
	is 'i p1_a_idx' "$(indexes)"
	cut_off 'reindex table concurrently p1' p1
	migration 4_d "REINDEX DATABASE CONCURRENTLY $PGDATABASE;"
	apply >out
	is 'i p1_a_idx' "$(indexes)"
}

#
# DETACH PARTITION
#

# partitions: of p, on one line, those half detached with a !
partitions() {
	sql "select coalesce(string_agg(case when inhdetachpending then '!'
		else '' end || inhrelid::regclass, ' '), '')
	    from pg_inherits where inhparent = 'p'::regclass"
}

@test "a partition that was detached half way is detached" {
	migration 1_a 'CREATE TABLE p (a int) PARTITION BY RANGE (a);' \
	    'CREATE TABLE "P1" PARTITION OF p FOR VALUES FROM (1) TO (2);'
	apply >out
	reader p
	migration 2_b 'ALTER TABLE p DETACH PARTITION "P1" CONCURRENTLY;' \
	    'CREATE TABLE b (x int);'
	cut_off_apply "select inhdetachpending from pg_inherits
	    where inhparent = 'p'::regclass"
	is '!"P1"' "$(partitions)"
	fails 0 'mg-apply: 2_b: was left half done and goes on behind step 1 of 2' apply
	is '' "$(partitions)"
	is '2_b|1|t' "$(history_of 'migration_name, applied_steps_count,
	    logs is null' | tail -1)"
}

@test "a partition that is still attached is detached" {
	migration 1_a 'CREATE TABLE p (a int) PARTITION BY RANGE (a);' \
	    'CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2);'
	apply >out
	migration 2_b 'ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;'
	apply >out
	sql 'alter table p attach partition p1 for values from (1) to (2)'
	died
	fails 0 'mg-apply: 2_b: was left half done and goes on behind step 0 of 1' apply
	is '' "$(partitions)"
}

@test "a partition that was detached is not detached again" {
	migration 1_a 'CREATE TABLE p (a int) PARTITION BY RANGE (a);' \
	    'CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2);'
	apply >out
	migration 2_b 'ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;' \
	    'SELECT 1/0;'
	run -1 apply
	died
	migration 2_b 'ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;' 'SELECT 1;'
	fails 0 'mg-apply: 2_b: was left half done and goes on behind step 1 of 2' apply
	# One that failed because it is none fails again.
	migration 3_c 'ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;'
	run -1 apply
	run -1 --separate-stderr apply
	has "$stderr" 'relation "p1" is not a partition of relation "p"'
}
