#!/usr/bin/env bats
# mg-mark(1) --from: other tools' histories become history rows
#
# Rows 190 and 199 of the promises; tests/interop/foreign.bats has the same of
# tables that the tools themselves have written.

# What run sets:
# shellcheck disable=SC2154

load helper/common

setup_file() {
	sandbox_of_file
	createdb mg_from
}

# sandbox_of_file: the migrations that most tests read
sandbox_of_file() {
	cd "$BATS_FILE_TMPDIR" || return
	migration 20200101000000_users 'CREATE TABLE users (id int);'
	migration 20200102000000_posts 'CREATE TABLE posts (id int);'
	migration 20200103000000_tags 'CREATE TABLE tags (id int);'
	records
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	export PGDATABASE=mg_from
	DATABASE_URL=$(url mg_from)
	export DATABASE_URL
	sql 'DROP SCHEMA public CASCADE' 'CREATE SCHEMA public' \
	    'DROP SCHEMA IF EXISTS sqitch, app CASCADE' 2>/dev/null
}

# from TABLE [OPTION...]: of ./records
from() {
	mg-mark --from "$@" <records
}

# rows: names and when they were applied, oldest first
rows() {
	sql "SELECT migration_name || ' ' || to_char(finished_at AT TIME ZONE
	    'UTC', 'YYYY-MM-DD HH24:MI:SS.US') FROM _prisma_migrations
	    ORDER BY started_at"
}

# names: of the history, oldest first
names() {
	sql 'SELECT migration_name FROM _prisma_migrations ORDER BY started_at'
}

# printed: what the records on standard output matched
printed() {
	jq -r '.name + " " + .state + " " + (.from // "-")' <<<"$output"
}

# unwritten: there is no history
unwritten() {
	is t "$(sql "SELECT to_regclass('_prisma_migrations') IS NULL")"
}

# knex ROW...: "(id, 'name', batch, 'time')"
knex() {
	sql 'CREATE TABLE knex_migrations (id serial PRIMARY KEY,
	    name varchar(255), batch integer, migration_time timestamptz)'
	local IFS=,
	sql "INSERT INTO knex_migrations VALUES $*"
}

# versions TYPE VERSION...: schema_migrations as dbmate and Rails have it
versions() {
	local type=$1 IFS=,
	shift
	sql "CREATE TABLE schema_migrations (version $type PRIMARY KEY)" \
	    "INSERT INTO schema_migrations VALUES $*"
}

# flyway ROW...: "(rank, version, type, script, success)", a minute each
flyway() {
	local IFS=,
	sql 'CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY,
	    version varchar(50), description varchar(200) NOT NULL,
	    type varchar(20) NOT NULL, script varchar(1000) NOT NULL,
	    checksum int, installed_by varchar(100) NOT NULL,
	    installed_on timestamp NOT NULL DEFAULT now(),
	    execution_time int NOT NULL, success boolean NOT NULL)' \
	    "INSERT INTO flyway_schema_history SELECT r, v, 'd', t, s, 0, 'me',
	    timestamp '2021-01-01' + r * interval '1 min', 1, ok
	    FROM (VALUES $*) AS g (r, v, t, s, ok)"
}

@test "knex: rows are what prisma resolve writes, at the time that knex has" {
	knex "(1, '20200101000000_users.js', 1, '2021-05-06 07:08:09.123Z')" \
	    "(2, '20200102000000_posts.ts', 1, '2021-05-06 07:08:09.456Z')"
	run -0 --separate-stderr from knex_migrations
	is '' "$stderr"
	is '20200101000000_users applied 20200101000000_users.js
20200102000000_posts applied 20200102000000_posts.ts' "$(printed)"
	is '20200101000000_users 2021-05-06 07:08:09.123000
20200102000000_posts 2021-05-06 07:08:09.456000' "$(rows)"
	is "t|$(jq -r 'select(.name == "20200101000000_users").checksum' \
	    records)|t|t|0" "$(sql "SELECT started_at = finished_at, checksum,
	    logs = '', rolled_back_at IS NULL, applied_steps_count
	    FROM _prisma_migrations ORDER BY migration_name LIMIT 1")"
	mg-status <records >states
	is 'applied applied pending' "$(jq -r .state states | xargs)"
}

