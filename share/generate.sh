# generate.sh - have the client made
#
# usage: sh generate.sh
#
# make generate runs this, with its variables in the environment.
#
# shellcheck shell=sh
set -eu

[ -n "$GENERATE_CMD" ] || {
	echo "generate: nobody says how: GENERATE_CMD='npx prisma generate'" >&2
	exit 1
}
(eval "$GENERATE_CMD") || {
	echo "generate: '$GENERATE_CMD' failed" >&2
	exit 1
}
