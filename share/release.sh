# release.sh - make the package of a release
#
# usage: sh release.sh WORK
#
# make release runs this, with its variables in the environment.  The package
# is made as MG_RELEASES/.VERSION.mg-new, proven, verified, and then named.  One
# that is there already is never changed.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2153,SC2154
set -eu
work=$(cd "$1" && pwd)
# shellcheck source=share/package.sh
. "$MG_SHARE/package.sh"
# shellcheck source=share/assemble.sh
. "$MG_SHARE/assemble.sh"
flow=release run_number=$$
# shellcheck source=share/log.sh
. "$MG_SHARE/log.sh"

main() {
	need_version
	check_sources
	lock
	begin_log
	printf '{ "version": "%s" }\n' "$version" >"$work/about.json"
	new=$releases/.$version.mg-new
	outcome=failed
	rm -rf "$new"
	trap end EXIT
	list_project "$work/records.jsonl"
	list_earlier
	plan
	prove
	assemble
	try_package "$new" || fail "$version does not run"
	compare_schema
	finish
	if [ -e "$package" ]; then
		compare
		outcome=unchanged
	else
		upgrade
		publish
		outcome=made
	fi
}

end() {
	rm -rf "$new"
	log finished '{ $outcome }' --arg outcome "$outcome"
}

