#!/usr/bin/env bats
# mg.tracks.mk: make split-tracks turns a history into the two tracks

# What run sets, SQL with its quotes:
# shellcheck disable=SC2154,SC2016,SC2034

load helper/common
load helper/make
load helper/tracks

# One split for all tests to start from.
setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	project
	mg_make split-tracks >told
}

setup() {
	project
	cp -a "$BATS_FILE_TMPDIR"/.mg .
}

project() {
	sandbox
	makefile 'MG_MIGRATIONS = migrations'
	migration 20240101000000_one \
	    'create table users (id int primary key, mail text, name text);' \
	    'create unique index users_mail on users (mail);' \
	    'create unique index users_name_mail on users (name, mail);' \
	    'create table notes (id int not null, mail text references users (mail));' \
	    "insert into users values (1, 'a@b', 'a');"
	migration 20240102000000_two \
	    'create index users_name on users (name);' \
	    'create index gone on notes (id);' \
	    'alter table notes add seen timestamptz default now();' \
	    'insert into notes values (1);'
	migration 20240103000000_three \
	    'drop index gone;' \
	    'create index notes_seen on notes (seen desc) where id > 0;' \
	    'create unique index notes_id on notes (id);' \
	    'alter table notes replica identity using index notes_id;'
	echo 'provider = "postgresql"' >migrations/migration_lock.toml
	MG_SCRATCH_URL=$(url postgres)
	export MG_SCRATCH_URL
}

# split: what setup_file has made is there
split() {
	cp -a "$BATS_FILE_TMPDIR/prisma" .
	first=$schema/20240103000000_baseline
	second=$index/20240103000000_baseline_indexes
}

# nothing_split PART [VARIABLE=VALUE...]: make says so, and leaves all as it was
nothing_split() {
	local before
	before=$(state)
	refuses split-tracks "$@"
	is "$before" "$(state)"
}

state() {
	find prisma -exec ls -ld {} + 2>/dev/null || true
}

# listed: all that this test's database has, but for the clock
listed() {
	mg-catalog --no-owners --data |
	    jq -c 'select(.name != "public._prisma_migrations") |
		if .name == "public.notes" then del(.checksum) else . end'
}

# whole: what all migrations make
whole() {
	database
	apply >applied
	listed
}

@test "constraints and what they need stay, plain indexes go" {
	split
	has "$(<"$BATS_FILE_TMPDIR/told")" "$first: " \
	    '1 index kept: it is unique' \
	    'DEFER_UNIQUE=1 lets 1 unique index wait, too' "$second: 2 indexes"
	run -0 grep -oE 'INDEX [a-z_]+ ON' "$first/migration.sql"
	is 'notes_id users_mail users_name_mail' \
	    "$(awk '{ print $2 }' <<<"$output" | sort | xargs)"
	run -0 grep -oE 'INDEX [a-z_]+ ON' "$second/migration.sql"
	is 'notes_seen users_name' \
	    "$(awk '{ print $2 }' <<<"$output" | sort | xargs)"
	cmp migrations/migration_lock.toml "$schema/migration_lock.toml"
	cmp migrations/migration_lock.toml "$index/migration_lock.toml"
	records
	is "$(jq -c '[.name, .checksum]' records)" \
	    "$(jq -c '.replaces[] | [.name, .checksum]' "$second/metadata.json")"
	is "$(sha256sum <"$second/migration.sql")" \
	    "$(jq -r .checksum "$second/metadata.json")  -"
	is 'schema index' "$(jq -r .track "$first/metadata.json" \
	    "$second/metadata.json" | xargs)"
}

@test "a new database gets one half, then the other" {
	split
	whole >all
	dropdb "$PGDATABASE"
	database
	mg_make migrate-schema-deploy
	is '' "$(sql "select to_regclass('users_name')")"
	is 20240103000000_baseline "$(names)"
	run -0 --separate-stderr mg_make migrate-indexes-deploy
	is '' "$stderr"
	is $'20240103000000_baseline\n20240103000000_baseline_indexes' \
	    "$(names)"
	is "$(<all)" "$(listed)"
}

@test "what later migrations drop was there when the index half came" {
	split
	schema_track 20240104000000_four 'alter table notes drop seen;'
	database
	mg_make migrate-all-deploy
	is $'20240103000000_baseline\n20240103000000_baseline_indexes
20240104000000_four' "$(names)"
	listed >new
	dropdb "$PGDATABASE"
	whole >all
	mg_make migrate-all-deploy
	is 6 "$(names | wc -l)"
	is "$(<new)" "$(listed)"
}

@test "a database that has it all gets two rows, and nothing runs" {
	split
	whole >before
	refuses migrate-indexes-deploy 'make migrate-schema-deploy first'
	run -0 mg_make migrate-all-deploy
	has "$output" 'schema track: 1 applied' 'index track: 1 applied'
	is '20240103000000_baseline 20240103000000_baseline_indexes' \
	    "$(names | sed -n '4,$p' | sort | xargs)"
	is "$(<before)" "$(listed)"
	run -0 mg_make status
	has "$output" "applied  ${first##*/}" "applied  ${second##*/}"
	is '' "$(grep -E 'pending|missing|20240101' <<<"$output")"
}

@test "a database that is half way gets the rest first" {
	split
	whole >all
	dropdb "$PGDATABASE"
	database
	apply --to 20240102000000_two >applied
	refuses migrate-indexes-deploy \
	    "${second##*/} comes behind 20240103000000_three"
	run -0 mg_make migrate-all-deploy
	is $'20240101000000_one\n20240102000000_two\n20240103000000_three' \
	    "$(names | head -n 3)"
	is 5 "$(names | wc -l)"
	is "$(<all)" "$(listed)"
}

