# test-performance.sh - measure what each migration takes, locks and writes
#
# usage: sh test-performance.sh WORK
#
# make test-performance runs this.
#
# shellcheck shell=sh disable=SC2154
work=$1
# shellcheck source=share/test.sh
. "$MG_SHARE/test.sh"
# shellcheck source=share/performance.sh
. "$MG_SHARE/performance.sh"

main() {
	begin
	from=
	[ -z "$FROM$SEED" ] || find_from
	ROWS=
	measure "$from"
}

main
