#!/usr/bin/env bats
# mg-scratch(1): run a command with a throw-away PostgreSQL

load helper/common

setup() {
	sandbox
	stderr= # of run --separate-stderr
}

# What a test left running, and what it made for other users, ends with it.
teardown() {
	local pid
	for pid in ${started-}; do
		kill -9 "$pid" 2>kill.log || true
	done
	rm -rf ${folder:+"$folder"}
}

# private COMMAND...: without the suite's server in the environment
private() {
	env -u PGHOST -u PGUSER -u PGPORT "$@"
}

# shared_folder: one that the user who runs the server may enter, in $folder
shared_folder() {
	folder=$(mktemp -d "${TMPDIR:-/tmp}/mg-test.XXXXXX")
	chmod 777 "$folder"
}

# eventually COMMAND...: soon, or never
eventually() {
	local n
	for n in {1..600}; do
		! "$@" || return 0
		sleep 0.05
	done
	echo "never in $n looks: $*" >&2
	return 1
}

# What a command writes to tell of its server, then it waits to be ended.
# shellcheck disable=SC2016
tell='echo "$PGHOST" "$(head -n 1 "$PGHOST/data/postmaster.pid")" $$ >told.new
mv told.new told'
# shellcheck disable=SC2016
tell_and_wait="$tell; exec sleep 1000"

# start COMMAND...: in the background, with our input; its id in $pid
start() {
	"$@" <&0 3>&- &
	pid=$!
	started+=" $pid"
}

# told: wait for $host, $server and $command of $tell
told() {
	eventually test -e told
	read -r host server command <told
	started+=" $command"
}

# ended PID: it is no process, or a zombie that nobody has waited for
ended() {
	! grep -qs '^State:[^Z]*$' "/proc/$1/status"
}

# cleared: nothing is left of the server that told
cleared() {
	ended "$server" && [ ! -e "$host" ]
}

# fake PROGRAM SCRIPT: a server program in $folder, which MG_PGBIN names
fake() {
	[ -n "${folder-}" ] || shared_folder
	export MG_PGBIN=$folder
	printf '#!/bin/sh\n%s\n' "$2" >"$folder/$1"
	chmod 755 "$folder/$1"
}

needs_root() {
	[ "$(id -u)" = 0 ] || skip "only root may do this"
}

# in_private_mounts SCRIPT: as root, where what it mounts is seen by nobody
in_private_mounts() {
	needs_root
	unshare -m true 2>unshare.log || skip "no mount namespaces here"
	run --separate-stderr unshare -m bash -c "$1"
}

@test "the command finds an empty UTF8 database by libpq and by URL" {
	want='postgres|scratch|UTF8|0'
	ask="select current_user, current_database(),
	    pg_encoding_to_char(encoding), (select count(*)
	    from pg_class where relnamespace = 'public'::regnamespace)
	    from pg_database where datname = current_database()"
	private mg-scratch -- bash -c "psql -XAtc \"\$0\" &&
	    env -u PGHOST -u PGUSER -u PGDATABASE -u PGPORT \
	    psql -XAtc \"\$0\" \"\$DATABASE_URL\"" "$ask" >out 2>err
	is "$want"$'\n'"$want" "$(<out)"
	is '' "$(<err)"
}

@test "the server has no port, and a folder that only its user may enter" {
	# shellcheck disable=SC2016
	private mg-scratch -- bash -c 'stat -c %a "$PGHOST" "$PGHOST"/.s.PGSQL.5432
	    psql -XAtc "show listen_addresses" -c "show fsync" \
	    -c "show synchronous_commit" -c "show full_page_writes" \
	    -c "show max_prepared_transactions"' >out
	is $'700\n700\n\noff\noff\noff\n0' "$(<out)"
}

@test "time zone and locale of the server are not the host's" {
	# shellcheck disable=SC2016
	TZ=Asia/Tokyo PGTZ=Asia/Tokyo LC_ALL=C LANG=C mg-scratch -- bash -c '
	    psql -XAtc "show timezone" -c "show log_timezone" \
	    -c "show lc_messages" -c "select datcollate from pg_database
		where datname = current_database()"
	    echo "$TZ"' >out
	is $'UTC\nUTC\nC.UTF-8\nC.UTF-8\nAsia/Tokyo' "$(<out)"
}