@test "run again it writes nothing, and later what has come since" {
	knex "(1, '20200101000000_users.js', 1, now())"
	from knex_migrations >out
	run -0 from knex_migrations
	is '' "$output"
	sql "INSERT INTO knex_migrations VALUES (2, '20200102000000_posts.js',
	    2, now())"
	run -0 from knex_migrations
	is '20200102000000_posts applied 20200102000000_posts.js' "$(printed)"
	is 2 "$(sql 'SELECT count(*) FROM _prisma_migrations')"
}

@test "-n shows the matching and writes nothing" {
	knex "(1, '20200101000000_users.js', 1, now())"
	run -0 from knex_migrations -n
	is '20200101000000_users applied 20200101000000_users.js' "$(printed)"
	unwritten
}

@test "the table may be called anything, and lie in any schema" {
	knex "(1, '20200101000000_users.js', 1, now())"
	sql 'CREATE SCHEMA app' 'ALTER TABLE knex_migrations SET SCHEMA app' \
	    'ALTER TABLE app.knex_migrations RENAME TO "Done by Knex"'
	run -0 from 'app."Done by Knex"'
	is 20200101000000_users "$(names)"
}

@test "names with one moment keep their order" {
	knex "(1, '20200101000000_users.js', 1, '2021-01-01Z')" \
	    "(2, '20200102000000_posts.js', 1, '2021-01-01Z')" \
	    "(3, '20200103000000_tags.js', 1, '2020-12-31Z')"
	from knex_migrations >out
	is '20200101000000_users 2021-01-01 00:00:00.000000
20200102000000_posts 2021-01-01 00:00:00.000001
20200103000000_tags 2021-01-01 00:00:00.000002' "$(rows)"
}

@test "a name that differs matches by its timestamp" {
	knex "(1, '20200101000000_create_users.js', 1, now())"
	run -0 from knex_migrations
	is '20200101000000_users applied 20200101000000_create_users.js' \
	    "$(printed)"
}

@test "what is missing on either side is named" {
	knex "(1, '20190101000000_gone.js', 1, now())" \
	    "(2, '20200101000000_users.js', 1, now())" \
	    "(3, '20200103000000_tags.js', 1, now())"
	run -0 --separate-stderr from knex_migrations
	is 'mg-mark: 20190101000000_gone.js: knex_migrations has it, and no folder here is it
mg-mark: 20200102000000_posts: knex_migrations does not have it, but has 20200103000000_tags, which comes behind it: it is pending' \
	    "$stderr"
	is $'20200101000000_users\n20200103000000_tags' "$(names)"
}

@test "another order than that of the folders is named, and kept" {
	knex "(1, '20200102000000_posts.js', 1, now() - interval '1 day')" \
	    "(2, '20200101000000_users.js', 1, now())"
	run -0 --separate-stderr from knex_migrations
	is 'mg-mark: 20200101000000_users: knex_migrations has applied it behind 20200102000000_posts, which comes behind it here' \
	    "$stderr"
	is $'20200102000000_posts\n20200101000000_users' "$(names)"
}

@test "a row that may be two folders is refused, until one says which it is" {
	mkdir twice && cd twice
	migration 20200101000000_a ''
	migration 20200101000000_b ''
	records
	versions text "('20200101000000')"
	fails 1 'mg-mark: schema_migrations: 20200101000000 may be 20200101000000_a or 20200101000000_b; say that it is the "legacy" of the right one in its metadata.json' \
	    from schema_migrations
	unwritten
	echo '{"legacy": "20200101000000"}' \
	    >migrations/20200101000000_b/metadata.json
	records
	from schema_migrations 2>err >out
	is 20200101000000_b "$(names)"
}

@test "a folder that may be two rows is refused" {
	knex "(1, '20200101000000_one.js', 1, now())" \
	    "(2, '20200101000000_two.js', 1, now())"
	fails 1 'mg-mark: knex_migrations: both 20200101000000_one.js and 20200101000000_two.js may be 20200101000000_users; say in its metadata.json which of them is its "legacy"' \
	    from knex_migrations
	unwritten
}

