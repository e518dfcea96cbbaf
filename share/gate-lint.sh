# gate-lint.sh - let nothing through that mg-lint calls an error
#
# usage: sh gate-lint.sh RUN
#
# make deploy runs this in production, behind plan.sh.  A baseline was proven
# when it was made; all else that is pending is looked at, in the light of what
# came before it.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2154,SC2034,SC2153
# shellcheck source=share/step.sh
. "$MG_SHARE/step.sh"
# shellcheck source=share/environment.sh
. "$MG_SHARE/environment.sh"

main() {
	read_route
	is_pending || exit 0
	read_switch LINT
	if [ "$switch" = false ]; then
		skip lint "NO LINT: LINT=$LINT says so"
		exit 0
	fi
	list_linted
	found=0
	$MG_LINT --format json <"$run/linted.jsonl" >"$run/found.jsonl" ||
	    found=$?
	[ "$found" -le 1 ] || fail "mg-lint ended with $found; nothing was" \
	    "applied"
	judge
}

# list_linted: all that is at hand, as mg-lint takes it
list_linted() {
	set -- "$run/stream.jsonl"
	[ ! -e "$run/choice" ] ||
	    set -- "$run/track.schema.jsonl" "$run/track.index.jsonl"
	$MG_JQ -c 'select(.path and (has("replaces") | not))' "$@" \
	    >"$run/linted.jsonl"
}

judge() {
	: >>"$run/pending"
	$MG_JQ -rn --slurpfile plan "$run/plan.jsonl" \
	    --rawfile index "$run/pending" \
	    --slurpfile linted "$run/linted.jsonl" \
	    -f "$MG_SHARE/judge.jq" "$run/found.jsonl" >"$run/judged"
	IFS=' ' read -r errors warnings <"$run/judged"
	sed 1d "$run/judged" >"$run/findings"
	while IFS= read -r one; do
		say "$one"
	done <"$run/findings"
	log lint '{ errors: $errors, warnings: $warnings }' \
	    --argjson errors "$errors" --argjson warnings "$warnings"
	[ "$errors" = 0 ] || refuse "$errors of what mg-lint says above is an" \
	    "error; nothing was applied. Mend it, or say why not, in a" \
	    "comment: -- mg-lint: ignore RULE because ...; LINT=0 goes on" \
	    "without"
}

main
