# consolidate.sh - renew the one baseline in a folder, if it has to be
#
# usage: sh consolidate.sh WORK
#
# make consolidate runs this, with its variables in the environment.  The old
# baseline goes when the new one is proven and in its place.  Beside the
# folder, never in it, lie for a moment FOLDER.mg-new and FOLDER.mg-old; what a
# run that was killed left of them, the next one puts right.
#
# The names of programs may have options behind them, jq has its own $, and
# tells variables:
# shellcheck shell=sh disable=SC2086,SC2016,SC2153,SC2154
set -eu
work=$1 records=$1/records.jsonl
folder=${MG_CONSOLIDATED%/}
unset mg_first mg_second
# shellcheck source=share/checksum.sh
. "$MG_SHARE/checksum.sh"
# shellcheck source=share/prisma.sh
. "$MG_SHARE/prisma.sh"
# shellcheck source=share/scratch.sh
. "$MG_SHARE/scratch.sh"
self=consolidate flow=consolidate run_number=$$
# shellcheck source=share/log.sh
. "$MG_SHARE/log.sh"

main() {
	lock
	begin_log
	outcome=failed
	trap end EXIT
	recover
	list_project "$records"
	list_baselines >"$work/baselines.jsonl"
	$MG_JQ -s -L "$MG_SHARE" \
	    --slurpfile baselines "$work/baselines.jsonl" \
	    --arg clean "$CLEAN" --arg prefix "$LABEL" --arg name "$NAME" \
	    --arg method "$METHOD" --arg schema "$(schema_checksum)" \
	    -rf "$MG_SHARE/consolidate.jq" "$records" >"$work/answer"
	head -n 1 "$work/answer" >"$work/plan.json"
	eval "$(sed 1d "$work/answer")"
	[ -z "$refused" ] || fail "$folder: $refused"
	if [ "$decision" = 'up to date' ]; then
		echo "up to date: $folder/$old"
		outcome=unchanged
		return
	fi
	[ ! -t 2 ] || echo "consolidate: $decision: $why" >&2
	[ "$method" != diff ] || ask_prisma
	prove
	rm -rf "$work/new"
	mkdir -p "$work/new/$name"
	cp "$work/migration.sql" "$work/new/$name"
	write_metadata >"$work/new/$name/metadata.json"
	publish
	outcome=made
	accepted=$(sed -n '/^equal/d;$s/^/, accepted: /p' "$work/losses")
	echo "$decision ($why)$accepted: $folder/$name"
}

end() {
	log finished '{ $outcome }' --arg outcome "$outcome"
}

# WORK and the folder are for one at a time.  Whoever is killed lets go, once
# its programs have ended, too.
lock() {
	exec 9>>"$work/lock"
	flock -w 2 9 || fail "another make consolidate is at work in $work, \
process $(cat "$work/lock"): run this again when that has ended"
	echo $$ >"$work/lock"
}

# What was in the middle of a change when it was killed.
recover() {
	if [ -s "$folder.mg-new/goes" ] &&
	    [ ! -e "$folder.mg-new/baseline" ]; then
		rm -rf "${folder:?}/$(cat "$folder.mg-new/goes")" \
		    "$folder.mg-old"
	fi
	rm -rf "$folder.mg-new"
	for was in "$folder.mg-old"/*/; do
		[ -d "$was" ] || continue
		was=${was%/}
		[ -e "$folder/${was##*/}" ] || mv "$was" "$folder"
	done
	rm -rf "$folder.mg-old"
}

# All that lies in the folder, whosever it is.
list_baselines() {
	for was in "$folder"/*/; do
		[ -d "$was" ] || continue
		was=${was%/}
		describe "$was" "${was##*/}"
	done
}

describe() {
	sql=$1/migration.sql json=$1/metadata.json
	[ -e "$json" ] || json=/dev/null
	sum=
	[ ! -e "$sql" ] || sum=$(checksum "$sql")
	$MG_JQ -nc --arg folder "$2" --arg checksum "$sum" \
	    --rawfile metadata "$json" '{ $folder, $checksum,
		metadata: ($metadata | try fromjson catch null) }'
}

schema_checksum() {
	[ ! -f "$MG_SCHEMA" ] || checksum "$MG_SCHEMA"
}

# What Prisma makes of the schema, which knows nothing of the history.
ask_prisma() {
	[ -e "$MG_SCHEMA" ] || fail "METHOD=diff is made of $MG_SCHEMA, which \
is not there: say where it is with MG_SCHEMA="
	prisma_help >"$work/prisma" || fail "METHOD=diff needs the project's \
Prisma, and '$MG_PRISMA' does not run: npm install, or say what does with \
MG_PRISMA="
	prisma_script "$work/prisma" >"$work/diff.sql" ||
	    fail "Prisma makes no script of $MG_SCHEMA"
}

prove() {
	in_scratch sh "$MG_SHARE/prove.sh" "$records" "$work" "$method" ||
	    fail "nothing was published${old:+, $folder/$old stays}"
}

write_metadata() {
	sql=$work/new/$name/migration.sql
	$MG_JQ -s -L "$MG_SHARE" --arg prefix "$LABEL" \
	    --arg checksum "$(checksum "$sql")" \
	    --arg lines "$(wc -l <"$sql")" \
	    --arg schema "$(schema_checksum)" \
	    --rawfile digest "$work/catalog_digest" \
	    --rawfile version "$work/server_version" \
	    --rawfile losses "$work/losses" \
	    --slurpfile found "$work/volatile.json" \
	    --slurpfile plan "$work/plan.json" \
	    --slurpfile baselines "$work/baselines.jsonl" \
	    -f "$MG_SHARE/metadata.jq" "$records"
}

# The new one is there before the old one goes, unless they have one name.
publish() {
	! same_baseline || return 0
	new=$folder.mg-new
	mkdir -p "$folder" "$new" "$folder.mg-old"
	cp -R "$work/new/$name" "$new/baseline"
	sync "$new/baseline/migration.sql" "$new/baseline/metadata.json"
	copy_lock_file
	trap '' HUP INT TERM
	if [ "$old" = "$name" ]; then
		mv "$folder/$old" "$folder.mg-old"
	elif [ -n "$old" ]; then
		echo "$old" >"$new/goes"
	fi
	mv -T "$new/baseline" "$folder/$name"
	[ ! -e "$new/goes" ] || mv "$folder/$old" "$folder.mg-old"
	rm -rf "$folder.mg-old" "$new"
}

same_baseline() {
	[ "$old" = "$name" ] &&
	    cmp -s "$work/new/$name/migration.sql" "$folder/$old/migration.sql" &&
	    cmp -s "$work/new/$name/metadata.json" "$folder/$old/metadata.json"
}

copy_lock_file() {
	lock=migration_lock.toml
	[ -e "$MG_MIGRATIONS/$lock" ] || return 0
	cmp -s "$MG_MIGRATIONS/$lock" "$folder/$lock" && return
	cp "$MG_MIGRATIONS/$lock" "$new/$lock"
	mv "$new/$lock" "$folder/$lock"
}

fail() {
	echo "consolidate: $*" >&2
	exit 1
}

main
