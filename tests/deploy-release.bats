#!/usr/bin/env bats
# mg.deploy.mk: any database arrives at a release, or is refused

# What run sets, SQL with its quotes:
# each test is a subshell of its own:
# shellcheck disable=SC2154,SC2016,SC2030,SC2031,SC2034

load helper/common
load helper/make
load helper/server

unknown='the database is newer than v4.1.0, or from elsewhere: fetch the release that it is at, or see whether DATABASE_URL is the right one'

# Three releases of a project of six migrations, the first with a hotfix, for
# all tests to start from.
setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	project
	migration 20240101000000_one 'create table a (i int primary key);' \
	    'insert into a values (1);'
	migration 20240102000000_two 'create table b (a int references a);'
	release v4.0.0
	migration 20240103000000_hotfix_three 'alter table b add c text;'
	cp -r migrations/20240103000000_hotfix_three releases/v4.0.0/migrations
	mg_make seal VERSION=v4.0.0
	migration 20240104000000_four 'insert into a values (4);'
	migration 20240105000000_five 'create index concurrently x on b (c);'
	release v4.1.0
	migration 20240106000000_six 'create table f (i int);'
	release v4.2.0
}

setup() {
	project
	cp -a "$BATS_FILE_TMPDIR"/{releases,migrations} .
	database
}

project() {
	sandbox
	makefile 'MG_MIGRATIONS = migrations' 'MG_SCHEMA =' 'MG_PRISMA = false'
	MG_SCRATCH_URL=$(url postgres)
	export MG_SCRATCH_URL
}

release() {
	mg_make release VERSION="$1"
}

# deploy VERSION [VARIABLE=VALUE...]
deploy() {
	local version=$1
	shift
	mg_make deploy RELEASE="$version" "$@"
}

# reaches VERSION: by make deploy
reaches() {
	run -0 deploy "$1"
	has "$output" "$1 is there, object by object: "
	is "$(cat "releases/$1/catalog.jsonl")" "$(listing)"
	is $'1\n4' "$(sql 'select i from a order by i')"
}

# arrives VERSION: likewise, and then there is nothing left to do
arrives() {
	reaches "$1"
	run -0 deploy "$1"
	has "$output" ': nothing to do' 'nothing pending'
}

listing() {
	mg-catalog --no-owners --no-privileges --no-versions
}

# refuses VERSION WORDS...: make deploy fails, with these, and changes nothing
refuses() {
	local before word version=$1
	shift
	before=$(state)
	run -2 deploy "$version"
	for word; do
		has "$output" "$word" || return
	done
	is "$before" "$(state)"
	is '' "$(ls -d .mg/run.* 2>/dev/null)"
}

# state: all of the database
state() {
	mg-catalog
	pg_dump -a "$DATABASE_URL" | grep -v '^.\(un\)\?restrict '
}

# events: what the log tells
events() {
	jq -r .event .mg/log.jsonl | paste -sd ' '
}

# Rows 67, 83, 91, 93, 103.
@test "an empty database gets the baseline" {
	arrives v4.1.0
	is 0_baseline "$(history_of migration_name)"
	is 'route verify plan apply compare finished route verify plan apply compare finished' \
	    "$(events)"
}

# Rows 108, 140, 169, 176.
@test "one of an earlier release gets what is newer, one by one" {
	deploy v4.0.0
	has "$(mg_make plan RELEASE=v4.1.0 2>&1)" \
	    'the database is at v4.0.0 and 1 of what came later: ' '20240104000000_four' \
	    'stepwise  20240105000000_five; '
	arrives v4.1.0
	is $'0_baseline\n20240103000000_hotfix_three\n20240104000000_four\n20240105000000_five' \
	    "$(history_of migration_name)"
	arrives v4.2.0
}

# Rows 125, 139.
@test "one of an earlier release without its hotfix gets that, too" {
	mv releases/v4.0.0/migrations/20240103000000_hotfix_three aside
	records releases/v4.0.0/migrations
	mg-apply -q <records >applied
	mv aside releases/v4.0.0/migrations/20240103000000_hotfix_three
	arrives v4.1.0
}

