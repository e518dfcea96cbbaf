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

# real COMMAND...: knex itself, on the same folder
real() {
	[ -e knexfile.cjs ] || cat >knexfile.cjs <<'end'
module.exports = {
	client: 'pg',
	connection: {},
	searchPath: undefined,
	migrations: {
		directory: './knex',
		tableName: process.env.KNEX_TABLE || 'knex_migrations',
		loadExtensions: ['.js', '.cjs', '.mjs'],
	},
};
end
	node node_modules/knex/bin/cli.js --knexfile knexfile.cjs "$@"
}

# three: migrations of knex, each of which leaves a row
three() {
	local i
	code 20240101_a.js "exports.up = (knex) =>" \
	    "  knex.schema.createTable('t', (t) => { t.string('name'); });" \
	    'exports.down = () => {};'
	for i in 2_b 3_c; do
		code "2024010$i.js" \
		    "exports.up = (knex) => knex('t').insert({ name: '$i' });" \
		    'exports.down = () => {};'
	done
}

# knex_rows [TABLE]: what knex has of them
knex_rows() {
	on ours sql "select name, batch from ${1:-knex_migrations} order by id"
}

# SEEDS 188, 190, 193, 196, 202
@test "every way to export up runs, between SQL" {
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

# SEEDS 196, 215
@test "what mg ran, knex lists and does not run" {
	three
	on ours run_all >out
	is '20240101_a.js|1
20240102_b.js|2
20240103_c.js|3' "$(knex_rows)"
	is 0 "$(on ours sql 'select is_locked from knex_migrations_lock')"
	run -0 on ours real migrate:latest
	has "$output" 'Already up to date'
	run -0 on ours real migrate:status
	has "$output" 'No Pending Migration files Found'
	is '2_b 3_c' "$(on ours sql 'select name from t' | paste -sd ' ')"
}

@test "what knex ran, mg knows and does not run, and half of each" {
	three
	mv knex/20240103_c.js .
	on ours real migrate:latest
	mv 20240103_c.js knex
	mg-scan --layout knex knex | mg-hash >records
	is 'applied applied pending' "$(on ours mg-status <records |
	    jq -r .state | paste -sd ' ')"
	is 20240103_c "$(on ours mg-apply <records | jq -r .name)"
	is '2_b 3_c' "$(on ours sql 'select name from t' | paste -sd ' ')"
	is '20240101_a.js|1
20240102_b.js|1
20240103_c.js|2' "$(knex_rows)"
	run -0 on ours real migrate:latest
	has "$output" 'Already up to date'
}

@test "while mg runs a migration of knex, knex finds its lock taken" {
	three
	code 20240102_b.js 'const { execFileSync } = require("child_process");' \
	    'exports.up = async () => {' \
	    '  const knex = require("knex")(require("../knexfile.cjs"));' \
	    '  const [row] = await knex("knex_migrations_lock");' \
	    '  console.log("locked", row.is_locked !== 0);' \
	    '  await knex.migrate.latest({ disableTransactions: true })' \
	    '    .catch((e) => console.log("refused", e.name));' \
	    '  await knex.destroy(); };'
	on ours real migrate:list >out
	run -0 on ours run_all
	has "$output" 'locked true' 'refused MigrationLocked'
	is '20240101_a.js|1
20240102_b.js|2
20240103_c.js|3' "$(knex_rows)"
}

@test "while knex has its lock, mg waits for another run; what mg left it takes over" {
	three
	on ours real migrate:list >out
	on ours sql 'update knex_migrations_lock set is_locked = 1'
	says 75 '20240101_a: knex has its migrations locked' on ours run_all
	is '' "$(on ours sql "select 1 from pg_tables where tablename = 't'")"
	on ours sql 'update knex_migrations_lock set is_locked = 72707369'
	on ours run_all >out
	is 0 "$(on ours sql 'select is_locked from knex_migrations_lock')"
}

