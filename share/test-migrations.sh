# test-migrations.sh - run all tests of migrations, and sum up
#
# usage: sh test-migrations.sh WORK
#
# make test-migrations runs this; each is a target of its own, and the others
# are run whatever one says.
#
# shellcheck shell=sh disable=SC2154,SC2086
set -eu
work=$1
# shellcheck source=share/scratch.sh
. "$MG_SHARE/scratch.sh"
heed_signals

export ROWS="${ROWS:-10000}"

: >"$work/summary"
failed=0
for test in $mg_tests; do
	began=$(date +%s%3N)
	echo "$test:"
	$MG_MAKE -s --no-print-directory "$test" &
	if await $!; then
		word=passed
	else
		word=FAILED
		failed=$((failed + 1))
	fi
	printf '%-6s  %-18s %7s ms\n' "$word" "$test" \
	    "$(($(date +%s%3N) - began))" >>"$work/summary"
done
echo
cat "$work/summary"
[ "$failed" = 0 ] || {
	echo "test-migrations: $failed of them failed, as said above" >&2
	exit 1
}
