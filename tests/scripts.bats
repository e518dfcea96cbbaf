#!/usr/bin/env bats
# Migrations that are programs, in one order with SQL (SEEDS 186 to 221)

# What run sets, what the helpers share, SQL and sh with their quotes:
# shellcheck disable=SC2154,SC2030,SC2031,SC2034,SC2016

load helper/common
load helper/make
load helper/server

setup_file() {
	createdb mg_scripts
}

setup() {
	sandbox
	export PGDATABASE=mg_scripts
	DATABASE_URL=$(url mg_scripts)
	export DATABASE_URL
	emptied
}

# emptied: nothing is in the database
emptied() {
	psql -Xq -c 'set client_min_messages = error' \
	    -c 'drop schema public cascade' -c 'create schema public'
}

teardown() {
	end_sessions
	end_server
}

# program NAME FILE [LINE...]: a migration that is a program, in that file
program() {
	local name=$1 file=$2
	shift 2
	mkdir -p "migrations/$name"
	printf '%s\n' "$@" >"migrations/$name/$file"
}

# sees STATEMENT: what a script does to have psql say it
sees() {
	echo "psql -XqAtc \"$1\""
}

# ledger: name, whether it is applied, steps and logs of each row
ledger() {
	history_of "migration_name, finished_at is not null,
	    rolled_back_at is not null, applied_steps_count, logs"
}

#
# What is a migration, and in which order
#

# SEEDS 187, 188, 202
@test "a folder may hold a script instead of SQL" {
	local file
	for file in migration migration.ts migration.js migration.mjs \
	    migration.cjs migration.py migration.sh; do
		program "1_$file" "$file"
	done
	migration 2_sql ''
	touch migrations/2_sql/migration.sql.bak migrations/2_sql/migration.md
	is '1_migration script migrations/1_migration/migration
1_migration.cjs script migrations/1_migration.cjs/migration.cjs
1_migration.js script migrations/1_migration.js/migration.js
1_migration.mjs script migrations/1_migration.mjs/migration.mjs
1_migration.py script migrations/1_migration.py/migration.py
1_migration.sh script migrations/1_migration.sh/migration.sh
1_migration.ts script migrations/1_migration.ts/migration.ts
2_sql sql migrations/2_sql/migration.sql' \
	    "$(mg-scan migrations | jq -r '[.name, .kind, .path] | join(" ")')"
}

@test "a folder with both, or with several scripts, is refused by name" {
	migration 1_a ''
	program 1_a migration.ts
	fails 2 'mg-scan: migrations/1_a: both migration.sql and migration.ts, and a migration is one of them; make two migrations of it, or remove one' \
	    mg-scan migrations
	rm migrations/1_a/migration.sql
	program 1_a migration.py
	says 2 'migrations/1_a: both migration.py and migration.ts' \
	    mg-scan migrations
	rm migrations/1_a/migration.py
	program 1_a migration.cjs
	is migrations/1_a/migration.ts "$(mg-scan migrations | jq -r .path)"
	program 1_a migration.js
	says 2 'migrations/1_a: both migration.' mg-scan migrations
}

@test "a script has a checksum, and its baseline's metadata counts" {
	program 1_a migration.sh true
	echo '{"replaces":["0_z"]}' >migrations/1_a/metadata.json
	is "[\"0_z\"] $(sha256sum <migrations/1_a/migration.sh | cut -c 1-64)" \
	    "$(mg-scan migrations | mg-hash | jq -r '"\(.replaces) \(.checksum)"')"
}

# SEEDS 186, 201, 210
# Rows 189, 210.
@test "folders of all layouts come in one order" {
	migration 20240103000000_c ''
	mkdir flat knex
	touch flat/20240102000000_b.sql flat/README.md \
	    knex/20240101_a.ts knex/20240104120000_d.js knex/20240101_a.d.ts
	is '20240101_a script knex/20240101_a.ts
20240102000000_b sql flat/20240102000000_b.sql
20240103000000_c sql migrations/20240103000000_c/migration.sql
20240104120000_d script knex/20240104120000_d.js' \
	    "$(mg-scan migrations --layout flat flat --layout knex knex |
		jq -r '[.name, .kind, .path] | join(" ")')"
}