@test "a table of another name, and marked rows, are knex's as well" {
	three
	mg-scan --knex-table migrations --layout knex knex | mg-hash >records
	on ours mg-apply --to 20240101_a <records >out
	on ours mg-mark --applied 20240102_b <records >out
	is '20240101_a.js|1
20240102_b.js|2' "$(knex_rows migrations)"
	KNEX_TABLE=migrations on ours real migrate:latest
	is 3_c "$(on ours sql 'select name from t')"
	is '' "$(on ours mg-apply <records)"
}

@test "half by Prisma and knex, half by mg, and both have nothing to do" {
	migration 20240101000000_sql 'create table t (name text);'
	code 20240102_b.js "exports.up = (knex) => knex('t').insert({ name: 'b' });" \
	    'exports.down = () => {};'
	on ours prisma deploy
	on ours real migrate:latest
	migration 20240103000000_sql "insert into t values ('c');"
	code 20240104_d.js "exports.up = (knex) => knex('t').insert({ name: 'd' });" \
	    'exports.down = () => {};'
	is '20240103000000_sql 20240104_d' \
	    "$(on ours run_all | jq -r .name | paste -sd ' ')"
	is 'b c d' "$(on ours sql 'select name from t' | paste -sd ' ')"
	run -0 on ours prisma deploy
	has "$output" 'No pending migrations to apply.'
	run -0 on ours prisma status
	run -0 on ours real migrate:latest
	has "$output" 'Already up to date'
}

# back_and_forth: migrations of knex that go back, and say that they did
back_and_forth() {
	code 20240101_a.js "exports.up = (knex) =>" \
	    "  knex.schema.createTable('t', (t) => { t.string('name'); });" \
	    "exports.down = (knex) => knex.schema.dropTable('t');"
	code 20240102_b.mjs "export const up = (knex) =>" \
	    "  knex('t').insert({ name: 'b' });" \
	    "export const down = (knex) => knex('t').where('name', 'b').del();"
	code 20240103_c.cjs 'module.exports = {' \
	    "  up: (knex) => knex('t').insert({ name: 'c' })," \
	    "  async down(knex) {" \
	    "    await knex('t').insert({ name: String(knex.isTransaction) });" \
	    "    if (process.env.MG_KEPT) throw new Error('boom');" \
	    "    await knex('t').where({ name: 'c' }).del();" '  },' '};'
}

# names: what the migrations left in their table
names() {
	on ours sql 'select name from t order by name' | paste -sd ' '
}

undo() {
	on ours mg-undo "$@" <records
}

# Row 203.
@test "what mg ran and took back, knex has as pending, and runs" {
	back_and_forth
	on ours run_all >out
	is $'20240103_c\n20240102_b' "$(undo --to 20240101_a | jq -r .name)"
	is true "$(names)"
	is '20240101_a.js|1' "$(knex_rows)"
	run -0 on ours real migrate:status
	has "$output" '20240102_b.mjs' '20240103_c.cjs'
	run -0 on ours real migrate:latest
	has "$output" 'Batch 2 run: 2 migrations'
	is 'b c true' "$(names)"
	is '' "$(on ours run_all)"
}

@test "what knex ran mg takes back, and knows what knex took back" {
	back_and_forth
	on ours real migrate:latest
	mg-scan --layout knex knex | mg-hash >records
	undo >out
	is '20240101_a.js|1
20240102_b.mjs|1' "$(knex_rows)"
	on ours real migrate:down
	is '20240101_a applied
20240102_b pending
20240103_c pending' "$(on ours mg-status <records |
	    jq -r '.name + " " + .state')"
	undo >out
	is '' "$(on ours sql "select tablename from pg_tables
	    where tablename = 't'")"
	run -0 on ours real migrate:latest
	has "$output" 'run: 3 migrations'
}

@test "a way back that fails changes nothing, and stops knex until it is settled" {
	back_and_forth
	on ours run_all >out
	MG_SCRIPT_ENV=MG_KEPT MG_KEPT=1 run -1 undo
	has "$output" 'boom' '20240103_c: its way back failed, exit status 1'
	is 'b c' "$(names)"
	run -1 on ours real migrate:latest
	has "$output" 'Migration table is already locked'
	on ours mg-mark --applied 20240103_c <records >out
	run -0 on ours real migrate:latest
	has "$output" 'Already up to date'
	undo >out
	is 'b true' "$(names)"
}

