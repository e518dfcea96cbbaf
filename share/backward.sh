# backward.sh - go forward in a scratch database, and back again
#
# usage: mg-scratch --db -- sh backward.sh WORK FROM WAY
#
# The way back is down, that of each migration that has one, or backup, taken
# where FROM is and restored where the last one is.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086,SC2154,SC2034
work=$1 from=$2 way=$3
# shellcheck source=share/test.sh
. "$MG_SHARE/test.sh"
self=test-backward

#
# By what takes each back
#

go_down() {
	wrong=0 tested=0
	while IFS= read -r name && IFS= read -r before && IFS= read -r down; do
		[ -z "$before" ] || apply --to "$before" || stop "$name"
		list_objects "$work/before.jsonl"
		apply --to "$name" || stop "$name"
		if ! undo || ! return_there; then
			wrong=$((wrong + 1))
		fi
		tested=$((tested + 1))
	done <"$work/migrations"
	tell_untested
	echo "down: $((tested - wrong)) of $tested lead back"
	[ "$wrong" = 0 ]
}

# tell_untested: some of those that have no way back
tell_untested() {
	sed -n '1,5s/^/untested, without a way back: /p' "$work/untested"
	more=$(($(wc -l <"$work/untested") - 5))
	[ "$more" -le 0 ] || echo "and $more more, in $work/untested"
}

undo() {
	$MG_UNDO -q <"$work/records.jsonl" >"$work/undone" && return
	say "$down failed, as said above"
	return 1
}

# return_there: it is as before the migration was run
return_there() {
	list_objects "$work/after.jsonl"
	! cmp -s "$work/after.jsonl" "$work/before.jsonl" || return 0
	name_differences "$work/after.jsonl" "$work/before.jsonl" >&2
	say "$down leaves something else than there was before, as said above"
	return 1
}

stop() {
	fail "$1 was not tested, nor what is behind it: they do not run, as" \
	    "said above"
}

#
# By a backup
#

go_back() {
	come "$from"
	list_objects "$work/before.jsonl" --data
	rm -rf "$work/backups"
	file=$($MG_BACKUP -q -o "$work/backups" --label test) ||
	    fail 'there is no backup, as said above'
	apply || fail 'the migrations do not run, as said above'
	$MG_RESTORE -q --yes --drop-old "$file" >"$work/restored" 2>&1 || {
		cat "$work/restored" >&2
		fail 'the backup was not restored, as said above'
	}
	list_objects "$work/after.jsonl" --data
	rm -rf "$work/backups"
	cmp -s "$work/after.jsonl" "$work/before.jsonl" || {
		name_differences "$work/after.jsonl" \
		    "$work/before.jsonl" >&2
		fail 'the backup restores something else, as said above'
	}
	behind=${from:+behind $from}
	echo "backup: as before what is ${behind:-all} ran, rows included"
}

say() {
	echo "$self: $*" >&2
}

case $way in
down) go_down ;;
backup) go_back ;;
esac