# Rows 134, 144.
@test "one at any point of the full history gets the rest, one by one" {
	local name names
	names=$(basename -a migrations/*)
	for name in ${names%$'\n'*}; do
		records
		mg-apply -q --to "$name" <records >applied
		reaches v4.1.0
		dropdb "$PGDATABASE"
		database
	done
}

@test "the rest comes out of the package, where it is all there is" {
	records
	mg-apply -q --to 20240102000000_two <records >applied
	rm -r migrations releases/v4.0.0 releases/v4.2.0
	arrives v4.1.0
}

@test "what neither package nor folder has is named" {
	records
	mg-apply -q --to 20240101000000_one <records >applied
	rm -r migrations
	refuses v4.1.0 '20240102000000_two is lacking here, and in v4.1.0/upgrade/' \
	    'MG_MIGRATIONS= has to have it'
}

@test "one of a newer release is refused, and that release is named" {
	deploy v4.2.0
	refuses v4.1.0 '20240106000000_six is applied, and not in v4.1.0, but in v4.2.0, with which RELEASE=v4.2.0 goes on'
	rm -r releases/v4.2.0
	refuses v4.1.0 '0_baseline, ' " is that of no release that is known here: $unknown"
	is 'route verify refused' "$(tail -n 3 .mg/log.jsonl |
	    jq -r '.outcome // .event' | paste -sd ' ')"
}

@test "one that has more of the history is refused" {
	apply -q
	migration 20240107000000_seven 'create table g (i int);'
	apply -q
	refuses v4.2.0 '20240107000000_seven is applied, and not in v4.2.0, but in migrations: make release makes one that has it, to go on with'
	rm -r migrations/20240107000000_seven
	refuses v4.2.0 "20240107000000_seven is applied, and not in v4.2.0, but in no release here: ${unknown/v4.1.0/v4.2.0}"
}

@test "one with a later hotfix of an earlier release is refused" {
	deploy v4.0.0
	mkdir releases/v4.0.0/migrations/20240103000001_hotfix_late
	echo 'create table late ();' \
	    >releases/v4.0.0/migrations/20240103000001_hotfix_late/migration.sql
	mg_make seal VERSION=v4.0.0
	deploy v4.0.0
	refuses v4.1.0 '20240103000001_hotfix_late is applied, and not in v4.1.0, but in v4.0.0'
}

# Row 151.
@test "one of another project is refused" {
	rm -r migrations
	migration 20230101000000_other 'create table o (i int);'
	apply -q
	rm -r migrations
	refuses v4.1.0 '20230101000000_other is applied' 'from elsewhere'
}

# Rows 116, 149.
@test "one with an edited migration is refused, by both checksums" {
	apply -q --to 20240103000000_hotfix_three
	sql "update _prisma_migrations set checksum = repeat('0', 64)
	    where migration_name like '%_two'"
	refuses v4.1.0 "20240102000000_two was applied as another script, $(printf '0%.0s' {1..64}), than that of v4.1.0, $(sha256sum <migrations/20240102000000_two/migration.sql | cut -c -64)"
}

@test "one with a failed migration is refused, with the way out" {
	apply -q --to 20240102000000_two
	sql "insert into _prisma_migrations (id, checksum, migration_name)
	    values ('x', repeat('0', 64), '20240103000000_hotfix_three')"
	refuses v4.1.0 P3009 20240103000000_hotfix_three mg-mark
}

@test "one with tables and no history is refused, whatever is in it" {
	sql 'create table a (i int)'
	refuses v4.1.0 P3005
}

@test "what the database has besides is named when all is applied" {
	deploy v4.0.0
	sql 'create table extra (i int)' 'alter table a add d int'
	run -2 deploy v4.1.0
	has "$output" 'extra  table public.extra: ' 'column public.a.d' \
	    'all of v4.1.0 was applied'
	is 4 "$(sql 'select count(*) from _prisma_migrations')"
}

# Rows 72, 104, 142.
@test "one that ran the consolidated baseline goes on behind it" {
	mkdir -p consolidated-migration/20240102000000_consolidated
	records
	head -n 2 records >two
	mg-concat <two >consolidated-migration/20240102000000_consolidated/migration.sql
	jq -s '{ replaces: map({ name, checksum }) }' two \
	    >consolidated-migration/20240102000000_consolidated/metadata.json
	records consolidated-migration
	mg-apply -q <records >applied
	has "$(mg_make plan RELEASE=v4.1.0 2>&1)" \
	    'the database has run 20240102000000_consolidated: '
	arrives v4.1.0
}

# Row 147.
@test "a released database goes on in development, one by one" {
	deploy v4.0.0
	mg_make deploy-dev
	records
	is "$(jq -r .name records)" "$(history_of migration_name)"
	is "$(cat releases/v4.2.0/catalog.jsonl)" "$(listing)"
	arrives v4.2.0
}

# Row 132.
@test "a byte changed in any file is refused before the database is asked" {
	local file
	export DATABASE_URL=postgresql://nobody@127.0.0.1:1/none
	chmod -R u+w releases/v4.1.0
	(cd releases/v4.1.0 && find . -type f -printf '%P\n') >files
	is 8 "$(wc -l <files)"
	while IFS= read -r file; do
		cp "releases/v4.1.0/$file" kept
		printf '\1' | dd of="releases/v4.1.0/$file" bs=1 seek=3 \
		    conv=notrunc status=none
		run -2 deploy v4.1.0
		has "$output" 'v4.1.0 is not what was released' "$file"
		cp kept "releases/v4.1.0/$file"
	done <files
}

@test "a manifest of another release that is no JSON stops it, and make verify says which" {
	chmod u+w releases/v4.0.0/manifest.json
	echo '{' >releases/v4.0.0/manifest.json
	run -2 deploy v4.2.0
	has "$output" 'plan: a manifest is no JSON: make verify says which'
	is '' "$(sql "select to_regclass('a')")"
	run -2 mg_make verify
	has "$output" 'v4.0.0: manifest.json is not as it was written'
}

@test "what VERIFY_CMD says no to is not deployed" {
	export VERIFY_CMD='grep -q v9.9.9'
	refuses v4.1.0 "v4.1.0: 'grep -q v9.9.9' says no" \
	    'v4.1.0 is not what was released'
	VERIFY_CMD='grep -q v4.1.0' deploy v4.1.0
}

@test "a hotfix that is not sealed is not deployed" {
	mg_make hotfix VERSION=v4.1.0 NAME=x
	refuses v4.1.0 'unsealed hotfix' 'make seal VERSION=v4.1.0'
}

# Row 173.
@test "a bundle is deployed where nothing else is" {
	mg_make bundle VERSION=v4.1.0
	rm -r releases migrations
	run -0 mg_make deploy BUNDLE=mg-v4.1.0.tar.zst
	has "$output" 'v4.1.0, as BUNDLE=mg-v4.1.0.tar.zst says' \
	    'v4.1.0 is there, object by object'
	is '' "$(ls -d .mg/run.* 2>/dev/null)"
	head -c 500 mg-v4.1.0.tar.zst >half
	run -2 mg_make deploy BUNDLE=half
	has "$output" 'half is no bundle that is whole'
}

# Row 149.
@test "DRY_RUN=1 and make plan change nothing" {
	deploy v4.0.0
	before=$(state)
	run -0 deploy v4.1.0 DRY_RUN=1
	has "$output" 'the database is at v4.0.0 and 1 of what came later: ' 'atomic    20240104000000_four'
	run -0 mg_make plan RELEASE=v4.1.0
	has "$output" 'atomic    20240104000000_four'
	is "$before" "$(state)"
}

# deploy_twice COUNT [WAIT...]: with what is said in ./first and ./second; the
# second begins after that wait, and what holds up both ends when so many of them
# wait for the migration lock
deploy_twice() {
	local first second count=$1
	shift
	deploy v4.1.0 >first 2>&1 3>&- &
	first=$!
	"$@"
	deploy v4.1.0 >second 2>&1 3>&- &
	second=$!
	await "select count(*) = $count from pg_stat_activity
	    where application_name = 'mg-apply'
	    and query like '%pg_try_advisory_lock%'"
	release_lock
	wait "$first"
	wait "$second"
}

@test "two at once: one does it, the other waits and finds nothing to do" {
	apply -q --to 20240102000000_two
	hold_lock
	deploy_twice 2
	is '4 applied|nothing pending' "$(grep -ho '4 applied\|nothing pending' \
	    first second | sort | paste -sd '|')"
}

@test "a migration that fails is told, and when that is mended all goes on" {
	deploy v4.0.0
	sql 'insert into a values (4)'
	run -2 deploy v4.1.0
	has "$output" P3018 'upgrade/20240104000000_four/migration.sql:1:1'
	is 'failed deploy 1' "$(tail -n 1 .mg/log.jsonl |
	    jq -r '"\(.outcome) \(.step) \(.status)"')"
	sql 'delete from a where i = 4'
	reaches v4.1.0
}

# block: a session called deployer keeps everybody from the table b
block() {
	sessions=begun
	PGAPPNAME=deployer psql -Xq -c 'begin; lock table b' \
	    -c 'select pg_sleep(600)' >/dev/null 2>&1 3>&- &
	await "select exists (select from pg_locks where granted and
	    relation = 'b'::regclass and mode = 'AccessExclusiveLock')"
}

# await_blocked: until somebody waits for that table
await_blocked() {
	await "select exists (select from pg_locks where not granted and
	    relation = 'b'::regclass)"
}

@test "one that may not wait longer for the lock says so, and changes nothing" {
	apply -q --to 20240102000000_two
	hold_lock
	MG_LOCK_WAIT=200ms refuses v4.1.0 P1002
	is 'failed deploy 75 true' "$(tail -n 1 .mg/log.jsonl |
	    jq -r '"\(.outcome) \(.step) \(.status) \(.ms < 20000)"')"
	release_lock
}

@test "one that comes while an index is built waits for that, too" {
	apply -q --to 20240104000000_four
	block
	deploy_twice 1 await_blocked
	has "$(cat first)" 'object by object: 2 applied'
	has "$(cat second)" 'object by object: nothing pending'
}

@test "killed on the way, another deploy brings it to its end" {
	local signal
	for signal in TERM KILL; do
		apply -q --to 20240102000000_two
		block
		start_make deploy RELEASE=v4.1.0
		await_blocked
		kill -s "$signal" -- "-$make"
		release_lock
		wait "$make" || :
		reaches v4.1.0
		is '' "$(ls -d .mg/run.* 2>/dev/null)"
		dropdb -f "$PGDATABASE"
		database
	done
}

# Rows 65, 123, 148: rows of data come along by either.
@test "release, development and one by one end in the same database" {
	local way
	for way in 'mg_make deploy RELEASE=v4.2.0' 'mg_make deploy-dev' \
	    'apply -q'; do
		$way
		is "$(cat releases/v4.2.0/catalog.jsonl)" "$(listing)"
		sql 'table a' 'table b' 'table f' >rows
		[ -e first ] || cp rows first
		cmp first rows
		dropdb "$PGDATABASE"
		database
	done
}

# Rows 152, 153: nothing secret in the log, in what is said, or in a file.
@test "a password is written nowhere" {
	DATABASE_URL+='&password=geheim&connect_timeout=1'
	deploy v4.0.0 >said 2>&1
	DATABASE_URL=postgresql://u:geheim@127.0.0.1:1/none \
	    run -2 deploy v4.1.0 MG_WAIT=0s
	echo "$output" >>said
	mg_make -n deploy >>said
	run -1 grep -r geheim said .mg releases
}

@test "stopped when all is applied, it tells the log that it failed" {
	printf '%s\n' '#!/bin/sh' \
	    'case $* in *"event apply"*) kill -TERM $PPID ;; esac' \
	    'exec jq "$@"' >stopping
	chmod +x stopping
	run -2 deploy v4.1.0 MG_JQ=./stopping
	is 'failed deploy 143' "$(tail -n 1 .mg/log.jsonl |
	    jq -r '"\(.outcome) \(.step) \(.status)"')"
	is '' "$(ls -d .mg/run.* 2>/dev/null)"
	reaches v4.1.0
}

# Rows 159 to 167.
@test "the log is JSON Lines, with the reason of what was refused" {
	deploy v4.1.0 MG_LOG=logs/of/mg.jsonl
	run deploy v4.0.0 MG_LOG=logs/of/mg.jsonl
	jq -es 'all(.[]; .time and .run and .event and .version == "v4.1.0" or
	    .version == "v4.0.0")' logs/of/mg.jsonl
	is $'finished deployed\nfinished refused' "$(jq -r 'select(.outcome) |
	    "\(.event) \(.outcome)"' logs/of/mg.jsonl)"
	has "$(jq -r 'select(.outcome == "refused").reason' logs/of/mg.jsonl)" \
	    'nothing was changed'
	is '{"applied":1,"replaces":5}' "$(jq -c 'select(.event == "apply") |
	    { applied, replaces }' logs/of/mg.jsonl)"
}

@test "a log that cannot be written is warned of once, and all goes on" {
	run -0 deploy v4.1.0 MG_LOG=Makefile/mg.jsonl
	is 'route: warning: the log Makefile/mg.jsonl cannot be written, and this goes on without; MG_LOG= may be another file: mkdir: cannot create directory '\''Makefile'\'': File exists' \
	    "$(grep -e Makefile -e written <<<"$output")"
	has "$output" 'v4.1.0 is there, object by object: 1 applied'
	run -0 deploy v4.1.0 MG_LOG=/dev/full
	has "$output" '/dev/full cannot be written' 'No space left on device' \
	    'v4.1.0 is there, object by object: nothing pending'
}

@test "upgrade: the way is shown without a database" {
	unset DATABASE_URL PGHOST
	run -0 mg_make upgrade FROM=v4.0.0 TO=v4.1.0
	is 'v4.0.0 to v4.1.0: 3 migrations, 0 hotfixes
  20240103000000_hotfix_three
  20240104000000_four
  20240105000000_five' "$output"
	run -0 mg_make upgrade TO=v4.0.0
	is 'an empty database to v4.0.0: a baseline of 2 migrations, 1 hotfix
  0_baseline
  20240103000000_hotfix_three' "$output"
	run -2 mg_make upgrade FROM=v3.0.0 TO=v4.1.0
	has "$output" 'v4.1.0 knows no v3.0.0, but v4.0.0: FROM= is one of these, or left out, for an empty database'
	run -2 mg_make upgrade FROM=v3.0.0 TO=v4.0.0
	has "$output" 'v4.0.0 knows no v3.0.0, nor any release before it: leave FROM= out'
	run -2 mg_make upgrade FROM=v4.0.0
	has "$output" 'TO= says to which release'
}

# Rows 118, 176.
@test "a release to which an earlier one does not lead is not made" {
	rm -r releases/v4.2.0
	migration 20240107000000_seven 'do $$ begin
	    if exists (select from _prisma_migrations
		where migration_name = $q$20240101000000_one$q$) then
		create table by_history (i int); end if; end $$;'
	run -2 mg_make release VERSION=v4.3.0
	has "$output" 'public.by_history' \
	    'v4.3.0: a database of v4.0.0 differs from it when upgraded' \
	    'mend the migrations behind v4.0.0, or move v4.0.0 out of releases' \
	    'v4.3.0: a database of v4.1.0 differs from it when upgraded'
	[ ! -e releases/v4.3.0 ]
}

@test "a release to which an earlier one cannot be upgraded is not made" {
	rm -r releases/v4.[12].0
	migration 20240107000000_seven 'do $$ begin
	    if exists (select from _prisma_migrations
		where migration_name = $q$0_baseline$q$) then
		raise exception $q$not here$q$; end if; end $$;'
	run -2 mg_make release VERSION=v4.3.0
	has "$output" 'not here' \
	    'v4.3.0: a database of v4.0.0 cannot be upgraded, as said above: mend'
	[ ! -e releases/v4.3.0 ]
}

@test "killed while it proves the upgrades, it lets go of its databases" {
	rm -r releases/v4.[12].0
	migration 20240107000000_seven 'do $$ begin
	    if exists (select from _prisma_migrations
		where migration_name = $q$0_baseline$q$) then
		perform pg_sleep(600); end if; end $$;'
	start_make release VERSION=v4.3.0
	await "select exists (select from pg_stat_activity
	    where wait_event = 'PgSleep')"
	kill -KILL "$(pgrep -P "$make")"
	run wait "$make"
	flock -w 20 .mg/release/lock true
	is '' "$(sql "select datname from pg_database
	    where datname like 'mg_scratch_%'")"
}

# planned BRANCH DATABASE WORDS: what make plan says where branch, package and
# database are like that
planned() {
	run mg_make plan BRANCH="$1" DATABASE_URL="$(url "$2")"
	has "$output" "$3"
}

# Rows 69, 92, 102, 104: branch and package by database, cell by cell.
@test "the router's table" {
	local each d=$PGDATABASE main='development, as the branch is main'
	local release=railway-template-v4.1.0 none=railway-template-v9.0.0
	for each in old new foreign bare; do
		createdb "${d}_$each"
	done
	mg_make deploy RELEASE=v4.0.0 DATABASE_URL="$(url "${d}_old")"
	mg_make deploy RELEASE=v4.2.0 DATABASE_URL="$(url "${d}_new")"
	PGDATABASE=${d}_bare sql 'create table t (i int)'
	mv migrations kept
	migration 20230101000000_other 'select 1;'
	DATABASE_URL=$(url "${d}_foreign") apply -q
	rm -r migrations
	mv kept migrations
	planned "$release" "$d" 'the database has no history: 1 migration: 1 atomic'
	planned "$release" "${d}_old" 'at v4.0.0 and 1 of what came later: 2 migrations'
	planned "$release" "${d}_new" 'but in v4.2.0'
	planned "$release" "${d}_foreign" 'from elsewhere'
	planned "$release" "${d}_bare" P3005
	planned main "$d" "$main"
	has "$output" 'no history: 6 migrations'
	planned main "${d}_old" "$main"
	has "$output" 'at v4.0.0 and 1 of what came later: 4 migrations'
	planned main "${d}_new" "$main"
	has "$output" 'at v4.2.0: 1 migration: 1 marked'
	planned main "${d}_foreign" 'others than these migrations: 6 migrations'
	planned main "${d}_bare" P3005
	for each in "$d" "${d}_old" "${d}_new" "${d}_foreign" "${d}_bare"; do
		planned "$none" "$each" 'v9.0.0 has no package'
		planned '' "$each" 'what to deploy?'
	done
}
