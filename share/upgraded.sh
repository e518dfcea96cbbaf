# upgraded.sh - see whether a package upgrades a database of an earlier release
#
# usage: mg-scratch --db -- sh upgraded.sh WORK PACKAGE VERSION EARLIER
#
# make release runs this for each of them before it publishes one.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2034,SC2153
set -eu
work=$1 new=$2 version=$3 earlier=$4
# shellcheck source=share/package.sh
. "$MG_SHARE/package.sh"
# shellcheck source=share/stream.sh
. "$MG_SHARE/stream.sh"
self=release

# As make deploy does it where nothing but the package is at hand.
main() {
	MG_MIGRATIONS='' MG_CONSOLIDATED=''
	list_records "$releases/$earlier/migrations" "$work/before.jsonl" -q
	run "$work/before.jsonl" || fail "$earlier does not run, as said" \
	    "above: MG_SCRATCH_URL= may be a server that has what it needs"
	read_history
	list_release "$new"
	cp "$new/manifest.json" "$work/manifests.json"
	choose "$version" || {
		list_refused >&2
		refuse 'cannot be upgraded, as said above'
	}
	run "$work/stream.jsonl" || {
		tell_script
		refuse 'cannot be upgraded, as said above'
	}
	list_objects "$work/upgraded.jsonl"
	cmp -s "$work/upgraded.jsonl" "$new/catalog.jsonl" || {
		name_differences "$work/upgraded.jsonl" \
		    "$new/catalog.jsonl" >&2
		refuse 'differs from it when upgraded, as said above'
	}
}

run() {
	$MG_APPLY -q <"$1" >"$work/applied.jsonl"
}

# tell_script: of one that failed, what it may have missed
tell_script() {
	$MG_JQ -r --arg new "$new/" '
	    select(.state == "failed" and .kind == "script") |
	    "release: \(.name): the package runs its own copy, " +
		(.path | ltrimstr($new)) +
	    ", and has nothing of what lay beside it: what it imports from " +
	    "there has to be in it, or in a package below node_modules"' \
	    "$work/applied.jsonl" >&2
}

# refuse WORDS: why such a database does not arrive
refuse() {
	fail "$version: a database of $earlier $1: mend the migrations behind" \
	    "$earlier, or move $earlier out of $releases if no database is" \
	    "at it"
}

main
