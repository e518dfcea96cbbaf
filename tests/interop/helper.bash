# helper.bash - real Prisma beside mg: what every file of this folder loads
#
# make interop puts Prisma where it is looked for, $BUILD/interop.  Without it
# each test is skipped.
#
# A test has a project of its own, with databases of its own:
#
#	setup() { project; databases theirs ours; }
#	on theirs prisma deploy
#	on ours apply
#	alike objects history
#
# shellcheck disable=SC2154 # run sets output

load ../helper/common

PRISMA=${BUILD:-$ROOT/build}/interop
unset "${!PRISMA_@}"
export NO_COLOR=1 CHECKPOINT_DISABLE=1 PRISMA_HIDE_UPDATE_MESSAGE=1

# The engine is the one in WebAssembly.  Of the native ones Prisma asks whether
# they are there, and resolve whether they can connect, and true says yes.
export PRISMA_QUERY_ENGINE_LIBRARY=/bin/true
export PRISMA_SCHEMA_ENGINE_BINARY=/bin/true

#
# The sandbox
#

# project: work in an empty Prisma project; ./migrations is where it has them
project() {
	local reason
	! reason=$(missing) || skip "skipped: $reason"
	cd "${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}" || return
	mkdir -p prisma/migrations hidden
	cp "$ROOT/tests/interop/prisma.config.ts" .
	cp "$ROOT/tests/interop/schema.prisma" prisma
	ln -s "$PRISMA/node_modules" .
	ln -s prisma/migrations .
	echo 'provider = "postgresql"' >migrations/migration_lock.toml
}

# missing: say what keeps Prisma from judging, or fail
missing() {
	local program
	for program in node npm; do
		command -v "$program" >/dev/null && continue
		echo "$program is not installed"
		return
	done
	[ ! -e "$PRISMA/stamp" ] && echo 'Prisma is not installed: make interop'
}

# hide PATH..., show [PREFIX]: take migrations out of the project, and put
# those back whose names begin so
hide() {
	mv "$@" hidden
}

show() {
	mv hidden/"${1:-}"* migrations
}

# databases NAME...: make empty ones for this test alone
databases() {
	local name
	for name; do
		createdb -T template0 "$(called "$name")"
	done
}

# called NAME: what the server calls that database
called() {
	echo "mg_${BATS_SUITE_TEST_NUMBER:-file}_$1"
}

# copy FROM TO: make a database that equals one of this test
copy() {
	createdb -T "$(called "$1")" "$(called "$2")"
}

# on NAME COMMAND...: run it where Prisma, mg and psql find that database
on() {
	local -x PGDATABASE DATABASE_URL
	PGDATABASE=$(called "$1")
	DATABASE_URL=$(url "$PGDATABASE")
	shift
	"$@"
}

#
# The two who migrate
#

# prisma deploy|status|resolve...
prisma() {
	node "$PRISMA/node_modules/prisma/build/index.js" migrate "$@"
}

mark() {
	records && mg-mark "$@" <records
}

# states: name and state of each migration, as mg-status has them
states() {
	records && mg-status <records >records.states
	jq -r '.name + " " + .state' records.states
}

# state NAME: of that one
state() {
	states | sed -n "s/^$1 //p"
}

# agreed: both say that everything is applied, and neither changes a thing
agreed() {
	history >before
	run -0 prisma deploy
	has "$output" 'No pending migrations to apply.'
	run -0 prisma status
	has "$output" 'Database schema is up to date!'
	run -0 apply
	is '' "$output"
	is applied "$(states | sed 's/.* //' | sort -u)"
	history >after
	same before after
}

#
# What is in a database
#

# history: every row, without what no two runs share; in the order of names,
# as one millisecond of Prisma's clock can hold two rows
history() {
	sql "SELECT migration_name, checksum, applied_steps_count,
		finished_at IS NOT NULL, rolled_back_at IS NOT NULL,
		coalesce(quote_literal(logs), 'null'), started_at <= finished_at,
		started_at <= rolled_back_at, id ~ ('^[0-9a-f]{8}-[0-9a-f]{4}-' ||
		    '4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\$')
	    FROM _prisma_migrations
	    ORDER BY migration_name COLLATE \"C\", started_at, finished_at"
}

# objects: the catalog, as text that can be compared
objects() {
	pg_dump -s "$@" | unguarded
}

# rows: of every table but the history
rows() {
	pg_dump -a --inserts -T _prisma_migrations | unguarded
}

# unguarded: without the random word that pg_dump 15.14 puts around its output
unguarded() {
	sed '/^\\\(un\)\{0,1\}restrict /d'
}

#
# Asserts
#

# same FILE FILE: fail, showing the difference
same() {
	diff -u "$1" "$2" >&2
}

# alike WHAT...: each of these prints the same of both databases
alike() {
	local what
	for what; do
		on theirs "$what" >"$what.theirs"
		on ours "$what" >"$what.ours"
		same "$what.theirs" "$what.ours"
	done
}
