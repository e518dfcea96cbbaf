#!/usr/bin/env bats
# What a kill -9 of mg-apply leaves, at any moment: whole migrations, each with
# its row, or a note of what is half done; and the next run completes.
#
# Set KILL_SEED to see the moments of another run, KILL_ROUNDS for more.

load helper/common
load helper/server

setup() {
	sandbox
	RANDOM=${KILL_SEED:=$(date +%s)}
	echo "KILL_SEED=$KILL_SEED"
}

# watched: a history whose migrations say, where they can, that they ran
watched() {
	local script
	"$ROOT/tests/history" 90 3 migrations
	migration 1_ran 'CREATE TABLE public.ran (name text);'
	for script in migrations/2*/migration.sql; do
		grep -Eqi 'concurrently|vacuum' "$script" ||
		    printf '\n;INSERT INTO public.ran VALUES ($$%s$$);\n' \
			"$(basename "$(dirname "$script")")" >>"$script"
	done
	records
}

# run_all: as users do; retried while another run, an orphan, has the lock
run_all() {
	local tries status
	for ((tries = 0; tries < 20; tries++)); do
		status=0
		mg-scan migrations | mg-hash | mg-apply --lock-wait 2s \
		    >out 2>err || status=$?
		[ "$status" = 75 ] || break
	done
	[ "$status" = 0 ] || { cat err >&2; return 1; }
}

# now: in milliseconds
now() {
	date +%s%3N
}

# killed_within MS: a run is killed, at a random moment before that
killed_within() {
	local ms=$((RANDOM % $1))
	mg-scan migrations | mg-hash |
	    mg-apply --lock-wait 10s >/dev/null 2>&1 3>&- &
	pid=$!
	sleep "$((ms / 1000)).$(printf %03d $((ms % 1000)))"
	kill -KILL "$pid" 2>/dev/null || echo 'came too late'
	wait "$pid" || true
	echo "killed at $ms ms"
}

# The orphan runs what was sent to it; what it leaves is what counts.
orphan_is_gone() {
	await "select not exists (select from pg_stat_activity
	    where datname = current_database()
	    and application_name = 'mg-apply')"
}

# each_is_whole: those that ran have a row, those that have one ran
each_is_whole() {
	is t "$(sql "select to_regclass('_prisma_migrations') is not null")" ||
	    return 0
	# Unfinished is nothing but what mg-apply itself will continue.
	is 0 "$(sql "select count(*) from _prisma_migrations
	    where finished_at is null and (logs !~
	    '^mg-apply: [0-9]+ of [0-9]+ steps done, xxh3 [0-9a-f]{32}\$'
	    or logs is null)")" || return
	# A prefix of the stream, and at most one more.
	is "$(jq -r .name records | head -"$(sql 'select count(*)
	    from _prisma_migrations')")" "$(sql 'select migration_name
	    from _prisma_migrations order by migration_name collate "C"')" ||
	    return
	is t "$(sql 'select count(*) <= 1 from _prisma_migrations
	    where finished_at is null')" || return
	[ "$(sql "select to_regclass('ran') is not null")" = t ] || return 0
	# None ran twice; none ran without its row, nor has one and did not.
	is '' "$(sql 'select name from ran group by name having count(*) > 1
	    union select name from ran where name not in (
	    select migration_name from _prisma_migrations)')" || return
	sql "select migration_name from _prisma_migrations
	    where finished_at is not null" | sort >finished
	sql 'select name from ran' | sort >ran
	is '' "$(comm -23 <(comm -12 finished watched) ran)"
}

@test "killed at ten moments: each migration is whole or absent, and the next run completes" {
	local round began took
	watched
	grep -l 'public.ran VALUES' migrations/*/migration.sql |
	    xargs -n1 dirname | xargs -n1 basename | sort >watched
	PGDATABASE=mg_kill_${BATS_SUITE_TEST_NUMBER}
	createdb "$PGDATABASE"
	DATABASE_URL=$(url "$PGDATABASE")
	export PGDATABASE DATABASE_URL
	began=$(now)
	run_all
	took=$(($(now) - began))
	is 91 "$(sql 'select count(*) from _prisma_migrations')"
	schema >undisturbed
	sql 'select name from ran order by 1' >ran_undisturbed
	for ((round = 1; round <= ${KILL_ROUNDS:-10}; round++)); do
		PGDATABASE=mg_kill_${BATS_SUITE_TEST_NUMBER}_$round
		createdb "$PGDATABASE"
		DATABASE_URL=$(url "$PGDATABASE")
		killed_within "$took"
		orphan_is_gone
		each_is_whole
		# Now with an orphan that is still at it.
		killed_within $((took / 2))
		run_all
		is 0 "$(sql 'select count(*) from _prisma_migrations
		    where finished_at is null or applied_steps_count <> 1
		    or logs is not null')"
		schema >disturbed
		cmp undisturbed disturbed
		cmp ran_undisturbed <(sql 'select name from ran order by 1')
		dropdb --force "$PGDATABASE"
	done
}