@test "nothing of another server reaches the command" {
	DIRECT_URL=postgresql://elsewhere/x DATABASE_URL=postgresql://there/x \
	    PGSERVICE=x PGPASSWORD=x PGOPTIONS=-cx=y PGHOSTADDR=192.0.2.1 \
	    PGSSLMODE=verify-full PGPORT=1 PGUSER=me PGDATABASE=mine \
	    mg-scratch -- bash -c 'psql -Xc "select 1" >/dev/null && env' >out
	is $'DATABASE_URL\nPGDATABASE\nPGHOST\nPGPORT\nPGUSER' \
	    "$(grep -oE '^(PG[A-Z]*|[A-Z]*_URL)' out | sort)"
	is 1 "$(grep -c '^DATABASE_URL=postgresql://postgres@localhost:5432/scratch?host='"${TMPDIR:-/tmp}"'/mg-scratch\.......$' out)"
}

@test "the exit status is the command's" {
	fails 7 '' mg-scratch -- sh -c 'exit 7'
	# Options behind the command are its own, with or without --.
	# shellcheck disable=SC2016
	fails 5 '' mg-scratch sh -c 'test "$1" = --db && exit 5' sh --db
}

@test "a command that a signal ended is 128 + n, and its server is gone" {
	fails 137 '' mg-scratch -- sh -c "$tell; kill -9 \$\$"
	told
	cleared
}

@test "a command that is not there is 127, one that cannot run 126" {
	fails 127 'mg-scratch: ./none: No such file or directory' \
	    mg-scratch -- ./none
	: >data
	fails 126 'mg-scratch: ./data: Permission denied' mg-scratch ./data
}

@test "the server and its folder are gone when the command is" {
	run -0 mg-scratch -- sh -c "$tell"
	told
	cleared
}

@test "what the command left running loses its server" {
	# shellcheck disable=SC2016
	run -0 mg-scratch -- bash -c "$tell; psql -Xc 'select pg_sleep(1000)' \
	    >psql.log 2>&1 3>&- & until psql -XAtc 'select query from
	    pg_stat_activity' | grep -q '^select pg_sleep'; do :; done"
	eventually test -e told
	told
	cleared
	eventually grep -q 'connection to server was lost' psql.log
}

@test "killed by SIGKILL, mg-scratch leaves nothing behind" {
	start mg-scratch -- sh -c "$tell_and_wait"
	told
	kill -9 "$pid"
	eventually cleared
}

@test "killed when its server is about to start, it leaves none behind" {
	# shellcheck disable=SC2016
	fake initdb 'mkdir data; echo $PPID >"${0%/*}/keeper"
	    until [ -e "${0%/*}/killed" ]; do sleep 0.02; done'
	fake postgres 'exec sleep 60'
	TMPDIR=$folder start mg-scratch -- true
	eventually test -s "$folder/keeper"
	kill -9 "$pid"
	touch "$folder/killed"
	eventually ended "$(cat "$folder/keeper")"
	is '' "$(ls -d "$folder"/mg-scratch.* 2>/dev/null)"
}

@test "killed with its keeper, mg-scratch leaves no server behind" {
	start mg-scratch -- sh -c "$tell_and_wait"
	told
	keeper=$(awk '$1 == "PPid:" { print $2 }' "/proc/$server/status")
	kill -9 "$keeper" "$pid"
	eventually ended "$server"
	rm -r "$host"
}

@test "a keeper that was killed is told, with what remains" {
	start mg-scratch -- sh -c "$tell_and_wait" 2>err
	told
	kill -9 "$(awk '$1 == "PPid:" { print $2 }' "/proc/$server/status")"
	kill -9 "$command"
	status=0
	wait "$pid" || status=$?
	is 137 "$status"
	is "mg-scratch: $host remains: its keeper was killed" "$(<err)"
	eventually ended "$server"
	rm -r "$host"
}