@test "half way, and without the old folder, it is refused by name" {
	split
	database
	apply --to 20240102000000_two >applied
	mv migrations old
	refuses migrate-all-deploy 'neither it nor the stream has 20240103000000_three'
	is 2 "$(names | wc -l)"
}

@test "deploy brings any of them there, and they may be asked for" {
	split
	database
	run -0 mg_make deploy MODE=dev
	has "$output" 'all migrations are there: 2 applied'
	mg-status --exit-code <.mg/deployed.jsonl
	dropdb "$PGDATABASE"
	database
	apply >applied
	mg_make deploy MODE=dev
	mg-status --exit-code <.mg/deployed.jsonl
	is 5 "$(names | wc -l)"
}

@test "a database that ran a baseline of the whole gets two rows" {
	mkdir -p consolidated-migration
	cp -r .mg/tracks/consolidated/20240103000000_baseline \
	    consolidated-migration/20240103000000_consolidated
	cp migrations/migration_lock.toml consolidated-migration
	database
	records consolidated-migration
	mg-apply <records >applied
	split
	listed >before
	run -0 mg_make migrate-all-deploy
	is 3 "$(names | wc -l)"
	is "$(<before)" "$(listed)"
}

@test "again does nothing and says so, with later migrations, too" {
	split
	schema_track 20240104000000_four 'create table four ();'
	before=$(state)
	is "split already: $first" "$(mg_make split-tracks MG_SCRATCH=false)"
	is "$before" "$(state)"
}

@test "what differs from what was split is refused" {
	split
	migration 20240104000000_four 'create table four ();'
	nothing_split '20240104000000_four is not in it as it is now'
	rm -r migrations/20240104000000_four
	nothing_split 'it was made without DEFER_UNIQUE=1' DEFER_UNIQUE=1
	nothing_split "DEFER_UNIQUE is 1 or 0, not 'maybe'" DEFER_UNIQUE=maybe
	echo '-- more' >>migrations/20240102000000_two/migration.sql
	nothing_split '20240102000000_two is not in it as it is now'
	rm -r migrations/20240102000000_two
	nothing_split '20240102000000_two, which it stands for, has vanished'
	echo '-- more' >>"$first/migration.sql"
	nothing_split 'its migration.sql is not what was proven'
}

@test "a folder that has something else is refused, a lock file is not" {
	index_track 20240101000000_mine 'create index on users (id);'
	nothing_split "$index has 20240101000000_mine, which is not of this split"
	rm -r "$index/20240101000000_mine"
	mkdir -p "$schema"
	touch "$schema/migration_lock.toml"
	mg_make split-tracks MG_SCRATCH=true
	[ -s "$schema/20240103000000_baseline/migration.sql" ]
	[ -s "$schema/migration_lock.toml" ]
}

@test "without migrations there is nothing to split" {
	rm -r migrations/2024*
	nothing_split 'migrations has no migrations'
}

@test "by consent unique ones wait, too, and what may enter is said" {
	run -0 mg_make split-tracks DEFER_UNIQUE=1
	has "$output" 'duplicates may enter' \
	    $'\tusers_name_mail on public.users'
	split_index=$(<"$index"/*/migration.sql)
	has "$split_index" 'UNIQUE INDEX users_name_mail'
	case $split_index in *users_mail* | *notes_id*) false ;; esac
}

@test "where no index may wait, the index track is empty" {
	rm -r migrations
	migration 20240101000000_one 'create table a (i int primary key);'
	run -0 mg_make split-tracks
	has "$output" 'no index may wait; the index track is empty'
	is migration_lock.toml "$(ls "$index")"
	database
	run -0 mg_make migrate-all-deploy
	has "$output" 'index track: nothing pending'
}

# shadow PROGRAM TEXT: a program of that name for make, which may run the real
# one as $real
shadow() {
	mkdir -p shadow
	printf '%s\n' '#!/bin/sh' "real=$(command -v "$1")" "$2" >"shadow/$1"
	chmod +x "shadow/$1"
}

@test "halves that do not make the whole are not published" {
	shadow mg-split '"$real" "$@" | sed "s/(seen DESC)/(seen)/"'
	nothing_split 'different  index public.notes_seen' \
	    MG_SPLIT="$PWD/shadow/mg-split"
	has "$output" 'the halves do not make the whole; nothing was split'
	shadow mg-split '"$real" "$@" | sed "s/(seen DESC)/(nothing)/"'
	nothing_split 'the halves do not run' MG_SPLIT="$PWD/shadow/mg-split"
	[ ! -e prisma ]
}

@test "a history that does not run is not split" {
	migration 20240104000000_four 'create table users ();'
	nothing_split 'nothing was split'
	has "$output" '20240104000000_four/migration.sql:1:1: P3018'
}

@test "killed between the two, the next run names the other one" {
	split
	cp -a prisma before
	mv "$index" "$index.mg-new"
	is "split already: $first" "$(mg_make split-tracks MG_SCRATCH=false)"
	diff -r before prisma
}

@test "killed before, nothing is there, and the next run makes it" {
	split
	cp -a prisma before
	mv "$index" "$index.mg-new"
	mv "$schema" "$schema.mg-new"
	rm -r "$index.mg-new"/2024*
	mg_make split-tracks MG_SCRATCH=true
	diff -r before prisma
}
