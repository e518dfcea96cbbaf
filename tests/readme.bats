#!/usr/bin/env bats
# README.md: every command in it works as it stands

load helper/common
load helper/make

setup() {
	sandbox
	fragments
	export MG_MK=$ROOT/mk/mg.mk MG_MIGRATIONS=prisma/migrations
	# As for a user who has installed into /usr/local/include.
	export MAKEFLAGS="-I$PWD/include"
	migration 20240101000000_first 'create table a (i int);'
	migration 20240102000000_second 'create table b (i int);'
	migration 20240103000000_third 'create index concurrently on a (i);'
	mkdir prisma
	mv migrations prisma/
}

# block LANGUAGE TEXT: the block of that language that has that text in it
block() {
	awk -v fence="\`\`\`$1" -v text="$2" '
		$0 == fence { inside = 1; body = ""; next }
		/^```/ { if (inside && index(body, text)) printf "%s", body
			inside = 0 }
		inside { body = body $0 "\n" }' "$ROOT/README.md"
}

# shell TEXT: run the commands of that block as the README says
shell() {
	block sh "$1" >commands
	[ -s commands ] && bash -e -u -o pipefail commands
}

@test "there is no block that these tests do not run" {
	is "$(grep -c '^```[a-zA-Z]' "$ROOT/README.md")" \
	    "$(grep -cE "^	(run -0 )?(shell|drytest|block [a-zA-Z]+) '" \
	    "$BATS_TEST_FILENAME")"
}

# These two build and test: the targets exist, and need not run in a test.
drytest() {
	block sh "$1" >commands
	while read -r _ first second; do
		make -n -C "$ROOT" "$first" "$second" >/dev/null || return
	done <commands
}

@test "the two commands are targets" {
	drytest 'make setup demo'
}

@test "the pipeline that shows what is applied" {
	database
	run -0 shell 'mg-status | jq'
	is $'pending\t20240101000000_first' "${lines[0]}"
}

@test "the pipeline that applies" {
	database
	run -0 shell 'mg-apply --wait'
	is 3 "$(sql 'select count(finished_at) from _prisma_migrations')"
}

@test "the pipelines that join and mark" {
	run -0 shell 'mg-concat <records'
	is 3 "$(psql -XAtd fresh -c \
	    'select count(*) from _prisma_migrations where logs is not null')"
	is t "$(psql -XAtd fresh -c "select to_regclass('b') is not null")"
	dropdb fresh
}

@test "the two lines of a Makefile, and the targets" {
	database
	block make 'include mg/mg.mk' >Makefile
	run -0 make
	has "$output" migrate
	block sh 'make status' >commands
	run -0 bash -e commands
	has "$output" '3 pending' '3 applied' .mg/joined.sql
}

@test "one baseline instead of hundreds" {
	makefile
	run -0 shell 'make consolidate LABEL'
	[ -s consolidated-migration/20240103000000_release_v4_consolidated/migration.sql ]
	database
	run -0 shell 'mg-scan consolidated-migration'
	is 20240103000000_release_v4_consolidated "$(jq -r .name <<<"$output")"
}

@test "one package per release, and a hotfix of it" {
	makefile
	echo 'model a {}' >prisma/schema.prisma
	# npx takes its time to say that it has none.
	export MG_PRISMA=false
	run -0 shell 'make release VERSION'
	run -0 shell 'make seal VERSION'
	has "$output" 'v4.0.0: whole, 6 files, 1 of them hotfixes'
	database
	run -0 shell 'make deploy RELEASE'
	has "$output" 'v4.0.0 is there, object by object: 2 applied'
}

@test "back up and go back" {
	makefile
	database
	run -0 shell 'make -s backup'
	has "$output" 'table public.a: new' '3 pending'
}

@test "schema now, indexes when it suits" {
	makefile
	MG_SCRATCH_URL=$(url postgres)
	export MG_SCRATCH_URL
	migration 20240104000000_fourth 'create index a_i on a (i);'
	mv migrations/* prisma/migrations
	database
	run -0 shell 'make split-tracks'
	has "$output" 'baseline_indexes: 2 indexes' 'left for later by' \
	    'index track: 1 applied' 'applied  20240104000000_baseline_indexes'
}

@test "mg without a Makefile" {
	database
	run -0 shell 'mg help'
	has "$output" '3 pending' '2 applied' 'Join migrations' '  migrate'
}

# examples.bats and make image run it.
@test "the Dockerfile is the example" {
	block Dockerfile 'FROM' >example
	cmp example "$ROOT/share/examples/Dockerfile"
}

@test "the examples are named, each of them" {
	local file
	for file in "$ROOT"/share/examples/*; do
		has "$(<"$ROOT/README.md")" "${file##*/}\`"
	done
}

@test "the pipeline for the night" {
	database
	run -0 shell 'mg-apply --lock-timeout'
	is 3 "$(sql 'select count(finished_at) from _prisma_migrations')"
}

@test "the plan of scripts that are not one transaction" {
	database
	run -0 shell 'mg-apply -n'
	has "$output" $'stepwise\t20240103000000_third'
}

@test "the way in from another tool" {
	database
	rm -r prisma
	mkdir -p db/migrations
	printf '%s\n' '-- migrate:up' 'create table a (i int);' \
	    '-- migrate:down' 'drop table a;' >db/migrations/20240101000000_a.sql
	sql 'create table a (i int)' \
	    'create table schema_migrations (version varchar(128) primary key)' \
	    "insert into schema_migrations values ('20240101000000')"
	run -0 shell 'mg-convert'
	has "$output" $'20240101000000\t20240101000000_a'
	is 20240101000000_a "$(sql 'select migration_name from _prisma_migrations')"
	[ -e prisma/migrations/20240101000000_a/down.sql ]
}
