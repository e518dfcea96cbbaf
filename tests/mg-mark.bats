#!/usr/bin/env bats
# mg-mark(1): record migrations as applied or rolled back without running them

# What run and start_apply set, what common.bash exports, SQL with its dollars
# and quotes:
# shellcheck disable=SC2154,SC2030,SC2031,SC2034,SC2016,SC1003

load helper/common
load helper/server

setup() {
	sandbox
	database
	migration 1_a 'CREATE TABLE a (x int);'
	migration 2_b 'CREATE TABLE b (x int);'
	migration 3_c 'CREATE TABLE c (x int);'
	records
}

teardown() {
	end_sessions
	end_server
}

# mark OPTION...: of ./records
mark() {
	mg-mark "$@" <records
}

# rows: names, and whether finished, and whether rolled back, oldest first
rows() {
	sql "select concat_ws(' ', migration_name,
	    case when finished_at is not null then 'finished' end,
	    case when rolled_back_at is not null then 'rolled-back' end)
	    from _prisma_migrations order by started_at, migration_name"
}

# fail_row NAME: as Prisma leaves it
fail_row() {
	sql "insert into _prisma_migrations
	    (id, checksum, migration_name, started_at, logs) values
	    (gen_random_uuid(), 'of then', '$1', '2020-01-01', 'it broke')"
}

# printed: names and states
printed() {
	jq -r '.name + " " + .state' <<<"$output"
}

@test "--applied writes the rows that prisma migrate resolve writes" {
	mark --applied 1_a >out
	is "t|$(jq -r 'select(.name == "1_a").checksum' records)|t|1_a|t|t|0" \
	    "$(history_of "id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\$',
	    checksum, started_at = finished_at and
	    started_at between now() - interval '1 min' and now(),
	    migration_name, logs = '', rolled_back_at is null,
	    applied_steps_count")"
	is '' "$(sql "select tablename from pg_tables
	    where tablename in ('a', 'b', 'c')")"
}

@test "it marks all of the stream, in its order" {
	run -0 --separate-stderr mark --applied
	is $'1_a applied\n2_b applied\n3_c applied' "$(printed)"
	is '' "$stderr"
	is $'1_a finished\n2_b finished\n3_c finished' "$(rows)"
	is "$(cat records)" "$(jq -c 'del(.state)' <<<"$output")"
}

@test "operands choose from the stream, even if one comes twice" {
	run -0 mark --applied 3_c 1_a 3_c
	is $'3_c applied\n1_a applied' "$(printed)"
	is $'3_c finished\n1_a finished' "$(rows)"
}

@test "mg-apply then does not run what is marked" {
	mark --applied >out
	is '' "$(mg-apply <records)"
	is applied "$(mg-status <records | jq -r .state | sort -u)"
}

@test "what is applied already is left alone and not printed" {
	local before
	mark --applied 1_a 2_b >out
	before=$(sql 'select * from _prisma_migrations')
	run -0 mark --applied
	is '3_c applied' "$(printed)"
	is "$before" "$(sql "select * from _prisma_migrations
	    where migration_name <> '3_c'")"
	run -0 mark --applied
	is '' "$output"
}

@test "a failed row becomes rolled back, and a new row is applied" {
	mark --applied 1_a >out
	fail_row 2_b
	run -0 mark --applied
	is $'2_b applied\n3_c applied' "$(printed)"
	is $'2_b rolled-back\n1_a finished\n2_b finished\n3_c finished' \
	    "$(rows)"
	is 'of then|it broke|0' "$(sql "select checksum, logs,
	    applied_steps_count from _prisma_migrations
	    where rolled_back_at is not null")"
}

@test "what was rolled back can be marked as applied" {
	mark --applied 1_a >out
	fail_row 2_b
	mark --rolled-back 2_b >out
	mark --applied 2_b >out
	is $'2_b rolled-back\n1_a finished\n2_b finished' "$(rows)"
}

@test "what was finished and then rolled back by hand can be marked, too" {
	mark --applied 1_a >out
	sql 'update _prisma_migrations set rolled_back_at = now()'
	run -0 mark --applied 1_a
	is '1_a applied' "$(printed)"
	is $'1_a finished rolled-back\n1_a finished' "$(rows)"
}

