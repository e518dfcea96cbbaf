#!/usr/bin/env bats
# mg-restore(1): bring a backup back, or leave everything as it is
#
# shellcheck disable=SC2016 # what a fake pg_restore runs
# shellcheck disable=SC2030,SC2031,SC2154 # run sets output

load helper/common
load helper/backup
load helper/server

setup_file() {
	file_database 'create table a (i int primary key, t text)' \
	    'insert into a select g, md5(g::text) from generate_series(1, 300) g' \
	    'create view v as select * from a'
}

setup() {
	sandbox
	write_database
}

teardown() {
	touch stop # who comes back at once
	end_sessions
}

# state: of the database, its rows, and what else it has
state() {
	mg-catalog --data --settings | sha256sum
}

# databases: this test's
databases() {
	sql "select datname from pg_database where datname
	    ~ ('^' || '$PGDATABASE' || '(\$|_mg_|_before_)') order by 1" |
	    sed 's/_[0-9]*_[0-9]*$/_TIME/'
}

# change: what a backup does not have
change() {
	sql "insert into a values (1000, 'new')" 'delete from a where i < 10' \
	    'drop view v' 'create table newer (i int)' \
	    'create view w as select a.i from a, newer'
}

# sleeping_restore [LINE...]: a pg_restore that takes its time
sleeping_restore() {
	mkdir -p bin
	printf '%s\n' '#!/bin/sh' 'case "$*" in *--list*|--version)' \
	    "	exec $(pg_config --bindir)/pg_restore \"\$@\" ;; esac" \
	    "$@" 'touch began; exec sleep 1000' >bin/pg_restore
	chmod +x bin/pg_restore
	export MG_PGBIN=$PWD/bin
}

# start_restore [OPTION...]: in the background, as $pid
start_restore() {
	env --default-signal=INT mg-restore --yes "$@" >out 2>err 3>&- &
	pid=$!
}

# connect: somebody is connected
connect() {
	export sessions=begun # for end_sessions
	PGAPPNAME=writer psql -Xqc 'select pg_sleep(600)' >/dev/null 2>&1 3>&- &
	await_session writer
}

#
# Beside the old one
#

@test "catalog and rows are those of the backup, and the old database is kept" {
	local format was is kept
	was=$(state)
	for format in custom plain; do
		given "$format"
		change
		is=$(state)
		run -0 --separate-stderr mg-restore --yes "$file"
		kept=$output
		[[ $kept =~ ^${PGDATABASE}_before_20[0-9]{6}_[0-9]{6}$ ]]
		is "$was" "$(state)"
		is "$is" "$(DATABASE_URL=$(url "$kept") state)"
	done
}

@test "it tells what was written since and will be missing" {
	history_of_two
	take
	change
	sql "insert into _prisma_migrations (id, checksum, migration_name,
	    finished_at) values (4, '', '1_late', now())"
	run -0 mg-restore -n "$file"
	is "mg-restore: database $PGDATABASE on $PGHOST goes back to what it was at $(told .taken); missing then, of what was written since:
mg-restore: table public._prisma_migrations: rows now 4, then 3
mg-restore: table public.a: rows now 292, then 300
mg-restore: table public.newer: new, rows now 0
mg-restore: migration 1_late" "${output//\"/}"
}

@test "nothing is done by a dry run, without a terminal, or without a yes" {
	local was
	given
	change
	was=$(state)
	run -0 mg-restore -n "$file"
	is "$output" "$(mg-restore -n --in-place "$file" 2>&1 |
	    grep -v 'never rehearsed')"
	says 2 'there is no terminal to ask; say --yes' mg-restore "$file"
	run -2 at_terminal yes/no no -- mg-restore "$file"
	has "$output" 'restore it? [yes/no]' 'nothing was done'
	is "$was $PGDATABASE" "$(state) $(databases)"
	run -0 at_terminal yes/no yes -- mg-restore "$file"
	[ "$was" != "$(state)" ]
}

