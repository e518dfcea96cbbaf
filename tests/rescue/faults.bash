# faults.bash - what can happen, a function for each kind of round
#
# $file is a good backup, from which the database does not differ yet; $good is
# what state says of both, $took the milliseconds that a backup took.
#
# shellcheck disable=SC2154 # what run and the helpers set

# write: something that no backup has
write() {
	sql 'create table if not exists since (i int)' \
	    'insert into since select generate_series(1, 100)' \
	    "update thing set state = 'old' where id % 7 = 0" \
	    'delete from pgbench_tellers where tid = 3'
}

# damage FORMAT AT: a byte of the backup or of its sidecar changed, the rest
# of the file was lost, or it is another file's
damage() {
	local target size was way status=0
	cp -a "$work/good" copy
	file=copy/$(basename "$file")
	target=$file
	[ $(($2 % 4)) != 0 ] || target=${file%%.*}.json
	if [ -d "$target" ]; then
		target=$(find "$target" -type f | sort |
		    sed -n "$(($2 % $(find "$target" -type f | wc -l) + 1))p")
	fi
	size=$(stat -c %s "$target")
	echo "$target of $size bytes"
	case $(($2 / 4 % 3)) in
	0) spoil "$target" $(($2 % (size - 1))) ;;
	1) truncate -s $(($2 % (size - 1))) "$target" ;;
	2) head -c "$size" /dev/urandom >"$target" ;;
	esac
	write
	was=$(state)
	mg-backup --check "$file" || status=$?
	is 1 "$status"
	for way in '' --in-place; do
		status=0
		mg-restore --yes $way "$file" || status=$?
		is 1 "$status"
	done
	whole "$was"
	read -r file <"$work/path.$1"
	file=$work/$file
}

# end_at ACT FORMAT SIGNAL AT: within the time that it takes
end_at() {
	local was status=0 command
	case $1 in
	backup) command=(mg-backup -q -o new --format "$2") ;;
	restore) command=(mg-restore -q --yes --terminate "$file") ;;
	in-place) command=(mg-restore -q --yes --in-place "$file") ;;
	rehearsal)
		cp -a "$work/good" new
		command=(mg-backup -q --rehearse "new/$(basename "$file")")
		;;
	esac
	write
	was=$(state)
	env --default-signal=INT "${command[@]}" >out 2>err 3>&- &
	pid=$!
	sleep "$(awk "BEGIN { print $4 % $(duration "$1") / 1000 }")"
	kill "-$3" "$pid" 2>/dev/null || true
	wait "$pid" || status=$?
	echo "status $status: $(cat err)"
	case $status in
	0 | $((128 + $(kill -l "$3")))) ;;
	*) return 1 ;;
	esac
	settled
	after "$1" "$status"
}

# duration ACT: about how long it takes, in milliseconds, and a little more
duration() {
	case $1 in
	backup) echo $((took * 3 / 2)) ;;
	rehearsal) echo $((took * 12)) ;;
	*) echo $((took * 4)) ;;
	esac
}

# after ACT STATUS: what may be there now
after() {
	case $1 in
	backup)
		whole "$was"
		[ ! -e new ] || named new
		[ "$2" = 0 ] || [ "$2" = 137 ] || is '' "$(ls -A new 2>/dev/null)"
		mg-backup -q -o new >/dev/null
		tidy new
		;;
	rehearsal)
		whole "$was"
		named new
		mg-backup -q -o new >/dev/null
		tidy new
		;;
	*)
		if [ "$2" = 0 ]; then whole "$good"; else whole "$was" "$good"; fi
		;;
	esac
}

# fill_backup FORMAT AT: the disk of the backups runs full
fill_backup() {
	local status=0 was size
	mkdir small
	size=$(($2 % 4000 + 40))
	mount -t tmpfs -o "size=${size}k" mg-rescue small || return 0
	write
	was=$(state)
	mg-backup -q -o small/b --format "$1" --compress 0 || status=$?
	named small/b
	[ "$status" = 0 ] || is '' "$(ls -A small/b)"
	case $status in 0 | 3) ;; *) return 1 ;; esac
	whole "$was"
	umount small
}

# fill_restore FORMAT AT: the disk of the server runs full meanwhile
fill_restore() {
	local status=0 was used
	write
	was=$(state)
	mountpoint -q "$own_parent" || return 0
	used=$(df -k --output=used "$own_parent" | tail -n 1)
	mount -o "remount,size=$((used + $2 % 30000))k" "$own_parent"
	mg-restore -q --yes --terminate "$file" || status=$?
	free_disk
	settled
	if [ "$status" = 0 ]; then whole "$good"; else whole "$was"; fi
	case $status in 0 | 3) ;; *) return 1 ;; esac
}

# bench FORMAT: pgbench writes all the time; what was backed up comes back
bench() {
	local new rows
	pgbench -f "$here/transfer.pgbench" -c 4 -R 200 -T 60 -n >bench 2>&1 3>&- &
	bench=$!
	sleep 0.5
	new=$(mg-backup -q -o new --format "$1")
	sleep 0.5
	mg-restore -q --yes --terminate "$new" >kept
	kill "$bench" 2>/dev/null || true
	wait "$bench" || true
	settled
	rows=$(sql 'select count(*) from pgbench_history')
	is "$rows" "$(jq '.tables["public.pgbench_history"]' new/*.json)"
	[ "$rows" -lt "$(PGDATABASE=$(cat kept) sql \
	    'select count(*) from pgbench_history')" ]
	# Each transaction adds the same to all four, or to none.
	is 1 "$(sql 'select count(distinct s) from (
	    select sum(abalance) from pgbench_accounts union all
	    select sum(bbalance) from pgbench_branches union all
	    select sum(tbalance) from pgbench_tellers union all
	    select coalesce(sum(delta), 0) from pgbench_history) x (s)')"
	is "$(jq -r .catalog.digest new/*.json)" \
	    "$(mg-catalog --digest --no-versions)"
}
