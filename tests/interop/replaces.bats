#!/usr/bin/env bats
# A baseline instead of what it replaces: Prisma agrees with what mg recorded

# shellcheck disable=SC2154 # run sets output

load helper

# Three originals below ./old; the project has a baseline of them, and what is
# newer.
setup() {
	project
	mkdir old
	migration 1_a 'CREATE TABLE a (x int PRIMARY KEY);'
	migration 2_b 'CREATE TABLE b (x int PRIMARY KEY);'
	migration 3_c 'ALTER TABLE a ADD y text;'
	records
	cp records originals
	cat migrations/[123]_*/migration.sql | script 3_squashed
	jq -s '{replaces: map({name, checksum})}' originals \
	    >migrations/3_squashed/metadata.json
	mv migrations/[12]_* migrations/3_c old
	migration 4_d 'CREATE TABLE d (x int PRIMARY KEY);'
	sed -i 's,migrations/,old/,' originals
}

# first COUNT: ours has so many of the originals
first() {
	databases ours
	head -n "$1" originals >some
	[ "$1" = 0 ] || on ours mg-apply <some
}

# agreed_but_replaced: as agreed, where replaced migrations have rows
agreed_but_replaced() {
	history >before
	run -0 prisma deploy
	has "$output" 'No pending migrations to apply.'
	run -0 prisma status
	has "$output" 'Database schema is up to date!'
	is '' "$(apply)"
	run -1 grep -vE ' (applied|replaced)$' <<<"$(states)"
	history >after
	same before after
}

# whole: as Prisma makes it of what the project has
whole() {
	databases theirs
	on theirs prisma deploy
	alike objects
}

@test "a new database" {
	first 0
	on ours apply
	whole
	alike history
	on ours agreed
}

@test "one that has some of the originals, one that has all" {
	local k
	for k in 1 2 3; do
		first "$k"
		mg-scan old migrations | mg-hash >all
		on ours mg-apply <all
		on ours agreed_but_replaced
		whole
		dropdb "$(called ours)"
		dropdb "$(called theirs)"
	done
}

@test "one that Prisma brought to the originals, without their folders" {
	databases ours
	hide migrations/[0-9]*
	cp -r old/. migrations
	on ours prisma deploy
	rm -r migrations/[0-9]*
	show
	on ours apply
	on ours agreed_but_replaced
	whole
}

# dev: prisma migrate dev, which wants a terminal, and does not end by itself;
# its adapter wants a shadow database that is left before it is dropped
dev() {
	sed -i 's/connectionString: .*/host: process.env.PGHOST,\
	      user: process.env.PGUSER, database: process.env.PGDATABASE,\
	      idleTimeoutMillis: 1,/' prisma.config.ts
	timeout 15 script -qec "node $PRISMA/node_modules/prisma/build/index.js migrate dev \
	    --skip-generate --skip-seed" /dev/null </dev/null
}

@test "pruned, the history is that of a new database, and dev is content" {
	first 3
	on ours apply
	printf 'model %s {\n x Int @id\n%b}\n' a 'y String?\n' b '' d '' \
	    >>prisma/schema.prisma
	run on ours dev
	has "$output" 'missing from the local migrations directory: 1_a, 2_b, 3_c'
	on ours apply --prune-replaced
	on ours agreed
	run -0 on ours sql 'SELECT migration_name FROM _prisma_migrations
	    ORDER BY migration_name'
	is $'3_squashed\n4_d' "$output"
	run on ours dev
	has "$output" 'Already in sync'
}

@test "marked, the history is that of one by one, and dev is content" {
	databases ours
	mkdir baseline
	mv migrations/3_squashed migrations/4_d baseline
	cp -r old/. migrations
	mv baseline/4_d migrations
	mg-scan migrations baseline | mg-hash >all
	on ours mg-apply --mark-replaced <all
	on ours agreed
	whole
	on theirs names >names.theirs
	on ours names >names.ours
	same names.theirs names.ours
	printf 'model %s {\n x Int @id\n%b}\n' a 'y String?\n' b '' d '' \
	    >>prisma/schema.prisma
	run on ours dev
	has "$output" 'Already in sync'
}

# names: of the history, as Prisma lists them
names() {
	sql 'SELECT migration_name, checksum FROM _prisma_migrations
	    ORDER BY started_at'
}
