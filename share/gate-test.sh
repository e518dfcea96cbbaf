# gate-test.sh - run the project's tests before anything else runs
#
# usage: sh gate-test.sh RUN
#
# make deploy runs this in production.  Tests that empty their tables have no
# business in the database that is deployed to: they do not learn where it is.
#
# shellcheck shell=sh disable=SC2086,SC2016,SC2154,SC2034,SC2153
# shellcheck source=share/step.sh
. "$MG_SHARE/step.sh"
# shellcheck source=share/environment.sh
. "$MG_SHARE/environment.sh"

main() {
	read_route
	is_pending || exit 0
	read_switch TEST_MIGRATIONS
	if [ -z "$TEST_CMD" ] && [ "$switch" = false ]; then
		skip test "NO TESTS: TEST_CMD= says what to run," \
		    "TEST_MIGRATIONS=1 runs make test-migrations"
		exit 0
	fi
	[ "$switch" = false ] || try "make test-migrations" \
	    "$MG_PROJECT_MAKE test-migrations"
	[ -z "$TEST_CMD" ] || {
		unset MAKEFLAGS MFLAGS MAKELEVEL
		try "TEST_CMD" "$TEST_CMD"
	}
	log test '{ tests: "passed" }'
}

# try WHAT COMMAND
try() {
	env -u DATABASE_URL -u DIRECT_URL sh -c "$2" 9<&- &
	await $! || refuse "$1 failed with $status; nothing was applied"
}

main
