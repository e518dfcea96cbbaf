#!/usr/bin/env bats
# mg.backup.mk: backups, and the way back
#
# Who restores, and asks, is proved in mg-restore.bats; who backs up, in
# mg-backup.bats.  SEEDS are the numbered promises.

# What run sets; each test is a subshell of its own:
# shellcheck disable=SC2154,SC2030,SC2031,SC2034

load helper/common
load helper/backup
load helper/make
load helper/server

# A database with the first of three migrations, and a backup of it, for all
# tests to start from.
setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	project
	dropdb --if-exists -f mg_file
	createdb mg_file
	read_database
	mg_make migrate TO=20240101000000_one >/dev/null
	mg_make backup ENVIRONMENT=production MG_BACKUPS=custom >/dev/null
}

setup() {
	project
	write_database
	given
}

teardown() {
	end_sessions
}

project() {
	sandbox
	makefile 'MG_MIGRATIONS = migrations'
	migration 20240101000000_one 'create table a (i int primary key);' \
	    'insert into a select generate_series(1, 9);'
	migration 20240102000000_two 'create table b (i int);'
	migration 20240103000000_three 'delete from a where i > 5;'
}

# state: of the database, its rows, and what else it has
state() {
	mg-catalog --data --settings | sha256sum
}

# databases: this test's, that are not what $DATABASE_URL leads to
databases() {
	sql "select datname from pg_database where datname
	    ~ ('^' || '$PGDATABASE' || '_(mg_|before_)')"
}

# drop_kept: that a restore has kept
drop_kept() {
	mg-restore --drop-old --yes 2>/dev/null
}

# refuses PART WORD...: make fails with that, and all is as it was
refuses() {
	local part=$1 was
	shift
	was=$(state; ls backups)
	run -2 mg_make "$@" </dev/null
	has "$output" "$part"
	is "$was" "$(state; ls backups)"
}

#
# Taking them, and looking after them
#

# Rows 226, 232, 253, 256; 226, 229, 235, 240, 241 by npm in examples.bats.
@test "backup prints the path, in MG_BACKUPS, called after the database" {
	rm -r backups
	run -0 --separate-stderr mg_make backup
	[[ $output =~ ^backups/backup_${PGDATABASE}_20[0-9]{6}_[0-9]{6}\.dump$ ]]
	is '' "$stderr"
	is 20240101000000_one "$(file=$output told .history.head)"
	run -0 mg_make backup MG_BACKUPS='odd folder' \
	    MG_BACKUP_FLAGS='--format plain'
	[[ $output =~ ^odd\ folder/backup_.*\.sql$ ]]
}

# Rows 234, 246, 253.
@test "backup is called after the ENVIRONMENT, which is one of three" {
	local one
	for one in development staging production; do
		has "$(mg_make backup ENVIRONMENT=$one)" "/backup_${one}_20"
	done
	refuses "not 'prod'; nothing was changed" backup ENVIRONMENT=prod
	refuses "not 'yes'; nothing was changed" backup REHEARSE=yes
}

@test "backup takes no path for one of a backup that failed" {
	around 'exit 4'
	run -2 --separate-stderr mg_make backup
	is '' "$output"
	has "$stderr" 'pg_dump failed'
}