@test "SIGTERM and SIGHUP are the command's, which decides" {
	start mg-scratch -- bash -c "trap 'exit 9' TERM; trap 'echo hup >hup' HUP
	    $tell; while :; do sleep 0.05; done"
	told
	kill -HUP "$pid"
	eventually test -e hup
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	is 9 "$status"
	cleared
}

@test "SIGINT ends the command, and then all" {
	# A shell lets what it starts in the background ignore SIGINT.
	start env --default-signal=INT mg-scratch -- sh -c "$tell_and_wait"
	told
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
	is 130 "$status"
	cleared
}

@test "a signal that was ignored stays so" {
	start env --ignore-signal=HUP mg-scratch -- bash -c "$tell
	    until [ -e go ]; do sleep 0.05; done; exit 4"
	told
	kill -HUP "$pid" "$command"
	: >go
	status=0
	wait "$pid" || status=$?
	is 4 "$status"
}

@test "the terminal's interrupt reaches the command once, and no server" {
	script -qc true /dev/null >/dev/null 2>&1 ||
	    skip 'no pseudo-terminals here'
	# A second one would be counted before the SIGTERM that comes after it.
	cat >count <<-'EOS'
		trap 'echo int >>ints' INT
		trap 'psql -XAtc "select 6" >answer; exit 6' TERM
		: >ready
		while :; do sleep 0.05; done
	EOS
	mkfifo keys
	exec 8<>keys
	start env --default-signal=INT script -qefc 'exec mg-scratch -- bash count' screen <keys
	eventually test -e ready
	printf '\003' >&8
	eventually test -e ints
	pkill -TERM -f '^mg-scratch -- bash count$' --parent "$pid"
	status=0
	wait "$pid" || status=$?
	exec 8>&-
	is 6 "$status"
	is int "$(<ints)"
	is 6 "$(<answer)"
}

@test "a signal before the command runs ends all, 128 + n" {
	fake postgres 'exit 0'
	# shellcheck disable=SC2016
	fake initdb ': >"${0%/*}/started"
		until [ -e "${0%/*}/go" ]; do sleep 0.05; done'
	start env TMPDIR="$folder" mg-scratch -- touch ran 2>err
	eventually test -e "$folder/started"
	kill -TERM "$pid"
	: >"$folder/go"
	status=0
	wait "$pid" || status=$?
	is 143 "$status"
	is '' "$(<err)"
	[ ! -e ran ]
	is '' "$(ls -d "$folder"/mg-scratch.* 2>/dev/null)"
}

@test "initdb's words are told when it fails, and nothing remains" {
	fake initdb 'echo "initdb: error: no luck today" >&2; exit 1'
	fake postgres 'exit 0'
	TMPDIR=$folder fails 3 $'mg-scratch: initdb failed:\ninitdb: error: no luck today' \
	    mg-scratch -- true
	is '' "$(ls -d "$folder"/mg-scratch.* 2>/dev/null)"
}

@test "a server that does not start is told in its log's words" {
	run -3 --separate-stderr mg-scratch --option nonsense=1 -- true
	has "$stderr" 'mg-scratch: the server did not start:' \
	    'unrecognized configuration parameter "nonsense"'
}

@test "a server that is not ready in time is ended" {
	fake initdb 'mkdir data'
	# shellcheck disable=SC2016
	fake postgres 'echo $$ >"${0%/*}/id"; echo thinking >&2; exec sleep 1000'
	fails 3 $'mg-scratch: the server is not ready in time:\nthinking' \
	    env TMPDIR="$folder" mg-scratch --wait 2s -- true
	ended "$(<"$folder/id")"
}

@test "--option sets what the server runs with" {
	is $'7MB\n1024\nAsia/Tokyo' "$(TZ=Asia/Tokyo mg-scratch \
	    --option work_mem=7MB --option max_locks_per_transaction=1024 \
	    --option TimeZone=Asia/Tokyo -- psql -XAtc 'show work_mem' \
	    -c 'show max_locks_per_transaction' -c 'show timezone')"
}

