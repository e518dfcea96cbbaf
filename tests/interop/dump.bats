#!/usr/bin/env bats
# mg-dump: Prisma deploys what it prints, as any other migration
#
# shellcheck disable=SC2016

load helper

setup() {
	project
	databases theirs ours other
}

# deployed: the dump of the database called theirs, deployed by Prisma to ours
# and by mg-apply to other, gives the same objects and rows, and both agree
deployed() {
	on theirs mg-dump --data >all.sql
	hide migrations/[0-9]*
	script 1_all <all.sql
	migration 2_next 'CREATE TABLE next (id int);' 'DROP TABLE next;'
	run -0 on ours prisma deploy
	on ours agreed
	alike objects_alone sorted_rows
	on other apply >applied
	on other agreed
	on theirs objects_alone >want
	on other objects_alone >got
	same want got
	on ours mg-dump --data | cmp - all.sql
	on other mg-dump --data | cmp - all.sql
}

# objects_alone: without the history, which the first one need not have
objects_alone() {
	objects -T _prisma_migrations
}

# sorted_rows: whatever order they lie in
sorted_rows() {
	rows | sort
}

@test "functions that refer to later tables, rows, sequences, event triggers" {
	migration 1_one 'CREATE TABLE a (id serial PRIMARY KEY, b int);' \
	    'CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);' \
	    'ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;' \
	    'CREATE FUNCTION f() RETURNS bigint LANGUAGE sql' \
	    "AS 'SELECT count(*) FROM a';" \
	    'CREATE MATERIALIZED VIEW v AS SELECT id FROM a;' \
	    'INSERT INTO a DEFAULT VALUES; INSERT INTO b VALUES (1, 1);' \
	    "UPDATE a SET b = 1;" \
	    'CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql' \
	    'AS $$ BEGIN PERFORM 1; END $$;' \
	    'CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION e();'
	on theirs prisma deploy
	deployed
}

@test "a history of 120 migrations" {
	"$ROOT/tests/history" 120 7 generated
	rm migrations/migration_lock.toml
	mv generated/* migrations
	run -0 on theirs prisma deploy
	deployed
}
