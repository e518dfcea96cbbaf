# tracks.sh - choose the records that bring one track of a database up to date
#
# To be read by what has read stream.sh; tracks.jq decides.  The two tracks have
# one history: what the other one has in it is no stranger here.
#
#	read_skip || fail "$switch_is_wrong"
#	read_history
#	list_tracks
#	choose_track schema
#	mg-apply $rows ${to:+--to "$to"} <"$work/stream.jsonl"
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2034,SC2154

# shellcheck source=share/environment.sh
. "$MG_SHARE/environment.sh"

# read_skip: $skip is true where the index track is left for later, or false
read_skip() {
	read_switch SKIP_INDEX_MIGRATIONS || return
	skip=$switch
}

# write_lock_file FOLDER: which Prisma wants, in a folder that may be new
write_lock_file() {
	mkdir -p "$1"
	if [ -e "$MG_MIGRATIONS/migration_lock.toml" ]; then
		cp "$MG_MIGRATIONS/migration_lock.toml" "$1"
	else
		echo 'provider = "postgresql"' >"$1/migration_lock.toml"
	fi
}

has_tracks() {
	[ -d "$MG_SCHEMA_MIGRATIONS" ] || [ -d "$MG_INDEX_MIGRATIONS" ]
}

# list_tracks: what each has; before those of the schema track come those that
# the project had before it had tracks
list_tracks() {
	before=$MG_MIGRATIONS
	[ "$before" != "$MG_SCHEMA_MIGRATIONS" ] || before=
	list_track schema "$before" "$MG_SCHEMA_MIGRATIONS"
	list_track index "$MG_INDEX_MIGRATIONS"
	both=$($MG_JQ -rn --slurpfile schema "$work/track.schema.jsonl" \
	    --slurpfile index "$work/track.index.jsonl" '
	    ($schema | INDEX(.name)) as $there |
	    [$index[].name | select($there[.])][0] // ""')
	[ -z "$both" ] || fail "$both is in $MG_INDEX_MIGRATIONS, and in the" \
	    "schema track: a name is of one migration, so rename one of the two"
}

# list_track TRACK FOLDER...: with checksums, of the folders that are there;
# what is no SQL belongs to the schema track
list_track() {
	track=$1
	shift
	for folder; do
		shift
		[ ! -d "$folder" ] || set -- "$@" "$folder"
	done
	set -- -- "$@"
	[ "$track" = index ] || [ -z "${MG_SCRIPTS:-}" ] ||
	    set -- --knex-table "$MG_KNEX_TABLE" \
		--layout "$MG_SCRIPTS_LAYOUT" "$MG_SCRIPTS" --layout prisma "$@"
	: >"$work/scanned"
	[ $# = 1 ] || $MG_SCAN -q --track "$track" "$@" >"$work/scanned"
	$MG_HASH <"$work/scanned" >"$work/track.$track.jsonl"
}

# choose_track TRACK: the stream of it, for the history that was read
choose_track() {
	list_consolidated
	$MG_JQ -cn --arg track "$1" \
	    --arg folder "${MG_SCHEMA_MIGRATIONS%/}/" \
	    --slurpfile history "$work/history.jsonl" \
	    --slurpfile schema "$work/track.schema.jsonl" \
	    --slurpfile index "$work/track.index.jsonl" \
	    -f "$MG_SHARE/tracks.jq" >"$work/track.jsonl"
	head -n 1 "$work/track.jsonl" >"$work/track.json"
	sed 1d "$work/track.jsonl" >"$work/singles.jsonl"
	$MG_JQ -r '"to=\(.to | @sh) rows=\(.rows)"' "$work/track.json" \
	    >"$work/choice"
	read_choice
	: >"$work/package.jsonl"
	[ -z "$rows" ] || cp "$work/consolidated.jsonl" "$work/package.jsonl"
	list_packages
	choose
	cp "$work/track.json" "$work/found.json"
}

# read_choice: $rows and $to, which mg-apply has to know beside the stream
read_choice() {
	# shellcheck source=/dev/null
	. "$work/choice"
}

# list_pending_index: what the history lacks of the index track
list_pending_index() {
	$MG_JQ -rn --slurpfile history "$work/history.jsonl" \
	    --slurpfile index "$work/track.index.jsonl" '
	    ($history | map(select(.state == "missing")) | INDEX(.name)) as
		$applied |
	    $index[].name | select($applied[.] | not)'
}

# lint_track TRACK NAME [OPTION...]: what is to be said of its migrations behind
# that one, and behind those of before there were tracks, which nobody edits
lint_track() {
	linted=$1
	after=$($MG_JQ -rn --arg name "$2" \
	    --arg folder "${MG_MIGRATIONS%/}/" \
	    --arg own "${MG_SCHEMA_MIGRATIONS%/}/" '
	    [inputs | select(.name == $name or
		($folder != $own and (.path | startswith($folder))))][-1].name
	    // ""' "$work/track.$linted.jsonl")
	shift 2
	[ ! -s "$work/track.$linted.jsonl" ] ||
	    $MG_LINT --track "$linted" ${after:+--after "$after"} \
		$MG_LINT_FLAGS "$@" <"$work/track.$linted.jsonl"
}

# refuse_misplaced TRACK: what is in the wrong one, and not applied yet
refuse_misplaced() {
	applied=$($MG_JQ -rn --slurpfile history "$work/history.jsonl" '
	    ($history | map(select(.state == "missing")) | INDEX(.name)) as
		$had |
	    [inputs | select($had[.name])][-1].name // ""' \
	    "$work/track.$1.jsonl")
	found=0
	lint_track "$1" "$applied" --rule index-in-schema-track \
	    --rule schema-in-index-track >&2 || found=$?
	[ "$found" != 1 ] || fail 'nothing was changed: move it to the other' \
	    'track, or say why not, with a comment above it:' \
	    '-- mg-lint: ignore RULE because ...'
	return "$found"
}

# list_deployed: what a database has when the tracks have come, the index track
# unless it was skipped
list_deployed() {
	cat "$work/track.schema.jsonl"
	[ "$skip" = true ] || cat "$work/track.index.jsonl"
}
