# db-pull.sh - have the project's models written anew, as the database is
#
# make db-pull runs this, with its variables in the environment.
#
# shellcheck shell=sh disable=SC2086,SC2153
set -eu

main() {
	case $PULL_CMD in
	"$MG_PRISMA "*) runs $MG_PRISMA --version ;;
	*) runs command -v "${PULL_CMD%% *}" ;;
	esac || {
		echo "db-pull: there is no '$PULL_CMD' here: npm install has" \
		    "Prisma, PULL_CMD= names another command" >&2
		exit 1
	}
	exec sh -c "$PULL_CMD"
}

runs() {
	"$@" </dev/null >/dev/null 2>&1
}

main
