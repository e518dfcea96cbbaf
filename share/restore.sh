# restore.sh - bring a backup back, or leave everything as it is
#
# usage: sh restore.sh WORK
#
# make restore runs this, with its variables in the environment, and so does
# make rollback, once it is known which backup.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086,SC2153,SC2154
# shellcheck source=share/workplace.sh
. "$MG_SHARE/workplace.sh"

main() {
	read_environment || fail "$environment_is_wrong"
	[ -n "$FILE" ] || fail "FILE= says which; make backups lists them, and" \
	    "make rollback asks; nothing was changed"
	options=
	choose_option DRY_RUN -n
	choose_option YES --yes
	need_answer
	choose_option TERMINATE --terminate
	choose_option IN_PLACE --in-place
	choose_option DROP_OLD --drop-old
	warn_of_label
	restore
}

# choose_option VARIABLE OPTION
choose_option() {
	read_switch "$1" || fail "$switch_is_wrong"
	[ "$switch" = false ] || options="$options $2"
}

# Before anything is read, for that takes its time.
need_answer() {
	[ -n "$options" ] || [ -t 0 ] || fail "there is no terminal to ask" \
	    "on: YES=1 restores without a question, DRY_RUN=1 only says what" \
	    "would be missing; nothing was changed"
}

warn_of_label() {
	case ${environment:-none},/$FILE in
	none,* | *"/backup_${environment}_"*) ;;
	*) echo "$self: warning: ENVIRONMENT is $environment, and the name of" \
	    "$FILE says something else" >&2 ;;
	esac
}

restore() {
	status=0
	# A shell gives /dev/null to what it puts into the background.
	exec 3<&0
	setpriv --pdeathsig TERM $MG_RESTORE $options $MG_RESTORE_FLAGS -- \
	    "$FILE" <&3 3<&- >"$work/kept" &
	await $! || status=$?
	case $status,$options in
	0,*) tell_kept ;;
	75,*--terminate*) ;;
	75,*) echo "$self: TERMINATE=1 ends who is connected, if that is why" \
	    >&2 ;;
	esac
	exit "$status"
}

tell_kept() {
	[ -s "$work/kept" ] || return 0
	cat "$work/kept"
	echo "$self: what was there before is kept as that database;" \
	    "mg-restore --drop-old drops it when all is well" >&2
}

main
