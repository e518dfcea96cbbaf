#!/usr/bin/env bats
# A baseline that make consolidate made: Prisma agrees, wherever a database was

# shellcheck disable=SC2154 # run sets output

load helper
load ../helper/make

# Originals below ./old; in the project are the baseline of them, and what is
# newer.
setup() {
	project
	migration 20240101000000_a "CREATE TYPE mood AS ENUM ('calm', 'cross');" \
	    'CREATE TABLE a (x serial PRIMARY KEY, m mood, gone text);' \
	    "INSERT INTO a (m) VALUES ('calm'), ('cross');"
	migration 20240102000000_b "ALTER TYPE mood ADD VALUE 'merry';"
	migration 20240103000000_c "UPDATE a SET m = 'merry' WHERE x = 2;" \
	    'ALTER TABLE a DROP gone, ADD y text;' \
	    'CREATE TABLE c (x int REFERENCES a);'
	migration 20240104000000_d 'CREATE INDEX CONCURRENTLY c_x ON c (x);'
	baseline
	mkdir old
	mv migrations/2024* old
	cp -r consolidated-migration/2024* migrations
	migration 20240105000000_e 'CREATE TABLE e (x int PRIMARY KEY);' \
	    'INSERT INTO c VALUES (1);'
}

# baseline: in ./consolidated-migration
baseline() {
	makefile 'MG_MIGRATIONS = migrations'
	mg_make consolidate "MG_SCRATCH_URL=$(url postgres)"
}

# judged: theirs is what Prisma makes of the originals, and of what is newer
judged() {
	databases theirs
	hide migrations/*_consolidated
	cp -r old/. migrations
	on theirs prisma deploy
	rm -r migrations/2024010[1-4]*
	show
}

# agreed_on: all is there, and none of the two has anything to do
agreed_on() {
	on "$1" history >before
	run -0 on "$1" prisma deploy
	has "$output" 'No pending migrations to apply.'
	run -0 on "$1" prisma status
	has "$output" 'Database schema is up to date!'
	mg-scan old migrations | mg-hash >all
	is '' "$(on "$1" mg-apply <all)"
	on "$1" history >after
	same before after
}

@test "Prisma runs the baseline itself" {
	judged
	databases ours
	on ours prisma deploy
	alike objects rows
	agreed_on ours
}

@test "mg brings a database there after each migration that Prisma ran" {
	local k
	judged
	mg-scan old migrations | mg-hash >all
	hide migrations/2024*
	databases prefix
	for k in 0 1 2 3 4; do
		if [ "$k" != 0 ]; then
			cp -r old/"2024010$k"* migrations
			on prefix prisma deploy
		fi
		copy prefix ours
		mkdir originals
		mv migrations/2024* originals || [ "$k" = 0 ]
		show
		on ours mg-apply <all
		alike objects rows
		agreed_on ours
		hide migrations/2024*
		mv originals/* migrations || [ "$k" = 0 ]
		rmdir originals
		dropdb "$(called ours)"
	done
}
