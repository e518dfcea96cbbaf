#!/usr/bin/env bats
# mg-convert(1) --layout: other tools' SQL migrations become folders
#
# Rows 186, 190 and 203 of the promises.

# What run sets, and dollars of SQL:
# shellcheck disable=SC2154,SC2016

load helper/common

setup() {
	sandbox
	mkdir old
}

# convert [OPTION...]: ./old into ./new
convert() {
	mg-convert --layout prisma -o new "$@" old
}

# file NAME LINE...: in ./old
file() {
	mkdir -p "old/$(dirname "$1")"
	printf '%s\n' "${@:2}" >"old/$1"
}

# made: the files that there are
made() {
	(cd new && find . -type f | sort | cut -c 3-)
}

# refused MESSAGE: and nothing is written
refused() {
	fails 2 "mg-convert: $1" convert --down
	is '' "$(find . -name 'new*')"
}

@test "flat files keep their names, where these begin with a time" {
	file 20200101000000_users.sql 'create table users (id int);'
	file 20200102030405_posts.sql 'create table posts (id int);' '-- no more'
	file README.md 'read me'
	run -0 --separate-stderr convert
	is '' "$stderr"
	is '{"name":"20200101000000_users","path":"new/20200101000000_users/migration.sql","legacy":"20200101000000_users.sql"}' \
	    "${lines[0]}"
	is '20200101000000_users/migration.sql
20200102030405_posts/migration.sql' "$(made)"
	cmp old/20200102030405_posts.sql new/20200102030405_posts/migration.sql
}

@test "dbmate: both ways, and what it says before them" {
	file 20200101000000_users.sql '-- migrate:up' 'create table u (id int);' \
	    '' '-- migrate:down' 'drop table u;'
	file 20200102000000_posts.sql '-- a comment' \
	    '-- migrate:up transaction:false' 'select 1;'
	run -0 --separate-stderr convert --down
	is 'mg-convert: old/20200102000000_posts.sql:2: transaction:false is left out: mg looks at the statements themselves' \
	    "$stderr"
	is '20200101000000_users/down.sql
20200101000000_users/migration.sql
20200102000000_posts/migration.sql' "$(made)"
	is 'create table u (id int);' \
	    "$(cat new/20200101000000_users/migration.sql)"
	is 'drop table u;' "$(cat new/20200101000000_users/down.sql)"
}

@test "without --down the ways down are left out, and that is said" {
	file 20200101000000_a.sql '-- migrate:up' '-- migrate:down' 'select 1;'
	fails 0 'mg-convert: 1 ways down are left out; --down writes them' \
	    convert
	is 20200101000000_a/migration.sql "$(made)"
	rm -r new
	fails 0 '' convert -q
}

@test "node-pg-migrate: milliseconds become a time, in either order of ways" {
	file 1577836800000_users.sql '-- Down Migration' 'drop table u;' \
	    '--- up migration' 'create table u (id int);'
	file 1577836801000_more.sql 'select 1;'
	convert --down >out
	is '20200101000000_users/down.sql
20200101000000_users/metadata.json
20200101000000_users/migration.sql
20200101000001_more/metadata.json
20200101000001_more/migration.sql' "$(made)"
	is 'create table u (id int);' \
	    "$(cat new/20200101000000_users/migration.sql)"
	is 'drop table u;' "$(cat new/20200101000000_users/down.sql)"
}

@test "golang-migrate: numbers become times, in their order" {
	for n in 1 2 10; do
		file "${n}_m$n.up.sql" "create table m$n (id int);"
		file "${n}_m$n.down.sql" "drop table m$n;"
	done
	run -0 convert --down
	is '20000101000001_m1 1_m1.up.sql
20000101000002_m2 2_m2.up.sql
20000101000003_m10 10_m10.up.sql' \
	    "$(jq -r '.name + " " + .legacy' <<<"$output")"
	is '{"legacy":"10_m10.up.sql"}' \
	    "$(cat new/20000101000003_m10/metadata.json)"
	is 'drop table m10;' "$(cat new/20000101000003_m10/down.sql)"
}

@test "and mg-mark --from finds them" {
	file 1_one.up.sql 'select 1;'
	file 2_two.up.sql 'select 1;'
	file 3_three.up.sql 'select 1;'
	convert >out
	database
	sql 'CREATE TABLE schema_migrations (version bigint, dirty boolean)' \
	    'INSERT INTO schema_migrations VALUES (2, false)'
	records new
	mg-mark --from schema_migrations <records >out
	is 'applied applied pending' \
	    "$(mg-status <records | jq -r .state | xargs)"
}

