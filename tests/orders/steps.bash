# steps.bash - who goes next, how far, and how that ends
#
# In the folder of a round, ./ran is the traces that there are, in their order,
# and ./todo those that the step is to leave.
#
# shellcheck disable=SC2154 # what run and the helpers set

# take WHO HOW N [END PLACE N...]: a step
take() {
	local who=$1 release=$work/$3 command
	command_of "$@"
	names_of "$@" >todo
	remember "$who"
	if [ $# -gt 3 ] && reaches "$5" "$6"; then
		end_at "$4" "$5" "$6"
	else
		complete
	fi
}

# command_of WHO HOW N: into $command, to be run in $release
command_of() {
	local knex=(node --import tsx node_modules/knex/bin/cli.js
		--knexfile knexfile.cjs)
	case "$1 $2" in
	'mg to')
		release=$work/$LAST
		command=(mg-apply --lock-wait 1s --to "$(name "$3")")
		;;
	'mg of') command=(mg-apply --lock-wait 1s) ;;
	'Prisma of')
		command=(node "$PRISMA/node_modules/prisma/build/index.js"
			migrate deploy)
		;;
	'knex of') command=("${knex[@]}" migrate:latest) ;;
	'knex up') command=("${knex[@]}" migrate:up) ;;
	esac
}

# names_of WHO HOW N: that it is to run
names_of() {
	local n
	for ((n = 1; n <= $3; n++)); do
		[ "$1" = mg ] || [ "$1" = "$(kind "$n")" ] || continue
		! grep -qxF "$(name "$n")" ran || continue
		name "$n"
		[ "$2" != up ] || return 0
	done
}

# reaches PLACE N: will the step come by there?
reaches() {
	[ "$1" = after ] || grep -qxF "$(name "$2")" todo
}

# start: the command, in the background as $pid; a shell has what it puts there
# ignore SIGINT
start() {
	local out=$PWD
	cd "$release" || return
	env --default-signal=INT "${command[@]}" <records \
	    >"$out/out" 2>"$out/err" 3>&- 4>&- &
	pid=$!
	cd "$out" || return
}

# run_on: the command to its end; sets $status
run_on() {
	status=0
	start
	wait "$pid" || status=$?
	told
}

# told: what it has said, and its $status
told() {
	echo "${command[*]##*/}: exit status $status"
	cat out err
}

# end_at END PLACE N: it comes to its end there, and what it has done by then
# is the first of what it was to do
end_at() {
	local tries status
	[ "$2" = after ] ||
	    sql "insert into orders.stop values ('$(name "$3")', '$2')"
	for ((tries = 0; tries < 12; tries++)); do
		start
		! comes_to "$2" "$3" || kill_it "$1"
		told
		case $status in
		0 | 137 | 143) break ;;
		esac
		way_out
	done
	sql 'delete from orders.stop'
	settled
	sql 'select name from orders.trace order by id' >now
	came_to "$(wc -l <now)"
}

# comes_to PLACE N: or it has ended before, as the way out of the step before
# is to be taken, with that $status
comes_to() {
	local waiter first
	if [ "$1" = after ]; then
		sleep "$(printf '%d.%03d' $(($2 / 1000)) $(($2 % 1000)))"
		return
	fi
	env --default-signal=INT psql -XqAtc 'select orders.await(true)' \
	    >reached 2>&1 3>&- 4>&- &
	waiter=$!
	status=0
	wait -n -p first "$pid" "$waiter" || status=$?
	if [ "$first" = "$waiter" ]; then
		is t "$(cat reached)"
		return
	fi
	# It cancels what it waits for.
	kill -INT "$waiter"
	wait "$waiter" || true
	return 1
}

