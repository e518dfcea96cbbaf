# setup_suite.bash - one throw-away server for the whole run
#
# Set MG_TEST_SERVER to the socket directory of a running server, with a
# superuser postgres, to use that; and MG_PGBIN to the folder of the server
# programs that tests shall use for servers of their own.

setup_suite() {
	unset "${!PG@}"
	export PGUSER=postgres PGHOST=${MG_TEST_SERVER:-}
	# The real programs, not what finds them on Debian and is slow to.
	PATH=$(pg_config --bindir):$PATH
	if [ -n "$PGHOST" ]; then
		choose_strategy
		return
	fi
	PGHOST=$(mktemp -d "${TMPDIR:-/tmp}/mg.XXXXXX") # a socket's name must be short
	[ "$(id -u)" != 0 ] || chown postgres "$PGHOST"
	server_data "$PGHOST/data" &&
	    server pg_ctl -w -s -D "$PGHOST/data" -l "$PGHOST/log" start \
		-o "-k $PGHOST -c listen_addresses= -c fsync=off" &&
	    choose_strategy
}

teardown_suite() {
	[ -z "${MG_TEST_SERVER:-}" ] || return 0
	server pg_ctl -s -m immediate -D "$PGHOST/data" stop
	rm -rf "$PGHOST"
}

# choose_strategy: for createdb of tests; as servers do by themselves since 15,
# through the WAL, takes nearly twice as long
choose_strategy() {
	export CREATEDB_STRATEGY=
	[ "$(psql -XqAtc 'show server_version_num' template1)" -lt 150000 ] ||
	    CREATEDB_STRATEGY=--strategy=file_copy
}

# server_data DIRECTORY: what initdb makes of it, or a copy of what it made for
# the first server of this run, which is a fifth of the work
server_data() {
	local first=${TEST_SERVER_DATA:-${BATS_SUITE_TMPDIR:-$BATS_FILE_TMPDIR}/data}
	if [ -d "$first" ]; then
		cp -a "$first" "$1"
		return
	fi
	server initdb -N -A trust -U postgres -E UTF8 --locale=C.UTF-8 \
	    -D "$1" >/dev/null && cp -a "$1" "$first.$BASHPID" || return
	# Another may have been as fast.
	mv -nT "$first.$BASHPID" "$first" || true
	rm -rf "$first.$BASHPID"
}

# server PROGRAM ARG...: run a server program, not as root, which it refuses,
# from a folder that any user can enter, and not with bats' own descriptors,
# which bats waits for
server() (
	local program
	program=${MG_PGBIN:-$(pg_config --bindir)}/$1
	shift
	cd / || return
	if [ "$(id -u)" = 0 ]; then
		runuser -u postgres -- "$program" "$@"
	else
		"$program" "$@"
	fi 3>&- 4>&-
)
