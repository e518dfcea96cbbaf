#!/usr/bin/env bats
# mg-undo(1), where a way back is a program, or lies in folders of other layouts

# What run and start_tool set, what the helpers share, sh with its quotes:
# shellcheck disable=SC2154,SC2030,SC2031,SC2034,SC2016

load helper/common
load helper/server
load helper/undo

setup_file() {
	dropdb --if-exists -f mg_undone && createdb mg_undone
}

setup() {
	sandbox
	export PGDATABASE=mg_undone
	DATABASE_URL=$(url mg_undone)
	export DATABASE_URL MG_SHARE=$ROOT/share
	psql -Xq -c 'set client_min_messages = error' \
	    -c 'drop schema public cascade' -c 'create schema public'
}

teardown() {
	end_sessions
}

# three: SQL, whose second one goes back by a program, applied
three() {
	local name
	for name in a b c; do
		migration "${name/[abc]/$((++count))}_$name" \
		    "create table $name (x int);"
	done
	echo 'drop table a;' >migrations/1_a/down.sql
	back 2_b 'echo "$MG_NAME" >>count' 'psql -Xqc "drop table b"'
	echo 'drop table c;' >migrations/3_c/down.sql
	apply -q >applied
}

# back NAME LINE...: its down.sh
back() {
	printf '%s\n' "${@:2}" >"migrations/$1/down.sh"
}

# broken: the rows that are unfinished, with the first line of their logs
broken() {
	sql "select migration_name, applied_steps_count, split_part(logs, e'\n', 1)
	    from _prisma_migrations where finished_at is null
	    and rolled_back_at is null"
}

applied='finished_at is not null'
begun='2_b|0|mg-undo: way back begun; while this is here, it runs, or nobody noted how it ended'

