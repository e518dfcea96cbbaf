#!/usr/bin/env bats
# mg.mk(7): the fragments

load helper/common
load helper/make

setup() {
	sandbox
	makefile 'MG_MIGRATIONS = migrations'
}

two_migrations() {
	migration 1_one 'create table a (i int);'
	migration 2_two 'create table b (i int);'
}

# Rows 258 to 262, 264.
@test "make alone prints help and touches nothing" {
	two_migrations
	before=$(find . | sort)
	run -0 mg_make
	for target in status doctor migrate concat mark drift consolidate deploy-dev \
	    release verify hotfix seal bundle migrate-schema-create \
	    migrate-indexes-deploy split-tracks db-pull new generate seed \
	    reset undo; do
		has "$output" "  $target	"
	done
	is "$before" "$(find . | sort)"
}

@test "a target of the Makefile's own stays the default" {
	printf 'all:\n\techo mine\n' | cat - Makefile >new
	mv new Makefile
	is mine "$(mg_make)"
}

@test "status, migrate, status: a table each way" {
	database
	two_migrations
	is $'pending  1_one\npending  2_two\n2 pending' "$(mg_make status)"
	run -0 mg_make migrate TO=1_one
	has "$output" '1 applied, '
	is $'applied  1_one\npending  2_two\n1 applied, 1 pending' \
	    "$(mg_make status)"
	run -0 mg_make migrate
	is 'nothing pending' "$(mg_make migrate)"
	is $'applied  1_one\napplied  2_two\n2 applied' "$(mg_make status)"
}

@test "concat writes the joined script and names it" {
	two_migrations
	is .mg/joined.sql "$(mg_make concat)"
	is out.sql "$(mg_make concat MG_JOINED=out.sql)"
	cmp .mg/joined.sql out.sql
	grep -q '^create table b' out.sql
}

@test "mark records without running, all or one, applied or rolled back" {
	database
	two_migrations
	is '1 marked as applied' "$(mg_make mark NAME=1_one)"
	is '1 marked as applied' "$(mg_make mark)"
	is 'nothing to mark' "$(mg_make mark)"
	is $'applied  1_one\napplied  2_two\n2 applied' "$(mg_make status)"
	is '' "$(sql "select to_regclass('a')")"
	sql "update _prisma_migrations set finished_at = null
	    where migration_name = '2_two'"
	is '1 marked as rolled-back' \
	    "$(mg_make mark NAME=2_two STATE=rolled-back)"
	is $'applied      1_one\nrolled-back  2_two\n1 applied, 1 rolled-back' \
	    "$(mg_make status)"
}

@test "a migration that fails, fails make, and keeps the last good file" {
	database
	two_migrations
	mg_make migrate
	migration 3_three 'create table a (i int);'
	run -2 mg_make migrate
	has "$output" '3_three/migration.sql:1:1: P3018'
	is 2 "$(wc -l <.mg/applied.jsonl)"
}

@test "a stage that fails leaves no file behind" {
	two_migrations
	run -2 mg_make concat MG_HASH=false
	[ ! -e .mg/records.jsonl ]
	[ ! -e .mg/joined.sql ]
}

@test "names and folders with blanks and quotes work" {
	database
	mkdir 'my folder'
	migration "1_it's" 'create table a (i int);'
	mv migrations 'my folder/'
	run -0 mg_make status MG_MIGRATIONS='my folder/migrations'
	is $'pending  1_it\'s\n1 pending' "$output"
	run -0 mg_make migrate MG_MIGRATIONS='my folder/migrations' TO="1_it's"
	is '1 marked as rolled-back' "$(sql "update _prisma_migrations
	    set finished_at = null" && mg_make mark STATE=rolled-back \
	    MG_MIGRATIONS='my folder/migrations' NAME="1_it's")"
}

# Rows 205, 245.
@test "the URL on make's command line reaches the programs, not the recipes" {
	database
	two_migrations
	url=$DATABASE_URL
	unset DATABASE_URL PGDATABASE
	run -0 mg_make migrate DATABASE_URL="$url"
	has "$output" '2 applied'
	run -0 mg_make -n migrate DATABASE_URL="$url"
	case $output in *"$url"*) false ;; esac
}

# Rows 174, 178 of the promises.
@test "the fragments may be included twice, and in parallel nothing changes" {
	database
	two_migrations
	echo 'include mg/mg.mk' >>Makefile
	run -0 mg_make -j8 migrate
	has "$output" '2 applied'
}

@test "the fragments work from the repository's root, with what is built" {
	database
	two_migrations
	run -0 make -s --no-print-directory -C "$ROOT" status \
	    MG_BIN="$(dirname "$(command -v mg-scan)")/" \
	    MG_MIGRATIONS="$PWD/migrations" MG_WORK="$PWD/.mg"
	has "$output" '2 pending'
}
