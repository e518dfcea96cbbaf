#!/usr/bin/env bats
# mg-undo: Prisma sees what is undone as pending, and applies it again

load helper
load ../helper/undo

setup() {
	project
	databases ours
	migration 1_one 'CREATE TABLE one (x int);'
	migration 2_two 'CREATE TABLE two (x int);'
	echo 'DROP TABLE two;' >migrations/2_two/down.sql
}

# pending: both say that 2_two is, and Prisma applies it without a word
pending() {
	run -1 on ours prisma status
	has "$output" 'have not yet been applied' 2_two
	is pending "$(on ours state 2_two)"
	run -0 on ours prisma deploy
	has "$output" '└─ 2_two/'
	on ours agreed
}

@test "what Prisma applied and mg has undone is pending, and applies again" {
	on ours prisma deploy
	on ours undo >out
	pending
}

@test "so is what had failed once, and was resolved" {
	migration 2_two 'SELECT 1 / 0;'
	run -1 on ours prisma deploy
	on ours prisma resolve --rolled-back 2_two
	migration 2_two 'CREATE TABLE two (x int);'
	on ours prisma deploy
	on ours undo >out
	pending
}

@test "so is what was marked as applied" {
	on ours prisma deploy
	on ours undo >out
	on ours sql 'CREATE TABLE two (x int)'
	on ours prisma resolve --applied 2_two
	on ours undo >out
	pending
}

# SEEDS 203, 212
@test "a way back that failed is a failed migration, and Prisma settles it as well" {
	on ours prisma deploy
	mv migrations/2_two/down.sql .
	echo 'false' >migrations/2_two/down.sh
	run -1 on ours undo
	run -1 on ours prisma deploy
	has "$output" P3009 2_two
	run -1 on ours prisma status
	has "$output" 'have failed' 2_two
	on ours prisma resolve --applied 2_two
	on ours agreed
	run -1 on ours undo
	on ours prisma resolve --rolled-back 2_two
	on ours sql 'DROP TABLE two'
	run -0 on ours prisma deploy
	has "$output" '└─ 2_two/'
	on ours agreed
	echo 'psql -Xqc "DROP TABLE two"' >migrations/2_two/down.sh
	on ours undo >out
	pending
}
