# test-large-dataset.sh - measure what is pending where there are many rows
#
# usage: sh test-large-dataset.sh WORK
#
# make test-large-dataset runs this.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2154
work=$1
# shellcheck source=share/test.sh
. "$MG_SHARE/test.sh"
# shellcheck source=share/performance.sh
. "$MG_SHARE/performance.sh"

main() {
	ROWS=${ROWS:-1000000}
	case $ROWS in
	*[!0-9]* | 0*) fail "ROWS is a number such as 100000, not '$ROWS'" ;;
	esac
	begin
	find_from
	[ -n "$FROM" ] || [ -z "${DIRECT_URL:-}${DATABASE_URL:-}" ] || find_pending
	measure "$from"
}

# find_pending: $from, up to where the database has come, unless it has all or
# nothing
find_pending() {
	$MG_STATUS -q --wait "$MG_WAIT" --pending <"$work/records.jsonl" \
	    >"$work/pending.jsonl" || fail "the database does not say what is" \
	    "pending, as said above: FROM= names the migration that it has"
	from=$($MG_JQ -rn --arg from "$from" \
	    --slurpfile pending "$work/pending.jsonl" '[inputs.name] |
	    index($pending[0].name // "") as $at |
	    if ($at // 0) > 0 then .[$at - 1] else $from end' \
	    "$work/records.jsonl")
}

main
