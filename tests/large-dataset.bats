#!/usr/bin/env bats
# mg.fill.mk: try what is pending on many generated rows

# What run sets:
# shellcheck disable=SC2154

load helper/common
load helper/make

setup() {
	sandbox
	makefile 'MG_MIGRATIONS = migrations'
	database
	MG_SCRATCH_URL=$(url postgres)
	export MG_SCRATCH_URL ROWS=200
	migration 1_a 'create table a (id int primary key, t text);' \
	    'insert into a values (-1);'
	migration 2_b 'alter table a add n int not null default 0;'
}

@test "what the database lacks is run where there are rows, and timed" {
	records && mg-apply --to 1_a <records >applied
	run -0 --separate-stderr mg_make test-large-dataset
	has "$output" '200 rows in 1 tables' ' ms  2_b'
	[[ $output != *1_a* ]]
	is 1 "$(sql 'select count(*) from a')"
	mg-apply -q <records >applied
	is 'nothing pending; LAST=N tries the last N migrations' \
	    "$(mg_make test-large-dataset)"
}

@test "a migration that the rows do not allow fails, behind those that run" {
	migration 3_c 'alter table a alter t set not null;'
	run -2 --separate-stderr mg_make test-large-dataset LAST=2
	has "$output" ' ms  2_b'
	has "$stderr" 'contains null values'
}

@test "a migration that takes longer than MAX_MS fails" {
	migration 2_b 'select pg_sleep(0.05);'
	run -0 --separate-stderr mg_make test-large-dataset LAST=1 MAX_MS=60000
	run -2 --separate-stderr mg_make test-large-dataset LAST=1 MAX_MS=20
	has "$output" '2_b  more than MAX_MS=20'
}

@test "production and what is no number are refused" {
	says 2 'not with ENVIRONMENT=production; nothing was done' \
	    mg_make test-large-dataset ENVIRONMENT=production
	says 2 "LAST is a number, not 'x'" mg_make test-large-dataset LAST=x
	is '' "$(sql "select datname from pg_database
	    where datname like 'mg_scratch_%'")"
}