# kill_it END: sets $status
kill_it() {
	local signal=${1#SIG}
	[ "$1" != vanish ] || signal=KILL
	kill "-$signal" "$pid" 2>/dev/null || true
	status=0
	wait "$pid" || status=$?
	[ "$1" != vanish ] || sql "select pg_terminate_backend(pid)
	    from pg_stat_activity where datname = current_database()
	    and pid <> pg_backend_pid()" >/dev/null
}

# settled: nobody works on this database any more, as who decides what became
# of a migration has to know
settled() {
	local tries
	for ((tries = 0; tries < 500; tries++)); do
		left || break
		sleep 0.02
	done
	is t "$(sql 'select orders.await(false)')"
}

# left: there is a program that a migration has started
left() {
	env -u PGDATABASE grep -qsz "^PGDATABASE=$PGDATABASE\$" \
	    /proc/[0-9]*/environ
}

# complete: all that it is to do, with the ways out that the tools tell
complete() {
	local tries status
	for ((tries = 0; tries < 12; tries++)); do
		run_on
		[ "$status" != 0 ] || break
		way_out
	done
	is 0 "$status"
	sql 'select name from orders.trace order by id' >now
	came_to $(($(wc -l <ran) + $(wc -l <todo)))
}

# came_to COUNT: ./now is so many traces, those that were there and those that
# were to come, in their order; then it is what there is
came_to() {
	cat ran todo >all
	head -n "$1" all | diff -u - now >&2
	mv now ran
}

# way_out: what the tool has told, or what mg-mark(1) tells
way_out() {
	case $(cat out err) in
	*P3009*) settle_failed ;;
	*P3005*)
		# What knex has run is no surprise to mg.
		is Prisma "$who"
		at_last mg-mark --from knex_migrations
		;;
	*migrate:unlock*)
		# What mg has left it takes over.
		[ "$who" = knex ] || is 1 "$(knex_lock)"
		at_last real_knex migrate:unlock
		;;
	*) return 1 ;;
	esac
}

# at_last COMMAND...: on the records of the last release
at_last() {
	(cd "$work/$LAST" && "$@" <records)
}

# knex_lock: 0 if nobody has it, 1 if knex has
knex_lock() {
	sql 'select is_locked from knex_migrations_lock'
}

real_knex() {
	node --import tsx node_modules/knex/bin/cli.js --knexfile knexfile.cjs \
	    "$@"
}

# settle_failed: as who looks what the database has of each that failed
settle_failed() {
	local name
	unfinished >failed
	[ -s failed ]
	while read -r name; do
		[ "$who" != mg ] || has "$(cat err)" "$name" \
		    'mg-mark --applied NAME' 'mg-mark --rolled-back NAME'
		if grep -qxF "$name" ran; then
			at_last mg-mark --applied "$name"
		else
			at_last mg-mark --rolled-back "$name"
		fi
	done <failed
}

# unfinished: the names of those of which nobody noted a good end
unfinished() {
	rows_where 'finished_at is null'
}

# rows_where CONDITION: the names in the history
rows_where() {
	if has_table _prisma_migrations; then
		sql "select distinct migration_name from _prisma_migrations
		    where rolled_back_at is null and $1"
	fi
}

# remember WHO: mark what only we know: that knex was killed behind the work of
# a migration; and what knex would repeat, as mg was killed there
remember() {
	local n name
	unfinished >failed
	rows_where 'finished_at is not null' >applied
	for ((n = 1; n <= LAST; n++)); do
		name=$(name "$n")
		if [ "$(kind "$n")" != knex ] || ! grep -qxF "$name" ran ||
		    knex_has "$n" || grep -qxF "$name" applied; then
			continue
		fi
		if [ "$1" = knex ] || ! grep -qxF "$name" failed; then
			at_last mg-mark --applied "$name"
		fi
	done
}

# knex_has N: it has a row of it
knex_has() {
	has_table knex_migrations && [ 1 = "$(sql "select 1
	    from knex_migrations where name = '${NAMES[$1 - 1]}'")" ]
}

has_table() {
	[ -n "$(sql "select to_regclass('$1')")" ]
}
