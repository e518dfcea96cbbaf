# marker.sh - make the migration at which old histories and this one meet
#
# usage: sh marker.sh WORK
#
# make marker runs this, with its variables in the environment: the folders of
# another tool in LEGACY, with blanks between them, and what to call it in NAME.
# It changes no database, so it does nothing there; databases that have what it
# replaces are told by mg-mark --from.
#
# The names of programs may have options behind them, and LEGACY is a list; jq
# has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2153
set -eu

main() {
	work=$1 made=$1/marker
	[ -n "$LEGACY" ] || fail "LEGACY= says where the other tool's" \
	    "migrations are, as LEGACY=migrations"
	mkdir -p "$work"
	list_names $LEGACY | LC_ALL=C sort -u >"$work/legacy"
	[ -s "$work/legacy" ] || fail "$LEGACY: no migration is there; are" \
	    "their names such as 20240102030405_add_users.js?"
	check_folders
	write_metadata >"$work/marker.json"
	find_made || make_it
}

# list_names FOLDER...: of what begins as a migration does
list_names() {
	for folder; do
		[ -d "$folder" ] || fail "$folder: no such folder"
		for path in "$folder"/[0-9]* "$folder"/[VR][0-9_]*; do
			[ ! -e "$path" ] || name_of "${path##*/}"
		done
	done
}

# name_of FILE: as histories have it; half of a pair has none
name_of() {
	case $1 in
	*.down.sql | *.d.ts | *.map) ;;
	*.up.sql) echo "${1%.up.sql}" ;;
	*.sql | *.js | *.cjs | *.mjs | *.ts | *.cts | *.mts) echo "${1%.*}" ;;
	*) [ ! -d "$path" ] || echo "$1" ;;
	esac
}

# What is in the folder is run where it is missing, and then nothing may stand
# for it that does not make it.
check_folders() {
	while read -r name; do
		[ ! -e "$MG_MIGRATIONS/$name" ] || fail "$name: it is in" \
		    "$MG_MIGRATIONS, too, and mg runs it; make consolidate" \
		    "makes one migration of those"
	done <"$work/legacy"
}

write_metadata() {
	$MG_JQ -Rn '{ replaces: [inputs] }' <"$work/legacy"
}

# Whatever its timestamp is; another one of that name is not ours to change.
find_made() {
	for there in "$MG_MIGRATIONS"/*_"$NAME"; do
		[ -d "$there" ] || continue
		cmp -s "$there/metadata.json" "$work/marker.json" ||
		    fail "$there: it is there and replaces others than" \
			"$LEGACY has; give this one another NAME"
		echo "$there is there already"
		return 0
	done
	return 1
}

# It gets its place when it is whole.
make_it() {
	rm -rf "$made"
	mkdir -p "$made" "$MG_MIGRATIONS"
	path=$($MG_NEW -- "$NAME" "$made" "$MG_MIGRATIONS")
	folder=${path%/*} there=$MG_MIGRATIONS/${folder##*/}
	write_script >"$path"
	cp "$work/marker.json" "$folder/metadata.json"
	sync "$path" "$folder/metadata.json"
	mv -T "$folder" "$there"
	echo "$there replaces $(wc -l <"$work/legacy") migrations;" \
	    "mg-mark --from TABLE records it where they were applied"
}

write_script() {
	echo "-- Up to here the database was migrated with another tool."
	echo "-- This migration changes nothing; metadata.json names those"
	echo "-- that it replaces."
}

fail() {
	echo "marker: $*" >&2
	exit 1
}

main "$@"
