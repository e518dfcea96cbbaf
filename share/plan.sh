# plan.sh - check the package, look at the database, and say what would run
#
# usage: sh plan.sh RUN
#
# make plan and make deploy run this behind route.sh.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086,SC2016,SC2154
# shellcheck source=share/step.sh
. "$MG_SHARE/step.sh"
# shellcheck source=share/stream.sh
. "$MG_SHARE/stream.sh"

main() {
	version=$(field version) package=$(field package)
	if [ -n "$version" ]; then
		verify
		list_release "$package"
	else
		list_development
		[ -s "$work/baseline.jsonl" ] || say "$MG_CONSOLIDATED: there" \
		    "is none; make consolidate would spare a new database" \
		    "the migrations one by one"
	fi
	list_packages "$package"
	choose "$version" || refuse
	foresee
}

verify() {
	verify_package "$package" "$version" >"$run/verified" || {
		cat "$run/verified" >&2
		fail "$version is not what was released: make verify" \
		    "VERSION=$version looks again when git has brought it back"
	}
	log verify '{ files: $files[0] | length }' \
	    --slurpfile files "$run/files.json"
}

refuse() {
	cat "$run/refused" >&2
	fail "nothing was changed"
}

# What mg-apply warns of it says when it runs.
foresee() {
	$MG_APPLY -nq $(mark_flag) $MG_APPLY_FLAGS \
	    <"$run/stream.jsonl" >"$run/plan.jsonl"
	$MG_JQ -rs -L "$MG_SHARE" --arg found "$found" --arg each "$EACH" \
	    -f "$MG_SHARE/plan.jq" "$run/plan.jsonl" >"$run/told"
	say "$(head -n 1 "$run/told")"
	sed 1d "$run/told"
	log plan '{ $found, pending: ($plan | length),
	    plans: ($plan | group_by(.plan) | map({ key: .[0].plan,
		value: length }) | from_entries) }' \
	    --arg found "$found" --slurpfile plan "$run/plan.jsonl"
}

main