# SEEDS 203
@test "a program beside any migration takes it back, whoever runs it" {
	local file
	three
	for file in down down.sh down.py; do
		rm migrations/2_b/down*
		printf '%s\n' '#!/bin/sh' 'psql -Xqc "drop table b"' \
		    >"migrations/2_b/$file"
		[ "$file" != down ] || chmod +x migrations/2_b/down
		[ "$file" != down.py ] ||
		    printf '%s\n' 'import os' \
			'os.system("psql -Xqc '"'drop table b'"'")' \
			>migrations/2_b/down.py
		run -0 --separate-stderr undo --to 1_a
		is 'a 1_a' "$(left)"
		is "3_c undone migrations/3_c/down.sql number
2_b undone migrations/2_b/$file number" \
		    "$(jq -r '[.name, .state, .down, (.ms | type)] |
			join(" ")' <<<"$output")"
		apply -q >applied
	done
}

@test "what comes before it is committed, and its row is a failed one while it runs" {
	three
	sql "insert into _prisma_migrations (id, checksum, migration_name,
	    started_at, rolled_back_at) values (gen_random_uuid(), 'x', '2_b',
	    '2020-01-01', '2020-01-02')"
	back 2_b 'psql -XqAt >seen <<end' \
	    "select to_regclass('c') is null;" \
	    'select migration_name, finished_at is null, rolled_back_at is null,' \
	    "applied_steps_count, logs from _prisma_migrations order by started_at;" \
	    'drop table b;' end
	undo --to 1_a >out
	is "t
2_b|t|f|0|
1_a|f|t|1|
2_b|t|t|${begun#2_b|}" "$(cat seen)"
	is 'a 1_a' "$(left)"
	is 1 "$(sql 'select count(*) from _prisma_migrations')"
	says 0 '' apply -q
	is 'a b c 1_a 2_b 3_c' "$(left)"
}

@test "it gets the database, its name and little else, and says its progress" {
	three
	back 2_b 'env | sort | grep -v "^\(PWD\|_\|OLDPWD\|SHLVL\)=" >seen' \
	    'echo said' 'psql -Xqc "drop table b"'
	SECRET=1 run -0 --separate-stderr undo --to 1_a
	is 'mg-undo: 2_b: said' "$stderr"
	has "$(cat seen)" 'MG_NAME=2_b' "DATABASE_URL=$DATABASE_URL"
	run -1 grep SECRET seen
	apply -q >out
	run -0 --separate-stderr undo -q --to 1_a
	is '' "$stderr"
}

@test "-n says which are programs, and that it is not one transaction" {
	three
	run -0 --separate-stderr undo -n --to 1_a
	is $'3_c applied atomic\n2_b applied script' \
	    "$(jq -r '[.name, .state, .plan] | join(" ")' <<<"$output")"
	is 'mg-undo: it is not one transaction, as a way back is a program: what goes before one fails is gone' \
	    "$stderr"
	run -0 --separate-stderr undo -n
	is '' "$stderr"
	is 'a b c 1_a 2_b 3_c' "$(left)"
	[ ! -e count ]
}

# SEEDS 204, 211, 212
@test "one that fails leaves a failed row, and what was undone before is told" {
	three
	back 2_b 'echo one; echo two >&2; exit 7'
	run -1 --separate-stderr undo --to 1_a
	is '3_c undone null
2_b failed 7' "$(jq -r '"\(.name) \(.state) \(.exit)"' <<<"$output")"
	has "$stderr" 'mg-undo: 2_b: its way back failed, exit status 7
one
two
1 of 2 are undone: 3_c
2_b: look what the database has of it: if all of it, mg-mark --applied 2_b, and undo it again; if nothing, mg-mark --rolled-back 2_b'
	is 'a b 1_a' "$(left "$applied")"
	is '2_b|0|mg-undo: way back failed, exit status 7' "$(broken)"
	is $'mg-undo: way back failed, exit status 7\none\ntwo' \
	    "$(sql "select logs from _prisma_migrations
		where finished_at is null")"
}

@test "it is repeated by nobody until it is settled, whatever its script says" {
	three
	rm migrations/2_b/migration.sql
	printf '%s\n' '# mg: idempotent' 'psql -Xqc "create table b (x int)"' \
	    >migrations/2_b/migration.sh
	sql 'drop table c, b, a, _prisma_migrations'
	apply -q >out
	back 2_b '# mg: idempotent' 'echo ran >>count; exit 1'
	run -1 undo --to 1_a
	says 1 'P3009: 2_b: it has failed' undo
	says 1 'mg-undo: way back failed' apply
	is 1 "$(wc -l <count)"
	mg-mark --applied 2_b <records >out
	run -1 undo
	is 2 "$(wc -l <count)"
	sql 'drop table b'
	mg-mark --rolled-back 2_b >out
	apply -q >out
	is 'a b c 1_a 2_b 3_c' "$(left "$applied")"
}

@test "SQL behind a program that fails stays undone no more than it was" {
	three
	echo 'drop table nothing;' >migrations/1_a/down.sql
	migration 0_z 'create table z (x int);'
	sql 'drop table c, b, a, _prisma_migrations'
	apply -q >out
	run -1 --separate-stderr undo --to 0_z
	is $'3_c undone\n2_b undone\n1_a applied' \
	    "$(jq -r '"\(.name) \(.state)"' <<<"$output")"
	has "$stderr" '2 of 3 are undone: 3_c, 2_b; the others are as they were'
	is 'a z 0_z 1_a' "$(left)"
}

#
# Refused before anything runs
#

# refused STATUS MESSAGE [OPTION...]: and all is as it was
refused() {
	says "$1" "$2" undo --to 1_a "${@:3}"
	is 'a b c 1_a 2_b 3_c' "$(left)"
	[ ! -e count ]
}

@test "what cannot run is refused, and nothing is undone" {
	three
	mv migrations/2_b/down.sh migrations/2_b/down
	refused 2 'migrations/2_b/down: it is not executable; chmod +x'
	chmod +x migrations/2_b/down
	touch migrations/2_b/down.sql
	refused 2 'migrations/2_b/down.sql and migrations/2_b/down: two ways back of one migration; remove one'
	rm migrations/2_b/down*
	mkdir migrations/2_b/down
	refused 2 'migrations/2_b/down.sql: there is none'
	back 2_b '#!/no/such/shell'
	refused 2 'migrations/2_b/down.sh: /no/such/shell, which its first line'
	back 2_b 'echo ran >count'
	refused 2 'migrations/2_b/down.sh: a script cannot run behind a transaction pooler' \
	    -d "$DATABASE_URL&pgbouncer=true"
	echo '-- edited' >>migrations/2_b/migration.sql
	refused 1 '2_b: its script has changed since it was applied, so its way back'
}

@test "a program that is replaced by one before it is not run" {
	three
	mkdir migrations/4_d
	echo true >migrations/4_d/migration.sh
	back 4_d 'rm migrations/2_b/down.sh'
	apply -q >out
	says 2 'migrations/2_b/down.sh: No such file' undo --to 1_a
	is 'a b 1_a 2_b' "$(left)"
}

#
# Time and signals
#

# endless: a way back that begins another process, and both would go on
endless() {
	three
	back 2_b 'sleep 600 & echo $! >child' 'echo $$ >parent' 'wait'
}

# running: until that is so
running() {
	local tries
	for ((tries = 0; tries < 1500; tries++)); do
		[ ! -s parent ] || return 0
		sleep 0.02
	done
	return 1
}

@test "--script-timeout ends all of its process group" {
	endless
	says 1 '2_b: its way back was ended after 0.3 s (--script-timeout)' \
	    undo --to 1_a --script-timeout 300ms
	gone "$(cat child)"
	is '2_b|0|mg-undo: way back was ended after 0.3 s (--script-timeout)' \
	    "$(broken)"
}

@test "a signal reaches the whole group, and the row says so" {
	endless
	start_tool mg-undo --to 1_a
	running
	kill -INT "$pid"
	ends 130
	gone "$(cat child)"
	is '2_b|0|mg-undo: way back was ended with mg-undo, by signal 2' \
	    "$(broken)"
	is $'3_c undone\n2_b failed' "$(jq -r '"\(.name) \(.state)"' out)"
}

@test "while a program runs the lock is held" {
	three
	back 2_b 'echo $$ >parent' 'while [ ! -e go ]; do sleep 0.02; done' \
	    'psql -Xqc "drop table b"'
	start_tool mg-undo --to 1_a
	running
	says 75 P1002 mg-apply --lock-wait 100ms <records
	touch go
	ends 0
	is 'a 1_a' "$(left)"
}

# kill_at STATEMENT: mg-undo, once that is true, with what it has on the server
kill_at() {
	await "$1"
	kill -KILL "$pid"
	ended
	sql "select pg_terminate_backend(pid) from pg_stat_activity
	    where application_name = 'mg-undo'" >/dev/null
	await "select not exists (select from pg_stat_activity
	    where application_name = 'mg-undo')"
}

