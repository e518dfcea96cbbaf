# test.sh - what the tests of migrations share
#
# To be read by them, with $work set; their variables come from make.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086,SC2016,SC2034,SC2153,SC2154
set -eu
# shellcheck source=share/package.sh
. "$MG_SHARE/package.sh"

# begin: for one at a time, with the records of all migrations, tracks included,
# in records.jsonl
begin() {
	lock
	list_all "$work/records.jsonl" "$MG_MIGRATIONS" \
	    "$MG_SCHEMA_MIGRATIONS" "$MG_INDEX_MIGRATIONS" ||
	    fail "$MG_MIGRATIONS was not read: MG_MIGRATIONS= is the folder" \
		"of migrations"
	[ -s "$work/records.jsonl" ] ||
	    fail "$MG_MIGRATIONS: there is no migration to test"
}

# apply [OPTION...]: the migrations, with these options of mg-apply
apply() {
	$MG_APPLY -q "$@" <"$work/records.jsonl" >"$work/applied.jsonl" &
	await $!
}

# find_from: $from, up to where databases have come: FROM, or all but the last
find_from() {
	from=$($MG_JQ -rn --arg name "$FROM" '[inputs.name] |
	    if $name == "" then .[-2] // "" elif index($name) then $name
	    else error("") end' "$work/records.jsonl" 2>"$work/unknown") ||
	    fail "$FROM is not among the migrations: FROM= is the name of one"
}

# come FROM: to where databases are, with their rows
come() {
	[ -z "$1" ] || apply --to "$1" ||
	    fail "the migrations up to $1 do not run, as said above"
	case $SEED in
	'') return ;;
	*.sql) $MG_PSQL -Xq -v ON_ERROR_STOP=1 -f "$SEED" >&2 & ;;
	*) "$SEED" >&2 & ;;
	esac
	await $! || fail "$SEED failed, as said above"
}