@test "Flyway: versions with dots, undo scripts as the way down" {
	file V1__one.sql 'select 1;'
	file V1.1__one_and_more.sql 'select 1;'
	file V1_10__ten.sql 'select 1;'
	file U1_10__ten.sql 'select 2;'
	file V1_2__two.sql 'select 1;'
	file V20200101__day.sql 'select 1;'
	run -0 convert --down
	is '20000101000001_one 20000101000002_one_and_more 20000101000003_two 20000101000004_ten 20200101000000_day' \
	    "$(jq -r .name <<<"$output" | xargs)"
	is 'select 2;' "$(cat new/20000101000004_ten/down.sql)"
	is '{"legacy":"V1_10__ten.sql"}' \
	    "$(cat new/20000101000004_ten/metadata.json)"
}

@test "folders with up.sql and down.sql" {
	file 2020-01/up.sql 'select 1;'
	file 2021-01_b/up.sql 'select 1;'
	file 2021-01_b/down.sql 'select 2;'
	convert --down >out
	is '20000101000001_01/metadata.json
20000101000001_01/migration.sql
20000101000002_01_b/down.sql
20000101000002_01_b/metadata.json
20000101000002_01_b/migration.sql' "$(made)"
}

# plan LINE...: in ./old, a plan of sqitch
plan() {
	file sqitch.plan '%syntax-version=1.0.0' '%project=mg' '' "$@"
}

@test "sqitch: in the order of its plan, by its times and its tags" {
	plan '# first' 'users 2024-01-02T03:04:05Z me <me@localhost> # one' \
	    '@v1 2024-01-02T03:04:05Z me <me@localhost> # a tag' \
	    '+ app/posts [users mg:users !tags] 2023-01-02T03:04:05Z me <m@l>' \
	    'users [users@v1] 2024-01-04T00:00:00Z me <me@localhost> # again'
	file deploy/users@v1.sql '-- Deploy' 'create table users (id int);'
	file deploy/app/posts.sql 'create table posts (id int);'
	file deploy/users.sql 'alter table users add name text;'
	file deploy/later.sql 'select 1;'
	file revert/app/posts.sql 'drop table posts;'
	file verify/users.sql 'select * from users;'
	run -0 --separate-stderr convert --down
	is '' "$stderr"
	is '20240102030405_users users@v1
20240102030406_app_posts app/posts
20240104000000_users users' "$(jq -r '.name + " " + .legacy' <<<"$output")"
	is '20240102030405_users/metadata.json
20240102030405_users/migration.sql
20240102030406_app_posts/down.sql
20240102030406_app_posts/metadata.json
20240102030406_app_posts/migration.sql
20240104000000_users/metadata.json
20240104000000_users/migration.sql' "$(made)"
	cmp old/deploy/users@v1.sql new/20240102030405_users/migration.sql
	is '{"legacy":"app/posts"}' \
	    "$(cat new/20240102030406_app_posts/metadata.json)"
}

@test "a plan that is not clear is refused by line" {
	plan
	refused 'there is no migration in it'
	plan '[users] 2024-01-02T03:04:05Z me <me@localhost> # without a name'
	refused 'old/sqitch.plan:4: no change with a time, as 2024-01-02T03:04:05Z'
	plan 'users me <me@localhost> # without a time'
	refused 'old/sqitch.plan:4: no change with a time, as 2024-01-02T03:04:05Z'
	plan 'users 2024-01-02T03:04:05Z me <m@l>' \
	    'users 2024-01-03T03:04:05Z me <m@l>'
	refused 'old/sqitch.plan:5: it is there already, and no tag in between tells the two apart'
	plan 'users 2024-01-02T03:04:05Z me <m@l>' \
	    '-users 2024-01-03T03:04:05Z me <m@l>'
	refused 'old/sqitch.plan:5: it reverts a change, which a migration that has run does not; take both lines out, or write a change that undoes the other'
	plan 'users 2024-01-02T03:04:05Z me <m@l>'
	refused 'old/deploy/users.sql: No such file or directory'
	file deploy/users.sql "select 'x;"
	refused 'old/deploy/users.sql:1:8: unterminated string: no '\'' ends it'
}

@test "a time that is none, or not behind the one before, is replaced" {
	file 20200230000000_no_day.sql 'select 1;'
	file 20200301000000_a.sql 'select 1;'
	file 20200301000000_b.sql 'select 1;'
	run -0 convert
	is '20000101000001_no_day 20200301000000_a 20200301000000_b' \
	    "$(jq -r .name <<<"$output" | xargs)"
}

