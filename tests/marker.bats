#!/usr/bin/env bats
# make marker: the migration at which old histories and this one meet

# What run sets:
# shellcheck disable=SC2154

load helper/common
load helper/make

setup() {
	sandbox
	makefile 'MG_MIGRATIONS = migrations'
	mkdir old
	touch old/20200101000000_users.js old/20200102_posts.ts old/index.js \
	    old/0003_tags.up.sql old/0003_tags.down.sql old/V4__more.sql \
	    old/20200105000000_types.d.ts
	mkdir old/20200106000000_folder
	migration 20240101000000_first ''
}

replaced() {
	jq -c .replaces migrations/*_marker/metadata.json
}

# Rows 191, 195 and 199 of the promises.
@test "it replaces the legacy names, says what to do, and changes nothing" {
	run -0 mg_make marker LEGACY=old
	has "$output" migrations/2 '_consolidation_marker replaces 5 migrations; mg-mark --from TABLE records it where they were applied'
	is '["0003_tags","20200101000000_users","20200102_posts","20200106000000_folder","V4__more"]' \
	    "$(replaced)"
	is '' "$(grep -v '^--' migrations/*_marker/migration.sql)"
	is 0 "$(find migrations -name '.*' | wc -l)"
	# Behind all that is there.
	mg-scan migrations >scanned
	is "$(basename migrations/*_marker)" "$(jq -r .name scanned | tail -n 1)"
}

@test "run again it does nothing" {
	mg_make marker LEGACY=old >out
	before=$(find migrations | sort)
	run -0 mg_make marker LEGACY=old
	has "$output" '_consolidation_marker is there already'
	is "$before" "$(find migrations | sort)"
}

@test "NAME calls it, and several folders are one" {
	mkdir older
	touch "older/20190101000000_it's.sql"
	mg_make marker LEGACY='old older' NAME=our_marker >out
	is 20190101000000_it\'s \
	    "$(jq -r '.replaces[1]' migrations/*_our_marker/metadata.json)"
}

@test "one that replaces others is left as it is" {
	mg_make marker LEGACY=old >out
	touch old/20200109000000_new.js
	run -2 --separate-stderr mg_make marker LEGACY=old
	has "$stderr" '_consolidation_marker: it is there and replaces others than old has; give this one another NAME'
	is 5 "$(replaced | jq length)"
}

@test "what mg runs itself cannot be legacy" {
	migration 20200102_posts ''
	run -2 --separate-stderr mg_make marker LEGACY=old
	has "$stderr" 'marker: 20200102_posts: it is in migrations, too, and mg runs it; make consolidate makes one migration of those'
	is 2 "$(find migrations -mindepth 1 -type d | wc -l)"
}

@test "a folder that is not given, not there or empty is refused" {
	run -2 --separate-stderr mg_make marker
	has "$stderr" "marker: LEGACY= says where the other tool's migrations are"
	run -2 --separate-stderr mg_make marker LEGACY=nowhere
	has "$stderr" 'marker: nowhere: no such folder'
	mkdir nothing
	run -2 --separate-stderr mg_make marker LEGACY=nothing
	has "$stderr" 'marker: nothing: no migration is there'
}

@test "histories meet: where another tool ran all of them, it is recorded" {
	rm -r old migrations && mkdir old
	touch old/20200101000000_users.js old/20200102000000_posts.js
	mg_make marker LEGACY=old >out
	migration 29990101000000_next 'CREATE TABLE next (id int);'
	database
	sql 'CREATE TABLE knex_migrations (id int, name text, batch int,
	    migration_time timestamptz)' \
	    "INSERT INTO knex_migrations VALUES
	    (1, '20200101000000_users.js', 1, '2021-01-01Z'),
	    (2, '20200102000000_posts.js', 1, '2021-01-01Z')"
	records
	mg-mark --from knex_migrations <records >out
	is 29990101000000_next "$(mg-apply <records | jq -r .name)"
	is "$(basename migrations/*_marker) 29990101000000_next" \
	    "$(sql 'SELECT migration_name FROM _prisma_migrations
	    ORDER BY started_at' | xargs)"
}
