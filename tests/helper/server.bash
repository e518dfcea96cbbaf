# server.bash - servers and sessions that belong to one test
#
# The teardown of a test file that loads this calls end_sessions, end_server.

load setup_suite # server

#
# Waiting
#

# await STATEMENT: until the server answers t
await() {
	local tries
	for ((tries = 0; tries < 1500; tries++)); do
		[ "$(sql "$1")" != t ] || return 0
		sleep 0.02
	done
	echo "never true: $1" >&2
	return 1
}

# await_session PROGRAM: until it is connected to this test's database
await_session() {
	await "select exists (select from pg_stat_activity
	    where datname = current_database() and application_name = '$1')"
}

# await_sleep: until mg-apply runs a pg_sleep in this test's database
await_sleep() {
	await "select exists (select from pg_stat_activity
	    where datname = current_database() and state = 'active'
	    and application_name = 'mg-apply' and wait_event = 'PgSleep')"
}

#
# Sessions
#

# hold_lock [STATEMENT]: a session called deployer has the migration lock from
# now on, and runs that, which sleeps
hold_lock() {
	sessions=begun
	PGAPPNAME=deployer psql -Xq -c 'select pg_advisory_lock(72707369)' \
	    -c "${1:-select pg_sleep(600)}" >/dev/null 2>&1 3>&- &
	await "select exists (select from pg_stat_activity
	    where datname = current_database() and wait_event = 'PgSleep'
	    and application_name = 'deployer')"
}

# release_lock: the session called deployer is gone
release_lock() {
	sql "select pg_terminate_backend(pid) from pg_stat_activity
	    where datname = current_database()
	    and application_name = 'deployer'" >/dev/null
}

# start_apply [OPTION...]: of what ./migrations holds, in the background, as
# $pid, with its output in ./out and ./err
start_apply() {
	start_tool mg-apply "$@"
}

# start_tool PROGRAM [OPTION...]: likewise
start_tool() {
	sessions=begun
	records
	# A shell has what it puts there ignore SIGINT.
	env --default-signal=INT "$@" <records >out 2>err 3>&- &
	pid=$!
}

# ended: wait for what start_apply began; its $status
ended() {
	local tries
	for ((tries = 0; tries < 1500; tries++)); do
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.02
	done
	kill -KILL "$pid" 2>/dev/null || true
	status=0
	wait "$pid" || status=$?
	pid=
}

# gone PID: it is no more, but for who waits for it
gone() {
	local tries
	for ((tries = 0; tries < 500; tries++)); do
		grep -qs '^State:	[^Z]' "/proc/$1/status" || return 0
		sleep 0.02
	done
	return 1
}

# ends STATUS: what start_apply began ends so
ends() {
	local status
	ended
	[ "$status" = "$1" ] && return
	echo "want status $1, got $status:" >&2
	cat err >&2
	return 1
}

# end_sessions: of this test's database, if any was begun here
end_sessions() {
	[ -n "${sessions:-}" ] || return 0
	psql -XqAtc "select pg_terminate_backend(pid) from pg_stat_activity
	    where datname = current_database() and pid <> pg_backend_pid()" \
	    >/dev/null 2>&1 || true
}

# start_proxy [OPTION...]: between ./proxy, which is a host to connect to, and
# this test's server
start_proxy() {
	local tries
	mkdir -p proxy
	"$DRIVERS/proxy/proxy" "$@" "$PGHOST/.s.PGSQL.5432" \
	    proxy/.s.PGSQL.5432 3>&- &
	proxy=$!
	for ((tries = 0; tries < 600; tries++)); do
		[ ! -S proxy/.s.PGSQL.5432 ] || return 0
		sleep 0.02
	done
	return 1
}

# end_proxy: once it has written its stats
end_proxy() {
	kill "$proxy"
	wait "$proxy"
}

# by_proxy COMMAND...: run it where the proxy is the server
by_proxy() {
	PGHOST=$PWD/proxy DATABASE_URL=${DATABASE_URL%%host=*}host=$PWD/proxy \
	    "$@"
}

# round_trips COMMAND...: how often it waits for the server once it is
# connected to it, with ./records on its standard input
round_trips() {
	rm -rf proxy stats
	start_proxy --stats stats || return
	by_proxy "$@" <records >proxy/out || return
	end_proxy && jq -s 'map(.round_trips) | add' stats
}

#
# What is in a database
#

# schema: all of it, as text that can be compared; of a server that is too new
# for pg_dump, what a query can tell
schema() {
	if [ "$(server_version)" -le "$(pg_dump_version)" ]; then
		# Newer ones put random words around it.
		pg_dump -s | grep -Ev '^\\(un)?restrict '
	else
		psql -XqAt -v ON_ERROR_STOP=1 -f "$ROOT/tests/helper/schema.sql"
	fi
}

# server_version, pg_dump_version: such as 15
server_version() {
	sql "select current_setting('server_version_num')::int / 10000"
}

pg_dump_version() {
	pg_dump --version | sed 's/[^0-9]*\([0-9]*\).*/\1/'
}

#
# Servers
#

# own_server [SETTING...]: a private one, which may be crashed, with an empty
# database; $PGHOST leads there from now on
own_server() {
	# Short, for the socket's name; elsewhere for a disk that runs full.
	PGHOST=$(mktemp -d "${own_parent:-${TMPDIR:-/tmp}}/mg.XXXXXX")
	own=$PGHOST
	[ "$(id -u)" != 0 ] || chown postgres "$own"
	server_data "$own/data"
	printf '%s\n' "unix_socket_directories = '$own'" \
	    "listen_addresses = ''" 'fsync = off' 'autovacuum = off' "$@" \
	    >>"$own/data/postgresql.conf"
	server_start
	database
}

# server_config FILE LINE...: have it read nothing but that
server_config() {
	local file=$own/data/$1
	shift
	printf '%s\n' "$@" >"$file"
	server pg_ctl -s -D "$own/data" reload
}

server_start() {
	server pg_ctl -w -s -D "$own/data" -l "$own/log" start
}

server_stop() {
	server pg_ctl -w -s -m fast -D "$own/data" stop
}

# server_crash: as if it had been killed
server_crash() {
	server pg_ctl -w -s -m immediate -D "$own/data" stop
}

# standby: of that server; $PGHOST and $DATABASE_URL then lead to it
standby() {
	server_stop
	cp -a "$own/data" "$own/standby"
	server_start
	touch "$own/standby/standby.signal"
	PGHOST=$own/standby
	echo "unix_socket_directories = '$PGHOST'" \
	    >>"$PGHOST/postgresql.conf"
	server pg_ctl -w -s -D "$PGHOST" -l "$PGHOST/log" start
	DATABASE_URL=$(url "$PGDATABASE")
}

# end_server: away with all that own_server and standby made
end_server() {
	local data
	[ -n "${own:-}" ] || return 0
	for data in "$own/standby" "$own/data"; do
		[ ! -e "$data/postmaster.pid" ] ||
		    server pg_ctl -s -m immediate -D "$data" stop || true
	done
	rm -rf "$own"
}