check_sources() {
	[ "$METHOD" != diff ] ||
	    fail "a release is proven: METHOD is squash or concat, not diff"
	case $MG_KNEX_TABLE in
	*/* | . | ..) fail "MG_KNEX_TABLE: a package has a folder of that" \
	    "name, and $MG_KNEX_TABLE is no name of one" ;;
	esac
	[ -z "$MG_SCHEMA" ] || [ -e "$MG_SCHEMA" ] || fail "$MG_SCHEMA is not" \
	    "there: MG_SCHEMA= says where the schema is, or, if empty," \
	    "that there is none"
	for source in "$MG_MIGRATIONS" "$MG_SCRIPTS" "$MG_SCHEMA"; do
		changed=$(uncommitted "$source") || continue
		[ -z "$changed" ] || echo "release: warning: $source has" \
		    "changes that are not committed" >&2
	done
}

# uncommitted PATH: what git says of it, which fails where no git is
uncommitted() {
	[ -n "$1" ] && git -C "$(dirname "$1")" --no-optional-locks \
	    status --porcelain -- "$(basename "$1")" 2>/dev/null
}

# The manifests of the releases before, each of which has to be whole.
list_earlier() {
	: >"$work/earlier.jsonl"
	set --
	for one in "$releases"/v*/; do
		one=${one%/}
		[ ! -d "$one" ] || ! is_version "${one##*/}" ||
		    set -- "$@" "${one##*/}"
	done
	: >"$work/versions"
	[ $# = 0 ] || $MG_JQ -nr -L "$MG_SHARE" --arg version "$version" \
	    'include "package"; ($version | version_key) as $key |
	    $ARGS.positional | map(select(version_key < $key)) |
	    sort_by(version_key)[]' --args "$@" >"$work/versions"
	while read -r one; do
		verify_package "$releases/$one" "$one" >&2 || fail "a release" \
		    "tells of those before it, which have to be whole"
		$MG_JQ -c . "$releases/$one/manifest.json" >>"$work/earlier.jsonl"
	done <"$work/versions"
}

plan() {
	$MG_JQ -s --arg migrations "$MG_MIGRATIONS" --arg releases "$releases" \
	    --slurpfile earlier "$work/earlier.jsonl" \
	    -f "$MG_SHARE/release.jq" "$work/records.jsonl" \
	    >"$work/plan.json" ||
	    fail "nothing was made; a release that nobody is to be upgraded" \
		"from can be moved out of $releases"
}

# As make consolidate does it, in a folder of its own, so that the bytes do not
# depend on what was there before.  In what it says, the folder is the user's.
prove() {
	folder=$work/consolidated theirs=${MG_CONSOLIDATED%/}
	rm -rf "$folder"
	mkdir -p "$folder"
	[ ! -e "$theirs/volatile.json" ] || cp "$theirs/volatile.json" "$folder"
	[ ! -t 2 ] || echo 'release: proving the baseline' >&2
	made_at=$(made_at)
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL MG_PARTS=consolidate \
	    MG_WORK="$work" MG_LOG=/dev/null MG_CONSOLIDATED="$folder" \
	    NAME=0_baseline LABEL= CLEAN= SOURCE_DATE_EPOCH="$made_at" \
	    $MG_MAKE -s consolidate >"$work/proof.out" 2>"$work/proof.err" &
	proven=0
	await $! || proven=1
	[ ! -s "$work/proof.err" ] || $MG_JQ -Rr --arg ours "$folder" --arg theirs "$theirs" \
	    'split($ours) | join($theirs)' "$work/proof.err" >&2
	[ "$proven" = 0 ] || fail "$version was not made"
	baseline=$folder/0_baseline
}

# Where no migration tells the time, the release that is there knows it.
made_at() {
	if [ -n "$SOURCE_DATE_EPOCH" ] || [ ! -f "$package/manifest.json" ] ||
	    $MG_JQ -es '.[-1].name | test("^[0-9]{14}(?![0-9])")' \
		"$work/records.jsonl" >/dev/null; then
		echo "$SOURCE_DATE_EPOCH"
	else
		$MG_JQ '.generated_at | fromdate' "$package/manifest.json"
	fi
}

compare_schema() {
	[ -n "$MG_SCHEMA" ] || return 0
	sh "$MG_SHARE/schema.sh" "$work/catalog.jsonl" "$work/schema" &
	await $!
}

finish() {
	cp "$work/catalog.jsonl" "$new"
	list_files "$new"
	$MG_JQ -nS -L "$MG_SHARE" --arg version "$version" \
	    --arg schema "$(schema_checksum)" \
	    --slurpfile plan "$work/plan.json" \
	    --rawfile files "$work/files" \
	    --slurpfile metadata "$baseline/metadata.json" \
	    -f "$MG_SHARE/manifest.jq" >"$work/manifest"
	seal_manifest "$work/manifest" >"$new/manifest.json"
	same_as_proven
	VERIFY_CMD='' verify_package "$new" "$version" >&2 ||
	    fail "the migrations changed meanwhile: run this again"
}

# The migrations are those of the records, and do what they did in the proof.
same_as_proven() {
	why=$($MG_JQ -rs --slurpfile manifest "$new/manifest.json" \
	    --slurpfile metadata "$baseline/metadata.json" '$manifest[0] as $new |
	    if $new.catalog_digest != $metadata[0].catalog_digest then
		"the baseline made something else when it ran again"
	    elif map({ name, checksum }) !=
		($new.migrations | map({ name, checksum })) then
		"the migrations changed meanwhile: run this again"
	    else empty end' "$work/records.jsonl")
	[ -z "$why" ] || fail "$why"
}

# One that is there already, whose hotfixes are no part of its base.
compare() {
	verify_package "$package" "$version" >&2 ||
	    fail "$package is there, and is never overwritten"
	$MG_JQ -r -L "$MG_SHARE" --slurpfile there "$package/manifest.json" \
	    'include "package"; ($there[0] | base) as $there |
	    file_differences($there.files; .files),
	    (del(.checksum, .files) | keys[] as $key |
		select(.[$key] != $there[$key]) |
		"changed  manifest.json: its \($key)")' \
	    "$new/manifest.json" >"$work/differences"
	if [ -s "$work/differences" ]; then
		cat "$work/differences" >&2
		fail "$package is there, with other bytes, and is never" \
		    "overwritten"
	fi
	sign "$package"
	echo "$package is there, with these bytes"
}

# Of each release before it, a database has to arrive at this one.
upgrade() {
	[ -s "$work/versions" ] || return 0
	[ ! -t 2 ] || echo 'release: proving the upgrades' >&2
	on_scratch_server xargs -a "$work/versions" -n 1 \
	    setpriv --pdeathsig TERM $MG_SCRATCH --db -- \
	    sh "$MG_SHARE/upgraded.sh" "$work" "$new" "$version" ||
	    fail "$version was not made"
}

publish() {
	sign "$new"
	set_modes "$new"
	find "$new" -exec sync {} +
	mv -T "$new" "$package"
	sync "$releases"
	$MG_JQ -r --arg package "$package" '"\($package): " +
	    "\(.migration_count) migrations in one baseline of " +
	    "\(.baseline_lines) lines, \(.upgrade | length) to upgrade with",
	    @sh "git add \($package)"' "$package/manifest.json"
	echo "git commit -m 'Release $version'"
}

main
