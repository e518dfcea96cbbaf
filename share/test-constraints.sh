# test-constraints.sh - name indexes and keys that are missing, broken or idle
#
# usage: sh test-constraints.sh WORK
#
# make test-constraints runs this; constraints.jq decides, of what mg-catalog
# lists of a scratch database or, with DATABASE=1, of the database itself.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086,SC2154
work=$1
# shellcheck source=share/test.sh
. "$MG_SHARE/test.sh"
# shellcheck source=share/environment.sh
. "$MG_SHARE/environment.sh"
# shellcheck source=share/findings.sh
. "$MG_SHARE/findings.sh"

main() {
	read_switch DATABASE || fail "$switch_is_wrong"
	if [ "$switch" = true ]; then
		lock
		$MG_CATALOG --wait "$MG_WAIT" >"$work/catalog.jsonl"
	else
		begin
		in_scratch sh "$MG_SHARE/try.sh" "$work/records.jsonl" \
		    "$work/catalog.jsonl" ||
		    fail 'the migrations do not run, as said above'
	fi
	judge constraints --slurpfile catalog "$work/catalog.jsonl"
}

main
