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

# imported TABLE: all of it is applied
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

# public_objects: without those that a tool has in a schema of its own
public_objects() {
	pg_dump -s -n public -T '*migrations*' | unguarded
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

@test "sqitch, and a change that it has reworked" {
	command -v sqitch >/dev/null || skip 'skipped: sqitch is not installed'
	mkdir old/deploy
	old sqitch.conf '[core]' 'engine = pg'
	old sqitch.plan '%syntax-version=1.0.0' '%project=mg' '' \
	    'users 2024-01-01T00:00:00Z me <me@localhost> # the first' \
	    '@v1.0 2024-01-01T00:00:00Z me <me@localhost> # a release' \
	    'posts [users] 2024-01-02T00:00:00Z me <me@localhost> # the second' \
	    'users [users@v1.0] 2024-01-03T00:00:00Z me <me@localhost> # again'
	old deploy/users@v1.0.sql 'BEGIN;' 'CREATE TABLE users (id int);' 'COMMIT;'
	old deploy/posts.sql 'BEGIN;' 'CREATE TABLE posts (id int);' 'COMMIT;'
	old deploy/users.sql 'BEGIN;' 'ALTER TABLE users ADD name text;' 'COMMIT;'
	(
		cd old
		export SQITCH_FULLNAME=me SQITCH_EMAIL=me@localhost
		sqitch --quiet deploy "db:pg:$(called theirs)"
	)
	converted
	imported sqitch.changes
	is 'users@v1.0 posts users' "$(jq -r .from matching | paste -sd ' ')"
	is 3 "$(on theirs sql "SELECT count(*) FROM _prisma_migrations
	    JOIN sqitch.changes ON finished_at = committed_at")"
	on ours apply >out
	alike public_objects
}

@test "graphile-migrate is refused" {
	local sql='CREATE TABLE users (id int);'
	mkdir migrations/committed
	printf -- '--! Previous: -\n--! Hash: sha1:%s\n\n%s\n' \
	    "$(echo "$sql" | sha1sum | cut -c 1-40)" "$sql" \
	    >migrations/committed/000001.sql
	echo '{"pgSettings":{}}' >.gmrc
	on theirs node "$PRISMA/node_modules/graphile-migrate/dist/cli.js" \
	    migrate >out
	is users "$(on theirs sql "SELECT relname FROM pg_class
	    WHERE relname = 'users'")"
	rm -r migrations/committed
	migration 000001 "$sql"
	records migrations
	run -1 on theirs mg-mark --from graphile_migrate.migrations <records
	has "$output" 'graphile-migrate keeps hashes of its migrations'
	is t "$(on theirs sql "SELECT to_regclass('_prisma_migrations') IS NULL")"
}
