# backups.sh - look after the backups that there are
#
# usage: sh backups.sh WORK TARGET
#
# make backups and its kin run this, with their variables in the environment.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2153,SC2154
# shellcheck source=share/workplace.sh
. "$MG_SHARE/workplace.sh"

main() {
	self=$1
	read_environment || fail "$environment_is_wrong"
	case $1 in
	backups) list ;;
	backup-prune) prune ;;
	backup-check) check ;;
	restore-rehearsal) rehearse ;;
	esac
}

list() {
	if [ -d "$MG_BACKUPS" ]; then
		mg_backup --list
	else
		echo "$MG_BACKUPS: there is none yet; make backup takes one"
	fi
}

prune() {
	read_switch DRY_RUN || fail "$switch_is_wrong"
	[ "$switch" = false ] || set -- -n
	mg_backup --prune ${KEEP:+--keep "$KEEP"} \
	    ${KEEP_DAYS:+--keep-days "$KEEP_DAYS"} \
	    ${environment:+--label "$environment"} "$@"
}

check() {
	[ -n "$FILE" ] || fail "FILE= says which; make backups lists them"
	mg_backup --check -- "$FILE"
	echo "$FILE: is what was written"
}

# The newest one, and not the newest that is whole: what is wrong with it has
# to be known.
rehearse() {
	[ -n "$FILE" ] || find_newest
	mg_backup --rehearse -- "$FILE"
	echo "$FILE: restores to what was backed up"
}

find_newest() {
	mg_backup --list --records >"$work/records.jsonl"
	FILE=$($MG_JQ -nr --arg of "$environment" 'first(inputs |
	    select($of == "" or .label == $of)) | .path' \
	    "$work/records.jsonl")
	[ -n "$FILE" ] || fail "$MG_BACKUPS: there is none" \
	    "${environment:+of $environment }yet; make backup takes one"
}

mg_backup() {
	setpriv --pdeathsig TERM $MG_BACKUP -o "$MG_BACKUPS" "$@" &
	await $!
}

main "$2"