@test "a way back is no transaction either, if the migration says so" {
	code 20240101_a.js 'exports.config = { transaction: false };' \
	    "exports.up = (knex) => knex.schema.createTable('t', (t) => {" \
	    "  t.string('name'); });" 'exports.down = (knex) =>' \
	    "  knex.raw('drop index concurrently if exists nothing');"
	on ours run_all >out
	undo >out
	is '' "$(knex_rows)"
}

@test "one whose down is no function, though it looks so, changes nothing" {
	code 20240101_a.js "exports.up = (knex) =>" \
	    "  knex.schema.createTable('t', (t) => { t.string('name'); });" \
	    'const down = 1;'
	on ours run_all >out
	run -1 undo
	has "$output" './knex/20240101_a.js exports no down'
	is '' "$(names)"
	says 1 P3009 on ours mg-apply <records
}

# Those of loadExtensions: by default of both endings, as two migrations.
@test "of a source and what is compiled of it knex has what it is told to have" {
	code 20240101_a.ts 'export async function up(knex: any) {' \
	    "  await knex.schema.createTable('t', (t: any) => {" \
	    "    t.string('name'); }); }" \
	    "export const down = (knex: any) => knex.schema.dropTable('t');"
	code 20240101_a.js "exports.up = (knex) =>" \
	    "  knex.schema.createTable('t', (t) => { t.string('name'); });" \
	    "exports.down = (knex) => knex.schema.dropTable('t');"
	on ours real migrate:latest
	is '20240101_a.js|1' "$(knex_rows)"
	cp knex/20240101_a.js knex/20240102_b.js
	sed 's/createTable.*/raw("select 1");/' knex/20240101_a.js \
	    >knex/20240102_b.js
	cp knex/20240102_b.js knex/20240102_b.ts
	is 20240102_b "$(on ours run_all | jq -r .name)"
	is '20240101_a.js|1
20240102_b.js|2' "$(knex_rows)"
	run -0 on ours real migrate:latest
	has "$output" 'Already up to date'
	sed -i "s/'.js', '.cjs'/'.js', '.ts'/" knexfile.cjs
	run -0 on ours real migrate:list
	has "$output" '2 Completed' 20240101_a.js '2 Pending' 20240101_a.ts
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

# The package's copies find the project's modules, by require and by import.
@test "a release brings knex's migrations, and knex finds them done" {
	load ../helper/make
	makefile 'MG_MIGRATIONS = migrations' 'MG_SCHEMA =' 'MG_PRISMA = false' \
	    'MG_SCRIPTS = knex' 'MG_SCRIPTS_LAYOUT = knex'
	MG_SCRATCH_URL=$(url postgres)
	export MG_SCRATCH_URL
	migration 20240100_z 'create table z (i int);'
	three
	mg_make release VERSION=v1.0.0
	code 20240104_d.mjs "import pg from 'pg';" \
	    "export const up = (knex) => knex('t').insert({ name: typeof pg.Client });" \
	    'export const down = () => {};'
	code 20240105_e.js "const { knex } = require('knex');" \
	    "exports.up = (trx) => trx('t').insert({ name: typeof knex });" \
	    'exports.down = () => {};'
	mg_make release VERSION=v1.1.0
	on ours mg_make deploy RELEASE=v1.0.0
	is '20240101_a.js|1 20240102_b.js|1 20240103_c.js|1' \
	    "$(knex_rows | paste -sd ' ')"
	mg_make bundle VERSION=v1.1.0
	rm -r releases
	on ours mg_make deploy BUNDLE=mg-v1.1.0.tar.zst
	is '2_b 3_c function function' \
	    "$(on ours sql 'select name from t' | paste -sd ' ')"
	run -0 on ours real migrate:latest
	has "$output" 'Already up to date'
	run -0 on ours real migrate:list
	has "$output" 'Found 5 Completed Migration' 'No Pending Migration'
}
