# try.sh - run migrations in a scratch database, and list what they make
#
# usage: mg-scratch -- sh try.sh RECORDS LISTING
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086
set -eu
records=$1 listing=$2
# shellcheck source=share/scratch.sh
. "$MG_SHARE/scratch.sh"
# shellcheck source=share/catalog.sh
. "$MG_SHARE/catalog.sh"

$MG_APPLY -q <"$records" >"$records.applied"
list_objects "$listing"
