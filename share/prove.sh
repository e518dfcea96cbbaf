# prove.sh - make a baseline's script, prove that it is what the history makes
#
# usage: mg-scratch -- sh prove.sh RECORDS WORK METHOD
#
# Replays the history in two scratch databases, writes WORK/migration.sql, runs
# that in a third, and compares.  Exits 0 if they are equal.  What consolidate.sh
# has in its environment, the names of the programs, is needed here too.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016
set -eu
records=$1 work=$2 method=$3

# Three databases, which mg-scratch makes and clears away.
if [ -z "${mg_first:-}" ]; then
	export mg_first="$DATABASE_URL"
	exec $MG_SCRATCH --db -- sh "$0" "$@"
elif [ -z "${mg_second:-}" ]; then
	export mg_second="$DATABASE_URL"
	exec $MG_SCRATCH --db -- sh "$0" "$@"
fi
first=$mg_first second=$mg_second fresh=$DATABASE_URL
unset mg_first mg_second DIRECT_URL

main() {
	$MG_PSQL -XqAtc 'show server_version' >"$work/server_version"
	roles >"$work/roles.before"
	progress 'replaying'
	replay_again 2>"$work/second.err" &
	again=$!
	replay_first
	same_roles
	catalog "$first" "$work/first.jsonl" &
	listing=$!
	progress 'writing the baseline'
	dump "$first" >"$work/first.sql"
	write_script >"$work/migration.sql"
	apply_script
	wait "$listing"
	wait "$again" || refuse 'the second replay failed' "$work/second.err"
	progress 'comparing'
	check_volatile
	compare
}

replay_first() {
	on "$first" $MG_APPLY --no-concurrently <"$records" \
	    >"$work/first.applied" && return
	same_roles
	refuse 'the migrations do not run on an empty database'
}

replay_again() {
	on "$second" $MG_APPLY -q --no-concurrently <"$records" \
	    >"$work/second.applied" && catalog "$second" "$work/second.jsonl"
}

# With a comment on top that says what it is.
write_script() {
	$MG_JQ -rs '"-- The baseline of \(length) migrations, up to",
	    "-- \(.[-1].name | tojson);",
	    "-- it was proven to make what they make.", ""' "$records"
	case $method in
	squash) cat "$work/first.sql" ;;
	concat) $MG_CONCAT --no-concurrently <"$records" ;;
	esac
}

# The rows of concat's script come anew, those of a squash are told in it.
dump() {
	case $method in
	squash) on "$1" $MG_DUMP --data --privileges ;;
	concat) on "$1" $MG_DUMP --privileges ;;
	esac
}

# As a migration like any other; what is compared then is listed and dumped.
apply_script() {
	rm -rf "$work/proof"
	mkdir -p "$work/proof/0_baseline"
	cp "$work/migration.sql" "$work/proof/0_baseline"
	$MG_SCAN -q "$work/proof" >"$work/proof.scanned"
	$MG_HASH <"$work/proof.scanned" >"$work/proof.jsonl"
	on "$fresh" $MG_APPLY -q <"$work/proof.jsonl" >"$work/fresh.applied" ||
		refuse 'the baseline does not run on an empty database'
	dump "$fresh" >"$work/fresh.sql" &
	dumping=$!
	catalog "$fresh" "$work/fresh.jsonl"
	on "$fresh" $MG_CATALOG --digest --no-owners --no-privileges \
	    --no-versions >"$work/catalog_digest"
	wait "$dumping"
}

catalog() {
	on "$1" $MG_CATALOG --no-owners --data >"$2"
}

# Rows that two replays make differently are nobody's final state: a squash
# holds those of one replay.  The script of concat makes them anew.
check_volatile() {
	$MG_JQ -cn --slurpfile a "$work/first.jsonl" \
	    --slurpfile b "$work/second.jsonl" -f "$MG_SHARE/volatile.jq" \
	    >"$work/volatile.json"
	equal 'two replays differ' second first "$work/volatile.json"
	[ "$method" = squash ] || return 0
	accepted=$MG_CONSOLIDATED/volatile.json
	[ -e "$accepted" ] || accepted=/dev/null
	$MG_JQ -c --slurpfile accepted "$accepted" \
	    '. - ($accepted[0] // [])' "$work/volatile.json" >"$work/asked.json"
	[ "$(cat "$work/asked.json")" != '[]' ] || return 0
	echo "consolidate: rows that differ from one replay to the next, by the" \
	    "clock or by chance: $(cat "$work/asked.json")" >&2
	refuse "if what they are here is right for every database, put this list \
into $MG_CONSOLIDATED/volatile.json; or take METHOD=concat"
}

compare() {
	same=$work/volatile.json
	[ "$method" = concat ] || same=$work/none.json
	echo '[]' >"$work/none.json"
	equal 'the baseline makes something else' fresh first "$same"
	cmp -s "$work/fresh.sql" "$work/first.sql" || {
		diff "$work/fresh.sql" "$work/first.sql" >"$work/diff" || :
		refuse 'mg-dump tells them apart' "$work/diff"
	}
}

# equal WORD A B VOLATILE: the catalogs, and of the tables named there only how
# many rows there are
equal() {
	for side in "$2" "$3"; do
		$MG_JQ -c --slurpfile volatile "$4" 'if
		    .kind == "rows" and (.name | IN($volatile[0][]))
		    then del(.checksum) else . end' "$work/$side.jsonl" \
		    >"$work/$side.compared"
	done
	cmp -s "$work/$2.compared" "$work/$3.compared" || {
		$MG_JQ -nr --slurpfile a "$work/$2.compared" \
		    --slurpfile b "$work/$3.compared" \
		    -f "$MG_SHARE/drift.jq" >"$work/diff"
		refuse "$1" "$work/diff"
	}
}

# Roles belong to the server: a baseline that needs them cannot make them.
same_roles() {
	roles >"$work/roles.after"
	cmp -s "$work/roles.before" "$work/roles.after" && return
	diff "$work/roles.before" "$work/roles.after" >"$work/diff" || :
	refuse 'the migrations make roles, which belong to the server and not \
to a database: MG_SCRATCH_URL may be one that has them' "$work/diff"
}

roles() {
	$MG_PSQL -XqAtc "select rolname from pg_roles where rolname !~ '^pg_'
	    order by rolname collate \"C\""
}

# on URL COMMAND...: with that database, whose URL no process list shows
on() (
	DATABASE_URL=$1
	shift
	exec "$@"
)

progress() {
	[ ! -t 2 ] || echo "consolidate: $*" >&2
}

# refuse WORD [FILE]: with what is in the file
refuse() {
	[ -z "${2:-}" ] || cat "$2" >&2
	echo "consolidate: $1" >&2
	exit 1
}

main
