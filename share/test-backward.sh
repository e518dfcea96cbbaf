# test-backward.sh - see whether each way back, and a backup, lead there
#
# usage: sh test-backward.sh WORK
#
# make test-backward runs this; backward.sh does it, in a database for each way.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2154
work=$1
# shellcheck source=share/test.sh
. "$MG_SHARE/test.sh"

main() {
	begin
	find_from
	list_migrations
	printf '%s\n' down backup >"$work/ways"
	on_scratch_server xargs -a "$work/ways" -n 1 \
	    setpriv --pdeathsig TERM $MG_SCRATCH --db -- \
	    sh "$MG_SHARE/backward.sh" "$work" "$from" ||
	    fail 'not every way back leads there, as said above'
}

# list_migrations: in migrations three lines each: the name, that of the one
# before it, and its way back; in untested those that have none
list_migrations() {
	: >"$work/migrations"
	: >"$work/untested"
	$MG_JQ -rn 'foreach inputs as $one ({}; { was: .name, name: $one.name,
	    path: $one.path }) |
	    .name, .was // "", .path' "$work/records.jsonl" >"$work/all"
	while IFS= read -r name && IFS= read -r before && IFS= read -r path; do
		if find_down; then
			printf '%s\n' "$name" "$before" "$down" \
			    >>"$work/migrations"
		else
			printf '%s\n' "$name" >>"$work/untested"
		fi
	done <"$work/all"
}

# find_down: $down, what would take $path back, as mg-undo has it
find_down() {
	for down in "${path%/*}"/down.sql "${path%/*}"/down \
	    "${path%/*}"/down.sh "${path%/*}"/down.py "${path%/*}"/down.ts \
	    "${path%/*}"/down.js "${path%/*}"/down.mjs "${path%/*}"/down.cjs \
	    "${path%.sql}.down.sql"; do
		[ ! -f "$down" ] || return 0
	done
	down=$path
	case $path in
	*.ts | *.js | *.mjs | *.cjs) grep -qw down "$path" ;;
	*) return 1 ;;
	esac
}

main
