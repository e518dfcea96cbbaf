# reset.sh - empty a database of development
#
# usage: sh reset.sh [drop]
#
# make reset runs this before it deploys anew, with its variables in the
# environment; and this runs itself under the migration lock, where libpq's
# variables lead to the database.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086,SC2153,SC2154
set -eu
# shellcheck source=share/environment.sh
. "$MG_SHARE/environment.sh"
# shellcheck source=share/ask.sh
. "$MG_SHARE/ask.sh"
# shellcheck source=share/seeds.sh
. "$MG_SHARE/seeds.sh"

main() {
	read_environment || fail "$environment_is_wrong"
	[ "$environment" = development ] || fail "only a database of" \
	    "development can be lost, and nobody says that this is one;" \
	    "nothing was changed: ENVIRONMENT=development says it"
	[ -z "$SEED" ] || find_seed
	exec $MG_LOCK -- sh "$MG_SHARE/reset.sh" drop
}

drop() {
	read_switch DRY_RUN || fail "$switch_is_wrong"
	dry_run=$switch
	psql_to reset-look.sql >"$work/told"
	check_host "$(head -n 1 "$work/told")"
	check_host "${PGHOSTADDR:-}"
	sed 1d "$work/told" >&2
	[ "$dry_run" = false ] || return 0
	ask 'All of that goes.'
	psql_to reset.sql >/dev/null || fail 'nothing was changed'
}

# psql_to FILE: which psql wants without .. in its path
psql_to() {
	$MG_PSQL -XqAt1 -v ON_ERROR_STOP=1 -v schemas="$RESET_SCHEMAS" \
	    -f "$share/$1"
}

# check_host HOST: as psql has it; a socket is a path
check_host() {
	case $1 in
	'' | /* | @* | localhost | 127.* | ::1) return ;;
	esac
	for one in $(echo "$RESET_HOSTS" | tr ',' ' '); do
		[ "$one" != "$1" ] || return 0
	done
	fail "the database is on $1, which is not this machine; nothing was" \
	    "changed: RESET_HOSTS=$1 says that it is yours to empty"
}

fail() {
	echo "reset: $*" >&2
	exit 1
}

if [ $# = 0 ]; then
	main
else
	share=$(cd -P "$MG_SHARE" && pwd)
	work=$(mktemp -d "$MG_WORK/reset.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' HUP INT TERM
	drop
fi
