#!/usr/bin/env bats
# mg.tracks.mk: schema changes now, indexes when it suits
#
# Rows are those of the promises to users.

# What run sets, what make expands:
# shellcheck disable=SC2154,SC2016

load helper/common
load helper/make
load helper/tracks
load helper/server

setup() {
	tracked
	database
}

teardown() {
	end_sessions
}

# Rows 287, 288, 296, 299, 304, 305.
@test "create: an empty migration in the folder of its track, behind all others" {
	rm -r prisma
	run -0 mg_make migrate-schema-create NAME=add_users
	[[ $output == "$schema"/20????????????_add_users/migration.sql ]]
	[ -f "$output" ]
	[ ! -s "$output" ]
	is 'provider = "postgresql"' "$(<"$schema/migration_lock.toml")"
	schema_track 29990101000000_far ''
	run -0 mg_make migrate-indexes-create NAME=add_users_name
	is "$index/29990101000001_add_users_name/migration.sql" "$output"
	mkdir -p prisma/migrations/29990101000002_old
	run -0 mg_make migrate-schema-create NAME=more
	is "$schema/29990101000003_more/migration.sql" "$output"
}

@test "create: in folders of other names, with the lock file that the project has" {
	mkdir -p old
	printf '# ours\nprovider = "postgresql"\n' >old/migration_lock.toml
	run -0 mg_make migrate-indexes-create NAME=a MG_MIGRATIONS=old \
	    MG_INDEX_MIGRATIONS="my own"
	[[ $output == 'my own/20'*_a/migration.sql ]]
	cmp old/migration_lock.toml 'my own/migration_lock.toml'
}

@test "create: without a name, or with one that is none, it makes nothing" {
	rm -r prisma
	refuses migrate-schema-create 'NAME= says what it is about'
	[ ! -e prisma ]
	refuses migrate-indexes-create 'a name says what the migration is about' \
	    NAME='a b'
}

# Rows 292, 297, 298, 300, 301, 306.
@test "dev and deploy: each brings its own track, and nothing twice" {
	run -0 mg_make migrate-schema-dev
	has "$output" 'schema track: 1 applied'
	is '' "$(indexes)"
	is 'schema track: nothing pending' "$(mg_make migrate-schema-deploy)"
	run -0 mg_make migrate-indexes-dev
	has "$output" 'index track: 1 applied'
	is users_name "$(indexes)"
	is 'index track: nothing pending' "$(mg_make migrate-indexes-deploy)"
	schema_track 20240102000000_more 'create table more (id int);'
	run -0 mg_make migrate-schema-deploy
	has "$output" 'schema track: 1 applied'
	is $'20240101000000_users\n20240101000001_users_name\n20240102000000_more' \
	    "$(names)"
}

@test "indexes are built concurrently, but where one develops" {
	mkdir bin
	printf '%s\n' '#!/bin/sh' 'echo "$@" >>options' >bin/mg-index
	chmod +x bin/mg-index
	export MG_INDEX=$PWD/bin/mg-index
	mg_make migrate-schema-deploy
	mg_make migrate-indexes-deploy MG_LOCK_WAIT=1m
	mg_make migrate-indexes-dev
	mg_make migrate-indexes-deploy MG_INDEX_FLAGS='-j 4'
	is '--lock-wait 1m --concurrently
--lock-wait 10s --plain
--lock-wait 10m -j 4' "$(<options)"
}

@test "neither track warns of what the other one has" {
	mg_make migrate-all-deploy
	schema_track 20240102000000_more 'create table more (id int);'
	index_track 20240102000001_more 'create index more_id on more (id);'
	run -0 --separate-stderr mg_make migrate-schema-deploy
	is '' "$stderr"
	run -0 --separate-stderr mg_make migrate-indexes-deploy
	is '' "$stderr"
}

# Rows 293, 326.
@test "option 1: the schema, then rows, then the indexes" {
	run -0 mg_make migrate-all-deploy SKIP_INDEX_MIGRATIONS=true
	has "$output" 'schema track: 1 applied' 'index track: left for later'
	is '' "$(indexes)"
	sql "insert into users select i, 'u' || i from generate_series(1, 1000) i"
	run -0 mg_make migrate-indexes-deploy
	has "$output" 'index track: 1 applied'
	is users_name "$(indexes)"
}

# Rows 302, 327.
@test "option 2: both in one go" {
	run -0 mg_make migrate-all-deploy
	has "$output" 'schema track: 1 applied' 'index track: 1 applied'
	is users_name "$(indexes)"
}

# Row 328.
@test "option 3: an index that was made by hand is recorded, not built" {
	mg_make migrate-schema-deploy
	sql 'create index concurrently users_name on users (name)'
	before=$(sql "select 'users_name'::regclass::oid")
	mg_make migrate-indexes-deploy
	is "$before" "$(sql "select 'users_name'::regclass::oid")"
	is $'20240101000000_users\n20240101000001_users_name' "$(names)"
}