@test "what is in a folder of knex and no migration is passed over aloud" {
	mkdir knex
	touch knex/helper.js knex/2024_a.js
	run -0 --separate-stderr mg-scan --layout knex knex
	is '' "$output"
	has "$stderr" 'knex/helper.js: passed over' 'knex/2024_a.js: passed over'
}

@test "files with a way back in them would run it, and are refused, but beside NAME.sql" {
	mkdir flat
	touch flat/1_a.down.sql
	says 2 'flat/1_a.down.sql: it has a way up and a way down' \
	    mg-scan --layout flat flat
	touch flat/1_a.sql
	is flat/1_a.sql "$(mg-scan --layout flat flat | jq -r .path)"
	touch flat/1_a.up.sql
	says 2 'flat/1_a.up.sql: it has a way up and a way down' \
	    mg-scan --layout flat flat
	rm flat/1_a.up.sql flat/1_a.down.sql
	printf 'create table a ();\n-- migrate:down\ndrop table a;\n' \
	    >flat/1_a.sql
	says 2 'flat/1_a.sql: it has a way up and a way down' \
	    mg-scan --layout flat flat
}

@test "the same name in two folders is refused, and in two files" {
	migration 20240101_a ''
	mkdir knex
	touch knex/20240101_a.ts
	says 2 'two migrations of one name' \
	    mg-scan migrations --layout knex knex
	touch knex/20240101_a.js
	is '["knex/20240101_a.ts","20240101_a.ts","20240101_a.js"]' \
	    "$(mg-scan --layout knex knex |
		jq -c '[.path, .knex, .knex_compiled]')"
	touch knex/20240101_a.mjs
	says 2 'knex/20240101_a.js and knex/20240101_a.ts: two migrations' \
	    mg-scan --layout knex knex
}

@test "one timestamp in two folders is warned of, but for a baseline's" {
	migration 20240101120000_a ''
	mkdir knex
	touch knex/20240101120000_b.ts knex/20240101_c.ts knex/20240102_d.ts
	run -0 --separate-stderr mg-scan migrations --layout knex knex
	is 'mg-scan: knex/20240101120000_b.ts: comes behind migrations/20240101120000_a/migration.sql, of the same timestamp, by its name alone; if one needs the other, see that this is the right order' \
	    "$stderr"
	rm knex/20240101120000_b.ts
	run -0 --separate-stderr mg-scan migrations --layout knex knex
	has "$stderr" 'knex/20240101_c.ts: comes behind migrations/2024'
	echo '{"replaces":["0"]}' >migrations/20240101120000_a/metadata.json
	run -0 --separate-stderr mg-scan migrations --layout knex knex
	is '' "$stderr"
}

@test "a layout that is not known is refused" {
	says 2 '--layout: not prisma, flat or knex' mg-scan --layout rails .
}

#
# Other tools
#

@test "mg-concat refuses a script, mg-lint passes it over, mg-index refuses it" {
	migration 1_a 'create table a (x int);'
	program 2_b migration.sh true
	records
	says 2 '2_b: a script, which is no SQL to join' mg-concat <records
	run -0 mg-lint --rule all <records || run -0 mg-lint <records
	grep 2_b records >scripts
	says 2 '2_b: is a script, and no SQL that builds indexes' \
	    mg-index <scripts
	is '' "$(sql "select 1 from pg_tables where tablename = 'a'")"
}

@test "mg-status and mg-mark know scripts as they know SQL" {
	program 1_a migration.sh false
	records
	is pending "$(mg-status <records | jq -r .state)" ||
	    is 1 "$?"
	mg-mark --applied <records >out
	is applied "$(mg-status <records | jq -r .state)"
	echo true >>migrations/1_a/migration.sh
	records
	is modified "$({ mg-status <records || :; } | jq -r .state)"
}

#
# Running
#