@test "a whole name counts more than a timestamp that two share" {
	knex "(1, '20200101000000_other.js', 1, now())" \
	    "(2, '20200101000000_users.js', 1, now())"
	run -0 --separate-stderr from knex_migrations
	is 'mg-mark: 20200101000000_other.js: knex_migrations has it, and no folder here is it' \
	    "$stderr"
	is 20200101000000_users "$(names)"
}

@test "node-pg-migrate: one moment for all of a transaction" {
	sql 'CREATE TABLE pgmigrations (id serial PRIMARY KEY,
	    name varchar(255) NOT NULL, run_on timestamp NOT NULL)' \
	    "INSERT INTO pgmigrations (name, run_on) VALUES
	    ('20200101000000_users', '2021-01-01'),
	    ('20200102000000_posts', '2021-01-01')"
	from pgmigrations >out
	is '20200101000000_users 2021-01-01 00:00:00.000000
20200102000000_posts 2021-01-01 00:00:00.000001' "$(rows)"
}

@test "dbmate and Rails: versions without times, in the order of the folders" {
	versions 'character varying' "('20200102000000')" "('20200101000000')"
	run -0 --separate-stderr from public.schema_migrations
	is '' "$stderr"
	is $'20200101000000_users\n20200102000000_posts' "$(names)"
	is t "$(sql "SELECT bool_and(finished_at > now() - interval '1 min')
	    FROM _prisma_migrations")"
}

@test "golang-migrate: its version, and all below it" {
	sql 'CREATE TABLE schema_migrations (version bigint PRIMARY KEY,
	    dirty boolean NOT NULL)' \
	    "INSERT INTO schema_migrations VALUES (20200102000000, false)"
	run -0 from schema_migrations
	is $'20200101000000_users\n20200102000000_posts' "$(names)"
}

@test "golang-migrate: what is dirty is refused" {
	sql 'CREATE TABLE schema_migrations (version bigint PRIMARY KEY,
	    dirty boolean NOT NULL)' \
	    "INSERT INTO schema_migrations VALUES (20200102000000, true)"
	fails 1 'mg-mark: schema_migrations: golang-migrate says that 20200102000000 failed; mend it, then set its version with migrate force, and run this again' \
	    from schema_migrations
	unwritten
}

@test "Flyway: by script and by version, without what it undid or made itself" {
	mkdir flyway && cd flyway
	n=0
	for name in 1_1 1_2 2 3 1_10; do
		migration "2020010100000$n" ''
		echo "{\"legacy\": \"V${name}__m.sql\"}" \
		    >"migrations/2020010100000$n/metadata.json"
		((n += 1))
	done
	records
	flyway "(1, NULL, 'SCHEMA', '<< Flyway Schema Creation >>', true)" \
	    "(2, '1.1', 'SQL', 'V1_1__m.sql', true)" \
	    "(3, '1.02', 'SQL', 'elsewhere/other.sql', true)" \
	    "(4, '2', 'SQL', 'V2__m.sql', true)" \
	    "(5, '2', 'UNDO_SQL', 'U2__m.sql', true)" \
	    "(6, '3', 'SQL', 'V3__m.sql', true)" \
	    "(7, '3', 'DELETE', 'V3__m.sql', true)"
	run -0 --separate-stderr from flyway_schema_history
	is '' "$stderr"
	is '20200101000000 2021-01-01 00:02:00.000000
20200101000001 2021-01-01 00:03:00.000000' "$(rows)"
}

@test "Flyway: a baseline stands for all below it" {
	flyway "(1, '20200102000000', 'BASELINE', '<< Flyway Baseline >>', true)" \
	    "(2, '20200103000000', 'SQL', 'V20200103000000__tags.sql', true)"
	from flyway_schema_history >out
	is '20200101000000_users 2021-01-01 00:01:00.000000
20200102000000_posts 2021-01-01 00:01:00.000001
20200103000000_tags 2021-01-01 00:02:00.000000' "$(rows)"
}

