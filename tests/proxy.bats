#!/usr/bin/env bats
# the proxy of the tests: delay, cut and count what travels to a server

load helper/common
load helper/server

setup() {
	sandbox
	database
}

teardown() {
	[ -z "${proxy:-}" ] || kill "$proxy" 2>/dev/null || true
	end_sessions
}

# psql_real ARG...: not Debian's wrapper of it, which connects as it likes
psql_real() {
	"$(pg_config --bindir)/psql" -Xq "$@"
}

@test "every byte arrives, in both directions, also where the reader is slow" {
	start_proxy --stats stats
	by_proxy sql 'create table t (x text)'
	sql "select repeat('é', 1000) || n from generate_series(1, 3000) n" \
	    >sent
	by_proxy psql_real -c 'copy t from stdin' <sent
	by_proxy psql_real -c 'copy t to stdout' | { sleep 0.3 && cat; } >got
	cmp sent got
	end_proxy
	is 3 "$(wc -l <stats)"
	is 6 "$(jq -s 'map(select(.sent > 6e6 or .received > 6e6)) |
	    map(.sent + .received) | add / 1e6 / 2 | floor' stats)"
}

@test "connections live side by side" {
	local n pids=()
	start_proxy
	for n in {1..20}; do
		by_proxy psql_real -Atc \
		    "select pg_advisory_lock_shared(1), $n" >"out.$n" 3>&- &
		pids+=($!)
	done
	wait "${pids[@]}"
	for n in {1..20}; do
		is "|$n" "$(cat "out.$n")"
	done
}

@test "a delay that many keep running out does no harm" {
	local n arguments=() pids=()
	start_proxy --delay 1
	for n in {1..100}; do
		arguments+=(-c "select $n")
	done
	for n in {1..10}; do
		by_proxy psql_real -At "${arguments[@]}" >"out.$n" 3>&- &
		pids+=($!)
	done
	wait "${pids[@]}"
	seq 100 >want
	for n in {1..10}; do
		cmp want "out.$n"
	done
}

@test "a delay is paid once each way, by a round trip and not by a byte" {
	local begun
	start_proxy --delay 100
	begun=${EPOCHREALTIME/./}
	by_proxy psql_real -Atc "select repeat('x', 10000000)" >got
	is 10000001 "$(wc -c <got)"
	# Three round trips: a request for encryption, the log-in, the query.
	[ $((${EPOCHREALTIME/./} - begun)) -ge 390000 ]
	[ $((${EPOCHREALTIME/./} - begun)) -lt 2000000 ]
}

@test "a cut comes at its byte, once" {
	start_proxy --cut 5000 --stats stats
	run -2 by_proxy psql_real -Atc "select repeat('x', 10000)"
	has "$output" 'server closed the connection unexpectedly'
	is 10000 "$(by_proxy psql_real -Atc "select repeat('x', 10000)" |
	    tr -d '\n' | wc -c)"
	end_proxy
	is 'true false' "$(jq -r .cut stats | paste -sd ' ')"
}

@test "a cut over TCP is a reset" {
	start_proxy --port 0 --cut 8 >port
	exec 9<>"/dev/tcp/127.0.0.1/$(cat port)"
	printf '\0\0\0\10\4\322\26\57' >&9 # asks for encryption
	says 1 'Connection reset by peer' cat <&9
	exec 9<&-
}

@test "the server ends a session whose client is cut" {
	start_proxy --cut 3000
	run -2 by_proxy psql_real -Atc "begin; create table gone (x int);
	    select repeat('x', 10000)"
	await "select to_regclass('gone') is null and not exists (
	    select from pg_stat_activity where datname = current_database()
	    and pid <> pg_backend_pid())"
}

@test "statements and round trips are counted" {
	start_proxy --stats stats
	by_proxy psql_real -c 'select 1; select 2' \
	    -c "select repeat('x', 1000000)" -c 'select 3' >/dev/null
	end_proxy
	is '3 3' "$(jq -r '"\(.statements) \(.round_trips)"' stats)"
}

@test "a client that finds no server sees the end" {
	mkdir proxy
	"$DRIVERS/proxy/proxy" "$PWD/none" proxy/.s.PGSQL.5432 2>err 3>&- &
	proxy=$!
	for ((tries = 0; tries < 600; tries++)); do
		[ ! -S proxy/.s.PGSQL.5432 ] || break
		sleep 0.02
	done
	run -2 by_proxy psql_real -c 'select 1'
	has "$(cat err)" "proxy: $PWD/none: No such file or directory"
}
