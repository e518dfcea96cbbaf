#!/usr/bin/env bats
# mg.release.mk, mg.deploy.mk: a package brings its scripts along (SEEDS 186 to
# 221)

# What run sets, SQL and sh with their quotes:
# each test is a subshell of its own:
# shellcheck disable=SC2154,SC2016,SC2030,SC2031,SC2034

load helper/common
load helper/make

# Two releases of a project of SQL, folders with scripts and scripts of knex, for
# all tests to start from.
setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	project
	migration 20240101000000_one 'create table a (i int);'
	knex 20240102000000_two.js 2
	release v1.0.0
	sees 3 | program 20240103000000_three migration
	chmod +x migrations/20240103000000_three/migration
	knex 20240104000000_four.ts 4
	sees 5 | program 20240105000000_five migration.sh
	migration 20240106000000_six 'insert into a values (6);'
	release v1.1.0
}

setup() {
	project
	cp -a "$BATS_FILE_TMPDIR"/{migrations,knex,releases} .
	package=releases/v1.1.0
	database
}

project() {
	sandbox
	makefile 'MG_MIGRATIONS = migrations' 'MG_SCHEMA =' 'MG_PRISMA = false' \
	    'MG_SCRIPTS = knex' 'MG_SCRIPTS_LAYOUT = knex'
	stand_in
	MG_SCRATCH_URL=$(url postgres)
	export MG_SCRATCH_URL
}

# stand_in: a Node.js that takes all for shell
stand_in() {
	mkdir bin
	printf '%s\n' '#!/bin/sh' '[ "$1" != --version ] || exec echo v24.0.0' \
	    'for file; do :; done' 'exec sh "$file"' >bin/node
	chmod +x bin/node
	PATH=$PWD/bin:$PATH
}

# sees NUMBER: what a script does to leave that number
sees() {
	printf '#!/bin/sh\npsql -XqAtc "insert into a values (%s)"\n' "$1"
}

# program NAME FILE: write standard input as that migration's script
program() {
	mkdir -p "migrations/$1"
	cat >"migrations/$1/$2"
}

# knex FILE NUMBER: a migration of knex's that leaves that number
knex() {
	mkdir -p knex
	sees "$2" >"knex/$1"
}

# release VERSION [VARIABLE=VALUE...]: make it, which has to work
release() {
	local version=$1
	shift
	mg_make release VERSION="$version" "$@"
}

# deploy VERSION [VARIABLE=VALUE...]
deploy() {
	local version=$1
	shift
	mg_make deploy RELEASE="$version" "$@"
}

# reaches VERSION: with what the package has, and nothing else of the project
reaches() {
	rm -rf migrations knex
	run -0 deploy "$1"
	has "$output" "$1 is there, object by object: "
}

# numbers: in the order in which they came
numbers() {
	sql 'select i from a order by ctid' | paste -sd ' '
}

# rows: of both histories
rows() {
	sql 'select migration_name from _prisma_migrations
	    where finished_at is not null order by started_at' \
	    'select name from knex_migrations order by id' | paste -sd ' '
}

@test "a package has the scripts of what it upgrades, as they are" {
	is '444 knex/knex_migrations/20240104000000_four.ts
444 upgrade/20240105000000_five/migration.sh
444 upgrade/20240106000000_six/migration.sql
555 upgrade/20240103000000_three/migration' \
	    "$(cd "$package" && find knex upgrade -type f -printf '%m %p\n' | sort)"
	cmp knex/*four.ts "$package/knex/knex_migrations/20240104000000_four.ts"
	is '["upgrade/20240103000000_three/migration",
"knex/knex_migrations/20240104000000_four.ts",
"upgrade/20240105000000_five/migration.sh",null]' \
	    "$(jq -c '.upgrade | map(.path)' "$package"/manifest.json |
		sed 's/,"/,\n"/g')"
	is '[null,"20240102000000_two.js"]' \
	    "$(jq -c '.migrations | map(.knex)' releases/v1.0.0/manifest.json)"
	run -0 mg_make verify
}

@test "an empty database gets the rows of all that the baseline brings" {
	reaches v1.1.0
	is '0_baseline 20240102000000_two.js 20240104000000_four.ts' "$(rows)"
	is t "$(sql 'select p.xmin = all (select xmin from knex_migrations)
	    from _prisma_migrations p')"
	is '2 3 4 5 6' "$(numbers)"
}

@test "one of an earlier release runs the scripts of the package in their place" {
	deploy v1.0.0
	is '0_baseline 20240102000000_two.js' "$(rows)"
	reaches v1.1.0
	is '2 3 4 5 6' "$(numbers)"
	is '0_baseline 20240103000000_three 20240104000000_four 20240105000000_five 20240106000000_six 20240102000000_two.js 20240104000000_four.ts' "$(rows)"
	has "$(deploy v1.1.0 2>&1)" \
	    'the database is at v1.0.0 and 4 of what came later: nothing to do'
}

# begun: a database that mg has given the first migration, and knex the second
begun() {
	apply --to 20240101000000_one >out
	sql 'insert into a values (2)' \
	    'create table knex_migrations (id serial, name text,
		batch int, migration_time timestamptz)' \
	    "insert into knex_migrations (name)
		values ('20240102000000_two.js')"
}

@test "one that knex and mg have begun goes on, and nothing runs twice" {
	begun
	mv knex hidden
	deploy v1.1.0
	is '2 3 4 5 6' "$(numbers)"
	is '20240102000000_two.js 20240104000000_four.ts' \
	    "$(rows | grep -o '[^ ]*[.].s' | xargs)"
}

@test "one that knex alone has begun gets what comes before, too" {
	begun
	sql 'drop table _prisma_migrations'
	run -0 mg_make plan RELEASE=v1.1.0
	has "$output" 'the database has 1 of 6 migrations: 6 migrations:' \
	    'atomic    20240101000000_one' 'recorded  0_baseline, for 6' \
	    'script    20240104000000_four'
	run ! grep -F 20240102000000_two <<<"$output"
}

@test "what the package lacks comes from the project, scripts too" {
	apply --to 20240101000000_one >out
	run -0 mg_make plan RELEASE=v1.1.0
	has "$output" 'script    20240102000000_two' \
	    'script    20240103000000_three' 'recorded  0_baseline, for 6'
	rm -r knex
	run -2 mg_make plan RELEASE=v1.1.0
	has "$output" '20240102000000_two is lacking here'
}

@test "a script that is not what was released is refused" {
	chmod u+w "$package"/upgrade/*/migration.sh
	sees 7 >"$package"/upgrade/20240105000000_five/migration.sh
	run -2 mg_make plan RELEASE=v1.1.0
	has "$output" \
	    'v1.1.0: changed  upgrade/20240105000000_five/migration.sh: is ' \
	    'v1.1.0 is not what was released'
}

