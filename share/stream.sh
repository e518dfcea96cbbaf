# stream.sh - choose the records that take a database where it is to go
#
# To be read by what has read package.sh; stream.jq decides.
#
#	list_release releases/v4.0.0
#	list_packages releases/v4.0.0
#	choose v4.0.0 || fail "$(cat "$work/refused")"
#	mg-apply <"$work/stream.jsonl"
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2154,SC2034,SC2046,SC2153

# list_records FOLDER FILE: with checksums
list_records() {
	$MG_SCAN -q "$1" >"$work/scanned" && $MG_HASH <"$work/scanned" >"$2"
}

# list_release PACKAGE: its upgrade/ begins at the oldest release before it;
# for what is older there are the project's own migrations
list_release() {
	list_records "$1/migrations" "$work/package.jsonl"
	$MG_JQ -c 'select(.name == "0_baseline")' "$work/package.jsonl" \
	    >"$work/baseline.jsonl"
	$MG_JQ -c 'select(.name != "0_baseline")' "$work/package.jsonl" \
	    >"$work/hotfixes.jsonl"
	: >"$work/singles.jsonl"
	for folder in "$1/upgrade" "$MG_MIGRATIONS"; do
		[ -d "$folder" ] || continue
		list_records "$folder" "$work/folder.jsonl"
		cat "$work/folder.jsonl" >>"$work/singles.jsonl"
	done
	list_consolidated
}

# list_development: all of the folder, and a baseline if there is one
list_development() {
	list_records "$MG_MIGRATIONS" "$work/singles.jsonl"
	list_consolidated
	cp "$work/consolidated.jsonl" "$work/baseline.jsonl"
	: >"$work/hotfixes.jsonl"
}

list_consolidated() {
	: >"$work/consolidated.jsonl"
	[ ! -d "$MG_CONSOLIDATED" ] ||
	    list_records "$MG_CONSOLIDATED" "$work/consolidated.jsonl"
}

# list_packages [PACKAGE]: what the manifests tell, of that one first
list_packages() {
	: >"$work/manifests.jsonl"
	for folder in ${1:+"$1"} "$releases"/v*; do
		[ -f "$folder/manifest.json" ] || continue
		$MG_JQ -c . "$folder/manifest.json" >>"$work/manifests.jsonl" ||
		    fail "$folder/manifest.json is no JSON: make verify"
	done
}

# choose [VERSION]: into stream.jsonl, unless the database is refused; found
# tells what it is like
choose() {
	$MG_STATUS -q --wait "$MG_WAIT" </dev/null >"$work/history.jsonl"
	$MG_JQ -n --arg version "${1:-}" --arg folder "$MG_MIGRATIONS" \
	    --slurpfile history "$work/history.jsonl" \
	    --slurpfile baseline "$work/baseline.jsonl" \
	    --slurpfile singles "$work/singles.jsonl" \
	    --slurpfile hotfixes "$work/hotfixes.jsonl" \
	    --slurpfile manifests "$work/manifests.jsonl" \
	    --slurpfile consolidated "$work/consolidated.jsonl" \
	    -f "$MG_SHARE/stream.jq" >"$work/stream.json"
	$MG_JQ -c '.records // [] | .[]' "$work/stream.json" \
	    >"$work/stream.jsonl"
	$MG_JQ -r '.refused // [] | .[:10][], (length - 10 | select(. > 0) |
	    "and \(.) more")' "$work/stream.json" >"$work/refused"
	found=$($MG_JQ -r '.found // ""' "$work/stream.json")
	[ ! -s "$work/refused" ]
}