# SEEDS 193, 196, 217: the SQL before it is committed, its row is open
# Rows 192, 193, 196, 217.
@test "a script runs in its place, and sees what came before it" {
	migration 1_a 'create table a (x int);'
	program 2_b migration.sh \
	    "$(sees 'insert into a values (2)')" \
	    "$(sees 'select migration_name, finished_at is null, applied_steps_count from _prisma_migrations order by started_at') >seen"
	migration 3_c 'insert into a values (3);'
	program 4_d migration.py 'import os' \
	    'os.system("psql -Xqc '"'insert into a values (4)'"'")'
	run -0 --separate-stderr apply
	is '2 3 4' "$(sql 'select x from a' | paste -sd ' ')"
	is $'1_a|f|1\n2_b|t|0' "$(cat seen)"
	is '1_a|t|f|1|
2_b|t|f|1|
3_c|t|f|1|
4_d|t|f|1|' "$(ledger)"
	is '1_a applied true 1
2_b applied true 1
3_c applied true 1
4_d applied true 1' "$(jq -r '[.name, .state, .ms > 0, .steps] | join(" ")' \
	    <<<"$output")"
	is "$(sha256sum <migrations/2_b/migration.sh | cut -c 1-64)" \
	    "$(sql "select checksum from _prisma_migrations
		where migration_name = '2_b'")"
	run -0 apply
	is '' "$output"
}

@test "-n says script, and runs none" {
	program 1_a migration.sh 'touch ran'
	is 'pending|script' "$(apply -n | jq -r '[.state, .plan] | join("|")')"
	[ ! -e ran ]
	is '' "$(sql "select 1 from pg_tables
	    where tablename = '_prisma_migrations'")"
}

# SEEDS 202, 205: any executable, with a database, a name and little else
@test "its environment leads to the database, and has little else" {
	program 1_a migration '#!/bin/sh' 'env | sort >seen'
	chmod +x migrations/1_a/migration
	local url=${DATABASE_URL/postgres@/postgres:p%41ss@}
	printf '[other]\nhost=elsewhere\n' >services
	records
	env -i PGSERVICEFILE=services PATH="$PATH" HOME=/home LANG=C TMPDIR=/tmp SECRET=1 KEPT=2 \
	    ALSO=3 MG_SCRIPT_ENV='KEPT,ALSO NONE' DIRECT_URL=elsewhere \
	    PGSERVICE=other PGHOSTADDR=1.2.3.4 \
	    mg-apply -d "$url&schema=my%20own" <records >out
	sed -i '/^\(PWD\|OLDPWD\|_\|SHLVL\)=/d' seen
	is "ALSO=3
DATABASE_URL=$url&schema=my%20own
HOME=/home
KEPT=2
LANG=C
MG_NAME=1_a
MG_SCRIPT_ENV=KEPT,ALSO NONE
PATH=$PATH
PGCONNECT_TIMEOUT=5
PGDATABASE=mg_scripts
PGHOST=$PGHOST
PGOPTIONS= -c search_path=\"my\\ own\"
PGPASSWORD=pAss
PGPORT=5432
PGSERVICEFILE=services
PGUSER=postgres
TMPDIR=/tmp" "$(cat seen)"
	sql 'drop schema "my own" cascade'
}

@test "without a URL it has libpq's variables, and a URL of them" {
	program 1_a migration.sh 'echo "$DATABASE_URL" >seen'
	records
	env -u DATABASE_URL mg-apply <records >out
	is 1 "$(psql -XqAt "$(cat seen)" -c \
	    'select count(*) from _prisma_migrations')"
}

@test "its folder is the project, and a name like an option is none" {
	mkdir -p ./-p/1_a
	echo 'pwd >seen' >./-p/1_a/migration.sh
	mg-scan -- -p | mg-hash >records
	mg-apply <records >out
	is "$(pwd -P)" "$(cat seen)"
}

@test "what it says is progress, line by line, without the password" {
	program 1_a migration.sh 'echo said; echo "to $PGPASSWORD" >&2' \
	    'printf end'
	records
	run -0 --separate-stderr mg-apply \
	    -d "${DATABASE_URL/postgres@/postgres:s3cret@}" <records
	is 'mg-apply: 1_a: said
mg-apply: 1_a: to ***
mg-apply: 1_a: end' "$stderr"
	program 2_b migration.sh 'echo said'
	run -0 --separate-stderr apply -q
	is '' "$stderr"
}

@test "a #! line says who runs a .sh" {
	program 1_a migration.sh '#!/usr/bin/env bash' '[[ a == a ]] && touch ran'
	apply >out
	[ -e ran ]
}

