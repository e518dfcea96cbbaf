# listing.bash - what two databases must have in common to be equal
#
# The catalog, the rows and what pg_dump says, as files.  Rows that tell when
# they were made are told to the clock, as share/prove.sh does it; of tables
# whose rows come by chance only how many there are can be compared.
#
# shellcheck disable=SC2154 # what run sets

# on DATABASE COMMAND...: with that one, for libpq and for mg
on() {
	local -x PGDATABASE DATABASE_URL
	PGDATABASE=$1 DATABASE_URL=$(url "$1")
	shift
	"$@"
}

now() {
	date -u -d "now + ${1:-0 seconds}" '+%Y-%m-%d %H:%M:%S'
}

# catalog DATABASE: its objects, and how many rows there are, which they are
# too where that can be said
catalog() {
	on "$1" mg-catalog --no-owners --data >catalog.raw
	jq -c --slurpfile loose "$work/loose.json" 'if .kind == "rows" and
	    (.name | IN($loose[0][])) then del(.checksum) else . end' catalog.raw
}

# rows DATABASE: the rows themselves
rows() {
	on "$1" mg-dump -q --data --privileges >rows.dump
	jq -Rr --arg from "$(cat "$work/began")" --arg to "$(now '1 second')" \
	    -f "$ROOT/share/clock.jq" rows.dump >rows.timeless
	jq -Rs -L "$ROOT/share" 'include "rows"; rows' rows.timeless >rows.all
	jq -S --slurpfile chance "$work/chance.json" \
	    'with_entries(if .key | IN($chance[0][]) then .value |= length
		else . end)' rows.all
}

# dumped DATABASE [OPTION...]: what pg_dump says of it, but for the random
# words around, and for what is kept of migrations
dumped() {
	on "$1" pg_dump -T _prisma_migrations -T _mg_replaced "${@:2}" >dumped
	grep -Ev '^\\(un)?restrict ' dumped
}

# list DATABASE PREFIX: all three
list() {
	catalog "$1" >"$2.catalog"
	rows "$1" >"$2.rows"
	dumped "$1" -s >"$2.schema"
}

# equals PREFIX: this round's database is what was listed there
equals() {
	list "$database" ours
	named "$1.catalog" ours.catalog
	diff "$1.rows" ours.rows
	diff "$1.schema" ours.schema
	is "$(digest "${1##*/}")" "$(digest "$database")"
}

digest() {
	on "$1" mg-catalog --digest --no-owners
}

# named WANT GOT: fail, with a name for each difference, if catalogs differ
named() {
	! cmp -s "$1" "$2" || return 0
	jq -nr --slurpfile a "$2" --slurpfile b "$1" -f "$ROOT/share/drift.jq"
	return 1
}
