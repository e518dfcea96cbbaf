# common.bash - what every test file loads

bats_require_minimum_version 1.5.0

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export ROOT

# Nothing of the user's, or of the make that runs us, may reach a test; what
# our own server needs comes from setup_suite in these variables, and MG_PGBIN.
for unwanted in "${!MG_@}"; do
	[ "$unwanted" = MG_PGBIN ] || unset "$unwanted"
done
unset unwanted MAKEFLAGS MAKELEVEL MFLAGS DATABASE_URL DIRECT_URL
unset PGSERVICE PGSERVICEFILE PGPASSWORD PGPASSFILE PGOPTIONS PGDATABASE
unset RAILWAY_GIT_BRANCH GITHUB_REF_NAME GITHUB_REF_TYPE CI_COMMIT_REF_NAME
unset CI_COMMIT_TAG BRANCH MODE RELEASE BUNDLE ENVIRONMENT FORCE DRY_RUN VERSION
unset GATES LINT TEST_CMD TEST_MIGRATIONS SKIP_BACKUP REHEARSE SKIP_MAINTENANCE
unset MAINTENANCE_ON_CMD MAINTENANCE_OFF_CMD CONTACT ESCALATION
unset SLACK_WEBHOOK_URL NOTIFY_CMD NOTIFY_TIMEOUT
export LC_ALL=C TZ=UTC

# sandbox: work in a directory that lasts as long as the test
sandbox() {
	cd "$BATS_TEST_TMPDIR" || return
}

# migration NAME SQL...: write one below ./migrations, a line for each SQL
migration() {
	local name=$1
	shift
	mkdir -p "migrations/$name"
	printf '%s\n' "$@" >"migrations/$name/migration.sql"
}

# script NAME: write standard input, byte by byte, as that migration's
script() {
	mkdir -p "migrations/$1"
	cat >"migrations/$1/migration.sql"
}

# records [DIR...]: the hashed records of ./migrations, or of the folders
# given, in ./records
records() {
	[ $# -gt 0 ] || set -- migrations
	mg-scan "$@" >records.scanned && mg-hash <records.scanned >records
}

# apply [OPTION...]: what ./migrations holds, to this test's database
apply() {
	records && mg-apply "$@" <records
}

# database: an empty one for this test alone; mg and libpq find it
database() {
	export PGDATABASE=mg_$BATS_SUITE_TEST_NUMBER
	createdb "$PGDATABASE"
	DATABASE_URL=$(url "$PGDATABASE")
	export DATABASE_URL
}

# createdb [OPTION...] NAME: as fast as the server can (setup_suite)
createdb() {
	# shellcheck disable=SC2086 # nothing, or a word
	command createdb ${CREATEDB_STRATEGY:-} "$@"
}

# url DATABASE [PARAMETERS]: as Prisma writes it
url() {
	echo "postgresql://$PGUSER@localhost/$1?host=$PGHOST${2:+&$2}"
}

# sql STATEMENT...: what psql prints of them, bare; up to the first that fails,
# each in a transaction of its own
sql() {
	local statement commands=()
	[ $# != 0 ] || return 0
	for statement; do
		commands+=(-c "$statement")
	done
	psql -XqAt -v ON_ERROR_STOP=1 "${commands[@]}"
}

# history COLUMNS: of the rows, by name
history_of() {
	sql "select $1 from _prisma_migrations order by migration_name, id"
}

# is WANT GOT: fail, showing both
is() {
	[ "$1" = "$2" ] && return
	printf 'want: %s\n got: %s\n' "$1" "$2" >&2
	return 1
}

# has TEXT PART...: each part is in the text
has() {
	local text=$1 part
	shift
	for part; do
		case $text in *"$part"*) continue ;; esac
		printf 'want: %s\n  in: %s\n' "$part" "$text" >&2
		return 1
	done
}

# fails STATUS MESSAGE COMMAND...: exits so, saying only that on stderr
fails() {
	local stderr='' want=$1 message=$2
	shift 2
	run "-$want" --separate-stderr "$@"
	is "$message" "$stderr"
}

# says STATUS PART COMMAND...: exits so, with that somewhere on stderr
says() {
	local stderr='' want=$1 part=$2
	shift 2
	run "-$want" --separate-stderr "$@"
	has "$stderr" "$part"
}
