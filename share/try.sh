# try.sh - run a package in a scratch database, and list what it makes
#
# usage: mg-scratch -- sh try.sh RECORDS WORK [SCHEMA]
#
# Writes WORK/catalog.jsonl.  With SCHEMA, what the project's own Prisma makes
# of that is compared; this gives warnings only, for no schema can say all that
# a database has.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016
set -eu
records=$1 work=$2 schema=$3

main() {
	$MG_APPLY -q <"$records" >"$work/tried.applied"
	$MG_CATALOG --no-owners --no-privileges --no-versions \
	    >"$work/catalog.jsonl"
	[ -n "$schema" ] || return 0
	rm -rf "$work/schema"
	if ask_prisma && run_script; then
		tell_differences
	else
		warn 'the schema was not compared with the baseline:'
		sed 's/^/	/' "$work/prisma" >&2
	fi
}

# It needs no database for this.  Version 7 calls the option by another name.
ask_prisma() {
	made=$work/schema/migrations/0_schema
	mkdir -p "$made"
	$MG_PRISMA migrate diff --help >"$work/prisma" 2>&1 </dev/null || {
		echo "'$MG_PRISMA' does not run" >"$work/prisma"
		return 1
	}
	option=--to-schema-datamodel
	grep -q -e "$option" "$work/prisma" || option=--to-schema
	$MG_PRISMA migrate diff --from-empty "$option" "$schema" --script \
	    >"$made/migration.sql" 2>"$work/prisma" </dev/null
}

run_script() {
	{
		$MG_SCAN -q "$work/schema/migrations" >"$work/schema/scanned" &&
		    $MG_HASH <"$work/schema/scanned" >"$work/schema/records" &&
		    $MG_SCRATCH --db -- sh "$0" "$work/schema/records" \
			"$work/schema" ''
	} 2>"$work/prisma"
}

# What the baseline has beyond the schema counts only where a schema could say
# it.
tell_differences() {
	$MG_JQ -nr --slurpfile a "$work/catalog.jsonl" \
	    --slurpfile b "$work/schema/catalog.jsonl" \
	    -f "$MG_SHARE/drift.jq" >"$work/schema/drift"
	grep -E '^((missing|different|renamed)  |extra  (table|column|enum) )' \
	    "$work/schema/drift" >"$work/prisma" || return 0
	warn 'the baseline is not what the schema says; it has'
	sed 's/^/	/' "$work/prisma" >&2
}

warn() {
	echo "release: warning: $*" >&2
}

main
