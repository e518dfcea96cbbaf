#!/usr/bin/env bats
# mg.test.mk: what is pending, where there are many rows

# What run sets:
# shellcheck disable=SC2154

load helper/common
load helper/make

setup() {
	sandbox
	makefile 'MG_MIGRATIONS = migrations'
	MG_SCRATCH_URL=$(url postgres)
	export MG_SCRATCH_URL ROWS=200
	unset DATABASE_URL DIRECT_URL
	migration 1_a 'create table a (id int primary key, t text);' \
	    'insert into a values (-1);'
	migration 2_b 'alter table a add n int not null default 0;'
	migration 3_c 'create index on a (n);'
}

# measured: the names in the table
measured() {
	grep -o '[123]_[abc]' <<<"$output" | tr '\n' ' '
}

# Rows 239, 271.
@test "the last migration runs where there are rows, and is measured" {
	run -0 --separate-stderr mg_make test-large-dataset
	has "$output" '200 rows in 1 table' 'Share on public.a' '1 migration: '
	is '3_c ' "$(measured)"
}

@test "what the database lacks runs, or what is behind FROM" {
	database
	records && mg-apply -q --to 1_a <records >applied
	run -0 --separate-stderr mg_make test-large-dataset
	[[ $(measured) == *2_b* && $(measured) == *3_c* ]]
	is 1 "$(sql 'select count(*) from a')"
	run -0 --separate-stderr mg_make test-large-dataset FROM=2_b
	is '3_c ' "$(measured)"
	mg-apply -q <records >applied
	run -0 --separate-stderr mg_make test-large-dataset
	is '3_c ' "$(measured)"
}

@test "a migration that the rows do not allow fails" {
	migration 3_c 'alter table a alter t set not null;'
	run -2 --separate-stderr mg_make test-large-dataset
	has "$stderr" 'contains null values' \
	    'test-large-dataset: nothing was measured, as said above'
}

@test "the thresholds are those of test-performance" {
	migration 3_c 'alter table a alter n type bigint;'
	run -2 --separate-stderr mg_make test-large-dataset
	has "$output" 'rewrite  3_c: public.a written anew'
	run -0 --separate-stderr mg_make test-large-dataset REWRITES=1
}

@test "a table that cannot be filled is named" {
	migration 2_b 'alter table a add n int;' \
	    'create table b (i int not null check (i * i = 7));'
	run -0 --separate-stderr mg_make test-large-dataset
	has "$output" 'public.b: 0 rows: '
}

@test "what is no number, and a database that does not answer, are refused" {
	says 2 "ROWS is a number such as 100000, not 'x'" \
	    mg_make test-large-dataset ROWS=x
	says 2 'FROM= names the migration that it has' mg_make \
	    test-large-dataset DATABASE_URL=postgresql://nobody@127.0.0.1:1/x
	is '' "$(PGDATABASE=postgres sql "select datname from pg_database
	    where datname like 'mg_scratch_%'")"
}
