# prisma.sh - ask the project's own Prisma what the schema makes
#
# To be read; MG_PRISMA and MG_SCHEMA come from make.
#
#	prisma_help >"$help" || fail 'it does not run'
#	prisma_script "$help" >"$script" || fail 'it makes nothing of the schema'
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086,SC2153

prisma_help() {
	$MG_PRISMA migrate diff --help </dev/null
}

# prisma_script HELP: SQL, from empty; version 7 calls the option by another
# name
prisma_script() {
	option=--to-schema-datamodel
	grep -q -e "$option" "$1" || option=--to-schema
	$MG_PRISMA migrate diff --from-empty "$option" "$MG_SCHEMA" --script \
	    </dev/null
}
