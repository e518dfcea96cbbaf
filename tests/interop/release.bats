#!/usr/bin/env bats
# make release beside Prisma: it deploys the package as it is

# shellcheck disable=SC2154 # run sets output

load helper
load ../helper/make

setup() {
	project
	makefile 'MG_MIGRATIONS = migrations'
	migration 20240101000000_one \
	    "CREATE TYPE mood AS ENUM ('good', 'bad');" \
	    'CREATE TABLE a (x int PRIMARY KEY, m mood);' \
	    "INSERT INTO a VALUES (1, 'good');"
	migration 20240102000000_two \
	    'CREATE TABLE b (x int PRIMARY KEY, n int CHECK (n > 0));'
	model >>prisma/schema.prisma
	databases theirs ours
	MG_SCRATCH_URL=$(url postgres)
	MG_PRISMA="node $PRISMA/node_modules/prisma/build/index.js"
	export MG_SCRATCH_URL MG_PRISMA
	package=releases/v4.0.0
}

model() {
	printf '%s\n' 'enum mood {' good bad '}' \
	    'model a {' 'x Int @id' 'm mood?' '}' \
	    'model b {' 'x Int @id' 'n Int?' '}'
}

# deployed: Prisma is content with the package, mg has nothing to do, and the
# catalog is what the package says
deployed() {
	run -0 prisma status --schema="$package/schema.prisma"
	has "$output" 'Database schema is up to date!'
	records "$package/migrations"
	is '' "$(mg-apply <records)"
	mg-catalog --no-owners --no-privileges --no-versions |
	    cmp - "$package/catalog.jsonl"
}

# Rows 74, 93, 94, 105, 139, 180.
@test "Prisma deploys the package, and a hotfix of it" {
	mg_make release VERSION=v4.0.0
	run -0 on theirs prisma deploy --schema="$package/schema.prisma"
	has "$output" '1 migration found in' 0_baseline
	on theirs deployed
	hotfix=$(mg_make hotfix VERSION=v4.0.0 NAME=security)
	echo 'ALTER TABLE a ADD y int;' >>"$hotfix"
	mg_make seal VERSION=v4.0.0
	run -0 on theirs prisma deploy --schema="$package/schema.prisma"
	has "$output" '2 migrations found in' _hotfix_security
	on theirs deployed
	records "$package/migrations"
	on ours mg-apply <records
	alike objects rows history
}

@test "of a folder of schema files, too" {
	mkdir -p prisma/schema/models
	cp "$ROOT/tests/interop/schema.prisma" prisma/schema/main.prisma
	echo 'model c {' >>prisma/schema/main.prisma
	printf '%s\n' 'x Int @id' 'm mood' '}' >>prisma/schema/main.prisma
	model >prisma/schema/models/models.prisma
	migration 20240103000000_three \
	    'CREATE TABLE c (x int PRIMARY KEY, m mood NOT NULL);'
	run -0 --separate-stderr mg_make release VERSION=v4.0.0 \
	    MG_SCHEMA=prisma/schema
	is '' "$stderr"
	on theirs prisma deploy --schema="$package/schema.prisma"
	on theirs deployed
}

@test "a schema that says something else is warned of, and is no failure" {
	run -0 --separate-stderr mg_make release VERSION=v4.0.0
	is '' "$stderr"
	rm -r releases
	sed -i 's/n Int?/n Int @unique\nz String?/' prisma/schema.prisma
	migration 20240103000000_three 'CREATE TABLE c (x int PRIMARY KEY);'
	run -0 --separate-stderr mg_make release VERSION=v4.0.0
	has "$stderr" 'the baseline is not what the schema says; it has' \
	    'extra  table public.c' 'missing  column public.b.z' \
	    'different  column public.b.n'
	rm -r releases
	echo 'model' >>prisma/schema.prisma
	run -0 --separate-stderr mg_make release VERSION=v4.0.0
	has "$stderr" 'was not compared' 'Error validating'
}
