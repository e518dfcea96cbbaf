# schema.sh - warn where a baseline is not what the schema says
#
# usage: sh schema.sh LISTING WORK
#
# make release runs this.  What the project's own Prisma makes of MG_SCHEMA is
# run in a scratch database, and compared with the listing of what the baseline
# makes.  No schema can say all that a database has, so this never fails.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2153
set -eu
listing=$1 work=$2
# shellcheck source=share/package.sh
. "$MG_SHARE/package.sh"
# shellcheck source=share/prisma.sh
. "$MG_SHARE/prisma.sh"

main() {
	rm -rf "$work"
	mkdir -p "$work/migrations/0_schema"
	if ask_prisma && try_package "$work" 2>"$work/why"; then
		tell_differences
	else
		warn 'the schema was not compared with the baseline:'
		sed 's/^/	/' "$work/why" >&2
	fi
}

ask_prisma() {
	prisma_help >"$work/help" 2>&1 || {
		echo "'$MG_PRISMA' does not run" >"$work/why"
		return 1
	}
	prisma_script "$work/help" \
	    >"$work/migrations/0_schema/migration.sql" 2>"$work/why"
}

# What the baseline has beyond the schema counts only where a schema could say
# it.
tell_differences() {
	name_differences "$listing" "$work/catalog.jsonl" >"$work/drift"
	grep -E '^((missing|different|renamed)  |extra  (table|column|enum) )' \
	    "$work/drift" >"$work/told" || return 0
	warn 'the baseline is not what the schema says; it has'
	sed 's/^/	/' "$work/told" >&2
}

warn() {
	echo "release: warning: $*" >&2
}

main
