# measure.sh - run migrations in a scratch database, and note what they take
#
# usage: mg-scratch -- sh measure.sh WORK FROM TEST
#
# Those behind FROM are measured, for that test, with $ROWS rows made up if that
# is not empty.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086,SC2016,SC2154,SC2034
work=$1 from=$2
# shellcheck source=share/test.sh
. "$MG_SHARE/test.sh"
self=$3

fill() {
	$MG_FILL -q --append --rows "$ROWS" $MG_FILL_FLAGS \
	    >"$work/filled.jsonl" &
	status=0
	await $! || status=$?
	# 1: what was left empty is told.
	[ "$status" -le 1 ] || fail 'no rows were made up, as said above'
	$MG_JQ -nr -L "$MG_SHARE" 'include "words"; [inputs] |
	    "\(map(.rows) | add // 0) rows in " +
	    (map(select(.rows > 0)) | length | plural("table")),
	    (.[] | select(.reason) | "\(.table): \(.rows) rows: \(.reason)")' \
	    "$work/filled.jsonl"
}

come "$from"
[ -z "$ROWS" ] || fill
$MG_PSQL -Xq <"$MG_SHARE/measure.sql" >"$work/looked"
apply || exit
$MG_PSQL -XqAt <"$MG_SHARE/measured.sql" >"$work/measured.jsonl"