@test "the database's own settings, owner, privileges and comment survive" {
	local was
	sql 'create role "mg O"' 'create role mg_r'
	# As no SQL spells it.
	psql -Xqc "select set_config('search_path', 'a,b', false)" -c \
	    "alter role \"mg O\" in database $PGDATABASE
	    set search_path from current" >/dev/null
	sql "alter database $PGDATABASE owner to \"mg O\"" \
	    "alter database $PGDATABASE set work_mem = '5MB'" \
	    "alter database $PGDATABASE set search_path = ''" \
	    "alter database $PGDATABASE set app.x = 'it''s, \"so\"'" \
	    "alter role mg_r in database $PGDATABASE set search_path
	    = \"\$user\", public, \"A \"\"b\"" \
	    "alter role mg_r in database $PGDATABASE set temp_tablespaces
	    = \"\$user\", public, \"A \"\"b\"" \
	    "comment on database $PGDATABASE is 'it''s'" \
	    "revoke all on database $PGDATABASE from public" \
	    "grant connect on database $PGDATABASE to mg_r with grant option" \
	    "alter database $PGDATABASE connection limit 50" \
	    "alter database $PGDATABASE set default_transaction_read_only = on" \
	    2>notices
	was=$(state; sql '\drds')
	take
	run -0 mg-restore --yes --drop-old "$file"
	is "$was" "$(state; sql '\drds')"
	is $'5MB\n""' "$(sql 'show work_mem' 'show search_path')"
	PGOPTIONS='-c default_transaction_read_only=off' \
	    psql -Xqd postgres -c "drop database $PGDATABASE" \
	    -c 'drop role "mg O"' -c 'drop role mg_r'
}

@test "a list that is empty without quotes stays so" {
	local was
	psql -Xqc "select set_config('search_path', '', false)" -c \
	    "alter database $PGDATABASE set search_path from current" >/dev/null
	was=$(state)
	given
	run -0 mg-restore --yes --drop-old "$file"
	is "$was" "$(state)"
}

@test "locale and encoding stay, and of the templates comes nothing more" {
	local was
	dropdb "$PGDATABASE"
	createdb -T template0 -l C -E LATIN1 "$PGDATABASE"
	sql 'drop schema public cascade' 'drop extension plpgsql'
	was=$(state)
	take
	PGDATABASE=template1 sql 'create table stranger (i int)'
	run mg-restore --yes --drop-old "$file"
	PGDATABASE=template1 sql 'drop table stranger'
	is 0 "$status"
	is "$was" "$(state)"
}

@test "an owner who may create databases needs no other right" {
	local way was
	sql 'create role mg_app login createdb' \
	    "alter database $PGDATABASE owner to mg_app" \
	    "alter database $PGDATABASE set work_mem = '5MB'" \
	    'alter table a owner to mg_app' 'alter view v owner to mg_app'
	export PGUSER=mg_app DATABASE_URL=${DATABASE_URL/postgres@/mg_app@}
	was=$(state)
	take --format directory
	for way in --drop-old --in-place; do
		change
		run -0 mg-restore --yes $way "$file"
		is "$was" "$(state)"
	done
	PGUSER=postgres psql -Xqd postgres -c "drop database $PGDATABASE" \
	    -c 'drop role mg_app'
}

@test "who is connected is told, and --terminate ends them though they come back" {
	local client
	given
	connect
	says 75 'of writer' mg-restore --yes "$file"
	is "$PGDATABASE" "$(databases)"
	for client in one two; do
		while [ ! -e stop ]; do
			PGAPPNAME=$client psql -Xqc 'select pg_sleep(0.05)' || :
		done >/dev/null 2>&1 3>&- &
	done
	run -0 mg-restore --yes --terminate "$file"
	touch stop
	wait
	is "$PGDATABASE
${PGDATABASE}_before_TIME" "$(databases)"
}

@test "what was kept is dropped when that is told" {
	given
	createdb "${PGDATABASE}_before"
	createdb "${PGDATABASE}_before_20260101_000000x"
	createdb "${PGDATABASE}_before_20260101_000000"
	run -0 mg-restore --yes --drop-old "$file"
	is 3 "$(databases | wc -l)"
	says 2 'there is no terminal' mg-restore --drop-old
	run -0 mg-restore --drop-old --yes
	has "$output" "database ${PGDATABASE}_before_20" 'is dropped'
	is "$PGDATABASE ${PGDATABASE}_before ${PGDATABASE}_before_20260101_000000x" \
	    "$(sql "select datname from pg_database
	    where datname ~ '^$PGDATABASE(\$|_)' order by 1" | xargs)"
}

