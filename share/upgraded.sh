# upgraded.sh - see whether a package takes databases of earlier releases to it
#
# usage: mg-scratch -- sh upgraded.sh WORK PACKAGE VERSION EARLIER...
#
# make release runs this before it publishes one.  Each earlier release gets a
# database of its own.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086,SC2034,SC2046,SC2153
set -eu
work=$1
# shellcheck source=share/package.sh
. "$MG_SHARE/package.sh"
# shellcheck source=share/stream.sh
. "$MG_SHARE/stream.sh"
self=release

main() {
	new=$2 version=$3
	shift 3
	if [ "${ONE_DATABASE:-}" = 1 ]; then
		upgrade "$1"
	else
		for earlier; do
			ONE_DATABASE=1 $MG_SCRATCH --db -- sh \
			    "$MG_SHARE/upgraded.sh" "$work" "$new" \
			    "$version" "$earlier"
		done
	fi
}

# As make deploy does it where nothing but the package is at hand.
upgrade() {
	MG_MIGRATIONS='' MG_CONSOLIDATED=''
	list_records "$releases/$1/migrations" "$work/before.jsonl"
	run "$work/before.jsonl" || fail "$1 does not run"
	read_history
	list_release "$new"
	$MG_JQ -c . "$new/manifest.json" >"$work/manifests.jsonl"
	choose "$version" || {
		list_refused >&2
		fail "a database of $1 cannot be upgraded to $version"
	}
	run "$work/stream.jsonl" ||
	    fail "a database of $1 cannot be upgraded to $version"
	$MG_CATALOG --no-owners --no-privileges --no-versions \
	    >"$work/upgraded.jsonl"
	cmp -s "$work/upgraded.jsonl" "$new/catalog.jsonl" || {
		$MG_JQ -nr --slurpfile a "$work/upgraded.jsonl" \
		    --slurpfile b "$new/catalog.jsonl" \
		    -f "$MG_SHARE/drift.jq" >&2
		fail "upgraded from $1, a database differs from $version as above"
	}
}

run() {
	$MG_APPLY -q <"$1" >"$work/applied.jsonl"
}

main "$@"
