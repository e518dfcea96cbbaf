#!/usr/bin/env bats
# mg-status(1): say of each migration what the database's history says of it

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
	records
}

teardown() {
	end_sessions
}

# states [OPTION...]: of ./migrations, name and state
states() {
	records && mg-status "$@" <records | jq -r '.name + " " + .state'
}

# row NAME FINISHED ROLLED_BACK LOGS [STARTED]: SQL values of a history row
row() {
	sql "insert into _prisma_migrations (id, checksum, migration_name,
	    finished_at, rolled_back_at, logs, started_at) values
	    (gen_random_uuid(), repeat('0', 64), '$1', $2, $3, $4,
	    ${5:-now()})"
}

# no_history: an empty one
no_history() {
	mg-mark --applied <records >out
	sql 'truncate _prisma_migrations'
}

@test "without a history all is pending, and none is made" {
	is $'1_a pending\n2_b pending' "$(states)"
	is t "$(sql "select to_regclass('_prisma_migrations') is null")"
	run -0 --separate-stderr mg-status <records
	is '' "$stderr"
}

@test "writes each record as it came, with its state" {
	mg-apply --to 1_a <records >out
	mg-status <records >out
	is "$(cat records)" "$(jq -c 'del(.state)' out)"
	is $'applied\npending' "$(jq -r .state out)"
}

@test "a state that the record had is replaced where it stands" {
	is '{"state":"pending","name":"1_a","n":1}' \
	    "$(mg-status <<<'{"state":"applied","name":"1_a","n":1}')"
}

@test "a script that was edited since is modified" {
	mg-apply <records >out
	migration 1_a 'CREATE TABLE a (x bigint);'
	is $'1_a modified\n2_b applied' "$(states)"
}

@test "other line ends are no edit, in neither direction" {
	mg-apply --to 1_a <records >out
	printf 'CREATE TABLE a (x int);\r\n' >migrations/1_a/migration.sql
	printf 'CREATE TABLE b (x int);\r\n' >migrations/2_b/migration.sql
	is $'1_a applied\n2_b pending' "$(states)"
	mg-apply -q <records >out
	migration 2_b 'CREATE TABLE b (x int);'
	is $'1_a applied\n2_b applied' "$(states)"
}

@test "without mg-hash nothing is called modified" {
	mg-apply <records >out
	migration 1_a 'CREATE TABLE a (x bigint);'
	is $'applied\napplied' "$(mg-scan migrations | mg-status | jq -r .state)"
}

@test "a failed row makes its migration failed" {
	no_history
	row 1_a null null "'it broke'"
	is $'1_a failed\n2_b pending' "$(states)"
}

@test "a row that is half done is failed, too" {
	migration 1_a 'CREATE TABLE a (x int);' 'VACUUM nowhere;'
	records
	run -1 mg-apply <records
	is $'1_a failed\n2_b pending' "$(states)"
}

@test "what was rolled back is rolled-back, until it is applied again" {
	no_history
	row 1_a null 'now()' "'it broke'"
	is $'1_a rolled-back\n2_b pending' "$(states)"
	mg-apply <records >out
	is $'1_a applied\n2_b applied' "$(states)"
}

@test "finished and then rolled back is rolled-back" {
	no_history
	row 1_a 'now()' 'now()' null
	is $'1_a rolled-back\n2_b pending' "$(states)"
}

@test "of several rows the failed one decides, then the applied one" {
	no_history
	row 1_a 'now()' null "''" "'2020-01-01'"
	row 1_a null 'now()' null "'2020-01-02'"
	is applied "$(mg-status <<<'{"name":"1_a"}' | jq -r .state)"
	row 1_a null null null "'2020-01-03'"
	is failed "$(mg-status <<<'{"name":"1_a"}' | jq -r .state)"
	row 1_a 'now()' null "''" "'2020-01-04'"
	is failed "$(mg-status <<<'{"name":"1_a"}' | jq -r .state)"
}

@test "rows that the stream lacks come behind it, in the order they were started" {
	no_history
	row z_first 'now()' null null "'2020-01-01'"
	row b_failed null null null "'2020-01-02'"
	row a_third 'now()' null null "'2020-01-03'"
	row c_back null 'now()' null "'2020-01-04'"
	row c_back null 'now()' null "'2020-01-05'"
	run -0 mg-status <records
	is '{"name":"z_first","state":"missing"}
{"name":"b_failed","state":"failed"}
{"name":"a_third","state":"missing"}
{"name":"c_back","state":"rolled-back"}' \
	    "$(tail -n +3 <<<"$output" | jq -c '{name, state}')"
	is "$(printf '0%.0s' {1..64})" \
	    "$(tail -1 <<<"$output" | jq -r .checksum)"
}

@test "an empty stream shows the history alone" {
	mg-apply <records >out
	is $'1_a missing\n2_b missing' \
	    "$(mg-status </dev/null | jq -r '.name + " " + .state')"
}

@test "--pending leaves what mg-apply would run" {
	mg-apply --to 1_a <records >out
	row gone null null null
	row 2_b null 'now()' null
	migration 3_c 'CREATE TABLE c (x int);'
	migration 4_d ''
	row 4_d null null "'it broke'"
	is $'2_b rolled-back\n3_c pending' "$(states --pending)"
}

@test "--pending keeps what is half done and can go on" {
	migration 1_a 'CREATE TABLE a (x int);' 'VACUUM nowhere;'
	records
	run -1 mg-apply <records
	is $'1_a failed\n2_b pending' "$(states --pending)"
}

