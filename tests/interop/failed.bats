#!/usr/bin/env bats
# A migration that failed: what is left of it, who refuses, and the way out

load helper

setup() {
	project
	databases theirs
	migration 1_one 'CREATE TABLE one (x int);'
	migration 2_two 'CREATE TABLE two (x int); SELECT 1 / 0;'
	migration 3_three 'CREATE TABLE three (x int);'
}

mended() {
	migration 2_two 'CREATE TABLE two (x int);'
}

# refuses: mg does so for 2_two, names the ways out and changes nothing
refuses() {
	history >before
	says 1 P3009 apply
	is '' "$output"
	run -1 apply
	has "$output" 2_two 'mg-mark --rolled-back' 'mg-mark --applied'
	history >after
	same before after
}

# prisma_refuses: the same of Prisma
prisma_refuses() {
	run -1 prisma deploy
	has "$output" P3009 2_two
}

@test "what failed under Prisma stops mg, and mg marks it to run it again" {
	run -1 on theirs prisma deploy
	copy theirs ours
	on ours refuses
	mended
	on ours refuses
	on ours mark --rolled-back 2_two
	on ours apply
	on theirs prisma resolve --rolled-back 2_two
	on theirs prisma deploy
	alike objects history
	on ours agreed
}

@test "what Prisma marked rolled back, mg shows so and runs again" {
	run -1 on theirs prisma deploy
	mended
	on theirs prisma resolve --rolled-back 2_two
	copy theirs ours
	is rolled-back "$(on ours state 2_two)"
	on ours apply
	on theirs prisma deploy
	alike objects history
	on ours agreed
}

@test "what mg marked rolled back, Prisma runs again" {
	run -1 on theirs prisma deploy
	mended
	on theirs mark --rolled-back 2_two
	on theirs prisma deploy
	on theirs agreed
	is 2 "$(on theirs sql "SELECT count(*) FROM _prisma_migrations
	    WHERE migration_name = '2_two'")"
}

@test "what failed under Prisma can be marked applied by mg instead" {
	run -1 on theirs prisma deploy
	copy theirs ours
	on theirs sql 'CREATE TABLE two (x int)'
	on ours sql 'CREATE TABLE two (x int)'
	on theirs prisma resolve --applied 2_two
	on ours mark --applied 2_two
	alike history
	on theirs prisma deploy
	on ours apply
	alike objects history
	on ours agreed
}

@test "nothing is left of what fails under mg, and Prisma just goes on" {
	databases ours
	run -1 on ours apply
	is 1_one "$(on ours sql 'SELECT migration_name FROM _prisma_migrations')"
	run -1 on ours prisma status
	has "$output" 'have not yet been applied' 2_two 3_three
	mended
	on theirs prisma deploy
	on ours prisma deploy
	alike objects history
	on ours agreed
}

@test "a script that fails leaves the same objects, whoever ran it" {
	local number=0 text
	hide migrations/[123]_*
	for text in \
	    'CREATE TABLE a (x int); CREATE TABLE a (x int);' \
	    'CREATE TABLE a (x int); CREATE TABL b (x int);' \
	    'BEGIN; CREATE TABLE a (x int); COMMIT; CREATE TABLE b (x int); SELECT 1 / 0;' \
	    "CREATE TYPE e AS ENUM ('a'); COMMIT; ALTER TYPE e ADD VALUE 'b'; SELECT 1 / 0;"; do
		number=$((number + 1))
		migration 1_fails "$text"
		databases "theirs$number" "ours$number"
		run -1 on "theirs$number" prisma deploy
		run -1 on "ours$number" apply
		on "theirs$number" objects -T _prisma_migrations >theirs
		on "ours$number" objects -T _prisma_migrations >ours
		same theirs ours
	done
}

@test "what mg could only half undo stops Prisma, until that is resolved" {
	rm -r migrations/3_three # or Prisma's status names only what is pending
	on theirs half_undone apply
	on theirs prisma_refuses
	run -1 on theirs prisma status
	has "$output" 2_two 'prisma migrate resolve'
	on theirs prisma resolve --rolled-back 2_two
	on theirs sql 'DROP INDEX two; DELETE FROM one'
	on theirs apply
	on theirs agreed
}

# half_undone COMMAND...: it fails to build an index concurrently, and leaves
# an invalid one, as mg does only where it is killed
half_undone() {
	migration 2_two 'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS two ON one (x);'
	sql "CREATE VIEW twice AS SELECT 1 AS x UNION ALL SELECT 1"
	migration 1_one 'CREATE TABLE one AS SELECT x FROM twice;'
	run -1 "$@"
	[ "$1" != apply ] || run -1 sql \
	    'CREATE UNIQUE INDEX CONCURRENTLY two ON one (x)'
	is f "$(valid two)"
}

# valid INDEX: is it one that answers queries?
valid() {
	sql "SELECT indisvalid FROM pg_index WHERE indexrelid = '$1'::regclass"
}

@test "an index that mg left invalid is built again" {
	on theirs half_undone apply
	on theirs sql 'DELETE FROM one'
	on theirs apply
	is t "$(on theirs valid two)"
	on theirs agreed
}

@test "an index that mg left invalid is built again when rolled back" {
	on theirs half_undone apply
	on theirs sql 'DELETE FROM one'
	on theirs mark --rolled-back 2_two
	on theirs apply
	is t "$(on theirs valid two)"
}

@test "an index that Prisma left invalid is built again when rolled back" {
	on theirs half_undone prisma deploy
	on theirs sql 'DELETE FROM one'
	on theirs mark --rolled-back 2_two
	on theirs apply
	is t "$(on theirs valid two)"
}

@test "a row that a dead client left stops both" {
	local steps
	hide migrations/[23]_*
	on theirs prisma deploy
	show
	for steps in 0 1; do
		on theirs sql "DELETE FROM _prisma_migrations
			WHERE migration_name = '2_two';
		    INSERT INTO _prisma_migrations (id, checksum, migration_name,
			applied_steps_count)
		    VALUES (gen_random_uuid(), '', '2_two', $steps)"
		on theirs prisma_refuses
		on theirs refuses
	done
}

@test "a failed row stops both even when its folder is gone" {
	run -1 on theirs prisma deploy
	rm -r migrations/2_two
	on theirs prisma_refuses
	on theirs refuses
	on theirs mark --rolled-back 2_two
	on theirs apply
	on theirs prisma deploy
	is 1 "$(on theirs sql "SELECT count(*) FROM _prisma_migrations
	    WHERE migration_name = '3_three'")"
}

# SEEDS 46, 212
@test "mg-doctor says what Prisma left, and by its commands Prisma goes on" {
	run -1 on theirs prisma deploy
	mg-scan migrations | mg-hash >records
	run -1 on theirs mg-doctor <records
	has "$output" '2_two: failed: ' ': division by zero; nothing of it is there' \
	    $'once what stopped it is mended:\n\tmg-mark --rolled-back 2_two'
	mended
	on theirs mg-mark --rolled-back 2_two
	on theirs prisma deploy
	mg-scan migrations | mg-hash >records
	on theirs mg-doctor <records
}