@test "any name of TMPDIR works" {
	shared_folder
	odd="$folder/a b%20'\"&?ü+"
	mkdir "$odd"
	chmod 777 "$odd"
	# shellcheck disable=SC2016
	is "$odd/mg-scratch."$'\n1\n1' "$(TMPDIR=$odd mg-scratch -- bash -c '
	    echo "${PGHOST%??????}"; psql -XAtc "select 1"
	    env -u PGHOST psql -XAtc "select 1" "$DATABASE_URL"')"
	is '' "$(ls "$odd")"
}

@test "a TMPDIR that no socket can be in is refused" {
	mkdir a,b
	TMPDIR=a,b says 2 'TMPDIR: a,b: a comma' mg-scratch -- true
	long=$(printf 'x%.0s' {1..80})
	mkdir "$long"
	TMPDIR=$long says 2 "TMPDIR: $long: too long" mg-scratch -- true
	TMPDIR=none fails 2 'mg-scratch: TMPDIR: none: No such file or directory' \
	    mg-scratch -- true
}

@test "MG_PGBIN must hold the server programs" {
	MG_PGBIN=$PWD fails 2 "mg-scratch: MG_PGBIN: no initdb and postgres in $PWD" \
	    mg-scratch -- true
}

@test "server programs that are not in PATH find each other" {
	tools=$(dirname "$(command -v mg-scratch)")
	is 1 "$(PATH=$tools:/usr/bin:/bin mg-scratch -- psql -XAtc 'select 1')"
}

@test "the newest version that a distribution installed is found" {
	tools=$(dirname "$(command -v mg-scratch)")
	in_private_mounts "mount -t tmpfs none /usr/lib/postgresql &&
	    for v in 9.6 16 15; do
		mkdir -p /usr/lib/postgresql/\$v/bin
		cd /usr/lib/postgresql/\$v/bin
		printf '#!/bin/sh\necho I am %s >&2; exit 1' \$v >initdb
		cp initdb postgres
		chmod 755 initdb postgres
	    done
	    PATH=$tools:/usr/bin:/bin mg-scratch -- true"
	is $'mg-scratch: initdb failed:\nI am 16' "$stderr"
}

@test "without the server programs, it says where they were looked for" {
	tools=$(dirname "$(command -v mg-scratch)")
	in_private_mounts "mount -t tmpfs none /usr/lib/postgresql &&
	    PATH=$tools:/usr/bin:/bin mg-scratch -- true"
	is 3 "$status"
	has "$stderr" 'in PATH, /usr/lib/postgresql/*/bin, ' \
	    'apt install postgresql' MG_PGBIN
}

@test "a full disk is told, and nothing remains" {
	# shellcheck disable=SC2016
	in_private_mounts 'mount -t tmpfs -o size=20m,mode=1777 none /mnt &&
	    TMPDIR=/mnt mg-scratch -- true; rc=$?; ls /mnt; exit $rc'
	is 3 "$status"
	is '' "$output"
	has "$stderr" 'mg-scratch: initdb failed:' 'No space left on device'
}

@test "as root the server is postgres', and the command stays root's" {
	needs_root
	id postgres >id.log || skip "no user postgres"
	# shellcheck disable=SC2016
	is $'postgres\npostgres\n\n0' "$(setpriv --groups 1,2 mg-scratch -- bash -c '
	    stat -c %U "$PGHOST"
	    server=$(head -n 1 "$PGHOST/data/postmaster.pid")
	    ps -o user= -p "$server"
	    sed -n "s/^Groups:[[:space:]]*//p" "/proc/$server/status"
	    id -u')"
}

@test "anybody can have a server" {
	needs_root
	id nobody >id.log || skip "no user nobody"
	shared_folder
	cp "$(command -v mg-scratch)" "$folder"
	# shellcheck disable=SC2016
	is $'nobody\n1' "$(cd / && runuser -u nobody -- "$folder/mg-scratch" -- \
	    bash -c 'stat -c %U "$PGHOST"; psql -XAtc "select 1"')"
}

