# package.sh - what the targets share that make or take release packages
#
# To be read by them, with $work set; their variables come from make.  What is
# not whole lies in MG_RELEASES under a name that begins with a dot.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2153,SC2154
export LC_ALL=C
umask 022
releases=${MG_RELEASES%/}
self=${0##*/}
self=${self%.sh}
number='(0|[1-9][0-9]*)' suffix='[A-Za-z0-9][A-Za-z0-9.-]*'
# shellcheck source=share/scratch.sh
. "$MG_SHARE/scratch.sh"
# shellcheck source=share/checksum.sh
. "$MG_SHARE/checksum.sh"
# shellcheck source=share/catalog.sh
. "$MG_SHARE/catalog.sh"
# shellcheck source=share/branch.sh
. "$MG_SHARE/branch.sh"

fail() {
	echo "$self: $*" >&2
	exit 1
}

# The work folder and the packages are for one at a time.  What was killed lets
# go when its programs have ended, too, which takes them some seconds.
lock() {
	exec 9>>"$work/lock"
	flock -w 30 9 || fail "another one is at work in $work: run this again" \
	    "when that has ended"
}

#
# Versions
#

# need_version: $version, of the command line or of the branch
need_version() {
	version=$VERSION
	[ -n "$version" ] || version_of_branch
	is_version "$version" || fail "$version is not a version such as" \
	    "v4.0.0 or v4.0.0-rc.1"
	package=$releases/$version
}

# need_package: one that is there
need_package() {
	need_version
	[ -d "$package" ] || fail "$package is not there:" \
	    "make release VERSION=$version makes it"
}

version_of_branch() {
	find_branch
	match_branch || fail "no VERSION: say make $self VERSION=v4.0.0, or be" \
	    "on a branch that RELEASE_BRANCHES names ($RELEASE_BRANCHES);" \
	    "$(about_branch)"
}

is_version() {
	printf '%s\0' "$1" | grep -Ezqx "v$number(\.$number){2}(-$suffix)?"
}

#
# Files
#

# list_files FOLDER: what sha256sum -z says of all but the manifest
list_files() {
	find "$1" -type f ! -path "$1/manifest.json" \
	    ! -path "$1/manifest.json.sig" ! -path "$1/manifest.json.asc" \
	    ! -path "$1/manifest.json.minisig" -printf '%P\0' \
	    >"$work/paths" &&
	    (cd "$1" && xargs -0r sha256sum -z --) <"$work/paths" \
		>"$work/files"
}

# set_modes FOLDER: to be read by all, and run if that is what it is for, as
# git may have forgotten
set_modes() {
	find "$1" -type d -exec chmod 755 {} +
	find "$1" -type f ! -name migration -exec chmod 444 {} +
	find "$1" -type f -name migration -exec chmod 555 {} +
}

# schema_checksum: of what list_files found: of a file its own, of a folder that
# of the list of its files
schema_checksum() {
	grep -az '^.\{66\}schema/' "$work/files" | sort -z -k 2 |
	    tr '\0' '\n' >"$work/schema.files"
	if [ -s "$work/schema.files" ]; then
		checksum "$work/schema.files"
	else
		grep -az '^.\{66\}schema\.prisma$' "$work/files" |
		    cut -c 1-64
	fi
}

# seal_manifest BODY: which has no checksum and is sorted, with the one that it
# then has
seal_manifest() {
	$MG_JQ -S --arg checksum "$(checksum "$1")" '.checksum = $checksum' "$1"
}

# sign FOLDER: its manifest, unless that was done
sign() {
	[ -n "$SIGN_CMD" ] && ! signature "$1" || return 0
	set -- "$1" "$1/manifest.json"
	eval "$SIGN_CMD \"\$2\"" || fail "'$SIGN_CMD' failed"
	signature "$1" || fail "'$SIGN_CMD' wrote no" \
	    "manifest.json.sig, .asc or .minisig beside the manifest"
}

signature() {
	for one in sig asc minisig; do
		[ ! -f "$1/manifest.json.$one" ] || return 0
	done
	return 1
}

#
# Is a package what it was?
#

# verify_package FOLDER VERSION [UNSEALED]: say what is wrong with it; hotfixes
# that are not sealed are not, with a third word
verify_package() {
	if [ -h "$1" ] || [ -h "$1/manifest.json" ] ||
	    [ ! -f "$1/manifest.json" ]; then
		echo "$2: no manifest.json, or a link to one: not a package"
		return 1
	fi
	find_faults "$@" >"$work/answer" 2>"$work/why" || {
		echo "$2: manifest.json is not as it was written"
		return 1
	}
	sed 1d "$work/answer" >"$work/faults"
	cat "$work/faults"
	[ ! -s "$work/faults" ] || return 1
	[ -n "$VERIFY_CMD" ] || return 0
	set -- "$1/manifest.json" "$2"
	eval "$VERIFY_CMD \"\$1\"" >&2 || {
		echo "$2: '$VERIFY_CMD' says no"
		return 1
	}
}

# Behind a line for what is whole.  It fails if the manifest is none of ours.
find_faults() {
	metadata=$1/migrations/0_baseline/metadata.json
	[ -f "$metadata" ] || metadata=/dev/null
	find "$1" -mindepth 1 -printf '%y %P\0' >"$work/found" &&
	    list_files "$1" && read_manifest "$1/manifest.json" &&
	    schema=$(schema_checksum) &&
	    $MG_JQ -nr -L "$MG_SHARE" --arg version "$2" \
		--arg unsealed_too "${3:-}" --arg schema "$schema" \
		--arg checksum "$(checksum "$work/manifest.body")" \
		--arg base "$(checksum "$work/manifest.base")" \
		--rawfile found "$work/found" --rawfile metadata "$metadata" \
		--rawfile files "$work/files" \
		--slurpfile manifests "$1/manifest.json" \
		-f "$MG_SHARE/verify.jq"
}

# read_manifest FILE: its body, which is all but its checksum, and its base, as
# it was before any hotfix; it fails if the file is not canonical
read_manifest() {
	$MG_JQ -S -L "$MG_SHARE" 'include "package"; ., del(.checksum), base' \
	    "$1" >"$work/manifests" &&
	    awk -v file="$work/manifest." '
		BEGIN { split("whole body base", names); n = 1 }
		{ print >(file names[n]) }
		/^}/ { n++ }' "$work/manifests" &&
	    cmp -s "$work/manifest.whole" "$1"
}

# recover: what a make seal that was killed had made whole takes its place
recover() {
	sealed=$releases/.$version.mg-seal
	[ -d "$sealed" ] || return 0
	if [ -e "$sealed/manifest.json" ]; then
		[ ! -e "$sealed/catalog.jsonl" ] ||
		    mv -f "$sealed/catalog.jsonl" "$package"
		rm -f "$package/manifest.json".*
		mv -f "$sealed/manifest.json" "$package"
	fi
	for one in "$sealed/manifest.json".*; do
		[ ! -e "$one" ] || mv -f "$one" "$package"
	done
	set_modes "$package"
	find "$package" -exec sync {} +
	rm -rf "$sealed"
}

#
# What a package makes
#

# try_package FOLDER: run its migrations in a scratch database, and list what
# they make in $work/catalog.jsonl
try_package() {
	list_records "$1/migrations" "$work/tried.jsonl" -q || return
	in_scratch sh "$MG_SHARE/try.sh" "$work/tried.jsonl" \
	    "$work/catalog.jsonl"
}
