# backup.bash - backups, and programs that are not what they seem
#
# shellcheck disable=SC2034 # what the tests read

# take [OPTION...]: a backup, in $file
take() {
	file=$(mg-backup "$@")
}

# file_database STATEMENT...: mg_file, which all tests of a file read, and a
# backup of it in each format
file_database() {
	local format
	cd "$BATS_FILE_TMPDIR" || return
	dropdb --if-exists -f mg_file && createdb mg_file || return
	DATABASE_URL=$(url mg_file) PGDATABASE=mg_file
	export DATABASE_URL PGDATABASE
	sql "$@" >/dev/null || return
	for format in custom directory plain; do
		mg-backup --label now -o "$format" --format "$format" ||
			return
	done >/dev/null
}

# read_database: mg_file, to which nothing may be done
read_database() {
	export PGDATABASE=mg_file
	DATABASE_URL=$(url "$PGDATABASE")
	export DATABASE_URL
}

# write_database: a copy of mg_file for this test alone
write_database() {
	export PGDATABASE=mg_$BATS_SUITE_TEST_NUMBER
	createdb -T mg_file "$PGDATABASE"
	DATABASE_URL=$(url "$PGDATABASE")
	export DATABASE_URL
}

# given [FORMAT]: the backup of mg_file, as if it had been taken here, in $file
given() {
	local path
	rm -rf backups
	cp -a "$BATS_FILE_TMPDIR/${1:-custom}" backups
	for path in backups/*; do
		[ "${path##*.}" = json ] || file=$path
	done
}

# told FILTER: what jq says of the sidecar of $file
told() {
	jq -rc "$1" "${file%%.*}.json"
}

# history_of_two: applied in this order, and a third that failed
history_of_two() {
	sql 'create table _prisma_migrations (id varchar(36) primary key,
	    checksum varchar(64) not null, finished_at timestamptz,
	    migration_name varchar(255) not null, logs text,
	    rolled_back_at timestamptz,
	    started_at timestamptz not null default now(),
	    applied_steps_count int not null default 0)' \
	    "insert into _prisma_migrations (id, checksum, migration_name,
	    finished_at, started_at) values
	    (1, '', '3_one', now(), now() - interval '2 s'),
	    (2, '', '2_two', now(), now() - interval '1 s'),
	    (3, '', '9_bad', null, now())"
}

# fake VERSION LINE...: a pg_dump that calls itself that, and runs these lines
fake() {
	local version=$1
	shift
	mkdir -p bin
	printf '%s\n' '#!/bin/sh' "case \$1 in --version)
	    echo '$version'; exit ;; esac" "$@" >bin/pg_dump
	chmod +x bin/pg_dump
	export MG_PGBIN=$PWD/bin
}

# around LINE...: the real one, behind these lines
around() {
	fake "pg_dump (PostgreSQL) $(sql 'show server_version')" "$@" \
	    "exec $(pg_config --bindir)/pg_dump \"\$@\""
}

# start_backup [OPTION...]: in the background, as $pid
start_backup() {
	env --default-signal=INT mg-backup "$@" >out 2>err 3>&- &
	pid=$!
}

# ends STATUS: what is $pid ends so
ends() {
	local status=0
	wait "$pid" || status=$?
	is "$1" "$status" || { cat err >&2; return 1; }
}

# ended PID: it is no process, or one that nobody has waited for
ended() {
	! grep -qs '^State:[^Z]*$' "/proc/$1/status"
}

# eventually COMMAND...: soon, or never
eventually() {
	local n
	for n in {1..600}; do
		! "$@" || return 0
		sleep 0.02
	done
	echo "never in $n looks: $*" >&2
	return 1
}

# nothing_left: in ./backups
nothing_left() {
	is '' "$(find backups -mindepth 1)"
}

# spoil FILE BYTE: change that one; ./saved is what it was
spoil() {
	local byte
	cp "$1" saved
	byte=$(od -An -tu1 -j "$2" -N 1 "$1")
	# shellcheck disable=SC2059 # an octal number
	printf "\\$(printf %o $((byte ^ 1)))" |
	    dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# like FILE LABEL STAMP: the same backup, taken at another time
like() {
	cp "$1" "backups/backup_$2_$3.dump"
	cp "${1%%.*}.json" "backups/backup_$2_$3.json"
}

# at_terminal [PROMPT ANSWER]... -- COMMAND...: run it where that is typed when
# it asks so
at_terminal() {
	local typing=() status=0
	while [ "$1" != -- ]; do
		typing+=("$1" "$2")
		shift 2
	done
	shift
	mkfifo typed
	timeout 30 script -qec "$(printf '%q ' "$@")" /dev/null <typed >shown \
	    2>&1 3>&- &
	pid=$!
	exec 9>typed
	answer "${typing[@]}" || status=$?
	wait "$pid" || status=$?
	exec 9>&-
	rm typed
	cat shown
	return "$status"
}

# answer [PROMPT ANSWER]...: each prompt is a line more of those like it
answer() {
	local -A seen=()
	while [ $# != 0 ]; do
		seen[$1]=$((${seen[$1]:-0} + 1))
		eventually shows "$1" "${seen[$1]}" || return
		echo "$2" >&9
		shift 2
	done
}

# shows TEXT COUNT: in so many lines
shows() {
	[ "$(grep -cF "$1" shown)" -ge "$2" ]
}

# names TEXT: its backups, by label and day
names() {
	grep -o 'backup_[^.]*' <<<"$1" | cut -d_ -f2,3 | sort | xargs
}
