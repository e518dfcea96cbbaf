# measure.sh - run migrations in a scratch database, and note what they take
#
# usage: mg-scratch -- sh measure.sh WORK FROM
#
# Those behind FROM are measured.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086,SC2154,SC2034
work=$1 from=$2
# shellcheck source=share/test.sh
. "$MG_SHARE/test.sh"
self=test-performance

come "$from"
$MG_PSQL -Xq <"$MG_SHARE/measure.sql" >"$work/looked"
apply || exit
$MG_PSQL -XqAt <"$MG_SHARE/measured.sql" >"$work/measured.jsonl"