@test "descriptors of the caller's reach the command and nobody else" {
	# shellcheck disable=SC2016
	mg-scratch -- bash -c 'server=$(head -n 1 "$PGHOST/data/postmaster.pid")
	    for pid in "$server" \
		"$(awk "\$1 == \"PPid:\" { print \$2 }" "/proc/$server/status")"
	    do find /proc/"$pid"/fd -lname "*/mine" -printf "%p has it\n"; done
	    find /proc/$$/fd -lname "socket:*" -printf "%p is ours\n"
	    echo fine >&9' 9>mine >out
	is '' "$(<out)"
	is fine "$(<mine)"
}

@test "what cannot be meant is refused" {
	usage="usage: $(mg-scratch --help | sed -n '1s/usage: //p')"
	fails 2 "mg-scratch: no command given"$'\n'"$usage" mg-scratch --
	fails 2 "mg-scratch: -d: only with --db"$'\n'"$usage" \
	    mg-scratch -d postgresql://h/d -- true
	fails 2 "mg-scratch: --option: not with --db"$'\n'"$usage" \
	    mg-scratch --db --option a=b -- true
	fails 2 "mg-scratch: a: not NAME=VALUE"$'\n'"$usage" \
	    mg-scratch --option a -- true
}

# databases: those of --db that the suite's server still has
databases() {
	PGDATABASE=postgres sql "select datname from pg_database
	    where datname like 'mg\_scratch\_%' and datname <> '${1-}'"
}

# dropped NAME
dropped() {
	is 0 "$(PGDATABASE=postgres sql "select count(*) from pg_database
	    where datname = '$1'")" 2>/dev/null
}

# shellcheck disable=SC2016
tell_name='echo "$PGDATABASE" $$ >told.new; mv told.new told'

@test "--db makes a database that the command alone has, and drops it" {
	# shellcheck disable=SC2016
	ask='psql -XAtc "select current_database(), pg_encoding_to_char(encoding)
	    from pg_database where datname = current_database()"; echo $DATABASE_URL'
	mg-scratch --db -d "$(url postgres 'schema=app&connection_limit=1')" -- \
	    sh -c "$ask" >out 2>err
	name=$(sed 's/|.*//; q' out)
	[[ $name =~ ^mg_scratch_[0-9a-f]{16}$ ]]
	is "$name|UTF8"$'\n'"$(url "$name" 'schema=app&connection_limit=1')" \
	    "$(<out)"
	is '' "$(<err)"
	dropped "$name"
}

@test "--db takes DIRECT_URL before DATABASE_URL, and hides it" {
	export DIRECT_URL DATABASE_URL=postgresql://nobody@localhost:1/none
	DIRECT_URL=$(url postgres)
	# shellcheck disable=SC2016
	mg-scratch --db -- bash -c 'echo "${DIRECT_URL-none} $PGDATABASE"
	    echo "$DATABASE_URL"' >out
	read -r hidden name <out
	is none "$hidden"
	is "$(url "$name")" "$(sed -n 2p out)"
}

@test "--db without a URL takes libpq's variables, and makes a URL of them" {
	# shellcheck disable=SC2016
	mg-scratch --db -- bash -c 'echo "$DATABASE_URL"; echo "$PGDATABASE"
	    env -u PGHOST -u PGUSER -u PGDATABASE psql -XAtc "
	    select current_database()" "$DATABASE_URL"' >out
	name=$(sed -n 2p out)
	is "postgresql://$PGUSER@localhost:5432/$name?host=$PGHOST" \
	    "$(sed -n 1p out)"
	is "$name" "$(sed -n 3p out)"
}

@test "--db has libpq's variables lead where the URL does" {
	url=$(url postgres)
	# shellcheck disable=SC2016
	is "$PGHOST $PGUSER 5432 prefer p@ss" "$(PGHOST=elsewhere PGHOSTADDR=192.0.2.1 \
	    PGSERVICE=none mg-scratch --db -d "${url/@/:p%40ss@}" -- bash -c '
	    echo "$PGHOST $PGUSER $PGPORT $PGSSLMODE $PGPASSWORD$PGSERVICE$PGHOSTADDR"')"
}