@test "SKIP_INDEX_MIGRATIONS is true or false, and else nothing happens" {
	local value
	for value in yes TRUE 'true ' 2; do
		refuses migrate-all-deploy \
		    "SKIP_INDEX_MIGRATIONS is true or false, not '$value'" \
		    SKIP_INDEX_MIGRATIONS="$value"
		refuses deploy \
		    "SKIP_INDEX_MIGRATIONS is true or false, not '$value'" \
		    SKIP_INDEX_MIGRATIONS="$value" MODE=dev
	done
	untouched
	SKIP_INDEX_MIGRATIONS=1 mg_make migrate-all-deploy
	is '' "$(indexes)"
	mg_make migrate-all-deploy SKIP_INDEX_MIGRATIONS=0
	is users_name "$(indexes)"
}

@test "an index comes behind the schema that it is of" {
	refuses migrate-indexes-deploy '20240101000001_users_name comes behind 20240101000000_users, which the database has yet to get: make migrate-schema-deploy first'
	untouched
	mg_make migrate-schema-deploy
	schema_track 20240102000000_more 'create table more (id int);'
	run -0 mg_make migrate-indexes-deploy
	has "$output" 'index track: 1 applied'
}

@test "in one go, both come in the order of their names" {
	schema_track 20240102000000_rename \
	    'alter table users rename name to called;'
	index_track 20240102000001_more 'create index users_c on users (called);'
	schema_track 20240103000000_drop 'alter table users drop called;'
	run -0 mg_make migrate-all-deploy
	has "$output" 'schema track: 3 applied' 'index track: 2 applied'
	is $'20240101000000_users\n20240101000001_users_name
20240102000000_rename\n20240102000001_more\n20240103000000_drop' "$(names)"
	dropdb "$PGDATABASE"
	database
	run -0 mg_make deploy MODE=dev
	has "$output" 'all migrations are there: 5 applied'
	is 20240103000000_drop "$(names | tail -n 1)"
}

@test "an index that failed keeps no schema waiting, and goes on later" {
	mg_make migrate-schema-deploy
	sql "insert into users values (1, 'a'), (2, 'a')"
	index_track 20240102000000_unique \
	    'create index concurrently users_id on users (id);' \
	    'create unique index concurrently users_unique on users (name);'
	refuses migrate-indexes-deploy users_unique
	is 20240102000000_unique "$(sql 'select migration_name
	    from _prisma_migrations where finished_at is null')"
	schema_track 20240103000000_more 'create table more (id int);'
	run -0 mg_make migrate-schema-deploy
	has "$output" 'schema track: 1 applied'
	sql 'delete from users where id = 2'
	run -0 mg_make migrate-indexes-deploy
	is $'users_name\nusers_id\nusers_unique' "$(indexes)"
}

# Row 288.
@test "an index that is being built keeps no schema waiting" {
	mg_make migrate-schema-deploy
	hold_snapshot
	start_make migrate-indexes-deploy
	await "select exists (select from pg_stat_progress_create_index
	    where phase like 'waiting%')"
	schema_track 20240103000000_more 'create table more (id int);'
	run -0 mg_make migrate-schema-deploy MG_LOCK_WAIT=500ms
	has "$output" 'schema track: 1 applied'
	release_snapshot
	wait "$make"
	has "$(cat out)" 'index track: 1 applied'
	is users_name "$(indexes)"
}

# Row 295.
@test "lint: what is in the wrong track is found, and refused where it is made" {
	is '' "$(mg_make migrate-all-lint)"
	schema_track 20240102000000_wrong 'create table more (id int);' \
	    'create index more_id on more (id);'
	run -2 mg_make migrate-all-lint MG_LINT_FLAGS='--format text'
	has "$output" '20240102000000_wrong/migration.sql:2:1: error: index-in-schema-track: '
	run -2 mg_make migrate-schema-dev
	has "$output" 'nothing was changed: move it to the other track'
	untouched
	mg_make migrate-schema-deploy
	run -0 mg_make migrate-schema-dev
	index_track 20240103000000_wrong 'drop table more;'
	run -2 mg_make migrate-indexes-dev
	has "$output" 'schema-in-index-track: '
	is '' "$(indexes | grep users)"
}

@test "lint: of what the project had before, nothing is said" {
	migration 20230101000000_old 'create table old (id int);' \
	    'create index old_id on old (id);'
	mkdir -p prisma && mv migrations prisma
	is '' "$(mg_make migrate-all-lint)"
}