@test "a full database without a history gets one" {
	sql 'create table mine ()'
	mark --applied >out
	is 3 "$(sql 'select count(*) from _prisma_migrations')"
	is 8 "$(sql "select count(*) from information_schema.columns
	    where table_name = '_prisma_migrations'")"
}

@test "?schema= is created and used" {
	DATABASE_URL=$(url "$PGDATABASE" schema=app) mark --applied >out
	is 3 "$(sql 'select count(*) from app._prisma_migrations')"
}

# Row 68 of the promises.
@test "820 are marked in one round trip" {
	jq -nc 'range(820) | {name: "\(100000 + .)_é\"\\,{}x",
	    checksum: ("a" * 64)}' >records
	is 1 "$(round_trips mg-mark --applied)"
	is "$(jq -r .name records)" "$(sql 'select migration_name
	    from _prisma_migrations order by started_at')"
	is 820 "$(wc -l <proxy/out)"
	sql 'update _prisma_migrations set finished_at = null'
	is 1 "$(round_trips mg-mark --rolled-back)"
	is 820 "$(sql 'select count(*) from _prisma_migrations
	    where rolled_back_at is not null')"
	is 820 "$(wc -l <proxy/out)"
}

@test "without mg-hash the checksum is that of the script now" {
	mg-scan migrations | mg-mark --applied 2_b >out
	is "$(sha256sum <migrations/2_b/migration.sql | cut -d ' ' -f 1)" \
	    "$(history_of checksum)"
}

@test "-C is where the paths begin" {
	mg-scan migrations >records
	mkdir elsewhere
	cd elsewhere
	fails 2 'mg-mark: migrations/1_a/migration.sql: No such file or directory' \
	    mg-mark --applied <../records
	mg-mark -C .. --applied <../records >out
	is 3 "$(sql 'select count(*) from _prisma_migrations')"
}

@test "a record with neither path nor checksum cannot be marked as applied" {
	fails 2 'mg-mark: x: the record has no "path"' \
	    mg-mark --applied <<<'{"name":"x"}'
}

@test "-n says what would be done and writes nothing" {
	mark --applied 1_a >out
	fail_row 2_b
	run -0 mark --applied -n
	is $'2_b applied\n3_c applied' "$(printed)"
	run -0 mark --rolled-back -n 2_b
	is '2_b rolled-back' "$(printed)"
	is $'2_b\n1_a finished' "$(rows)"
	sql 'drop table _prisma_migrations'
	run -0 mark --applied -n
	is t "$(sql "select to_regclass('_prisma_migrations') is null")"
}

@test "--rolled-back marks failed rows, and asks for no folder and no stream" {
	mark --applied 1_a >out
	fail_row 2_b
	fail_row gone
	run -0 mg-mark --rolled-back 2_b gone 2_b </dev/null
	is $'2_b rolled-back\ngone rolled-back' "$(printed)"
	is $'2_b rolled-back\ngone rolled-back\n1_a finished' "$(rows)"
	is 'it broke|0' "$(sql "select distinct logs, applied_steps_count
	    from _prisma_migrations where migration_name <> '1_a'")"
}

@test "--rolled-back takes a stream as well" {
	mark --applied 1_a >out
	fail_row 2_b
	grep 2_b records >some
	rm -r migrations
	run -0 mg-mark --rolled-back <some
	is '2_b rolled-back' "$(printed)"
}

@test "what is rolled back already is left alone and not printed" {
	local before
	mark --applied 1_a >out
	fail_row 2_b
	mark --rolled-back 2_b >out
	before=$(sql 'select * from _prisma_migrations')
	run -0 mark --rolled-back 2_b
	is '' "$output"
	is "$before" "$(sql 'select * from _prisma_migrations')"
}

@test "--rolled-back of what has no row is refused (P3011), and nothing is written" {
	mark --applied 1_a >out
	fail_row 2_b
	fails 1 'mg-mark: P3011: 3_c: the history has no row of it, so there is nothing to roll back' \
	    mark --rolled-back 2_b 3_c
	is $'2_b\n1_a finished' "$(rows)"
}

@test "--rolled-back without a history is refused (P3011)" {
	fails 1 'mg-mark: P3011: this database has no migration history, so there is nothing to roll back' \
	    mark --rolled-back 1_a
}

