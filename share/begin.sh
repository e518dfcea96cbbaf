# begin.sh - begin a migration, and have it written
#
# usage: sh begin.sh
#
# make migrate NAME= runs this before it applies what is pending, with its
# variables in the environment.  As with a commit message, nothing written is a
# change of mind.
#
# shellcheck shell=sh
set -eu

main() {
	[ -t 0 ] || fail "there is no terminal to write it at, and nothing was" \
	    "changed: make new NAME=$NAME makes an empty one; write it, then" \
	    "make migrate"
	list=$(sh "$MG_SHARE/migrate-create.sh" none)
	script=$(echo "$list" | head -n 1)
	down=${script%/*}/down.sql
	set -- "$script"
	[ ! -e "$down" ] || set -- "$@" "$down"
	eval "${VISUAL:-${EDITOR:-vi}}" '"$@"' ||
	    fail "the editor failed: $script is there, and not applied"
	[ -s "$script" ] || drop
}

drop() {
	rm -f "$script" "$down"
	rmdir "${script%/*}"
	fail 'nothing was written, so there is no migration'
}

fail() {
	echo "migrate: $*" >&2
	exit 1
}

main
