# judge.bash - what there has to be at the end
#
# shellcheck disable=SC2154 # what run and the helpers set

# judged: everything ran once; both histories have it; and nobody has more to do
judged() {
	each_once
	prisma_history
	knex_history
	locks_are_free
	is "$digest" "$(mg-catalog --digest)"
	nothing_to_do
}

# each_once: steps.bash has seen to their order
each_once() {
	jq -r .name "$work/$LAST/records" | sort | diff -u - <(sort ran) >&2
}

# prisma_history: one row that is finished, for all but those that knex has run
prisma_history() {
	is '' "$(unfinished)"
	sql 'select migration_name, checksum from _prisma_migrations
	    where rolled_back_at is null order by migration_name collate "C"' >rows
	jq -r 'select(.knex | not) | .name + "|" + .checksum' \
	    "$work/$LAST/records" >want
	grep -vF "$(by_knex)" rows | diff -u want - >&2
	jq -r '.name + "|" + .checksum' "$work/$LAST/records" >want
	is '' "$(grep -vxFf want rows)"
	is '' "$(cut -d '|' -f 1 rows | uniq -d)"
}

# by_knex: the names of knex's migrations
by_knex() {
	jq -r 'select(.knex) | .name' "$work/$LAST/records"
}

# knex_history: a row of each, in the order in which they ran
knex_history() {
	sql 'select name from knex_migrations order by id' >rows
	jq -r '.knex // empty' "$work/$LAST/records" | diff -u - rows >&2
	is t "$(sql 'select bool_and(migration_time is not null and batch > 0)
	    from knex_migrations')"
}

# locks_are_free: what knex has left is knex's to give back, as it tells
locks_are_free() {
	if [ 1 = "$(knex_lock)" ]; then
		at_last real_knex migrate:latest >out 2>&1 || true
		has "$(cat out)" 'migrate:unlock'
		at_last real_knex migrate:unlock
	fi
	is 0 "$(knex_lock)"
	is 0 "$(sql "select count(*) from pg_locks where locktype = 'advisory'")"
}

# nothing_to_do: all three say so, and change nothing
nothing_to_do() {
	both >before
	at_last mg-apply >out
	is '' "$(cat out)"
	at_last mg-status >out
	is applied "$(jq -r .state out | sort -u)"
	at_last real_knex migrate:latest >out
	has "$(cat out)" 'Already up to date'
	at_last prisma deploy >out
	has "$(cat out)" 'No pending migrations to apply.'
	at_last prisma status >out
	has "$(cat out)" 'Database schema is up to date!'
	both | diff -u before - >&2
}

# both: the histories as they are
both() {
	sql 'select * from _prisma_migrations order by id' \
	    'select * from knex_migrations order by id'
}