@test "where there are no tracks, that is told" {
	rm -r prisma
	for target in migrate-schema-deploy migrate-indexes-dev \
	    migrate-all-deploy; do
		refuses "$target" 'migrations is not there: make migrate-schema-create'
	done
	refuses migrate-all-lint 'is there: make migrate-schema-create'
	mkdir -p "$schema"
	is 'schema track: nothing pending' "$(mg_make migrate-schema-deploy)"
}

@test "a name that is in both tracks is refused" {
	index_track 20240101000000_users 'create index on users (name);'
	refuses migrate-all-deploy "20240101000000_users is in $index, and in the schema track"
	untouched
}

# Row 289.
@test "status: each track's, the union, and what neither has" {
	mg_make migrate-schema-deploy
	is $'applied  20240101000000_users\n1 applied' \
	    "$(mg_make migrate-schema-status)"
	is $'pending  20240101000001_users_name\n1 pending' \
	    "$(mg_make migrate-indexes-status)"
	mg_make migrate-indexes-deploy
	is "schema track: $schema
applied  20240101000000_users
1 applied
index track: $index
applied  20240101000001_users_name
1 applied" "$(mg_make migrate-all-status)"
	is "$(mg_make migrate-all-status)" "$(mg_make status)"
	rm -r "$index"/20240101000001_users_name
	run -0 mg_make status
	has "$output" $'in neither track:\nmissing  20240101000001_users_name'
	echo '-- more' >>"$schema/20240101000000_users/migration.sql"
	has "$(mg_make status)" 'modified  20240101000000_users'
}

@test "status: of the database that the URL names, whatever the folders are called" {
	mkdir 'my own'
	mv "$index" 'my own/i'
	mv "$schema" "my own/s'"
	rm -r prisma
	run -0 mg_make status MG_SCHEMA_MIGRATIONS="my own/s'" \
	    MG_INDEX_MIGRATIONS='my own/i'
	has "$output" "schema track: my own/s'" 'index track: my own/i' \
	    'pending  20240101000001_users_name'
}

# Rows 303, 307.
@test "db-pull: the project's command reads the database that the URL names" {
	run -0 mg_make db-pull PULL_CMD='echo pulled "$$DATABASE_URL"'
	is "pulled $DATABASE_URL" "$output"
	mkdir bin
	printf '#!/bin/sh\necho prisma "$@"\n' >bin/prisma
	chmod +x bin/prisma
	is 'prisma db pull' "$(mg_make db-pull MG_PRISMA="$PWD/bin/prisma")"
	run -2 mg_make db-pull PULL_CMD=false
}

@test "db-pull: without such a command it says what to do" {
	refuses db-pull "there is no 'npx --no-install prisma db pull' here: npm install has Prisma, PULL_CMD= names another"
	refuses db-pull "there is no 'nothing pull' here" PULL_CMD='nothing pull'
}

@test "deploy: of a project with tracks it brings both, and says so" {
	run -0 --separate-stderr mg_make plan MODE=dev
	has "$stderr" 'the database has no history: 1 migration: 1 atomic' \
	    'then the index track: 1 to come'
	has "$output" '  index  20240101000001_users_name'
	untouched
	run -0 mg_make deploy MODE=dev SKIP_INDEX_MIGRATIONS=true
	has "$output" 'the schema track is there, and the index track left for later: 1 applied' \
	    'left for later by SKIP_INDEX_MIGRATIONS: 1 to come'
	is '' "$(indexes)"
	mg-status --exit-code <.mg/deployed.jsonl
	run -0 mg_make deploy MODE=dev
	has "$output" 'the database has 1 of 1 of the schema track: nothing to do' \
	    'all migrations are there: 1 applied'
	is users_name "$(indexes)"
	is 2 "$(wc -l <.mg/deployed.jsonl)"
	mg-status --exit-code <.mg/deployed.jsonl
	has "$(mg_make deploy MODE=dev)" 'all migrations are there: nothing pending'
}

@test "deploy: what the project had before comes first, by its baseline" {
	migration 20230101000000_old 'create table old (id int);'
	mkdir -p consolidated-migration/20230101000000_consolidated
	records
	cp migrations/*/migration.sql consolidated-migration/*/
	jq -s '{ replaces: map({ name, checksum }) }' records \
	    >consolidated-migration/20230101000000_consolidated/metadata.json
	run -0 mg_make deploy MODE=dev MG_MIGRATIONS=migrations
	has "$output" 'a baseline of 1 migration among them'
	is $'20230101000000_old\n20240101000000_users\n20240101000001_users_name' \
	    "$(names)"
	run -0 mg_make status MG_MIGRATIONS=migrations
	has "$output" 'applied  20230101000000_old'
}

@test "the schema track may be the folder of migrations" {
	run -0 mg_make migrate-all-deploy MG_MIGRATIONS="$schema"
	has "$output" 'schema track: 1 applied' 'index track: 1 applied'
	is 'nothing pending' "$(mg_make migrate MG_MIGRATIONS="$schema" 2>err)"
}
