# large-dataset.sh - run migrations where there are many rows, and time them
#
# usage: sh large-dataset.sh WORK [inside]
#
# Inside is in the scratch database.
#
# make test-large-dataset runs this, with its variables in the environment, and
# with the records of all migrations in WORK/records.jsonl.
#
# The names of programs may have options behind them, jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2153,SC2154
set -eu
work=$1 records=$1/records.jsonl
# shellcheck source=share/scratch.sh
. "$MG_SHARE/scratch.sh"
# shellcheck source=share/environment.sh
. "$MG_SHARE/environment.sh"

main() {
	check_variables
	split_records
	if ! cmp -s "$work/large.before" "$records"; then
		in_scratch sh "$0" "$1" inside
	else
		echo 'nothing pending; LAST=N tries the last N migrations'
	fi
}

check_variables() {
	read_environment || fail "$environment_is_wrong"
	[ "$environment" != production ] ||
	    fail 'not with ENVIRONMENT=production; nothing was done'
	for variable in ROWS SEED LAST MAX_MS; do
		eval "value=\${$variable:-}"
		case $value in
		*[!0-9]*) fail "$variable is a number, not '$value'" ;;
		esac
	done
}

# What comes before those that are to be tried.
split_records() {
	if [ -n "${LAST:-}" ]; then
		head -n "-$LAST" "$records" >"$work/large.before"
		return
	fi
	$MG_STATUS --pending <"$records" >"$work/large.pending"
	$MG_JQ -c --slurpfile pending "$work/large.pending" \
	    'select(.name as $name | $pending | all(.name != $name))' \
	    "$records" >"$work/large.before"
}

try_pending() {
	[ ! -s "$work/large.before" ] ||
	    $MG_APPLY -q <"$work/large.before" >"$work/large.applied"
	status=0
	$MG_FILL -q --append --rows "$ROWS" --seed "$SEED" \
	    >"$work/large.filled" || status=$?
	# 1: what was left empty is told.
	[ "$status" -le 1 ] || exit "$status"
	status=0
	$MG_APPLY -q <"$records" >"$work/large.applied" || status=$?
	report
	exit "$status"
}

report() {
	$MG_JQ -rn --slurpfile filled "$work/large.filled" \
	    --slurpfile applied "$work/large.applied" \
	    --arg limit "${MAX_MS:-}" -f "$MG_SHARE/large-dataset.jq"
	[ -z "${MAX_MS:-}" ] || [ "$status" != 0 ] ||
	    $MG_JQ -es --arg limit "$MAX_MS" \
		'all((.ms // 0) <= ($limit | tonumber))' \
		"$work/large.applied" >"$work/large.within" || status=1
}

fail() {
	echo "test-large-dataset: $*" >&2
	exit 2
}

if [ -z "${2:-}" ]; then
	main "$1"
else
	try_pending
fi