#
# Refused before anything runs: SEEDS 213
#

# refused MESSAGE: and neither a table nor a row has come
refused() {
	records
	fails 2 "mg-apply: $1" mg-apply <records
	is '' "$(sql "select tablename from pg_tables
	    where schemaname = 'public'")"
}

@test "a script that is not executable is refused, with what mends it" {
	migration 1_a 'create table a (x int);'
	program 2_b migration '#!/bin/sh' true
	refused 'migrations/2_b/migration: it is not executable; chmod +x ./migrations/2_b/migration'
}

@test "a script whose interpreter is missing is refused, with what mends it" {
	migration 1_a 'create table a (x int);'
	program 2_b migration '#!/usr/bin/env no-such-one -x' true
	chmod +x migrations/2_b/migration
	refused 'migrations/2_b/migration: no-such-one, which its first line names, is not there; install it, or name another'
	program 2_b migration '#!/no/such/one' true
	refused 'migrations/2_b/migration: /no/such/one, which its first line names, is not there; install it, or name another'
	rm migrations/2_b/migration
	program 2_b migration.sh '#!/no/such/shell' true
	refused 'migrations/2_b/migration.sh: /no/such/shell, which its first line names, is not there; install it, or name another'
}

# Row 213.
@test "without Python and Node.js their scripts are refused" {
	mkdir bin
	ln -s "$(command -v mg-apply)" bin
	migration 1_a 'create table a (x int);'
	program 2_b migration.py
	records
	says 2 'migrations/2_b/migration.py: python3 is not installed (Debian: apt install python3)' \
	    env PATH="$PWD/bin" mg-apply <records
	rm migrations/2_b/migration.py
	program 2_b migration.mjs
	records
	says 2 'migrations/2_b/migration.mjs: Node.js is not installed (Debian: apt install nodejs)' \
	    env PATH="$PWD/bin" mg-apply <records
}

# A Node.js that says which one it is, and what it was given.
node_of() {
	mkdir -p bin
	printf '#!/bin/sh\n[ "$1" != --version ] || exec echo v%s\necho "$@" >seen\n' \
	    "$1" >bin/node
	chmod +x bin/node
}

# SEEDS 188
@test "TypeScript wants Node.js 22.18 or the project's tsx" {
	program 1_a migration.ts
	for version in 22.17.9 23.5.0 20.20.2; do
		node_of "$version"
		PATH=$PWD/bin:$PATH refused 'migrations/1_a/migration.ts: this Node.js runs no TypeScript, as 22.18 and newer do, the project has no tsx, and nothing compiled lies beside it; npm install --save-dev tsx'
	done
	mkdir -p node_modules/tsx
	echo {} >node_modules/tsx/package.json
	PATH=$PWD/bin:$PATH apply >out
	is '--import tsx ./migrations/1_a/migration.ts' "$(cat seen)"
	rm -r node_modules
	for version in 22.18.0 23.6.0 24.0.0; do
		node_of "$version"
		program "2_$version" migration.ts
		PATH=$PWD/bin:$PATH apply >out
		is "./migrations/2_$version/migration.ts" "$(cat seen)"
	done
}

@test "what exports up goes through the loader, with the project's knex" {
	program 1_a migration.js 'exports.up = (knex) => knex.raw("select 1")'
	node_of 20.0.0
	PATH=$PWD/bin:$PATH refused 'migrations/1_a/migration.js: it exports up for knex, and the project has no knex; npm install knex pg'
	mkdir -p migrations/node_modules/knex node_modules/pg
	echo {} >migrations/node_modules/knex/package.json
	echo {} >node_modules/pg/package.json
	mg-scan migrations 2>/dev/null | mg-hash >records || :
	mv migrations/node_modules/knex node_modules/ && rmdir migrations/node_modules
	records
	mkdir -p usr/bin usr/share/mg
	cp "$(type -P mg-apply)" usr/bin
	cp "$ROOT/share/knex-run.mjs" usr/share/mg
	PATH=$PWD/bin:$PATH MG_SHARE='' usr/bin/mg-apply <records >out
	is "$PWD/usr/share/mg/knex-run.mjs ./migrations/1_a/migration.js" \
	    "$(cat seen)"
	ln -s usr/share link
	program 1_b migration.js 'exports.up = () => {}'
	PATH=$PWD/bin:$PATH MG_SHARE=$PWD/link/../share/mg apply >out
	is "$PWD/usr/share/mg/knex-run.mjs ./migrations/1_b/migration.js" \
	    "$(cat seen)"
	program 2_b migration.js '// upgrade: exports nothing to support'
	PATH=$PWD/bin:$PATH apply >out
	is ./migrations/2_b/migration.js "$(cat seen)"
}