@test "a database that is gone comes back" {
	local was
	was=$(mg-catalog --data --digest)
	given
	psql -Xqd postgres -c "drop database $PGDATABASE"
	run -0 --separate-stderr mg-restore --yes "$file"
	is '' "$output"
	has "$stderr" 'there is none now'
	is "$was" "$(mg-catalog --data --digest)"
}

@test "long and odd names are no obstacle, in a URL or beside it" {
	local long odd
	long=a$(printf 'ä%.0s' {1..31}) odd="a b=c'\\d\"e%/f?"
	named "$long"
	# Made shorter, but not within a character.
	createdb "a$(printf 'ä%.0s' {1..24})_mg_restoring"
	PGDATABASE=$long DATABASE_URL='' run -0 --separate-stderr \
	    mg-restore --yes "$file"
	has "$stderr" 'left by a restore that was interrupted, is dropped'
	[[ $output =~ ^a(ä){19}_before_20[0-9]{6}_[0-9]{6}$ ]]
	is "$output" "$(sql "select datname from pg_database
	    where datname like 'aä%before%'")"
	named "$odd"
	PGDATABASE=$odd DATABASE_URL='' run -0 mg-restore --yes --drop-old "$file"
	run -0 mg-restore --yes -d "$(url "$(encoded "$odd")")" "$file"
}

# named NAME: a database, and its backup in $file
named() {
	PGDATABASE=postgres psql -Xq -v n="$1" \
	    <<<'create database :"n" template mg_file'
	take -d "$(url "$(encoded "$1")")"
}

# encoded TEXT: as a URL has it
encoded() {
	jq -rn --arg text "$1" '$text | @uri'
}

#
# What goes wrong
#

@test "a backup that is not what was written is refused" {
	local was
	given
	change
	was=$(state)
	spoil "$file" 100
	says 1 'not those that were written' mg-restore --yes "$file"
	says 2 'No such file' mg-restore --yes \
	    backups/backup_x_20260101_000000.dump
	is "$was $PGDATABASE" "$(state) $(databases)"
}

@test "one that restores to something else changes nothing" {
	local was
	sql 'create table b (i int)'
	around 'set -- "$@" --exclude-table=b'
	take
	unset MG_PGBIN
	was=$(state)
	run -1 mg-restore --yes "$file"
	has "$output" 'public.b is missing' 'what came is not what was backed up'
	is "$was $PGDATABASE" "$(state) $(databases)"
}

@test "if one name cannot change, neither does" {
	local was
	given
	change
	was=$(state)
	sleeping_restore "$(pg_config --bindir)/pg_restore \"\$@\"" \
	    "psql -Xqd ${PGDATABASE}_mg_restoring -c '\! touch there' \
	    -c 'select pg_sleep(600)' >/dev/null 2>&1 3>&- &" \
	    'until [ -e there ]; do sleep 0.02; done' exit
	says 75 'is being accessed by other users' mg-restore --yes "$file"
	is "$was $PGDATABASE" "$(state) $(databases)"
}

@test "a restore that fails or is ended by a signal leaves nothing" {
	local was name
	given
	was=$(state)
	sleeping_restore 'exit 1'
	says 3 'pg_restore failed' mg-restore --yes "$file"
	sleeping_restore
	for name in INT TERM; do
		start_restore "$file"
		eventually test -e began
		kill "-$name" "$pid"
		ends $((128 + $(kill -l "$name")))
		rm began
	done
	is "$was $PGDATABASE" "$(state) $(databases)"
}