@test "--exit-code answers whether all is applied" {
	says 1 '' mg-status --exit-code <records
	mg-apply --to 1_a <records >out
	says 1 '' mg-status --exit-code <records
	mg-apply <records >out
	says 0 '' mg-status --exit-code <records
	says 0 '' mg-status --exit-code --pending <records
	run -0 mg-status --exit-code --pending <records
	is '' "$output"
}

@test "--exit-code says no of what was modified" {
	mg-apply <records >out
	migration 1_a 'CREATE TABLE a (x bigint);'
	records
	run -1 mg-status --exit-code <records
	run -1 mg-status --exit-code --pending <records
}

@test "--exit-code does not mind what the stream lacks, unless it failed" {
	mg-apply <records >out
	row gone 'now()' null null
	run -0 mg-status --exit-code <records
	row broken null null null
	run -1 mg-status --exit-code <records
	run -1 mg-status --exit-code --pending <records
}

@test "the answer is in the exit status only when asked for" {
	run -0 mg-status <records
	run -0 mg-status --pending <records
}

@test "it needs no lock and no right but to read" {
	mg-apply --to 1_a <records >out
	sql 'create role mg_looker login' \
	    'grant select on _prisma_migrations to mg_looker'
	hold_lock
	PGUSER=mg_looker
	DATABASE_URL=$(url "$PGDATABASE" \
	    options=-c%20default_transaction_read_only%3Don)
	run -0 --separate-stderr mg-status <records
	PGUSER=postgres
	sql 'drop owned by mg_looker' 'drop role mg_looker'
	is $'applied\npending' "$(jq -r .state <<<"$output")"
	is '' "$stderr"
}

@test "a role that may not read the history is told so" {
	mg-apply <records >out
	sql 'create role mg_not_looking login'
	PGUSER=mg_not_looking
	DATABASE_URL=$(url "$PGDATABASE")
	run --separate-stderr mg-status <records
	PGUSER=postgres
	sql 'drop role mg_not_looking'
	is 'mg-status: the history cannot be read: permission denied for table _prisma_migrations' \
	    "$stderr"
	is 2 "$status"
}

@test "?schema= says whose history" {
	mg-apply <records >out
	DATABASE_URL=$(url "$PGDATABASE" schema=app)
	is $'1_a pending\n2_b pending' "$(states)"
}

@test "?schema= is seen behind a transaction pooler, too" {
	sql 'create schema app'
	DATABASE_URL=$(url "$PGDATABASE" schema=app) mg-apply <records >out
	DATABASE_URL=$(url "$PGDATABASE" 'schema=app&pgbouncer=true')
	is $'1_a applied\n2_b applied' "$(states)"
}

@test "a database without any schema has no history" {
	sql 'drop schema public'
	is $'1_a pending\n2_b pending' "$(states)"
}

@test "names may have spaces, quotes, newlines and letters of any script" {
	local name
	rm -r migrations
	for name in '1 a b' "2'; drop table x; --" '3"\' $'4\nfour' \
	    '5_été_🚀'; do
		migration "$name" ''
	done
	records
	mg-apply <records >out
	is applied "$(mg-status <records | jq -r .state | sort -u)"
	is "$(jq -c '{name, checksum}' records)" \
	    "$(mg-status </dev/null | jq -c '{name, checksum}')"
}

@test "a malformed stream is refused" {
	says 2 'mg-status: <stdin>:1: ' mg-status <<<'['
	printf '{"name":"1_a"}' >records
	fails 2 'mg-status: <stdin>:1: cut short: no newline after the last record; did the program that wrote it fail?' \
	    mg-status <records
}

@test "operands are refused" {
	says 2 'mg-status: migrations: records come on standard input' \
	    mg-status migrations </dev/null
}

@test "a server that is not there exits 3 (P1001), a database 2 (P1003)" {
	DATABASE_URL="postgresql://me:hunter2@localhost/x?host=$PWD" \
	    run -3 --separate-stderr mg-status <records
	has "$stderr" 'mg-status: P1001: '
	case $stderr in *hunter2*) false ;; esac
	DATABASE_URL=$(url no_such_database) \
	    says 2 'mg-status: P1003: ' mg-status <records
}

@test "a URL that cannot be used exits 2, and is not shown" {
	DATABASE_URL='mysql://me:hunter2@localhost/x' \
	    run -2 --separate-stderr mg-status <records
	case $stderr in *hunter2*) false ;; esac
}

@test "-q keeps warnings back" {
	DATABASE_URL=$(url "$PGDATABASE" 'nonsense=1')
	says 0 nonsense mg-status <records
	fails 0 '' mg-status -q <records
}

@test "-C is where the paths begin" {
	mg-apply <records >out
	printf 'CREATE TABLE a (x int);\r\n' >migrations/1_a/migration.sql
	records
	mkdir elsewhere
	cd elsewhere
	is 'applied applied' "$(mg-status -C .. <../records | jq -r .state |
	    paste -sd ' ')"
}

@test "records are complete, or the exit status says so" {
	fails 3 'mg-status: stdout: No space left on device' \
	    bash -c 'mg-status <records >/dev/full'
}

@test "records that are none are told while the server is still waited for" {
	local tool
	echo nonsense >records
	for tool in mg-status mg-apply; do
		DATABASE_URL="postgresql:///x?host=$PWD" \
		    run -2 timeout 10 "$tool" --wait 60s <records
		is "$tool: <stdin>:1: not JSON: column 8: '[' or '{' expected near 'nonsense'" "$output"
	done
}
