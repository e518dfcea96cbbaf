# compare.sh - see whether the database is what the release makes, and end
#
# usage: sh compare.sh RUN
#
# make deploy runs this behind deploy.sh.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2154,SC2034,SC2153
# shellcheck source=share/step.sh
. "$MG_SHARE/step.sh"
# shellcheck source=share/tracks.sh
. "$MG_SHARE/tracks.sh"

main() {
	read_route
	what='all migrations are there'
	[ ! -e "$run/choice" ] || ! read_skip || [ "$skip" = false ] ||
	    what='the schema track is there, and the index track left for later'
	if [ -n "$version" ]; then
		compare
		what="$version is there, object by object"
	fi
	$MG_JQ -rs -L "$MG_SHARE" -f "$MG_SHARE/applied.jq" \
	    "$run/applied.jsonl" >"$run/told"
	keep
	succeed "$what: $(cat "$run/told")"
}

compare() {
	list_objects "$run/catalog.jsonl"
	cmp -s "$run/catalog.jsonl" "$package/catalog.jsonl" || differ
	log compare '{ catalog_digest: $digest }' \
	    --arg digest "$(checksum "$run/catalog.jsonl")"
}

differ() {
	name_differences "$run/catalog.jsonl" "$package/catalog.jsonl" \
	    >"$run/drift"
	cat "$run/drift"
	log compare '{ differences: $n }' --argjson n "$(wc -l <"$run/drift")"
	fail "all of $version was applied, and the database differs from it" \
	    "as above: mend it by a hotfix, or by hand, and deploy again"
}

# keep: the records to ask mg-status for from now on
keep() {
	write_deployed
	mv "$run/deployed.jsonl" "${run%/*}"
}

main
