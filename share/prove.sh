# prove.sh - make a baseline's script, prove that it is what the history makes
#
# usage: mg-scratch -- sh prove.sh RECORDS WORK METHOD
#
# Replays the history in two scratch databases, writes WORK/migration.sql, runs
# that in a third, and compares.  Exits 0 if they are equal; with diff, whose
# script is WORK/diff.sql, also if what differs is accepted.  What
# consolidate.sh has in its environment, names of programs, is needed here too.
#
# The names of programs may have options behind them, jq has its own $, and
# tells variables:
# shellcheck shell=sh disable=SC2086,SC2016,SC2154
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
# shellcheck source=share/checksum.sh
. "$MG_SHARE/checksum.sh"
# shellcheck source=share/scratch.sh
. "$MG_SHARE/scratch.sh"
# shellcheck source=share/catalog.sh
. "$MG_SHARE/catalog.sh"
# What clock.jq reads.
export PGTZ=UTC

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
	dump_timeless "$first" first
	write_script >"$work/migration.sql"
	apply_script
	wait "$listing"
	wait "$again" || refuse 'the second replay failed' "$work/second.err"
	progress 'comparing'
	check_volatile
	compare
}

replay_first() {
	now >"$work/first.from"
	on "$first" $MG_APPLY --no-concurrently <"$records" \
	    >"$work/first.applied" && return
	same_roles
	refuse 'the migrations do not run on an empty database'
}

replay_again() {
	now >"$work/second.from"
	on "$second" $MG_APPLY -q --no-concurrently <"$records" \
	    >"$work/second.applied" &&
	    catalog "$second" "$work/second.jsonl" &&
	    dump_timeless "$second" second
}

# With a comment on top that says what it is.
write_script() {
	proof='it was proven to make what they make'
	[ "$method" != diff ] ||
	    proof='metadata.json lists what it does not make as they do'
	$MG_JQ -rs '(.[] | "\(.checksum)  \(.name)"),
	    "-- The baseline of \(length) migrations, up to",
	    "-- \(.[-1].name | tojson);",
	    "-- \($proof).",
	    "-- Made on PostgreSQL \($version | rtrimstr("\n"));",
	    "-- of names and checksums with the checksum"' \
	    --arg proof "$proof" --rawfile version "$work/server_version" \
	    "$records" >"$work/header"
	tail -n 5 "$work/header"
	echo "-- $(head -n -5 "$work/header" | sha256sum | cut -c 1-64)"
	echo
	case $method in
	squash) cat "$work/first.sql" ;;
	concat) $MG_CONCAT --no-concurrently <"$records" ;;
	diff) cat "$work/diff.sql" ;;
	esac
}

# The rows of concat's script come anew, those of a squash are told in it.
dump() {
	case $method in
	squash) on "$1" $MG_DUMP --data --privileges ;;
	*) on "$1" $MG_DUMP --privileges ;;
	esac
}

# dump_timeless URL SIDE: with CURRENT_TIMESTAMP for what that side's clock said
dump_timeless() {
	from=$(cat "$work/$2.from") to=$(now '1 second')
	dump "$1" >"$work/$2.dump"
	if grep -qF "'${from%%-*}-
'${to%%-*}-" "$work/$2.dump"; then
		$MG_JQ -Rr --arg from "$from" --arg to "$to" \
		    -f "$MG_SHARE/clock.jq" "$work/$2.dump"
	else
		cat "$work/$2.dump"
	fi >"$work/$2.sql"
}

now() {
	date -u -d "now + ${1:-0 seconds}" '+%Y-%m-%d %H:%M:%S'
}

# As a migration like any other; what is compared then is listed and dumped.
apply_script() {
	rm -rf "$work/proof"
	mkdir -p "$work/proof/0_baseline"
	cp "$work/migration.sql" "$work/proof/0_baseline"
	list_records "$work/proof" "$work/proof.jsonl" -q
	now >"$work/fresh.from"
	on "$fresh" $MG_APPLY -q <"$work/proof.jsonl" >"$work/fresh.applied" ||
		refuse 'the baseline does not run on an empty database'
	dump_timeless "$fresh" fresh &
	dumping=$!
	catalog "$fresh" "$work/fresh.jsonl"
	list_objects "$work/catalog_digest" --digest
	wait "$dumping"
}

catalog() {
	on "$1" $MG_CATALOG --no-owners --data >"$2"
}

# Rows that two replays make differently are nobody's final state, but for what
# the clock says.  The script of concat makes them anew, a squash holds those of
# one replay.
check_volatile() {
	find_volatile >"$work/volatile.json"
	equal 'two replays differ' second first
	[ "$method" = squash ] || return 0
	eval "$($MG_JQ -r 'map_values(tojson) |
	    @sh "chance=\(.chance) asked=\(.asked)"' "$work/volatile.json")"
	if [ "$asked" != '[]' ]; then
		echo "consolidate: rows that differ from one replay to the" \
		    "next, by chance: $asked" >&2
		refuse "if what they are here is right for every database, put \
this list into $MG_CONSOLIDATED/volatile.json; or take METHOD=concat"
	fi
	[ "$chance" != '[]' ] ||
	    same_text 'two replays differ' second
}

find_volatile() {
	accepted=$MG_CONSOLIDATED/volatile.json
	[ -e "$accepted" ] || accepted=/dev/null
	$MG_JQ -n -L "$MG_SHARE" --slurpfile a "$work/first.jsonl" \
	    --slurpfile b "$work/second.jsonl" \
	    --rawfile x "$work/first.sql" --rawfile y "$work/second.sql" \
	    --slurpfile accepted "$accepted" -f "$MG_SHARE/volatile.jq"
}

# What the clock says is compared in the text, where it says nothing.
compare() {
	if [ "$method" = diff ]; then
		list_losses
		return
	fi
	: >"$work/losses"
	equal 'the baseline makes something else' fresh first
	same_text 'mg-dump tells the baseline from the replay' fresh
}

# same_text WORD SIDE: the dump is that of the first replay
same_text() {
	cmp -s "$work/$2.sql" "$work/first.sql" || {
		diff "$work/$2.sql" "$work/first.sql" >"$work/diff" || :
		refuse "$1" "$work/diff"
	}
}

# Prisma's script is published though it loses something, if asked for so.
list_losses() {
	differ fresh first >"$work/losses"
	[ "$ACCEPT_LOSS" = 1 ] || grep -q '^equal: ' "$work/losses" ||
	    refuse 'METHOD=diff loses what is missing here, and adds what is \
extra: METHOD=squash does not, ACCEPT_LOSS=1 takes it as it is' "$work/losses"
}

# equal WORD A B: as differ has it
equal() {
	! cmp -s "$work/$2.jsonl" "$work/$3.jsonl" || return 0
	differ "$2" "$3" >"$work/diff"
	cmp -s "$work/$2.compared" "$work/$3.compared" ||
	    refuse "$1" "$work/diff"
}

# differ A B: how the catalogs do, and of the volatile tables only how many
# rows there are
differ() {
	for side; do
		$MG_JQ -c --slurpfile found "$work/volatile.json" 'if
		    .kind == "rows" and (.name | IN($found[0].volatile[]))
		    then del(.checksum) else . end' "$work/$side.jsonl" \
		    >"$work/$side.compared"
	done
	name_differences "$work/$1.compared" "$work/$2.compared"
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
