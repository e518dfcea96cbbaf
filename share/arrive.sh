# arrive.sh - see where one way to the newest migration leads
#
# usage: mg-scratch --db -- sh arrive.sh WORK WAY
#
# The way is migrations, which comes first, baseline, or a release that a
# database has been brought to.  Exits 1 if it leads elsewhere, and does not
# end the xargs that runs one after the other.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086,SC2154,SC2034
set -eu
head=$1 way=$2 work=$1/$2
mkdir -p "$work"
# shellcheck source=share/package.sh
. "$MG_SHARE/package.sh"
# shellcheck source=share/stream.sh
. "$MG_SHARE/stream.sh"
self=test-forward

main() {
	case $way in
	migrations) cp "$head/records.jsonl" "$work/stream.jsonl" ;;
	baseline) choose_stream ;;
	*)
		list_records "$releases/$way/migrations" \
		    "$work/package.jsonl" -q
		run "$work/package.jsonl"
		choose_stream
		;;
	esac
	run "$work/stream.jsonl"
	list_objects "$work/catalog.jsonl"
	compare
}

# As make deploy does it where there is no release to go to.
choose_stream() {
	read_history
	cp "$head/records.jsonl" "$work/singles.jsonl"
	list_consolidated
	cp "$work/consolidated.jsonl" "$work/package.jsonl"
	list_packages
	choose '' || {
		list_refused >&2
		stray 'is refused, as said above'
	}
}

# run RECORDS: if there are any to run
run() {
	[ -s "$1" ] || return 0
	$MG_APPLY -q <"$1" >"$work/applied.jsonl" ||
	    stray 'does not run, as said above'
}

compare() {
	goal=$head/migrations/catalog.jsonl
	if cmp -s "$work/catalog.jsonl" "$goal"; then
		echo "$way: $(wc -l <"$goal") objects"
		return
	fi
	name_differences "$work/catalog.jsonl" "$goal" >&2
	stray 'leads elsewhere than the migrations, as said above'
}

# stray WORDS: the other ways are still to be seen
stray() {
	echo "$self: $way: $*" >&2
	exit 1
}

main