# slow WHAT CONDITION: that happens to rows of the history only in the end
slow() {
	sql "create or replace function slow() returns trigger language plpgsql
	    as 'begin perform pg_sleep(600); return old; end'" \
	    "create trigger slow before $1 on _prisma_migrations
	    for each row when ($2) execute function slow()"
}

asleep="select exists (select from pg_stat_activity where wait_event = 'PgSleep'
    and application_name = 'mg-undo')"

@test "killed at each boundary, nothing is undone twice, nor taken for undone" {
	three
	# Before the COMMIT of what is SQL.
	slow delete "old.migration_name = '3_c'"
	start_tool mg-undo --to 1_a
	kill_at "$asleep"
	is 'a b c 1_a 2_b 3_c' "$(left)"
	sql 'drop trigger slow on _prisma_migrations'
	# Behind it, before the row of the program is broken.
	slow update 'true'
	start_tool mg-undo --to 1_a
	kill_at "$asleep"
	is 'a b 1_a 2_b' "$(left)"
	sql 'drop trigger slow on _prisma_migrations'
	# Before the program has begun, as far as anybody knows.
	back 2_b 'kill -KILL $PPID'
	run undo --to 1_a
	is 137 "$status"
	is "a b 1_a$begun" "$(left "$applied")$(broken)"
	says 1 'P3009: 2_b' undo
	says 1 'P3009' apply
	mg-mark --applied 2_b <records >out
	# While it runs.
	back 2_b 'echo ran >>count' 'echo $$ >parent' 'sleep 600'
	start_tool mg-undo --to 1_a
	running
	kill_at 'select true'
	gone "$(cat parent)"
	is "a b 1_a$begun" "$(left "$applied")$(broken)"
	mg-mark --applied 2_b <records >out
	# When it has ended, and its row has not.
	back 2_b 'echo ran >>count' 'psql -Xqc "drop table b"'
	slow delete 'true'
	start_tool mg-undo --to 1_a
	kill_at "$asleep"
	is "a 1_a$begun" "$(left "$applied")$(broken)"
	sql 'drop trigger slow on _prisma_migrations'
	is 2 "$(wc -l <count)"
	says 1 'P3009: 2_b' undo
	mg-mark --rolled-back 2_b >out
	apply -q >out
	is 'a b c 1_a 2_b 3_c' "$(left "$applied")"
}

