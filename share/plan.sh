# plan.sh - check the package, look at the database, and say what would run
#
# usage: sh plan.sh RUN
#
# make plan and make deploy run this behind route.sh.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086,SC2016,SC2154,SC2034,SC2153
# shellcheck source=share/step.sh
. "$MG_SHARE/step.sh"
# shellcheck source=share/stream.sh
. "$MG_SHARE/stream.sh"
# shellcheck source=share/tracks.sh
. "$MG_SHARE/tracks.sh"

main() {
	read_route
	if [ -n "$version" ]; then
		verify
		read_history
		list_release "$package"
		list_packages "$package"
		choose "$version" || refuse_database
	elif has_tracks; then
		read_history
		list_tracks
		choose_track schema
	else
		read_history
		list_development
		[ -s "$work/package.jsonl" ] || say "$MG_CONSOLIDATED: there" \
		    "is none; make consolidate would spare a new database" \
		    "the migrations one by one"
		list_packages
		choose
	fi
	foresee
	[ ! -e "$run/choice" ] || foresee_index
	! is_pending || notify start "$(head -n 1 "$run/told")"
}

verify() {
	verify_package "$package" "$version" >"$run/verified" || {
		cat "$run/verified" >&2
		refuse "$version is not what was released: make verify" \
		    "VERSION=$version looks again when git has brought it back"
	}
	log verify '{ files: $files }' \
	    --argjson files "$(tr -cd '\0' <"$run/files" | wc -c)"
}

refuse_database() {
	list_refused >"$run/refused"
	sed '$d' "$run/refused" >&2
	refuse "$(tail -n 1 "$run/refused"); nothing was changed"
}

# What mg-apply warns of it says when it runs.
foresee() {
	choose_rows
	$MG_APPLY -nq $rows ${to:+--to "$to"} $MG_APPLY_FLAGS \
	    <"$run/stream.jsonl" >"$run/plan.jsonl" ||
	    refuse "this cannot run, as mg-apply says above; nothing was" \
		"changed"
	$MG_JQ -rs -L "$MG_SHARE" --slurpfile found "$run/found.json" \
	    --arg each "$EACH" -f "$MG_SHARE/plan.jq" "$run/plan.jsonl" \
	    >"$run/told"
	say "$(head -n 1 "$run/told")"
	sed 1d "$run/told"
	log plan '{ found: $found[0].found, fresh: ($history == []),
	    pending: ($plan | length),
	    plans: ($plan | group_by(.plan) | map({ key: .[0].plan,
		value: length }) | from_entries) }' \
	    --slurpfile history "$run/history.jsonl" \
	    --slurpfile found "$run/found.json" --slurpfile plan "$run/plan.jsonl"
}

# It is chosen when the schema track has come.
foresee_index() {
	list_pending_index >"$run/pending"
	count=$(wc -l <"$run/pending")
	[ "$count" != 0 ] || return 0
	read_skip
	if [ "$skip" = true ]; then
		say "the index track is left for later by" \
		    "SKIP_INDEX_MIGRATIONS: $count to come"
		return
	fi
	say "then the index track: $count to come"
	[ -z "$EACH" ] || sed 's/^/  index  /' "$run/pending"
}

main
