# migrate-deploy.sh - bring one track of a database, or both, up to date
#
# usage: sh migrate-deploy.sh WORK schema|index|all
#
# make migrate-schema-deploy and its kin run this, with their variables in the
# environment.  Several may run at once, each in a folder of its own in WORK.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2154
set -eu
work=$(mktemp -d "$1/run.XXXXXX")
trap 'rm -rf "$work"' EXIT
# shellcheck source=share/package.sh
. "$MG_SHARE/package.sh"
# shellcheck source=share/stream.sh
. "$MG_SHARE/stream.sh"
# shellcheck source=share/tracks.sh
. "$MG_SHARE/tracks.sh"
# shellcheck source=share/turns.sh
. "$MG_SHARE/turns.sh"
heed_signals

main() {
	read_skip || fail "$switch_is_wrong"
	need_folder "$1"
	list_tracks
	case $1 in
	schema) deploy_schema ;;
	index)
		refuse_before_schema
		deploy_index
		;;
	all) deploy_all ;;
	esac
}

# need_folder TRACK: that of the other one may be yet to come
need_folder() {
	case $1 in
	schema) set -- "$MG_SCHEMA_MIGRATIONS" ;;
	index) set -- "$MG_INDEX_MIGRATIONS" ;;
	*) set -- "$MG_SCHEMA_MIGRATIONS" "$MG_INDEX_MIGRATIONS" ;;
	esac
	for folder; do
		[ ! -d "$folder" ] || return 0
	done
	fail "$1 is not there: make migrate-schema-create and" \
	    "migrate-indexes-create begin tracks, make split-tracks makes them" \
	    "of $MG_MIGRATIONS"
}

deploy_schema() {
	read_history
	[ -z "${mg_lints:-}" ] || refuse_misplaced schema
	choose_track schema
	apply_schema "$work/schema.jsonl"
	tell schema
}

# Where both tracks have something pending, the order of the names counts.
refuse_before_schema() {
	list_turns
	before=
	while read_turn; do
		[ "$track" = index ] || before=${before:-$pending}
		[ "$track" = schema ] || [ -z "$before" ] ||
		    [ -z "$pending" ] || fail "$pending comes behind $before," \
		    "which the database has yet to get: make" \
		    "migrate-schema-deploy first"
	done 3<"$work/turns"
}

deploy_index() {
	read_history
	[ -z "${mg_lints:-}" ] || refuse_misplaced index
	choose_track index
	build_index "$work/index.jsonl"
	tell index
}

deploy_all() {
	if [ "$skip" = true ]; then
		deploy_schema
		echo 'index track: left for later by SKIP_INDEX_MIGRATIONS;' \
		    'make migrate-indexes-deploy'
	else
		take_turns "$work/schema.jsonl" "$work/index.jsonl"
		tell schema
		tell index
	fi
}

tell() {
	$MG_JQ -rs -L "$MG_SHARE" -f "$MG_SHARE/applied.jq" \
	    "$work/$1.jsonl" >"$work/told"
	echo "$1 track: $(cat "$work/told")"
}

shift
main "$@"
