#!/usr/bin/env bats
# Migrations that knex wrote, run by mg with the project's own knex

# What run sets, and code with its quotes:
# shellcheck disable=SC2154,SC2016,SC2031

load helper

setup() {
	project
	databases ours
	mkdir knex
}

# code FILE LINE...: a migration of knex
code() {
	printf '%s\n' "${@:2}" >"knex/$1"
}

# run_all [OPTION...]: SQL and code, in one order
run_all() {
	mg-scan migrations --layout knex knex >scanned &&
	    mg-hash <scanned >records && mg-apply "$@" <records
}

# SEEDS 188, 190, 193, 196, 202
@test "every way to export up runs, between SQL" {
	local name
	migration 20240101000000_sql 'create table t (name text);'
	code 20240102_cjs.js 'exports.up = async function (knex) {' \
	    "  await knex('t').insert({ name: 'cjs' });" '};' \
	    'exports.down = (knex) => knex("t").del();'
	code 20240103_object.cjs 'module.exports = {' \
	    "  up: (knex) => knex('t').insert({ name: 'object' })," \
	    '  down() {},' '};'
	code 20240104_esm.mjs 'export async function up(knex) {' \
	    "  await knex('t').insert({ name: 'esm' });" '}' \
	    'export async function down() {}'
	code 20240105_typed.ts "import type { Knex } from 'knex';" \
	    'enum Name { typed = "typed" }' \
	    'export async function up(knex: Knex): Promise<void> {' \
	    "  await knex('t').insert({ name: Name.typed });" '}' \
	    'export async function down(knex: Knex): Promise<void> {}'
	code 20240106_default.mjs 'export default {' \
	    "  up: (knex) => knex('t').insert({ name: 'default' })," '};'
	migration 20240107000000_sql "insert into t values ('sql');"
	on ours run_all >out
	is 'cjs object esm typed default sql' \
	    "$(on ours sql 'select name from t' | paste -sd ' ')"
	is 7 "$(on ours sql 'select count(*) from _prisma_migrations
	    where finished_at is not null and applied_steps_count = 1')"
	is '' "$(on ours run_all)"
}

@test "it is one transaction, unless the migration says no" {
	migration 20240101000000_sql 'create table t (name text);'
	code 20240102_whole.js 'exports.up = async (knex) => {' \
	    "  await knex('t').insert({ name: 'lost' });" \
	    "  throw new Error('boom');" '};'
	run -1 on ours run_all
	has "$output" 'boom' '20240102_whole: failed, exit status 1'
	is '' "$(on ours sql 'select name from t')"
	on ours mg-mark --rolled-back 20240102_whole <records >out
	code 20240102_whole.js 'exports.config = { transaction: false };' \
	    'exports.up = async (knex) => {' \
	    "  await knex('t').insert({ name: 'kept' });" \
	    "  await knex.raw('create index concurrently i on t (name)');" '};'
	on ours run_all >out
	is kept "$(on ours sql 'select name from t')"
}

@test "the schema of the URL is where it works" {
	code 20240101_a.js "exports.up = (knex) =>" \
	    "  knex.schema.createTable('t', (t) => { t.increments(); });"
	mg-scan --layout knex knex | mg-hash >records
	PGDATABASE=$(called ours) mg-apply \
	    -d "$(url "$(called ours)" schema=own)" <records >out
	is own "$(on ours sql "select schemaname from pg_tables
	    where tablename = 't'")"
}

# What prisma makes of it is in the page of mg-scan(1).
@test "scripts beside Prisma's folder leave prisma status content" {
	migration 20240101000000_sql 'create table t (name text);'
	code 20240102_a.js "exports.up = (knex) => knex('t').insert({ name: 'a' });"
	on ours run_all >out
	run -0 on ours prisma deploy
	has "$output" 'No pending migrations to apply.'
	run -0 on ours prisma status
	has "$output" 'Database schema is up to date!'
}

@test "a script inside of Prisma's folder is P3015 for prisma status" {
	mkdir migrations/20240101000000_a
	echo true >migrations/20240101000000_a/migration.sh
	on ours run_all >out
	run -1 on ours prisma status
	has "$output" P3015
}
