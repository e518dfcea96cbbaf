#!/usr/bin/env bats
# mg.deploy.mk: a database brought to where the migrations are

# What run sets:
# shellcheck disable=SC2154

load helper/common
load helper/baseline
load helper/make
load helper/server

setup() {
	sandbox
	makefile 'MG_MIGRATIONS = migrations'
	migration 20240101000000_one 'create table a (i int);'
	migration 20240102000000_two 'insert into a values (2);'
	migration 20240103000000_three 'insert into a values (3);'
	database
}

teardown() {
	end_sessions
}

# rows: of the history, in order
rows() {
	sql 'select migration_name, checksum from _prisma_migrations
	    where finished_at is not null order by started_at'
}

# as_if_one_by_one: the rows and the table are what the migrations leave
as_if_one_by_one() {
	records
	is "$(jq -r '"\(.name)|\(.checksum)"' records)" "$(rows)"
	is $'2\n3' "$(sql 'select i from a where i < 4 order by i')"
}

# Rows 66, 72, 95, 104.
@test "deploy-dev: a new database gets the baseline, and rows of all" {
	baseline
	run -0 mg_make deploy-dev
	has "$output" '1 applied, a baseline of 3 migrations among them, '
	as_if_one_by_one
	has "$(mg_make deploy-dev)" 'nothing pending'
	is 'nothing pending' "$(mg_make migrate)"
}

@test "deploy-dev: then what is newer" {
	baseline
	migration 20240104000000_four 'insert into a values (4);'
	run -0 mg_make deploy-dev
	has "$output" '2 applied, a baseline of 3 migrations among them, '
	as_if_one_by_one
	is 4 "$(sql 'select i from a where i = 4')"
}

@test "deploy-dev: of one that fails it is said what is there, and what is not" {
	baseline
	mg_make deploy-dev
	migration 20240104000000_four 'select 1/0;'
	run -2 mg_make deploy-dev
	has "$output" 'the database: 3 applied, 1 pending (20240104000000_four)'
}

@test "deploy-dev: one that has begun goes on as it began" {
	baseline
	mg_make migrate TO=20240102000000_two
	run -0 mg_make deploy-dev
	has "$output" '1 applied, '
	is '' "$(grep baseline <<<"$output")"
	as_if_one_by_one
}

@test "deploy-dev: without a baseline, one by one, and that is told" {
	run -0 --separate-stderr mg_make deploy-dev
	has "$stderr" 'consolidated-migration: there is none; make consolidate'
	has "$output" '3 applied, '
	as_if_one_by_one
}

@test "deploy-dev: a baseline of what has changed since is refused" {
	baseline
	migration 20240102000000_two 'insert into a values (22);'
	run -2 mg_make deploy-dev
	has "$output" '20240102000000_two, but it has changed since'
	is '' "$(sql "select to_regclass('a')")"
}

@test "deploy-dev: what it leaves to ask mg-status for is there" {
	baseline
	mg_make deploy-dev
	is 3 "$(wc -l <.mg/deployed.jsonl)"
	mg-status --exit-code <.mg/deployed.jsonl
	sql 'delete from _prisma_migrations'
	run -1 mg-status --exit-code <.mg/deployed.jsonl
}

@test "deploy-dev: where the baseline had a row, all have one" {
	baseline
	records consolidated-migration
	mg-apply <records
	mg_make deploy-dev
	is 3 "$(wc -l <.mg/deployed.jsonl)"
	mg-status --exit-code <.mg/deployed.jsonl
}

@test "deploy-dev: a make that is stopped stops what it runs" {
	hold_lock
	start_make deploy-dev
	await_session mg-apply
	kill "$make"
	wait "$make" || :
	await "select not exists (select from pg_stat_activity
	    where datname = current_database()
	    and application_name = 'mg-apply')"
	release_lock
	is '' "$(sql "select to_regclass('a')")"
}

@test "deploy-dev: all of it takes as many round trips as one migration" {
	local one
	baseline
	records
	one=$(round_trips mg-apply --to 20240101000000_one)
	dropdb "$PGDATABASE"
	database
	records migrations consolidated-migration
	is "$one" "$(round_trips mg-apply --mark-replaced)"
	as_if_one_by_one
}
