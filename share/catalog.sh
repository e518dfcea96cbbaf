# catalog.sh - what a database has, object by object
#
# To be read behind scratch.sh; the names of the programs come from make.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086

# list_objects FILE [OPTION...]: what the database has, but for what every
# server has its own way, with these options of mg-catalog
list_objects() {
	listed_file=$1
	shift
	$MG_CATALOG --no-owners --no-privileges --no-versions "$@" \
	    >"$listed_file" &
	await $!
}

# name_differences A B: how the listing A differs from B, which it should be
name_differences() {
	$MG_JQ -nr --slurpfile a "$1" --slurpfile b "$2" \
	    -f "$MG_SHARE/drift.jq"
}
