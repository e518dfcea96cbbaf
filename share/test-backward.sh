# test-backward.sh - see whether each down.sql, and a backup, lead back
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
# before it, and its down.sql; in untested those that have none
list_migrations() {
	: >"$work/migrations"
	: >"$work/untested"
	$MG_JQ -rn 'foreach inputs as $one ({}; { was: .name, name: $one.name,
	    down: ($one.path | sub("[^/]*$"; "down.sql")) }) |
	    .name, .was // "", .down' "$work/records.jsonl" >"$work/all"
	while IFS= read -r name && IFS= read -r before && IFS= read -r down; do
		if [ -f "$down" ]; then
			printf '%s\n' "$name" "$before" "$down" \
			    >>"$work/migrations"
		else
			printf '%s\n' "$name" >>"$work/untested"
		fi
	done <"$work/all"
}

main
