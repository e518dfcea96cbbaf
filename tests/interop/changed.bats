#!/usr/bin/env bats
# A project that changed after it was applied: edited, gone, late

load helper

setup() {
	project
	databases theirs ours
	migration 1_one 'CREATE TABLE one (x int);'
	migration 3_three 'CREATE TABLE three (x int);'
	on theirs prisma deploy
	on ours apply
}

@test "an older migration that comes late is applied by both" {
	migration 2_two 'CREATE TABLE two (x int);'
	on theirs prisma deploy
	on ours apply
	alike objects history
	on ours agreed
}

@test "an edited script keeps neither from what is new" {
	migration 1_one 'CREATE TABLE other (x int);'
	migration 4_four 'CREATE TABLE four (x int);'
	on theirs prisma deploy
	on ours apply
	alike objects history
	is modified "$(on ours state 1_one)"
}

@test "a folder that is gone keeps neither from what is new" {
	rm -r migrations/1_one
	migration 4_four 'CREATE TABLE four (x int);'
	on theirs prisma deploy
	on ours apply
	alike objects history
	is missing "$(on ours state 1_one)"
}

@test "a folder without a script that was not applied is refused by both" {
	mkdir migrations/4_four
	says 1 P3015 on theirs prisma deploy
	says 2 4_four on ours apply
	alike objects history
}
