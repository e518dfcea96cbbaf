# judge.bash - what a fault left, and whether the next run completes it
#
# shellcheck disable=SC2154 # what run and tests/helper set

# judge: nothing is there that may never be; and what a run said to be applied
# is.  Of a killed one the last line may be cut short.
judge() {
	is '' "$(sql 'select fault.broken()')"
	cat out* |
	    jq -rR 'fromjson? | select(.state == "applied") | .name' >said
	sql 'select migration_name from _prisma_migrations
	    where finished_at is not null' >there
	is '' "$(grep -vxFf there said)" || {
		echo 'it said that these were applied' >&2
		return 1
	}
}

# settled: all is as if nothing had happened
settled() {
	gone
	# What ended may take a moment to be gone.
	await 'select not exists (select from fault.unfinished())' ||
	    is '' "$(sql 'select fault.unfinished()')"
	schema >disturbed
	diff -u "$work/schema.$history" disturbed >&2
}

# complete: the next run does the rest, as soon as it may
complete() {
	local tries
	for ((tries = 0; tries < 20; tries++)); do
		run_apply 10s
		case $status in
		0) return ;;
		75) has "$(cat again.err)" 'by process' || return ;;
		*)
			doubtful again.err || break
			decide || break
			;;
		esac
	done
	echo "the next run exits $status:" >&2
	cat again.err >&2
	return 1
}

# run_apply LOCK_WAIT: sets $status
run_apply() {
	status=0
	records
	timeout 60 mg-apply --lock-wait "$1" <records >again.out 2>again.err || status=$?
	echo "run again: $status $(cat again.err)"
}

# doubtful FILE: it says there that only a person can tell
doubtful() {
	grep -Eq 'nobody noted whether this statement was done|already pending detach' \
	    "$1"
}

# decide: do what such a person would.  Of the statements of the history only
# one leaves such doubts.
decide() {
	local place
	echo "$round" >>"$work/doubts"
	place=$(sed -n 's/^mg-apply: \([^:]*:[0-9]*\):[0-9]*: .*/\1/p' again.err)
	sed -n "${place#*:}p" "${place%:*}" | grep DETACH || return
	case $(sql "select bool_or(inhdetachpending) from pg_inherits
	    where inhrelid = 'event_old'::regclass") in
	t) sql 'alter table event detach partition event_old finalize' ;;
	f) sql 'alter table event detach partition event_old' ;;
	esac
	cp -rL migrations mended
	rm migrations
	mv mended migrations
	sed -i "${place#*:}s/^/-- /" "${place%:*}"
}

# gone: no session of ours is left
gone() {
	await "select not exists (select from pg_stat_activity
	    where datname = current_database()
	    and application_name = 'mg-apply')"
}

# backend: the process of our session
backend() {
	sql "select pid from pg_stat_activity where application_name = 'mg-apply'
	    and datname = current_database()"
}

# end_backend: as if it had noticed that nobody is there
end_backend() {
	sql "select pg_terminate_backend($(backend))" >/dev/null
	gone
}

# pause MS
pause() {
	sleep "$(($1 / 1000)).$(printf %03d $(($1 % 1000)))"
}