@test "what a script needs is missed before anything has happened" {
	deploy v1.0.0
	sed -i 's/v24/v20/' bin/node
	run -2 deploy v1.1.0 GATES=1 TEST_CMD='touch tested' SKIP_BACKUP=1
	has "$output" 'mg-apply: releases/v1.1.0/knex/knex_migrations/20240104000000_four.ts: this Node.js runs no TypeScript' \
	    'npm install --save-dev tsx' \
	    'plan: this cannot run, as mg-apply says above; nothing was changed'
	[ ! -e tested ]
	is 2 "$(numbers)"
}

@test "what a script imports from beside it is missed when a release is made" {
	sees 7 >migrations/helper.sh
	echo '. "${0%/*}/../helper.sh"' | program 20240107000000_seven migration.sh
	run -2 release v1.2.0
	has "$output" '20240107000000_seven: failed, exit status 2' \
	    'release: 20240107000000_seven: the package runs its own copy, upgrade/20240107000000_seven/migration.sh, and has nothing of what lay beside it: what it imports from there has to be in it, or in a package below node_modules' \
	    'v1.2.0: a database of v1.0.0 cannot be upgraded'
	[ ! -e releases/v1.2.0 ]
}

@test "scripts in folders of their own come along as they lie" {
	mkdir -p 'more scripts'/20240107000000_seven
	mv migrations/20240103000000_three 'more scripts'
	for file in knex/*; do
		name=${file##*/}
		mkdir "more scripts/${name%.?s}"
		mv "$file" "more scripts/${name%.?s}/migration.${name##*.}"
	done
	sees 7 >'more scripts/20240107000000_seven/migration.sh'
	release v1.2.0 MG_SCRIPTS='more scripts' MG_SCRIPTS_LAYOUT=prisma
	is '20240103000000_three/migration 20240104000000_four/migration.ts 20240105000000_five/migration.sh 20240106000000_six/migration.sql 20240107000000_seven/migration.sh' \
	    "$(cd releases/v1.2.0/upgrade && find . -type f -printf '%P\n' |
		sort | xargs)"
}

@test "SQL of the flat layout lies in a package as any other" {
	rm -r releases
	for file in knex/*; do
		name=${file##*/}
		echo "insert into a values (${name:7:1})" \
		    >"knex/${name%.?s}.sql"
		rm "$file"
	done
	mv migrations/20240106000000_six .
	release v1.0.0 MG_SCRIPTS_LAYOUT=flat
	echo 'insert into a values (7)' >knex/20240107000000_seven.sql
	release v1.1.0 MG_SCRIPTS_LAYOUT=flat
	cmp knex/*seven.sql "$package/upgrade/20240107000000_seven/migration.sql"
	mg_make deploy RELEASE=v1.0.0
	reaches v1.1.0
	is '2 3 4 5 7' "$(numbers)"
}

@test "a hotfix runs behind the scripts, and a bundle keeps their modes" {
	file=$(mg_make hotfix VERSION=v1.1.0 NAME=x)
	echo 'insert into a values (8);' >"$file"
	mg_make seal VERSION=v1.1.0
	is 555 "$(stat -c %a "$package"/upgrade/20240103000000_three/migration)"
	mg_make bundle VERSION=v1.1.0
	deploy v1.0.0
	# As Prisma leaves it, which knows nothing of knex.
	sql 'drop table knex_migrations'
	rm -rf releases migrations knex
	mg_make deploy BUNDLE=mg-v1.1.0.tar.zst
	is '2 3 4 5 6 8' "$(numbers)"
	has "$(rows)" 20240102000000_two.js
}

@test "a table of knex's that is no name of a folder is refused" {
	run -2 mg_make release VERSION=v1.2.0 MG_KNEX_TABLE=a/b
	has "$output" 'MG_KNEX_TABLE: a package has a folder of that name, and a/b is no name of one'
}
