# split-tracks.sh - make the two tracks of a history
#
# usage: sh split-tracks.sh WORK
#
# make split-tracks runs this, with its variables in the environment.  No
# statement of the history is moved: its proven final state is split, and the
# halves are proven to make the whole.  Both folders are made beside their
# places, as FOLDER.mg-new, and named when both are whole; if this is killed
# between the two, the next run names the other one.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2153,SC2154
set -eu
work=$(cd "$1" && pwd)
# shellcheck source=share/package.sh
. "$MG_SHARE/package.sh"
# shellcheck source=share/tracks.sh
. "$MG_SHARE/tracks.sh"
schema=${MG_SCHEMA_MIGRATIONS%/} index=${MG_INDEX_MIGRATIONS%/}

main() {
	case $DEFER_UNIQUE in
	1 | true) DEFER_UNIQUE=true unique_too=--unique ;;
	'' | 0 | false) DEFER_UNIQUE=false unique_too= ;;
	*) fail "DEFER_UNIQUE is 1 or 0, not '$DEFER_UNIQUE'" ;;
	esac
	lock
	recover
	list_history
	! is_split || return 0
	must_be_free "$schema"
	must_be_free "$index"
	prove_whole
	split
	prove_halves
	publish
	tell
}

# What was killed between the two: the first has its name, the second is whole.
recover() {
	if [ -d "$index.mg-new" ] && [ ! -e "$schema.mg-new" ] &&
	    [ -n "$(baseline_of "$schema")" ]; then
		name_folder "$index"
	fi
	rm -rf "$schema.mg-new" "$index.mg-new"
}

