#!/usr/bin/env bats
# mg-mark and prisma migrate resolve: the same words leave the same rows

load helper

setup() {
	project
	databases theirs
	migration 1_one 'CREATE TABLE one (x int);'
	migration 2_two 'SELECT 1 / 0;'
}

# both STATUS CODE --applied|--rolled-back NAME: each says so on a database of
# its own, exits so with that code, and leaves what the other leaves
both() {
	local status=$1 code=$2
	shift 2
	copy theirs ours
	says "$status" "$code" on theirs prisma resolve "$@"
	says "$status" "$code" on ours mark "$@"
	alike objects history marked
}

# marked: the names that rows say were marked applied
marked() {
	sql "SELECT migration_name FROM _prisma_migrations
	    WHERE started_at = finished_at AND applied_steps_count = 0 AND logs = ''
	    ORDER BY 1"
}

@test "applied, in a full database without a history: the baseline" {
	on theirs sql 'CREATE TABLE one (x int)'
	both 0 '' --applied 1_one
	is 1_one "$(on ours marked)"
}

@test "applied, with a failed row, which is rolled back" {
	run -1 on theirs prisma deploy
	both 0 '' --applied 2_two
	is 2_two "$(on ours marked)"
}

@test "applied, with a row that was rolled back" {
	run -1 on theirs prisma deploy
	on theirs prisma resolve --rolled-back 2_two
	both 0 '' --applied 2_two
	is 2_two "$(on ours marked)"
	on ours agreed
}

@test "applied, with the checksum that the script has now" {
	run -1 on theirs prisma deploy
	migration 2_two 'SELECT 1;'
	both 0 '' --applied 2_two
	has "$(on ours history)" \
	    "$(sha256sum <migrations/2_two/migration.sql | cut -c 1-64)"
}

@test "applied, and it is: Prisma refuses (P3008), mg is content, no row changes" {
	run -1 on theirs prisma deploy
	copy theirs ours
	says 1 P3008 on theirs prisma resolve --applied 1_one
	on ours mark --applied 1_one
	alike history
	is '' "$(on ours marked)"
}

@test "rolled back, with a failed row" {
	run -1 on theirs prisma deploy
	both 0 '' --rolled-back 2_two
}

@test "rolled back, and it is" {
	run -1 on theirs prisma deploy
	on theirs prisma resolve --rolled-back 2_two
	both 0 '' --rolled-back 2_two
}

@test "rolled back, with a failed row whose folder is gone" {
	run -1 on theirs prisma deploy
	rm -r migrations/2_two
	both 0 '' --rolled-back 2_two
}

@test "rolled back, without a row: refused by both (P3011)" {
	run -1 on theirs prisma deploy
	both 1 P3011 --rolled-back 3_three
}

@test "rolled back, and it is applied: refused by both (P3012)" {
	run -1 on theirs prisma deploy
	both 1 P3012 --rolled-back 1_one
}

@test "a whole history that mg marked applied is one to Prisma" {
	on theirs sql 'CREATE TABLE one (x int)'
	on theirs mark --applied
	on theirs agreed
	is $'1_one\n2_two' "$(on theirs marked)"
}
