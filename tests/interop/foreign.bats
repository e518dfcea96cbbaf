#!/usr/bin/env bats
# mg-mark --from and mg-convert --layout, of histories that the tools
# themselves have made: then mg and Prisma agree that all is applied
#
# Rows 186 and 190 of the promises.

# What run sets:
# shellcheck disable=SC2154

load helper

setup() {
	project
	databases theirs ours
	cp "$ROOT/tests/interop/knexfile.cjs" .
	mkdir old
}

# old NAME LINE...: a file in ./old
old() {
	printf '%s\n' "${@:2}" >"old/$1"
}

# converted OPTION...: ./old into the project's folder, without its lock file
converted() {
	local lock
	lock=$(cat migrations/migration_lock.toml)
	rm prisma/migrations/migration_lock.toml
	mg-convert --layout prisma -q "$@" -o prisma/migrations old
	echo "$lock" >migrations/migration_lock.toml
}

# imported TABLE TIMED: all of it is applied, at the tool's times if it has them
imported() {
	on theirs records migrations
	on theirs mg-mark --from "$1" -n <records >matching
	is "$(jq -r .name records)" "$(jq -r .name matching)"
	on theirs mg-mark --from "$1" <records >out
	cmp matching out
	on theirs agreed
	on theirs mg-mark --from "$1" <records >out
	is '' "$(cat out)"
}

# objects_but TABLE...: without the tools' own
objects_but() {
	pg_dump -s -T '*migrations*' | unguarded
}

@test "knex" {
	old 20240101000000_users.js \
	    'exports.up = (knex) => knex.schema.createTable("users", (t) => { t.increments(); });' \
	    'exports.down = (knex) => knex.schema.dropTable("users");'
	old 20240102000000_posts.js \
	    'exports.up = (knex) => knex.schema.createTable("posts", (t) => { t.increments(); });' \
	    'exports.down = (knex) => knex.schema.dropTable("posts");'
	KNEX_MIGRATIONS=$PWD/old on theirs node \
	    "$PRISMA/node_modules/knex/bin/cli.js" \
	    --knexfile knexfile.cjs migrate:latest >out
	migration 20240101000000_users 'CREATE TABLE users (id serial);'
	migration 20240102000000_posts 'CREATE TABLE posts (id serial);'
	imported knex_migrations
	is 2 "$(on theirs sql "SELECT count(*) FROM _prisma_migrations
	    JOIN knex_migrations ON starts_with(name, migration_name)
	    AND finished_at = migration_time")"
}

@test "node-pg-migrate" {
	old 1704067200000_users.sql '-- Up Migration' \
	    'CREATE TABLE users (id int);' '-- Down Migration' \
	    'DROP TABLE users;'
	old 1704067201000_posts.sql '-- Up Migration' \
	    'CREATE TABLE posts (id int);' '-- Down Migration' \
	    'DROP TABLE posts;'
	on theirs node "$PRISMA/node_modules/node-pg-migrate/bin/node-pg-migrate.js" \
	    up -m old >out
	converted --down
	is 'DROP TABLE users;' "$(cat migrations/20240101000000_users/down.sql)"
	imported pgmigrations
	on ours apply >out
	alike objects_but
}

@test "dbmate" {
	local dbmate
	dbmate=$(echo "$PRISMA"/node_modules/@dbmate/*/bin/dbmate)
	[ -x "$dbmate" ] || chmod +x "$dbmate" 2>/dev/null ||
	    skip 'skipped: dbmate is not for this machine'
	old 20240101000000_users.sql '-- migrate:up' \
	    'CREATE TABLE users (id int);' '-- migrate:down' 'DROP TABLE users;'
	old 20240102000000_users_id.sql '-- migrate:up transaction:false' \
	    'CREATE INDEX CONCURRENTLY users_id ON users (id);' \
	    '-- migrate:down' 'DROP INDEX users_id;'
	"$dbmate" --url "postgres://$PGUSER@/$(called theirs)?host=$PGHOST" \
	    -d old --no-dump-schema up >out
	converted
	imported schema_migrations
	on ours apply >out
	alike objects_but
}
