# checksum.sh - know files by their checksums
#
# To be read; $work and the names of the programs come from whoever does.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086,SC2154

checksum() {
	sha256sum <"$1" | cut -d ' ' -f 1
}

# list_records FOLDER FILE [OPTION...]: the migrations of that folder, with
# these options of mg-scan
list_records() {
	scanned_folder=$1 listed_file=$2
	shift 2
	scan "$listed_file" "$@" -- "$scanned_folder"
}

# scan FILE ARGUMENT...: what mg-scan says of these, with checksums
scan() {
	scanned_file=$1
	shift
	$MG_SCAN "$@" >"$work/scanned" &&
	    $MG_HASH <"$work/scanned" >"$scanned_file"
}

# list_all FILE FOLDER...: the migrations of those folders that are there, and
# the project's programs; it fails if no folder is
list_all() {
	all_file=$1
	shift
	for one; do
		shift
		[ ! -d "$one" ] || set -- "$@" "$one"
	done
	[ $# != 0 ] || return 1
	[ -z "${MG_SCRIPTS:-}" ] ||
	    set -- --knex-table "$MG_KNEX_TABLE" --layout \
		"$MG_SCRIPTS_LAYOUT" "$MG_SCRIPTS" --layout prisma "$@"
	scan "$all_file" -q "$@"
}

# list_project FILE [OPTION...]: the project's own migrations, SQL and programs
list_project() {
	project_file=$1
	shift
	[ -z "${MG_SCRIPTS:-}" ] ||
	    set -- "$@" --knex-table "$MG_KNEX_TABLE" \
		--layout "$MG_SCRIPTS_LAYOUT" "$MG_SCRIPTS" --layout prisma
	list_records "$MG_MIGRATIONS" "$project_file" "$@"
}