@test "--db shows no password in the list of processes" {
	url=$(url postgres)
	# shellcheck disable=SC2016
	mg-scratch --db -d "${url/@/:secret@}" -- bash -c 'cat /proc/$PPID/cmdline
	    for p in $(pgrep -P $PPID); do cat /proc/$p/cmdline; done' |
	    tr '\0' ' ' >out
	grep -q 'mg-scratch --db -d postgresql://' out
	is 0 "$(grep -c secret out)"
}

@test "--db drops the database although somebody is in it" {
	mg-scratch --db -- bash -c "$tell_name
	    psql -Xc 'select pg_sleep(1000)' >psql.log 2>&1 3>&- &
	    until psql -XAtc 'select query from pg_stat_activity
	    where datname = current_database()' | grep -q '^select pg_sleep'
	    do :; done"
	read -r name _ <told
	dropped "$name"
}

@test "--db is content when the command dropped the database itself" {
	# shellcheck disable=SC2016
	fails 0 '' mg-scratch --db -- sh -c 'dropdb --maintenance-db=postgres "$PGDATABASE"'
}

@test "--db says so if the database cannot be dropped" {
	# shellcheck disable=SC2016
	run -3 --separate-stderr mg-scratch --db -- sh -c "$tell_name"'
	    psql -Xqc "alter database $PGDATABASE is_template true"'
	read -r name _ <told
	is "mg-scratch: database $name: not dropped: cannot drop a template database" \
	    "$stderr"
	PGDATABASE=postgres sql "alter database $name is_template false" \
	    "drop database $name"
}

@test "killed by SIGKILL, mg-scratch --db leaves no database behind" {
	start mg-scratch --db -- sh -c "$tell_name; exec sleep 1000"
	eventually test -e told
	read -r name command <told
	started+=" $command"
	kill -9 "$pid"
	eventually dropped "$name"
}

@test "killed within each other, several leave no database behind" {
	local name deeper
	# shellcheck disable=SC2016
	deeper='echo "$PGDATABASE" >>names; exec "$@"'
	start setsid mg-scratch --db -- sh -c "$deeper" - \
	    mg-scratch --db -- sh -c "$deeper" - \
	    mg-scratch --db -- sh -c "$tell_name; exec sleep 1000"
	eventually test -e told
	kill -9 -- "-$pid"
	while read -r name _; do
		eventually dropped "$name"
	done < <(cat names told)
}

@test "SIGTERM ends the wait for a server" {
	start mg-scratch --db --wait 1h -d "postgresql://localhost/x?host=$PWD" -- true
	eventually pgrep -P "$pid" >pgrep.log
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	is 143 "$status"
}

@test "SIGKILL ends the wait for a server" {
	start mg-scratch --db --wait 1h -d "postgresql://localhost/x?host=$PWD" -- true
	eventually pgrep -x mg-keeper -P "$pid" >keeper
	kill -9 "$pid"
	eventually ended "$(<keeper)"
}

@test "--db without a server is exit status 3" {
	says 3 'mg-scratch: P1001: ' mg-scratch --db \
	    -d "postgresql://localhost/x?host=$PWD" -- true
}

@test "--db without the right to create databases is exit status 2" {
	role=mg_plain_$BATS_SUITE_TEST_NUMBER
	PGDATABASE=postgres sql "create role $role login"
	PGUSER=$role PGDATABASE=postgres \
	    fails 2 'mg-scratch: permission denied to create database' \
	    mg-scratch --db -- true
	PGDATABASE=postgres sql "drop role $role"
}

@test "--db refuses what would lead past the new database" {
	PGSERVICE=x says 2 'mg-scratch: PGSERVICE: ' mg-scratch --db -- true
	says 2 'a postgresql:// URL is needed' mg-scratch --db \
	    -d prisma+postgres://localhost:1/?api_key=x -- true
}