@test "a record whose checksum is another is refused" {
	program 1_a migration.sh 'touch ran'
	records
	echo true >>migrations/1_a/migration.sh
	fails 2 "mg-apply: migrations/1_a/migration.sh: its bytes are not those of the record's checksum; run mg-scan and mg-hash again" \
	    mg-apply <records
	[ ! -e ran ]
}

@test "a script changed by one before it is not run" {
	program 1_a migration.sh 'echo true >migrations/2_b/migration.sh'
	program 2_b migration.sh 'touch ran'
	says 2 'migrations/2_b/migration.sh: its bytes are not those' apply
	[ ! -e ran ]
	is '1_a|t|f|1|' "$(ledger)"
}

@test "behind a transaction pooler a script is refused" {
	program 1_a migration.sh 'touch ran'
	records
	says 2 'migrations/1_a/migration.sh: a script cannot run behind a transaction pooler' \
	    mg-apply -d "$DATABASE_URL&pgbouncer=true" <records
	[ ! -e ran ]
}

#
# Failures: SEEDS 204, 211, 212
#

# Row 204.
@test "a script that fails leaves a failed row, its status and last words" {
	program 1_a migration.sh 'echo one; echo two >&2; exit 7'
	migration 2_b 'create table b (x int);'
	run -1 --separate-stderr apply
	is '{"state":"failed","error":"1_a: failed, exit status 7\none\ntwo","exit":7,"steps":1}' \
	    "$(jq -c '{ state, error, exit, steps }' <<<"$output")"
	has "$stderr" 'mg-apply: 1_a: failed, exit status 7' \
	    'mg-apply: 0 of 2 pending migrations were applied' \
	    '1_a: look what the database has of it: if all of it, mg-mark --applied 1_a; if nothing, mg-mark --rolled-back 1_a and run again'
	is $'1_a|f|f|0|mg-apply: script failed, exit status 7\none\ntwo' \
	    "$(ledger)"
}

@test "a failed script is never repeated, until it is marked" {
	program 1_a migration.sh 'echo ran >>count; [ -e mended ]'
	run -1 apply
	touch mended
	says 1 'P3009' apply
	says 1 '1_a, started' apply
	is 1 "$(wc -l <count)"
	mg-mark --rolled-back 1_a <records >out
	apply >out
	is 2 "$(wc -l <count)"
	is 't|0 f|1' "$(sql "select rolled_back_at is not null, applied_steps_count
	    from _prisma_migrations order by started_at" | paste -sd ' ')"
}

@test "marked as applied it does not run again" {
	program 1_a migration.sh 'echo ran >>count; false'
	run -1 apply
	mg-mark --applied 1_a <records >out
	run -0 apply
	is 1 "$(wc -l <count)"
}

@test "one that says it is idempotent is repeated, in its own row" {
	program 1_a migration.sh '#!/bin/sh' '' '# mg: idempotent' \
	    'echo ran >>count; [ -e mended ]'
	says 1 '1_a: says that it may run again; mend it and run again' apply
	touch mended
	apply >out
	is 2 "$(wc -l <count)"
	is '1_a|t|f|1|' "$(ledger)"
}

@test "behind the head of a script the word means nothing" {
	program 1_a migration.sh 'false' '# mg: idempotent'
	run -1 apply
	says 1 P3009 apply
}

@test "only the last lines are kept, and fit for a log" {
	program 1_a migration.sh 'seq 100; printf "\\033[1m\\377%0600d\\n" 1' \
	    'exit 1'
	run -1 apply
	sql 'select logs from _prisma_migrations' >logs
	is 21 "$(wc -l <logs)"
	is 82 "$(sed -n 2p logs)"
	has "$(tail -n 1 logs)" '\x1b[1m\xff0000' 000...
}

