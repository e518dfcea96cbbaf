# seed.sh - fill a database
#
# usage: sh seed.sh
#
# make seed and make reset run this, with their variables in the environment.
# Under the migration lock, so that nobody changes the tables meanwhile; a
# program finds the database in libpq's variables, too.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086,SC2153,SC2154
set -eu
# shellcheck source=share/environment.sh
. "$MG_SHARE/environment.sh"
# shellcheck source=share/seeds.sh
. "$MG_SHARE/seeds.sh"

main() {
	read_environment || fail "$environment_is_wrong"
	read_switch FORCE || fail "$switch_is_wrong"
	[ "$environment" != production ] || [ "$switch" = true ] ||
	    fail "ENVIRONMENT=production has rows of its own, and nothing was" \
		"changed: FORCE=1 adds the seed's nevertheless"
	find_seed
	case $seed in
	*.sql) set -- $MG_PSQL -Xq1 -v ON_ERROR_STOP=1 -f "$seed" ;;
	*) set -- "$seed" ;;
	esac
	$MG_LOCK -- "$@" || fail "$SEED failed"
	echo "seeded by $SEED"
}

fail() {
	echo "seed: $*" >&2
	exit 1
}

main