@test "--rolled-back of what is applied is refused (P3012)" {
	mark --applied 1_a >out
	fails 1 'mg-mark: P3012: 1_a: it is applied, not failed; only failed rows can be rolled back' \
	    mark --rolled-back 1_a
	is '1_a finished' "$(rows)"
}

@test "an operand that the stream lacks is refused (P3017)" {
	fails 2 'mg-mark: P3017: 9_z\n: no such migration in the stream' \
	    mark --applied 1_a $'9_z\n'
	is t "$(sql "select to_regclass('_prisma_migrations') is null")"
}

@test "an empty stream is refused" {
	local message='mg-mark: no records came: did what should write them fail?'
	fails 2 "$message" mg-mark --applied </dev/null
	fails 2 "$message" mg-mark --applied 1_a </dev/null
	fails 2 "$message" mg-mark --rolled-back </dev/null
}

@test "a malformed stream is refused" {
	says 2 'mg-mark: <stdin>:1: ' mg-mark --applied <<<'['
	cat records records >twice
	fails 2 'mg-mark: 1_a: comes twice in the stream' \
	    mg-mark --applied <twice
}

@test "it must be said what is to be recorded, and one thing only" {
	says 2 'mg-mark: --applied, --rolled-back or --from?' mark
	says 2 'mg-mark: one of --applied, --rolled-back and --from' \
	    mark --applied --rolled-back
	mark --applied --applied >out
}

@test "names may have spaces, quotes, backslashes, newlines and any letters" {
	local name
	rm -r migrations
	for name in '1 a b' "2'; drop table x; --" '3"\' $'4\nfour' '5_été_🚀' \
	    '6,{NULL}' NULL; do
		migration "$name" ''
	done
	records
	mark --applied >out
	is "$(jq -c .name records)" "$(sql 'select to_json(migration_name)
	    from _prisma_migrations order by migration_name collate "C"')"
	sql 'update _prisma_migrations set finished_at = null'
	run -0 mg-mark --rolled-back $'4\nfour' '3"\'
	is 2 "$(sql 'select count(*) from _prisma_migrations
	    where rolled_back_at is not null')"
}

@test "while another has the lock it exits 75, says who, and changes nothing" {
	hold_lock
	run -75 --separate-stderr mark --applied --lock-wait 100ms
	has "$stderr" 'mg-mark: P1002: the migration lock is held by process ' \
	    ' of deployer, connected ' '; nothing was changed, try again'
	is '' "$output"
	is t "$(sql "select to_regclass('_prisma_migrations') is null")"
}

@test "it waits for the lock" {
	hold_lock
	mg-mark --applied --lock-wait 60s <records >out 3>&- &
	pid=$!
	await_session mg-mark
	release_lock
	ends 0
	is 3 "$(wc -l <out)"
}

@test "PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK does without the lock" {
	hold_lock
	PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK=1 \
	    run -0 mark --applied --lock-wait 0
	is 3 "$(sql 'select count(*) from _prisma_migrations')"
}

@test "a server that is not there exits 3 (P1001), a database 2 (P1003)" {
	DATABASE_URL="postgresql://localhost/x?host=$PWD" \
	    says 3 'mg-mark: P1001: ' mark --applied
	DATABASE_URL=$(url no_such_database) \
	    says 2 'mg-mark: P1003: ' mark --applied
}

@test "a role without rights is told so" {
	# Before 15 everybody may.
	sql 'create role mg_poor_marker login' \
	    'revoke create on schema public from public'
	PGUSER=mg_poor_marker
	DATABASE_URL=$(url "$PGDATABASE")
	run --separate-stderr mark --applied
	PGUSER=postgres
	sql 'drop role mg_poor_marker'
	is 'mg-mark: the history: permission denied for schema public' "$stderr"
	is 2 "$status"
}

@test "a standby is refused" {
	own_server
	standby
	fails 2 'mg-mark: the history: cannot execute CREATE TABLE in a read-only transaction' \
	    mark --applied
}

@test "records are complete, or the exit status says so" {
	fails 3 'mg-mark: stdout: No space left on device' \
	    bash -c 'mg-mark --applied <records >/dev/full'
	is 3 "$(sql 'select count(*) from _prisma_migrations')"
}
