# stream.sh - choose the records that take a database where it is to go
#
# To be read by what has read package.sh; stream.jq decides.
#
#	read_history
#	list_release releases/v4.0.0
#	list_packages releases/v4.0.0
#	choose v4.0.0 || list_refused
#	mg-apply <"$work/stream.jsonl"
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2154,SC2034,SC2153

read_history() {
	$MG_STATUS -q --wait "$MG_WAIT" </dev/null >"$work/history.jsonl"
}

# list_release PACKAGE: its upgrade/ begins at the oldest release before it;
# for what is older there are the project's own migrations
list_release() {
	list_records "$1/migrations" "$work/package.jsonl" -q
	: >"$work/singles.jsonl"
	list_consolidated
	add_known
	[ -s "$work/history.jsonl" ] || return 0
	list_upgrade "$1"
	[ -d "$MG_MIGRATIONS" ] || return 0
	[ -d "${MG_SCRIPTS:-}" ] || MG_SCRIPTS=''
	list_project "$work/folder.jsonl" -q
	cat "$work/folder.jsonl" >>"$work/singles.jsonl"
}

# list_upgrade PACKAGE: what it has to run one by one; a folder of knex's is
# called after the table of its history
list_upgrade() {
	upgrade=$1/upgrade
	set -- "$1"/knex/*/
	if [ -d "$1" ]; then
		set -- --knex-table "$(basename "$1")" --layout knex "$1" \
		    --layout prisma
	else
		shift
	fi
	[ ! -d "$upgrade" ] || set -- "$@" "$upgrade"
	[ $# = 0 ] || scan "$work/singles.jsonl" -q "$@"
}

# add_known: to the history, what of the package's migrations knex alone has run
add_known() {
	grep -q '"knex":' "$work/package.jsonl" || return 0
	$MG_JQ -c '.replaced // {} | to_entries[] | select(.value.knex) |
	    { name: .key } + .value' "$work/package.jsonl" >"$work/known.jsonl"
	$MG_STATUS -q <"$work/known.jsonl" >"$work/states.jsonl"
	$MG_JQ -c --slurpfile history "$work/history.jsonl" '
	    ($history | INDEX(.name)) as $there |
	    select(.state == "applied" and ($there[.name] | not)) |
	    .state = "missing"' "$work/states.jsonl" >"$work/known.jsonl"
	cat "$work/known.jsonl" >>"$work/history.jsonl"
}

# list_development: all of the folder, and a baseline if there is one
list_development() {
	list_project "$work/singles.jsonl" -q
	list_consolidated
	cp "$work/consolidated.jsonl" "$work/package.jsonl"
}

list_consolidated() {
	: >"$work/consolidated.jsonl"
	[ ! -d "$MG_CONSOLIDATED" ] ||
	    list_records "$MG_CONSOLIDATED" "$work/consolidated.jsonl" -q
}

# list_packages [PACKAGE]: what the manifests tell, of that one first
list_packages() {
	set -- ${1:+"$1/manifest.json"}
	for folder in "$releases"/v*; do
		[ ! -f "$folder/manifest.json" ] ||
		    set -- "$@" "$folder/manifest.json"
	done
	cat -- /dev/null "$@" >"$work/manifests.json"
}

# choose [VERSION]: into stream.jsonl, unless the database is refused; found.json
# tells what it is like, or why
choose() {
	$MG_JQ -cn -L "$MG_SHARE" --arg version "${1:-}" \
	    --arg folder "$MG_MIGRATIONS" \
	    --slurpfile history "$work/history.jsonl" \
	    --slurpfile package "$work/package.jsonl" \
	    --slurpfile singles "$work/singles.jsonl" \
	    --slurpfile manifests "$work/manifests.json" \
	    --slurpfile consolidated "$work/consolidated.jsonl" \
	    -f "$MG_SHARE/stream.jq" >"$work/found.jsonl" ||
	    fail_to_choose
	head -n 1 "$work/found.jsonl" >"$work/found.json"
	sed 1d "$work/found.jsonl" >"$work/stream.jsonl"
	! grep -q '^{"refused":' "$work/found.json"
}

# What people may have changed comes first.
fail_to_choose() {
	$MG_JQ empty "$work/manifests.json" 2>"$work/why" ||
	    fail "a manifest is no JSON: make verify says which"
	fail "the records cannot be chosen from, as jq says above"
}

# list_refused: why, ten lines of it
list_refused() {
	$MG_JQ -r '.refused | .[:10][], (length - 10 | select(. > 0) |
	    "and \(.) more")' "$work/found.json"
}
