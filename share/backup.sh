# backup.sh - take a backup as the project keeps them
#
# To be read by scripts that have read package.sh and environment.sh; MG_BACKUP,
# MG_BACKUPS and MG_BACKUP_FLAGS come from make.
#
#	read_environment || fail "$environment_is_wrong"
#	take_backup "$work/path" --rehearse
#	warn_unignored
#
# What reads this has set -e, and must leave it to work: no || and no if around
# take_backup.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086,SC2154

# take_backup FILE [OPTION...]: of the database, labelled by $environment, if
# there is one; its path comes into FILE.  It has a name, and is one, before it
# is rehearsed.
take_backup() {
	path=$1
	shift
	setpriv --pdeathsig TERM $MG_BACKUP -o "$MG_BACKUPS" \
	    ${environment:+--label "$environment"} "$@" $MG_BACKUP_FLAGS \
	    >"$path" &
	await $!
}

# warn_unignored: if git would take backups along, with what is in the tables
warn_unignored() {
	status=0
	git check-ignore -q -- "$MG_BACKUPS" 2>/dev/null || status=$?
	# Anything else is no work tree, or not this one.
	[ "$status" = 1 ] || return 0
	top=$(git rev-parse --show-toplevel)
	echo "$self: warning: git does not ignore $MG_BACKUPS, which hold what" \
	    "is in the tables; a line for $top/.gitignore:" >&2
	echo "/$(realpath --relative-to="$top" "$MG_BACKUPS")/" >&2
}