cut='psql -XqAtc "select pg_terminate_backend(pid) from pg_stat_activity where application_name = '"'mg-undo'"' and datname = current_database()" >cut'

@test "the connection may break while a program runs: what it did is known" {
	three
	back 2_b "$cut" 'psql -Xqc "drop table b"'
	undo --to 1_a >out
	is 'a 1_a' "$(left)"
	is $'3_c undone\n2_b undone' "$(jq -r '"\(.name) \(.state)"' out)"
	is t "$(cat cut)"
}

@test "and for what is to follow nobody has the lock" {
	three
	back 3_c "$cut" 'psql -Xqc "drop table c"'
	rm migrations/3_c/down.sql
	run -3 --separate-stderr undo --to 1_a
	has "$stderr" 'mg-undo: the connection broke while a script ran' \
	    '1 of 2 are undone: 3_c; the others are as they were'
	is 'a b 1_a 2_b' "$(left)"
}

@test "a row that was settled while its way back ran is not deleted" {
	three
	back 2_b 'psql -Xqc "update _prisma_migrations set rolled_back_at = now()
	    where finished_at is null"'
	says 1 '2_b: its way back ended well, but its row could not be deleted; another has removed or settled it' \
	    undo --to 1_a
	is '2_b|t' "$(sql "select migration_name, rolled_back_at is not null
	    from _prisma_migrations where migration_name = '2_b'")"
}

#
# What lies in folders of other layouts, of which tests/interop has real knex
# judge
#

@test "NAME.down.sql beside NAME.sql takes it back, in one transaction with others" {
	three
	mkdir flat
	echo 'create table d (x int);' >flat/4_d.sql
	echo 'create table e (x int);' >flat/5_e.sql
	echo 'drop table d;' >flat/4_d.down.sql
	records migrations --layout flat flat
	mg-apply -q <records >out
	says 2 'flat/5_e.down.sql: there is none' mg-undo <records
	echo 'drop table e;' >flat/5_e.down.sql
	mg-undo --to 2_b <records >out
	is '5_e flat/5_e.down.sql
4_d flat/4_d.down.sql
3_c migrations/3_c/down.sql' "$(jq -r '.name + " " + .down' out)"
	is 'a b 1_a 2_b' "$(left)"
}