# baseline_of FOLDER: the baseline that this has made, if it is there
baseline_of() {
	for one in "$1"/*/metadata.json; do
		! $MG_JQ -e '.track and .replaces' "$one" >"$work/answer" \
		    2>/dev/null || echo "${one%/metadata.json}"
	done
}

list_history() {
	list_records "$MG_MIGRATIONS" "$work/records.jsonl" -q
	[ -s "$work/records.jsonl" ] || fail "$MG_MIGRATIONS has no migrations"
}

# is_split: done before, of these very migrations, and in the same way
is_split() {
	there=$(baseline_of "$schema")
	[ -n "$there" ] || return 1
	why=$($MG_JQ -r --argjson unique "$DEFER_UNIQUE" \
	    --arg checksum "$(checksum "$there/migration.sql")" \
	    --slurpfile records "$work/records.jsonl" '
	    (.replaces | INDEX(.name)) as $before |
	    ($records | INDEX(.name)) as $now |
	    [if .checksum != $checksum then
		"its migration.sql is not what was proven" else empty end,
	    ($records[] | select($before[.name].checksum != .checksum) |
		"\(.name) is not in it as it is now"),
	    (.replaces[] | select((.replaces | not) and $now[.name] == null) |
		"\(.name), which it stands for, has vanished"),
	    if .defer_unique != $unique then "it was made " +
		(if $unique then "without" else "with" end) +
		" DEFER_UNIQUE=1" else empty end][0] // ""' \
	    "$there/metadata.json") || fail "$there: metadata.json cannot be read"
	[ -z "$why" ] || fail "$there: $why, and databases may know it:" \
	    "what is to change now is a migration of one of the tracks"
	echo "split already: $there"
}

# must_be_free FOLDER: but for what Prisma keeps there
must_be_free() {
	[ -d "$1" ] || return 0
	found=$(find "$1" -mindepth 1 -maxdepth 1 ! -name migration_lock.toml \
	    -printf '%f\n' | sort | head -n 1)
	[ -z "$found" ] || fail "$1 has $found, which is not of this split:" \
	    "take it out, for the tracks begin with what the history made"
}

# As make consolidate does it, in a folder of its own that begins as theirs is,
# so that the baselines are known that databases may have run.
prove_whole() {
	folder=$work/consolidated theirs=${MG_CONSOLIDATED%/}
	rm -rf "$folder"
	mkdir "$folder"
	[ ! -d "$theirs" ] || cp -R "$theirs/." "$folder"
	name=$($MG_JQ -rs '.[-1].name |
	    (capture("^(?<stamp>[0-9]+)").stamp // .) + "_baseline"' \
	    "$work/records.jsonl")
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL MG_PARTS=consolidate \
	    MG_WORK="$work" MG_LOG=/dev/null MG_CONSOLIDATED="$folder" \
	    NAME="$name" LABEL='' CLEAN=1 METHOD=squash \
	    $MG_MAKE -s consolidate >"$work/proof.out" 2>"$work/proof.err" &
	proven=0
	await $! || proven=1
	$MG_JQ -Rr --arg ours "$folder" --arg theirs "$theirs" \
	    'split($ours) | join($theirs)' "$work/proof.err" >&2
	[ "$proven" = 0 ] || fail "nothing was split"
	whole=$folder/$name
}

# Without the comment on top, which is about the whole.
split() {
	rm -rf "$work/halves"
	mkdir -p "$work/halves/schema/$name"
	sed '1,/^$/d' "$whole/migration.sql" >"$work/whole.sql"
	$MG_SPLIT <"$work/whole.sql" >"$work/plain.jsonl"
	$MG_SPLIT --unique <"$work/whole.sql" >"$work/unique.jsonl"
	$MG_JQ -n -L "$MG_SHARE" --argjson unique "$DEFER_UNIQUE" \
	    --slurpfile plain "$work/plain.jsonl" \
	    --slurpfile unique_too "$work/unique.jsonl" \
	    -f "$MG_SHARE/split-tracks.jq" >"$work/split.json"
	half schema "$name"
	! $MG_JQ -e '.index > 0' "$work/split.json" >"$work/answer" ||
	    half index "${name}_indexes"
}

# half TRACK NAME
half() {
	mkdir -p "$work/halves/$1/$2"
	sql=$work/halves/$1/$2/migration.sql
	{
		echo "-- The $1 track's half of the baseline $name;"
		echo "-- both were proven to make what the migrations made."
		# The other half begins with a blank line.
		[ "$1" = index ] || echo
		$MG_SPLIT --track "$1" $unique_too <"$work/whole.sql"
	} >"$sql"
	$MG_JQ --arg name "$2" --arg track "$1" \
	    --argjson unique "$DEFER_UNIQUE" \
	    --arg checksum "$(checksum "$sql")" \
	    --arg lines "$(wc -l <"$sql")" '.migration_name = $name |
	    .checksum = $checksum | .baseline_lines = ($lines | tonumber) |
	    .track = $track | .defer_unique = $unique' \
	    "$whole/metadata.json" >"${sql%/*}/metadata.json"
}

# One behind the other, and compared with what make consolidate has listed.
prove_halves() {
	set -- "$work/halves/schema.jsonl"
	list_records "$work/halves/schema" "$1" -q
	if [ -d "$work/halves/index" ]; then
		set -- "$@" "$work/halves/index.jsonl"
		list_records "$work/halves/index" "$2" -q --track index
	fi
	$MG_JQ -c 'del(.replaces, .replaced)' "$@" >"$work/halves.jsonl"
	in_scratch sh -c "$MG_APPLY -q <\"\$1\" >\"\$1.applied\" &&
	    $MG_CATALOG --no-owners --data >\"\$2\"" sh "$work/halves.jsonl" \
	    "$work/made.jsonl" ||
	    fail "the halves do not run one behind the other; nothing was split"
	for side in made consolidate/fresh; do
		$MG_JQ -c --slurpfile found "$work/consolidate/volatile.json" '
		    if .kind == "rows" and
			(.name | IN($found[0].volatile[])) then
			del(.checksum) else . end' "$work/$side.jsonl" \
		    >"$work/${side#*/}.compared"
	done
	cmp -s "$work/made.compared" "$work/fresh.compared" || {
		name_differences "$work/made.compared" "$work/fresh.compared" >&2
		fail "the halves do not make the whole; nothing was split"
	}
}

publish() {
	for track in index schema; do
		eval "folder=\$$track"
		write_lock_file "$folder.mg-new"
		[ ! -d "$work/halves/$track" ] ||
		    cp -R "$work/halves/$track/." "$folder.mg-new"
		find "$folder.mg-new" -exec sync {} +
	done
	trap '' HUP INT TERM
	name_folder "$schema"
	name_folder "$index"
	heed_signals
}

# name_folder FOLDER: where there is nothing but what Prisma keeps there
name_folder() {
	rm -f "$1/migration_lock.toml"
	[ ! -d "$1" ] || rmdir "$1"
	mv -T "$1.mg-new" "$1"
}

tell() {
	$MG_JQ -r -L "$MG_SHARE" --arg schema "$schema/$name" \
	    --arg index "$index/${name}_indexes" 'include "words";
	    def indexes($what): plural("\($what)index"; "\($what)indexes");
	    "\($schema): \(.schema) statements",
	    (.kept[] | "	\(.count | indexes("")) kept: \(.reason)"),
	    (select(.consent > 0) | "	DEFER_UNIQUE=1 lets " +
		"\(.consent | indexes("unique ")) wait, too"),
	    if .index > 0 then "\($index): \(.index | indexes(""))" else
		"no index may wait; the index track is empty" end,
	    (if .waiting == [] then empty else
		"until the index track is there, duplicates may enter, that " +
		"keep it from being built, and upserts fail, for",
		(.waiting[] | "	\(.)") end)' "$work/split.json"
}

main
