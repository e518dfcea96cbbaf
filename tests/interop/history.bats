#!/usr/bin/env bats
# One history, whoever applies it: Prisma, mg, or each a part

load helper
load traps

# Prisma runs the traps once; the tests compare with what it left.
setup_file() {
	export JUDGED=$BATS_FILE_TMPDIR
	! missing || return 0
	project
	traps
	databases theirs
	on theirs prisma deploy
	on theirs objects >"$JUDGED/objects"
	on theirs rows >"$JUDGED/rows"
	on theirs history >"$JUDGED/history"
}

setup() {
	project
	traps
}

# as_judged: ours is what Prisma alone would have made, and both see that
as_judged() {
	local what
	for what in objects rows history; do
		on ours "$what" >"$what.ours"
		same "$JUDGED/$what" "$what.ours"
	done
	on ours agreed
}

@test "mg leaves the objects, the rows and the history that Prisma leaves" {
	databases ours
	on ours apply
	as_judged
}

@test "what Prisma applied, mg shows as applied and does not repeat" {
	createdb -T "$(BATS_SUITE_TEST_NUMBER='' called theirs)" "$(called ours)"
	as_judged
}

@test "Prisma goes on where mg stopped" {
	databases ours
	on ours apply --to 17_no_semicolon
	is 17 "$(on ours sql 'SELECT count(*) FROM _prisma_migrations')"
	on ours prisma deploy
	as_judged
}

@test "mg goes on where Prisma stopped" {
	databases ours
	hide migrations/[123]*
	on ours prisma deploy
	show
	on ours apply
	as_judged
}

@test "the two can take turns" {
	databases ours
	hide migrations/[0-3]*
	show 0
	on ours apply
	show 1
	on ours prisma deploy
	show 2
	on ours apply
	show 3
	on ours prisma deploy
	as_judged
}

@test "a migration starts after the one before, and ends after it started" {
	databases ours
	on ours apply
	is 0 "$(on ours sql "SELECT count(*) FROM (
		SELECT started_at, finished_at, lag(finished_at) OVER
			(ORDER BY migration_name COLLATE \"C\") AS before
		FROM _prisma_migrations) AS history
	    WHERE started_at >= finished_at OR started_at <= before")"
}

@test "a long history ends alike, whoever applies it" {
	rm -r prisma/migrations
	"$ROOT/tests/history" 120 7 prisma/migrations
	databases theirs ours
	on theirs prisma deploy
	on ours apply
	alike objects history counts
	on ours agreed
}

# counts: of the rows of each table, as their ids and times are never the same
counts() {
	sql "SELECT format('SELECT %L, count(*) FROM %s;', name, name)
	    FROM (SELECT oid::regclass AS name FROM pg_class
		WHERE relkind IN ('r', 'm') AND relnamespace >= 16384) AS tables
	    ORDER BY 1" >counts.sql
	psql -XAtq -v ON_ERROR_STOP=1 -f counts.sql
}
