# try.sh - run migrations in a scratch database, and list what they make
#
# usage: mg-scratch -- sh try.sh RECORDS LISTING
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086
set -eu
records=$1 listing=$2

$MG_APPLY -q <"$records" >"$records.applied"
$MG_CATALOG --no-owners --no-privileges --no-versions >"$listing"
