# faults.bash - what can happen to a run, one function for each kind of round
#
# A round runs in a folder of its own, with a database of its own that has
# what database.sql says.  A fault strikes at a place:
#
#	statement N   behind the Nth statement of the history
#	write N       when the history is about to be written for the Nth time
#	inside N      while the Nth statement waits for somebody's transaction
#
# shellcheck disable=SC2154 # what run and tests/helper set

#
# Places
#

# strike PLACE N: a run is there now, and stays until release
strike() {
	local class=4711 n=$2
	[ "$1" != write ] || class=4712
	[ "$1" != inside ] || n=$((n - 1))
	coproc HOLDER { exec psql -XqAt 2>&1; }
	holder "select pg_advisory_lock($class, $n)"
	start_apply
	await "select exists (select from pg_locks where not granted
	    and locktype = 'advisory' and classid = $class and objid = $n)"
	[ "$1" != inside ] || go_inside "$2"
}

# go_inside N: from the statement before into that one
go_inside() {
	local table=person
	[ "$1" != 32 ] || table=event
	holder "begin; lock table $table in row exclusive mode;
	    select pg_advisory_unlock(4711, $1 - 1)"
	await "select exists (select from pg_locks l
	    join pg_stat_activity a using (pid) where not l.granted
	    and a.datname = current_database()
	    and a.application_name = 'mg-apply' and l.locktype <> 'advisory')"
}

# holder SQL: the session that holds the place runs it
holder() {
	local line=
	printf '%s;\n\\echo did\n' "$1" >&"${HOLDER[1]}"
	while [ "$line" != did ]; do
		read -r line <&"${HOLDER[0]}"
	done
}

# release: nothing is held any more
release() {
	local session=${HOLDER_PID:-}
	[ -n "$session" ] || return 0
	kill "$session" 2>/dev/null || true
	wait "$session" 2>/dev/null || true
	await "select not exists (select from pg_stat_activity
	    where datname = current_database()
	    and application_name = 'psql' and pid <> pg_backend_pid())"
}

#
# Faults
#

# interrupt INT|TERM PLACE N: the statement is cancelled on the server: it
# ends though its place is still held
interrupt() {
	strike "$2" "$3"
	kill "-$1" "$pid"
	ends $((128 + $(kill -l "$1")))
	gone
	judge
	release
}

# murder PLACE N: the server knows nothing of it, and others have to wait
murder() {
	local process
	strike "$1" "$2"
	process=$(backend)
	kill -KILL "$pid"
	ends 137
	run_apply 0
	is 75 "$status"
	has "$(cat again.err)" "P1002: the migration lock is held by process $process"
	judge
	release
	gone
	judge
}

# vanish PLACE N: the server notices at once
vanish() {
	strike "$1" "$2"
	kill -KILL "$pid"
	ends 137
	end_backend
	judge
	release
}

# lose PLACE N: the session ends, and who began it lives
lose() {
	strike "$1" "$2"
	end_backend
	ends 3
	judge
	release
}

# cut BYTE: the connection is reset when so many bytes went through a proxy
cut() {
	start_proxy --cut "$1" --stats stats
	by_proxy start_apply
	ended
	end_proxy
	gone
	judge
	case $(jq -r .cut stats | sort -u | tail -n 1)-$status in
	true-3 | false-0) ;;
	true-0) settled ;; # it had only to say good-bye
	*) return 1 ;;
	esac
}

# restart PLACE N, crash PLACE N: the server is soon back, and is asked what
# became of the run
restart() {
	strike "$1" "$2"
	server_stop
	server_start
	interrupted
}

crash() {
	strike "$1" "$2"
	server_crash
	server_start
	interrupted
}

# interrupted: a run whose server was away, and which may have been at its end
interrupted() {
	ended
	judge
	case $status in
	0) settled ;;
	3) ;;
	*) return 1 ;;
	esac
}

# outage PLACE N: the server is away for longer than anybody waits for it
outage() {
	strike "$1" "$2"
	server_crash
	ends 3
	server_start
	judge
}

# fill PLACE N: no space is left, for a while
fill() {
	strike "$1" "$2"
	fill_disk
	release
	ended
	free_disk
	server pg_ctl -s -D "$own/data" status >/dev/null || server_start
	await 'select not pg_is_in_recovery()'
	gone
	judge
	case $status in
	0) settled ;; # what came behind wanted no space
	1 | 3) ;;
	*) return 1 ;;
	esac
}

# race RUNNERS KILLS SEED: all at once, and so many of them are killed
race() {
	local n pids=()
	RANDOM=$3
	records
	for ((n = 0; n < $1; n++)); do
		mg-apply --lock-wait 60s <records >"out.$n" 2>"err.$n" &
		pids+=($!)
	done
	for ((n = 0; n < $2; n++)); do
		pause $((RANDOM % 40))
		kill -KILL "${pids[RANDOM % $1]}" 2>/dev/null || true
	done
	for ((n = 0; n < $1; n++)); do
		status=0
		wait "${pids[n]}" || status=$?
		[ "$status" = 0 ] || [ "$2$status" = "${2}137" ] ||
		    doubtful "err.$n" || return
	done
	gone
	judge
	[ "$2" != 0 ] || settled
}

# beside_prisma MG PRISMA: so many of both at once, Prisma's being the slower
# to get there
beside_prisma() {
	local n mg=() theirs=() reason
	# One that waits in the server may be the victim of a deadlock.
	local sent_away='P1002|canceling statement|deadlock detected'
	if reason=$(missing); then
		echo "$reason"
		exit 75
	fi
	rm migrations
	project
	cp -r "$work/$history/." migrations
	records
	for ((n = 0; n < $2; n++)); do
		prisma deploy >"prisma.$n" 2>&1 &
		theirs+=($!)
	done
	await 'select exists (select from pg_stat_activity
	    where datname = current_database() and pid <> pg_backend_pid())'
	for ((n = 0; n < $1; n++)); do
		mg-apply --lock-wait 60s <records >"out.$n" 2>"err.$n" &
		mg+=($!)
	done
	for ((n = 0; n < $1; n++)); do
		wait "${mg[n]}" || { cat "err.$n"; return 1; }
	done
	for ((n = 0; n < $2; n++)); do
		wait "${theirs[n]}" ||
		    grep -Eq "$sent_away" "prisma.$n" ||
		    { cat "prisma.$n"; return 1; }
	done
	judge
	settled
	prisma deploy >prisma.again 2>&1
	has "$(cat prisma.again)" 'No pending migrations to apply.'
}

# moment SIGNAL MS
moment() {
	start_apply
	pause "$2"
	kill "-$1" "$pid" 2>/dev/null || true
	ended
	gone
	judge
	case $status in
	0) settled ;;
	$((128 + $(kill -l "$1")))) ;;
	*) return 1 ;;
	esac
}