@test "Flyway: what failed is refused" {
	flyway "(1, '20200101000000', 'SQL', 'V20200101000000__u.sql', true)" \
	    "(2, '20200102000000', 'SQL', 'V20200102000000__p.sql', false)"
	fails 1 'mg-mark: flyway_schema_history: Flyway says that V20200102000000__p.sql failed; mend it, have flyway repair its table, and run this again' \
	    from flyway_schema_history
	unwritten
}

@test "sqitch: by the name behind the timestamp" {
	sql 'CREATE SCHEMA sqitch' 'CREATE TABLE sqitch.changes (
	    change_id text PRIMARY KEY, script_hash text UNIQUE,
	    change text NOT NULL, project text NOT NULL, note text NOT NULL,
	    committed_at timestamptz NOT NULL, committer_name text NOT NULL,
	    committer_email text NOT NULL, planned_at timestamptz NOT NULL,
	    planner_name text NOT NULL, planner_email text NOT NULL)' \
	    "INSERT INTO sqitch.changes SELECT name, name, name, 'flipr', '',
	    t::timestamptz, '', '', t::timestamptz, '', '' FROM (VALUES
	    ('posts', '2021-01-02Z'), ('users', '2021-01-01Z')) AS g (name, t)" \
	    'CREATE TABLE sqitch.tags (tag text NOT NULL,
	    project text NOT NULL, planned_at timestamptz NOT NULL)'
	from sqitch.changes >out
	is '20200101000000_users 2021-01-01 00:00:00.000000
20200102000000_posts 2021-01-02 00:00:00.000000' "$(rows)"
}

@test "graphile-migrate is refused: it keeps hashes" {
	sql 'CREATE SCHEMA app' 'CREATE TABLE app.migrations (
	    hash text PRIMARY KEY, previous_hash text, filename text NOT NULL,
	    date timestamptz NOT NULL)'
	fails 1 'mg-mark: app.migrations: graphile-migrate keeps hashes of its migrations, and no folder has those; give mg-mark --applied the names' \
	    from app.migrations
}

@test "a table that is not there, or nobody's history, is refused" {
	fails 2 'mg-mark: nowhere: there is no such table; write it as SQL does, with its schema, and with quotes where it has capitals' \
	    from nowhere
	says 2 'mg-mark: a b: ' from 'a b'
	sql 'CREATE TABLE mine (id int, version text)'
	fails 2 'mg-mark: mine: no tool that mg knows keeps its history in such columns; give mg-mark --applied the names' \
	    from mine
	says 2 'mg-mark: --from says which, and so does NAME' \
	    from mine 20200101000000_users
}

@test "an empty table marks nothing, one of other migrations is refused" {
	versions text "('1')"
	fails 1 'mg-mark: schema_migrations: none of its rows is a migration here; are these the folders that dbmate or Rails ran?' \
	    from schema_migrations
	sql 'DELETE FROM schema_migrations'
	fails 0 'mg-mark: schema_migrations: it has no rows, so nothing is marked' \
	    from schema_migrations
	unwritten
}

# Rows 191 and 195 of the promises.
@test "a baseline is marked where all that it replaces is there" {
	mkdir marker && cd marker
	migration 20200104000000_consolidation_marker '-- nothing'
	echo '{"replaces": ["20200101000000_users", "20200102000000_posts"]}' \
	    >migrations/20200104000000_consolidation_marker/metadata.json
	records
	knex "(1, '20200101000000_users.js', 1, '2021-01-01Z')"
	fails 1 'mg-mark: 20200104000000_consolidation_marker: knex_migrations has some of what it replaces, and not 20200102000000_posts; apply the rest with knex first' \
	    from knex_migrations
	unwritten
	sql "INSERT INTO knex_migrations VALUES (2, '20200102000000_posts.js',
	    2, '2021-01-02Z')"
	run -0 --separate-stderr from knex_migrations
	is '' "$stderr"
	is '20200104000000_consolidation_marker applied -' "$(printed)"
	is '20200104000000_consolidation_marker 2021-01-02 00:00:00.000000' \
	    "$(rows)"
	mg-status <records >states
	is applied "$(jq -r .state states)"
}