# Row 256.
@test "backup says which line .gitignore lacks, in a work tree" {
	local line
	mkdir inner
	mv Makefile include migrations inner
	git init -q .
	cd inner
	run -0 --separate-stderr mg_make backup MG_BACKUPS=kept
	has "$stderr" 'git does not ignore kept' "$BATS_TEST_TMPDIR/.gitignore"
	line=${stderr##*$'\n'}
	is /inner/kept/ "$line"
	echo "$line" >../.gitignore
	run -0 --separate-stderr mg_make backup MG_BACKUPS=kept
	is '' "$stderr"
	run -0 --separate-stderr mg_make backup \
	    MG_BACKUPS="$BATS_TEST_TMPDIR/../elsewhere.$BATS_TEST_NUMBER"
	is '' "$stderr"
}

# Rows 240, 252.
@test "backups lists them, and it is no error that there is none" {
	run -0 mg_make backups
	has "${lines[1]}" "$file" no 20240101000000_one
	run -0 mg_make backups MG_BACKUPS=none
	is 'none: there is none yet; make backup takes one' "$output"
}

# Row 235.
@test "backup-prune keeps KEEP, 7 if not given, and never takes the last good one" {
	local day
	for day in 1 2 3 4 5 6 7 8; do
		like "$file" staging "2026010${day}_000000"
	done
	run -0 mg_make backup-prune DRY_RUN=1
	is staging_20260101 "$(names "$output")"
	run -0 mg_make backup-prune
	is staging_20260101 "$(names "$output")"
	run -0 mg_make backup-prune KEEP=1 KEEP_DAYS=100000
	is '' "$output"
	run -0 mg_make backup-prune KEEP=1 ENVIRONMENT=production
	is '' "$output"
	run -0 mg_make backup-prune KEEP=2 ENVIRONMENT=staging
	is 'staging_20260102 staging_20260103 staging_20260104 staging_20260105 staging_20260106' \
	    "$(names "$output")"
	spoil backups/backup_staging_20260108_000000.dump 100
	run -0 mg_make backup-prune KEEP=0
	is staging_20260108 "$(names "$output")"
	is "$(names "$file") staging_20260107" "$(names "$(ls backups/*.dump)")"
	refuses 'DRY_RUN is true or false' backup-prune DRY_RUN=perhaps
}

@test "backup-check says whether FILE is what was written" {
	run -0 mg_make backup-check FILE="$file"
	is "$file: is what was written" "$output"
	spoil "$file" 100
	refuses 'not those that were written' backup-check FILE="$file"
	refuses 'FILE= says which' backup-check
}

# Row 277.
@test "restore-rehearsal proves the newest, or FILE, and fails if it is not whole" {
	run -0 mg_make restore-rehearsal
	is "$file: restores to what was backed up" "$output"
	has "$(told .rehearsed.at)" 20
	like "$file" staging 20990101_000000
	spoil backups/backup_staging_20990101_000000.dump 100
	refuses 'not those that were written' restore-rehearsal
	refuses 'not those that were written' restore-rehearsal \
	    FILE=backups/backup_staging_20990101_000000.dump
	refuses 'there is none of development yet' restore-rehearsal \
	    ENVIRONMENT=development
}

@test "backup with REHEARSE=1 has proved it" {
	file=$(mg_make backup REHEARSE=1)
	has "$(told .rehearsed.at)" 20
}

#
# Going back
#

# Rows 241, 252.
@test "restore goes back to FILE, says to what, and what it keeps" {
	local was
	was=$(state)
	mg_make migrate >/dev/null
	export DATABASE_URL=${DATABASE_URL/@/:hunter2@}
	run -0 --separate-stderr mg_make restore FILE="$file" YES=1 \
	    ENVIRONMENT=production
	is "$(databases)" "$output"
	has "$stderr" "database $PGDATABASE on $PGHOST goes back to what mg_file was" \
	    'migration 20240103000000_three' 'is kept as that database'
	[[ $stderr != *hunter2* ]]
	is "$was" "$(state)"
	is $'applied  20240101000000_one\npending  20240102000000_two\npending  20240103000000_three\n1 applied, 2 pending' \
	    "$(mg_make status)"
	drop_kept
}

@test "restore does nothing without an answer, or where that is all it is to do" {
	mg_make migrate >/dev/null
	refuses 'YES=1 restores without a question' restore FILE="$file"
	refuses 'YES=1 restores without a question' restore FILE="$file" \
	    TERMINATE=1 DROP_OLD=1 ENVIRONMENT=production
	refuses 'FILE= says which' restore YES=1 DROP_OLD=1
	refuses 'YES is true or false' restore FILE="$file" YES=y
	refuses 'No such file' restore YES=1 \
	    FILE=backups/backup_x_20260101_000000.dump
	spoil "$file" 100
	refuses 'not those that were written' restore FILE="$file" YES=1
	cp saved "$file"
	run -0 mg_make restore FILE="$file" DRY_RUN=1
	has "$output" 'table public.a: rows now 5, then 9'
	is '' "$(databases)"
	is 5 "$(sql 'select count(*) from a')"
}

@test "restore in place, or without what was there, keeps nothing" {
	local way was
	was=$(state)
	for way in IN_PLACE DROP_OLD; do
		sql 'delete from a'
		run -0 mg_make restore FILE="$file" YES=1 $way=true
		is "$was" "$(state)"
		is '' "$(databases)"
	done
}

@test "restore warns of a backup of another environment" {
	run -0 mg_make restore FILE="$file" DRY_RUN=1 ENVIRONMENT=production
	[[ $output != *warning* ]]
	run -0 mg_make -C backups MG_WORK=../.mg restore FILE="${file#*/}" \
	    DRY_RUN=1 ENVIRONMENT=production -f ../Makefile -I ../include
	[[ $output != *warning* ]]
	run -0 mg_make restore FILE="$file" DRY_RUN=1 ENVIRONMENT=staging
	has "$output" "ENVIRONMENT is staging, and the name of $file says something else"
	run -0 mg_make restore FILE="$file" DRY_RUN=1
	[[ $output != *warning* ]]
}

@test "restore says how to end who is connected" {
	sessions=begun
	PGAPPNAME=writer psql -Xqc 'select pg_sleep(600)' >/dev/null 2>&1 3>&- &
	await_session writer
	refuses 'TERMINATE=1 ends who is connected' restore FILE="$file" YES=1
	run -0 mg_make restore FILE="$file" YES=1 TERMINATE=1 DROP_OLD=1
}

@test "restore that is ended leaves nothing, and no program of its own" {
	local was
	was=$(state)
	mkdir bin
	# shellcheck disable=SC2016 # what the program runs
	printf '%s\n' '#!/bin/sh' 'case "$*" in *--list*|--version)' \
	    "	exec $(pg_config --bindir)/pg_restore \"\$@\" ;; esac" \
	    'echo $$ >began; exec sleep 1000' >bin/pg_restore
	chmod +x bin/pg_restore
	MG_PGBIN=$PWD/bin start_make restore FILE="$file" YES=1
	eventually test -s began
	kill -TERM "$make"
	wait "$make" || :
	eventually ended "$(cat began)"
	is "$was" "$(state)"
	is '' "$(databases)$(find .mg -name 'run.*')"
}

#
# The list to choose from
#

# Rows 229, 252.
@test "rollback refuses without a terminal, unless it is told FILE" {
	mg_make migrate >/dev/null
	refuses 'there is no terminal to ask on' rollback
	run -2 mg_make rollback YES=1 <<<1
	is 5 "$(sql 'select count(*) from a')"
	refuses 'YES=1 restores without a question' rollback FILE="$file"
	run -0 mg_make rollback FILE="$file" YES=1 DROP_OLD=1
	is 9 "$(sql 'select count(*) from a')"
}

# Rows 229, 252.
@test "rollback lists what there is, asks which and whether, and goes back" {
	local was first=$file
	was=$(state)
	mg_make migrate >/dev/null
	mg_make backup >/dev/null
	like "$first" bad 20260101_000000
	echo >>backups/backup_bad_20260101_000000.dump
	run -0 at_terminal 'number, or q' 7 'number, or q' 0 'number, or q' 01 \
	    'number, or q' '2 1' 'number, or q' 2 'yes/no' yes -- \
	    make -s -I include rollback DROP_OLD=1
	# What script shows ends its lines as terminals have them.
	output=${output//$'\r'/}
	has "$output" "  2  $first" ' minute' ' ago ' ' unproven ' \
	    '20240101000000_one  loses 2 migrations' \
	    '20240103000000_three  the same migrations' \
	    'what is not whole is left out' '7 is no number from 1 to 2' \
	    '0 is no number' '01 is no number' '2 1 is no number' \
	    'table public.b: new, rows now 0' 'migration 20240103000000_three'
	[[ $output != *backup_bad* ]]
	is "$was" "$(state)"
	is '' "$(databases)"
}

@test "rollback leaves all alone for q, nothing, no, or the end of the input" {
	local answer was
	mg_make migrate >/dev/null
	was=$(state)
	for answer in q '' $'\004'; do
		run -2 at_terminal 'number, or q' "$answer" -- \
		    make -s -I include rollback
		has "$output" 'nothing was changed'
	done
	run -2 at_terminal 'number, or q' 1 'yes/no' no -- \
	    make -s -I include rollback
	has "$output" 'nothing was done'
	is "$was" "$(state)"
	is '' "$(databases)$(find .mg -name 'run.*')"
}

@test "rollback offers those of the ENVIRONMENT, and says if there is none" {
	like "$file" staging 20260101_000000
	run -2 at_terminal 'number, or q' q -- \
	    make -s -I include rollback ENVIRONMENT=staging
	has "$output" '  1  backups/backup_staging_20260101_000000.dump'
	[[ $output != *"$file"* ]]
	run -2 at_terminal -- make -s -I include rollback ENVIRONMENT=development
	has "$output" 'there is none of development that is whole'
	run -2 at_terminal -- make -s -I include rollback MG_BACKUPS=none
	has "$output" 'there is no backup to go back to'
}

@test "rollback brings a database back that is gone" {
	local was
	was=$(mg-catalog --data --digest)
	psql -Xqd postgres -c "drop database $PGDATABASE"
	run -0 at_terminal 'number, or q' 1 'yes/no' yes -- \
	    make -s -I include rollback
	has "$output" 'what each would lose is not known' 'there is none now'
	[[ $output != *'brings back'* ]]
	is "$was" "$(mg-catalog --data --digest)"
}

# Rows 229, 238.
@test "under writes, what was deployed since is undone, row by row" {
	local other=${PGDATABASE}_other
	pgbench -iq -I dtg -s 1 2>/dev/null
	sessions=begun
	pgbench -n -c 2 -T 600 -R 200 >/dev/null 2>&1 3>&- &
	await 'select count(*) > 50 from pgbench_history'
	file=$(mg_make backup)
	await "select count(*) > $(told '.tables["public.pgbench_history"]')
	    from pgbench_history"
	mg_make migrate >/dev/null
	is 3 "$(history_of migration_name | wc -l)"
	run -0 mg_make rollback FILE="$file" YES=1 TERMINATE=1 DROP_OLD=1
	createdb "$other"
	pg_restore -d "$other" "$file"
	is "$(mg-catalog --data --digest -d "$(url "$other")")" \
	    "$(mg-catalog --data --digest)"
	dropdb "$other"
	is "$(told .catalog.digest)" "$(mg-catalog --digest --no-versions)"
	is 't t' "$(sql "select
	    (select sum(delta) from pgbench_history) = (select sum(abalance)
	    from pgbench_accounts), count(*) = $(told \
		'.tables["public.pgbench_history"]') from pgbench_history" |
	    tr '|' ' ')"
	has "$(mg_make status)" '1 applied, 2 pending'
}