@test "what a killed one left is named, and dropped by the next" {
	local was
	given
	was=$(state)
	sleeping_restore
	start_restore "$file"
	eventually test -e began
	says 75 'another restore of this database is running' \
	    mg-restore --yes "$file"
	kill -KILL "$pid"
	ends 137
	is "$PGDATABASE ${PGDATABASE}_mg_restoring" "$(databases | xargs)"
	is "$was" "$(state)"
	unset MG_PGBIN
	await "select not exists (select from pg_locks where locktype = 'advisory'
	    and database = (select oid from pg_database where datname = 'postgres'))"
	run -0 mg-restore --yes --drop-old "$file"
	has "$output" "database ${PGDATABASE}_mg_restoring, left by a restore that was interrupted, is dropped"
	is "$was $PGDATABASE" "$(state) $(databases)"
}

@test "a subscription that would stay with the old one is refused" {
	given
	sql "create subscription mg_s connection 'dbname=nowhere' publication p
	    with (connect = false, slot_name = 'mg_none')" 2>warnings
	sql 'alter subscription mg_s enable'
	run -2 mg-restore --yes "$file"
	sql 'alter subscription mg_s disable' \
	    'alter subscription mg_s set (slot_name = none)' \
	    'drop subscription mg_s'
	has "$output" 'subscription mg_s'
}

#
# In place
#

@test "in place, all is as it was, whatever has come since" {
	local was format
	sql 'create role mg_d' 'create extension pgcrypto' \
	    'create publication p for table a' 'select lo_create(4711)' \
	    'alter default privileges grant select on tables to mg_d' \
	    'alter default privileges revoke execute on functions from public' \
	    'grant create on schema public to mg_d' \
	    "comment on schema public is 'ours'" >/dev/null 2>&1
	was=$(state)
	for format in custom plain; do
		take --format "$format"
		change
		sql 'create schema s' 'create extension citext' \
		    "create type s.e as enum ('x')" 'drop publication p' \
		    'create function e() returns event_trigger language plpgsql
		    as $$ begin raise exception $x$ no $x$; end $$' \
		    'create event trigger e on ddl_command_start
		    execute function e()'
		run -0 mg-restore --in-place --yes "$file"
		is "$was $PGDATABASE" "$(state) $(databases)"
	done
	sql 'drop owned by mg_d' \
	    'alter default privileges revoke select on tables from mg_d' \
	    'drop role mg_d'
}

@test "in place, what fails half way changes nothing" {
	local was
	sql 'create table b (i int)' 'insert into b values (1)'
	take
	change
	was=$(state)
	sleeping_restore "$(pg_config --bindir)/pg_restore \"\$@\"" 'exit 1'
	says 3 'pg_restore failed' mg-restore --in-place --yes "$file"
	is "$was" "$(state)"
	sleeping_restore "$(pg_config --bindir)/pg_restore \"\$@\" |
	    head -n 60" 'exit 0'
	run -3 mg-restore --in-place --yes "$file"
	is "$was" "$(state)"
	sleeping_restore "exec $(pg_config --bindir)/pg_restore \"\$@\" \
	    --exclude-schema=x -t a -t v"
	run -3 mg-restore --in-place --yes "$file"
	is "$was" "$(state)"
}

@test "in place, rows that do not come are seen before it is final" {
	local was
	sql 'create table b (i int)' 'insert into b values (1), (2)'
	around 'set -- "$@" --exclude-table-data=b'
	take
	unset MG_PGBIN
	change
	was=$(state)
	run -3 mg-restore --in-place --yes "$file"
	has "$output" 'public.b has 0 rows, not 2'
	is "$was" "$(state)"
}

@test "in place, one that is killed or interrupted changes nothing" {
	local was name
	given
	change
	was=$(state)
	sleeping_restore "$(pg_config --bindir)/pg_restore \"\$@\""
	for name in KILL TERM; do
		start_restore --in-place "$file"
		eventually test -e began
		kill "-$name" "$pid"
		ends $((128 + $(kill -l "$name")))
		rm began
		is "$was" "$(state)"
	done
}

@test "options that do not go together are refused" {
	local arguments
	while read -r arguments; do
		# shellcheck disable=SC2086 # words
		run -2 mg-restore $arguments
	done <<-END
		--yes
		a b
		--in-place --drop-old a
		--in-place --jobs 2 a
		--jobs 0 a
	END
}