@test "a program that a signal ends is told so" {
	program 1_a migration.sh 'kill -KILL $$'
	says 1 '1_a: was ended by signal 9 (Killed)' apply
	is 137 "$(jq .exit <<<"$output")"
}

#
# Time and signals
#

# A script that begins another process, and both would go on for long.
endless() {
	program 1_a migration.sh "$@" 'sleep 600 & echo $! >child' \
	    'touch begun' 'wait'
}

begun() {
	local tries
	for ((tries = 0; tries < 1500; tries++)); do
		[ ! -e begun ] || return 0
		sleep 0.02
	done
	return 1
}

@test "--script-timeout ends all of its process group" {
	endless
	says 1 '1_a: was ended after 0.3 s (--script-timeout)' \
	    apply --script-timeout 300ms
	gone "$(cat child)"
	is '1_a|f|f|0|mg-apply: script was ended after 0.3 s (--script-timeout)' \
	    "$(ledger)"
}

@test "a child that is deaf to SIGTERM goes with the others" {
	program 1_a migration.sh '(trap "" TERM; touch begun; sleep 600) & echo $! >child' \
	    'wait'
	says 1 'was ended after' apply --script-timeout 500ms
	gone "$(cat child)"
}

@test "a signal reaches the whole group, and the row says so" {
	local signal
	for signal in TERM INT; do
		rm -f begun told
		sql 'drop table if exists _prisma_migrations' 2>/dev/null
		endless '(trap "touch told; exit" TERM; touch ready' \
		    'while :; do sleep 0.05; done) &' \
		    'while [ ! -e ready ]; do sleep 0.02; done'
		start_apply
		begun
		kill -"$signal" "$pid"
		ends $((128 + $(kill -l "$signal")))
		gone "$(cat child)"
		[ -e told ]
		is "1_a|f|f|0|mg-apply: script was ended with mg-apply, by signal $(kill -l "$signal")" \
		    "$(ledger | head -n 1)"
	done
}

# SEEDS 215
# Row 215.
@test "while a script runs the lock is held, and a second run waits for it" {
	program 1_a migration.sh 'echo ran >>count; touch begun' \
	    'while [ ! -e go ]; do sleep 0.02; done'
	migration 2_b 'create table b (x int);'
	start_apply
	begun
	says 75 'P1002' mg-apply --lock-wait 200ms <records
	mg-apply <records >second 2>&1 &
	touch go
	ends 0
	wait $!
	is 1 "$(wc -l <count)"
	is '' "$(cat second)"
	is $'1_a|t|f|1|\n2_b|t|f|1|' "$(ledger)"
}

@test "killed while a script runs, it is a failed row for a person to settle" {
	endless 'echo $$ >script'
	start_apply
	begun
	kill -KILL "$pid"
	ended
	gone "$(cat script)"
	kill "$(cat child)"
	is '1_a|f|f|0|mg-apply: script begun; while this is here, it runs, or nobody noted how it ended' \
	    "$(ledger)"
	says 1 'mg-apply: script begun' apply
	says 1 'mg-mark --applied NAME' apply
}

@test "the connection may break while a script runs: what it did is known" {
	migration 0_z 'create table z (x int);'
	program 1_a migration.sh 'echo ran >>count' \
	    "$(sees "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'mg-apply' and pid <> pg_backend_pid() and datname = current_database()")"
	migration 2_b 'create table b (x int);'
	says 3 'mg-apply: the connection broke while a script ran' apply
	is $'0_z|t|f|1|\n1_a|t|f|1|' "$(ledger)"
	apply >out
	is 1 "$(wc -l <count)"
	is $'0_z|t|f|1|\n1_a|t|f|1|\n2_b|t|f|1|' "$(ledger)"
}

@test "a row that was settled while its script ran is not written" {
	program 1_a migration.sh \
	    "$(sees 'update _prisma_migrations set rolled_back_at = now()')"
	says 1 '1_a: the script ended well, but its row could not be written' \
	    apply
	is '1_a|f|t|0|' "$(ledger | sed 's/mg-apply: .*//')"
}