# A Node.js that makes and drops a table of the migration's last letter, and
# says what it was given.
stand_in() {
	mkdir -p bin node_modules/{knex,pg}
	echo {} | tee node_modules/{knex,pg}/package.json >/dev/null
	printf '%s\n' '#!/bin/sh' '[ "$1" != --version ] || exec echo v24.0.0' \
	    'while [ "${1##*/}" != knex-run.mjs ]; do shift; done' \
	    'echo "${1##*/} $2 $3" >>seen' \
	    'table=${MG_NAME#"${MG_NAME%?}"}' 'case $3 in' \
	    'down) psql -Xqc "drop table $table" ;;' \
	    '*) psql -Xqc "create table $table (x int)" ;;' 'esac' >bin/node
	chmod +x bin/node
}

# by_knex FILE...: migrations of knex, run by that
by_knex() {
	local file
	stand_in
	mkdir -p knex
	for file; do
		[ -e "knex/$file" ] ||
		    echo 'exports.up = exports.down = () => {};' >"knex/$file"
	done
	records --layout knex knex
	with_node mg-apply -q <records >out
	rm seen
}

with_node() {
	PATH=$PWD/bin:$PATH "$@"
}

# knex_has: its rows, and whether it is locked
knex_has() {
	sql 'select name from knex_migrations order by id' \
	    'select is_locked from knex_migrations_lock' | paste -sd' '
}

@test "a migration of knex goes back by its own down, out of both histories" {
	by_knex 20240101_a.js 20240102_b.js
	with_node mg-undo <records >out
	is 'knex-run.mjs ./knex/20240102_b.js down' "$(cat seen)"
	is '20240102_b undone knex/20240102_b.js' \
	    "$(jq -r '[.name, .state, .down] | join(" ")' out)"
	is 'a 20240101_a' "$(left)"
	is '20240101_a.js 0' "$(knex_has)"
	is 20240102_b "$(with_node mg-apply <records | jq -r .name)"
}

@test "so does one for knex in a folder of its own, but for a file beside it" {
	stand_in
	mkdir -p migrations/1_a
	echo 'export const up = 1, down = 2;' >migrations/1_a/migration.mjs
	records
	with_node mg-apply -q <records >out
	with_node mg-undo <records >out
	is 'knex-run.mjs ./migrations/1_a/migration.mjs down' \
	    "$(tail -n 1 seen)"
	with_node mg-apply -q <records >out
	echo 'exports.down = 2' >migrations/1_a/down.js
	with_node mg-undo <records >out
	is 'knex-run.mjs ./migrations/1_a/down.js down' "$(tail -n 1 seen)"
}

@test "what knex ran goes back as well, in its place by time" {
	by_knex 20240101_a.js 20240102_b.js 20240103_c.js
	sql "delete from _prisma_migrations where migration_name <> '20240102_b'"
	is '20240103_c 20240102_b' "$(with_node mg-undo --to 20240101_a \
	    <records | jq -r .name | paste -sd' ')"
	is 'a ' "$(left)"
	sql 'drop table _prisma_migrations'
	with_node mg-undo <records >out
	is '  0' "$(left) $(knex_has)"
}

@test "one that exports no down is refused before anything runs" {
	mkdir knex
	echo "exports.up = () => 'lie down'; // down" >knex/20240101_a.js
	by_knex 20240101_a.js 20240102_b.js
	with_node mg-undo <records >out
	rm seen
	says 2 'mg-undo: an export of down in knex/20240101_a.js: there is none' \
	    with_node mg-undo <records
	is 'a 20240101_a' "$(left)"
	echo 'exports.up = exports.down = () => {};' >knex/20240101_a.js
	says 2 "knex/20240101_a.js: its bytes are not those of the record's" \
	    with_node mg-undo <records
	[ ! -e seen ]
}

@test "one that knex has taken back is not taken back again" {
	by_knex 20240101_a.js 20240102_b.js
	sql "delete from knex_migrations where name = '20240102_b.js'"
	says 1 '20240102_b: it is applied, but knex has no row of it in knex_migrations, and may have taken it back' \
	    with_node mg-undo <records
	[ ! -e seen ]
	mg-mark --applied 20240102_b <records >out
	with_node mg-undo <records >out
	is 'a 20240101_a' "$(left)"
}

