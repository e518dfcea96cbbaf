#!/usr/bin/env bats
# A database that is not empty but has no history: refused by both (P3005)

load helper

setup() {
	project
	databases one
	migration 1_one 'CREATE TABLE one (x int);'
}

# refused: by both, and nothing is done
refused() {
	objects >before
	says 1 P3005 prisma deploy
	says 1 P3005 apply
	is '' "$output"
	objects >after
	same before after
}

@test "a table of somebody else" {
	on one sql 'CREATE TABLE other (x int)'
	on one refused
}

@test "a table whose name only begins as the history's does" {
	on one sql 'CREATE UNLOGGED TABLE _prisma_migrations_old (x int)'
	on one refused
}

@test "a partition" {
	on one sql 'CREATE TABLE whole (x int) PARTITION BY LIST (x);
	    CREATE TABLE part PARTITION OF whole DEFAULT'
	on one refused
}

@test "what is no ordinary table of this schema is in nobody's way" {
	on one sql 'CREATE VIEW v AS SELECT 1;
	    CREATE MATERIALIZED VIEW m AS SELECT 1;
	    CREATE TABLE parent (x int) PARTITION BY LIST (x);
	    CREATE SEQUENCE s;
	    CREATE TYPE t AS (x int);
	    CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1;
	    CREATE SCHEMA elsewhere CREATE TABLE t (x int);
	    CREATE TABLE spatial_ref_sys (x int);
	    CREATE TABLE "Geometry_Columns" (x int)'
	copy one theirs
	copy one ours
	on theirs prisma deploy
	on ours apply
	alike objects history
	on ours agreed
}

@test "a history without rows is a history" {
	hide migrations/1_one
	on one prisma deploy # makes the table and no more
	on one sql 'CREATE TABLE other (x int)'
	show
	copy one theirs
	copy one ours
	on theirs prisma deploy
	on ours apply
	alike objects history
}