@test "killed at each boundary, nothing runs twice" {
	local at
	for at in 1 2 3; do
		program "${at}_a" migration.sh 'echo "$MG_NAME" >>count' \
		    "[ $at != \"\$(cat turn)\" ] || kill -KILL \$PPID"
	done
	migration 4_z 'create table z (x int);'
	for at in 1 2 3; do
		echo "$at" >turn
		run apply
		is 137 "$status"
		await "select not exists (select from pg_stat_activity
		    where application_name = 'mg-apply')"
		says 1 P3009 apply
		mg-mark --applied "${at}_a" <records >out
	done
	apply >out
	is $'1_a\n2_a\n3_a' "$(cat count)"
	is '4 z' "$(sql "select count(*) || ' ' ||
	    (select string_agg(tablename, '') from pg_tables
		where tablename = 'z') from _prisma_migrations
	    where finished_at is not null and rolled_back_at is null")"
}

#
# Data, batch by batch: SEEDS 221
#

# batches N: share/examples/batches.sh as a migration, with batches of so many
batches() {
	mkdir -p migrations/2_fill
	sed "s/^BATCH=.*/BATCH=$1/; s/^PAUSE=.*/PAUSE=0/" \
	    "$ROOT/share/examples/batches.sh" >migrations/2_fill/migration.sh
	chmod +x migrations/2_fill/migration.sh
}

@test "the example changes rows batch by batch, and goes on where it failed" {
	migration 1_orders 'CREATE TABLE orders (id bigint PRIMARY KEY,
	    price int, amount int, total int);' 'INSERT INTO orders
	    SELECT n, n, 2 FROM generate_series(1, 7) AS n;' \
	    'UPDATE orders SET price = NULL WHERE id = 6;' \
	    'ALTER TABLE orders ADD CONSTRAINT small CHECK (total < 10);'
	batches 2
	run -1 apply -q
	# Three batches were begun, and the third did not come to its end.
	is '1 2 3 4' "$(sql 'select id from orders where total > 0
	    order by id' | xargs)"
	is 2 "$(sql 'select count(distinct xmin::text) from orders
	    where total > 0')"
	sql 'alter table orders drop constraint small'
	apply -q >out
	is '2 4 6 8 10 null 14' "$(sql "select coalesce(total::text, 'null')
	    from orders order by id" | xargs)"
	is applied "$(records && mg-status <records | jq -r .state | sort -u)"
}

#
# The history of knex, which tests/interop has real knex judge
#

# by_knex [MIGRATION...]: records of these, which a stand-in of Node.js runs
by_knex() {
	node_of 24.0.0
	mkdir -p knex
	touch "${@/#/knex/}"
	mg-scan --layout knex knex >scanned && mg-hash <scanned >records
}

# with_node COMMAND...
with_node() {
	PATH=$PWD/bin:$PATH "$@"
}

# SEEDS 196, 212
@test "a migration of knex has a row in knex's history, in its own table" {
	by_knex 20240101_a.js 20240102_b.cjs
	is '20240101_a.js knex_migrations' \
	    "$(head -n 1 records | jq -r '.knex + " " + .knex_table')"
	with_node mg-apply <records >out
	is $'1|20240101_a.js|1|t\n2|20240102_b.cjs|2|t' "$(sql "select id, name,
	    batch, migration_time between now() - interval '1 min' and now()
	    from knex_migrations order by id")"
	is '1|0' "$(sql 'select * from knex_migrations_lock')"
}

@test "what knex has run is applied, though nobody else knows of it" {
	by_knex 20240101_a.js 20240102_b.js
	sql 'create table t (x int)' 'create table "My table" (name text)' \
	    "insert into \"My table\" values ('20240101_a.js'), (null)"
	mg-scan --knex-table 'My table' --layout knex knex |
	    mg-hash >records
	run mg-status <records
	is 'applied pending' "$(jq -r .state <<<"$output" | paste -sd ' ')"
	is 20240102_b "$(mg-apply -n <records | jq -r .name)"
}

@test "knex's lock is given back by a migration that fails" {
	by_knex 20240101_a.js
	printf '#!/bin/sh\nexit 1\n' >bin/node
	run -1 with_node mg-apply <records
	is '0|0' "$(sql 'select is_locked, (select count(*)
	    from knex_migrations) from knex_migrations_lock')"
}