@test "nothing is ever overwritten, and an empty folder is filled" {
	file 20200101000000_a.sql 'select 1;'
	mkdir new
	convert >out
	before=$(find new -type f -exec cat {} +)
	file 20200101000000_a.sql 'select 2;'
	fails 2 'mg-convert: new: it has something in it already, and nothing is overwritten; give a new folder' \
	    convert
	is "$before" "$(find new -type f -exec cat {} +)"
	is new "$(find . -maxdepth 1 -name 'new*' -printf '%f')"
}

@test "halves that are not clear are refused by file and line" {
	file 1_a.sql '-- migrate:up' '-- migrate:up'
	refused 'old/1_a.sql:2: this half begins a second time; keep one of the two comments'
	file 1_a.sql '-- migrate:down' '-- migrate:up'
	refused 'old/1_a.sql:1: dbmate wants the way up first; put it there'
	file 1_a.sql '' '-- Down Migration'
	refused 'old/1_a.sql:2: it begins the way down, and nothing begins the way up; begin that with a comment, too'
	file 1_a.sql 'select 1;' '-- Up Migration'
	refused 'old/1_a.sql:1: here is more than comments, and neither half has it; put it into one'
	file 1_a.sql '-- migrate:up' '-- Down Migration'
	refused 'old/1_a.sql:2: one half begins as in dbmate, the other one as in node-pg-migrate; begin both alike'
	file 1_a.sql '-- migrate:up'
	file 2_b.sql 'select 1;'
	refused 'old/2_b.sql:1: it has no "-- migrate:up", and old/1_a.sql has; all or none have it'
}

@test "SQL that is not whole is refused by file, line and column" {
	file 1_a.sql '-- migrate:up' 'select 1;' '-- migrate:down' "select 'x;"
	says 2 'mg-convert: old/1_a.sql:4:8: ' convert
	file V1__a.sql 'create table' '  ${schema}.a ();'
	rm old/1_a.sql
	refused 'old/V1__a.sql:2:3: Flyway puts something else in the place of ${; write what that is'
}

@test "what has no place in the order is refused" {
	file init.sql ''
	refused 'old/init.sql: its name does not begin with a number, which would tell when it comes; rename it'
	rm old/init.sql
	file 2_a.sql ''
	file 10_b.sql ''
	refused 'old/2_a.sql: by its number it comes before old/10_b.sql, by its letters behind; rename one as the tool has run them'
	rm old/*
	file 1_a.up.sql ''
	file 01_b.up.sql ''
	refused 'old/1_a.up.sql: it has the version of old/01_b.up.sql; renumber one'
	rm old/*
	refused 'there is no migration in it'
}

@test "what is no SQL migration is refused" {
	file 1_a.js ''
	refused 'old/1_a.js: no SQL; take it out, mg-convert without --layout turns JavaScript of knex into TypeScript'
	rm old/*
	file R__views.sql ''
	refused 'old/R__views.sql: repeatable: Flyway runs it whenever it has changed, and a migration runs once; take it out, and put what it makes into a migration'
	rm old/*
	file B1__base.sql ''
	refused 'old/B1__base.sql: a baseline of Flyway, which runs instead of others; take it out, make consolidate makes one that is proven'
	rm old/*
	file seed.csv ''
	refused 'old/seed.csv: not SQL; take it out of the folder, and make a migration of its own of it where it is one'
	rm old/*
	file 1_a.down.sql ''
	refused 'old/1_a.down.sql: it undoes what no file there does; where is 1_a.up.sql?'
	rm old/*
	file 1_a.sql ''
	file 2_b.up.sql ''
	refused 'old/2_b.up.sql: named as another tool names it than old/1_a.sql; convert what each tool has in a folder of its own'
	rm old/*
	mkdir old/1_a
	refused 'old/1_a/up.sql: No such file or directory'
}

@test "a name that no history takes is refused (P3010)" {
	file "1_$(printf 'x%.0s' {1..190}).sql" ''
	says 2 'with a timestamp its name is longer than a history takes (P3010); rename it' \
	    convert
}

@test "the folders must be said" {
	says 2 'mg-convert: --layout: not prisma' mg-convert --layout flat old
	says 2 'mg-convert: -o says which folder they go to' \
	    mg-convert --layout prisma old
	says 2 'mg-convert: --layout wants one folder' \
	    mg-convert --layout prisma -o new
	says 2 'mg-convert: nowhere: No such file or directory' \
	    mg-convert --layout prisma -o new nowhere
	file 1_a.sql ''
	says 2 'mg-convert: no/new: the folder that it belongs in is not there; make that with mkdir -p' \
	    mg-convert --layout prisma -o no/new old
}
