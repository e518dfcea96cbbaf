# backup.bash - backups, and programs that are not what they seem
#
# shellcheck disable=SC2034 # what the tests read

# take [OPTION...]: a backup, in $file
take() {
	file=$(mg-backup "$@")
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

# names TEXT: its backups, by label and day
names() {
	grep -o 'backup_[^.]*' <<<"$1" | cut -d_ -f2,3 | sort | xargs
}