@test "while knex has its lock, its migrations wait for another run" {
	by_knex 20240101_a.js
	sql 'update knex_migrations_lock set is_locked = 1'
	says 75 '20240101_a: knex has its migrations locked' \
	    with_node mg-undo <records
	is 'a 20240101_a' "$(left)"
	is '20240101_a.js 1' "$(knex_has)"
	[ ! -e seen ]
}

@test "if its way back fails knex finds its lock taken, until it is settled" {
	by_knex 20240101_a.js 20240102_b.js
	sed -i 's/^down.*/down) exit 1 ;;/' bin/node
	run -1 with_node mg-undo <records
	is '20240101_a.js 72707369' "$(knex_has)"
	is '20240102_b|0|mg-undo: way back failed, exit status 1' "$(broken)"
	mg-mark --applied 20240101_a <records >out
	is '20240101_a.js 72707369' "$(knex_has)"
	mg-mark --applied 20240102_b <records >out
	is '20240101_a.js 20240102_b.js 0' "$(knex_has)"
	run -1 with_node mg-undo <records
	sql 'drop table b'
	mg-mark --rolled-back 20240102_b >out
	with_node mg-apply <records >out
	is '20240101_a.js 20240102_b.js 0' "$(knex_has)"
}

#
# Source and compiled
#

@test "what is compiled runs where nothing runs its source, and is warned of if older" {
	by_knex 20240101_a.js
	sed -i 's/v24/v20/' bin/node
	cp knex/20240101_a.js knex/20240102_b.ts
	touch -d '1 hour ago' knex/20240102_b.ts
	cp knex/20240101_a.js knex/20240102_b.js
	records --layout knex knex
	with_node mg-apply <records 2>err >out
	is "knex-run.mjs ./knex/20240102_b.js " "$(cat seen)"
	is '' "$(cat err)"
	is "$(sha256sum <knex/20240102_b.ts | cut -c 1-64)" "$(sql "select
	    checksum from _prisma_migrations
	    where migration_name = '20240102_b'")"
	touch knex/20240102_b.ts
	with_node mg-undo <records 2>err >out
	is 'knex-run.mjs ./knex/20240102_b.js down' "$(tail -n 1 seen)"
	has "$(cat err)" 'mg-undo: knex/20240102_b.js: runs for knex/20240102_b.ts, and is older; compile it again'
	with_node mg-apply <records 2>err >out
	grep -q '^mg-apply: knex/20240102_b.js: runs for' err
	mkdir node_modules/tsx
	echo {} >node_modules/tsx/package.json
	with_node mg-undo <records >out
	is 'knex-run.mjs ./knex/20240102_b.ts down' "$(tail -n 1 seen)"
}

@test "knex may know a source by the name of what was compiled of it" {
	by_knex 20240101_a.ts 20240102_b.ts 20240103_c.ts
	touch knex/2024010{1_a,2_b,3_c}.js
	records --layout knex knex
	is '20240101_a.ts 20240101_a.js' \
	    "$(head -n 1 records | jq -r '.knex + " " + .knex_compiled')"
	sql 'delete from _prisma_migrations' "delete from knex_migrations
	    where name <> '20240101_a.ts'" "update knex_migrations
	    set name = '20240101_a.js'" 'drop table b, c'
	is '20240102_b 20240103_c' "$(with_node mg-apply <records |
	    jq -r .name | paste -sd' ')"
	is '20240101_a.js 20240102_b.js 20240103_c.js 0' "$(knex_has)"
	with_node mg-undo --to 20240102_b <records >out
	sql "update knex_migrations set name = replace(name, 'js', 'ts')"
	with_node mg-apply <records >out
	is '20240101_a.ts 20240102_b.ts 20240103_c.ts 0' "$(knex_has)"
}