@test "while knex has its lock, its migrations wait for another run" {
	by_knex 20240101_a.js
	with_node mg-apply <records >out
	by_knex 20240102_b.js
	sql 'update knex_migrations_lock set is_locked = 1'
	says 75 '20240102_b: knex has its migrations locked' \
	    with_node mg-apply <records
	is 20240101_a "$(history_of migration_name)"
	sql 'update knex_migrations_lock set is_locked = 72707369'
	with_node mg-apply <records >out
	is 0 "$(sql 'select is_locked from knex_migrations_lock')"
}

@test "what knex runs while mg-apply waits for it does not run again" {
	by_knex 20240101_a.js
	with_node mg-apply <records >out
	by_knex 20240102_b.js
	rm seen
	hold_lock "begin; update knex_migrations_lock set is_locked = 0;
	    insert into knex_migrations (name) values ('20240102_b.js');
	    select pg_advisory_unlock(72707369); select pg_sleep(2); commit;
	    select pg_sleep(600)" &
	await "select exists (select from pg_stat_activity
	    where datname = current_database() and wait_event = 'PgSleep')"
	with_node mg-apply <records >out
	wait
	release_lock
	[ ! -e seen ]
	is '' "$(cat out)"
}

# Rows 212, 215.
@test "the mark of what a killed run left gives knex its lock back" {
	by_knex 20240101_a.js
	printf '#!/bin/sh\nkill -KILL $PPID\n' >bin/node
	run -137 with_node mg-apply <records
	is 72707369 "$(sql 'select is_locked from knex_migrations_lock')"
	mg-mark --applied <records >out
	is 0 "$(sql 'select is_locked from knex_migrations_lock')"
}

@test "a mark is a row for knex as well, also later" {
	by_knex 20240101_a.js
	mg-mark --applied <records >out
	is 20240101_a.js "$(sql 'select name from knex_migrations')"
	sql 'delete from knex_migrations'
	mg-mark --applied <records >out
	is 20240101_a.js "$(sql 'select name from knex_migrations')"
}

#
# Flows
#

# project: SQL and scripts, in a folder each
project() {
	makefile 'MG_MIGRATIONS = migrations' 'MG_SCRIPTS = more scripts'
	migration 20240101000000_one 'create table a (i int);'
	migration 20240103000000_three 'insert into a values (3);'
	mkdir -p 'more scripts/20240102000000_two'
	sees 'insert into a values (2)' \
	    >'more scripts/20240102000000_two/migration.sh'
}

# SEEDS 198, 206, 208
@test "make status and migrate take the folder of scripts along" {
	project
	run -0 mg_make migrate
	is '2 3' "$(sql 'select i from a' | paste -sd ' ')"
	has "$(mg_make status)" '20240102000000_two'
	is 'nothing pending' "$(mg_make migrate)"
	mv 'more scripts' knex
	mv knex/20240102000000_two/migration.sh knex/20240102000000_two.ts
	has "$(mg_make status MG_SCRIPTS=knex MG_SCRIPTS_LAYOUT=knex)" \
	    'applied  20240102000000_two'
}

@test "a baseline covers scripts, a new database gets the rows of all" {
	project
	MG_SCRATCH_URL=$(url postgres) mg_make consolidate
	is 20240102000000_two "$(jq -r '.replaces[1].name' \
	    consolidated-migration/*/metadata.json)"
	rm 'more scripts/20240102000000_two/migration.sh'
	echo false >'more scripts/20240102000000_two/migration.sh'
	MG_SCRATCH_URL=$(url postgres) run -2 mg_make consolidate CLEAN=1
	has "$output" 'the migrations do not run on an empty database'
	sees 'insert into a values (2)' \
	    >'more scripts/20240102000000_two/migration.sh'
	run -0 mg_make deploy-dev
	is '2 3' "$(sql 'select i from a order by i' | paste -sd ' ')"
	is '20240101000000_one 20240102000000_two 20240103000000_three' \
	    "$(sql 'select migration_name from _prisma_migrations
		order by started_at' | paste -sd ' ')"
}

@test "the tracks have scripts in the schema track" {
	project
	mkdir -p prisma/migrations-schema/migrations
	run -0 mg_make migrate-schema-deploy
	is '2 3' "$(sql 'select i from a' | paste -sd ' ')"
}
