# rollback.sh - ask which backup to go back to
#
# usage: sh rollback.sh WORK
#
# make rollback runs this, with its variables in the environment.  restore.sh
# then says what would be missing, asks, and does it.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2153,SC2154
# shellcheck source=share/workplace.sh
. "$MG_SHARE/workplace.sh"

main() {
	read_environment || fail "$environment_is_wrong"
	if [ -z "$FILE" ]; then
		[ -t 0 ] || fail "there is no terminal to ask on: FILE= says" \
		    "which backup, make backups lists them; nothing was changed"
		list
		show
		ask
	fi
	rm -rf "$work"
	export FILE
	exec sh "$MG_SHARE/restore.sh" "${work%/*}"
}

# list: a line for each into $work/table, and its path into $work/paths
list() {
	: >"$work/backups.jsonl"
	[ ! -d "$MG_BACKUPS" ] || $MG_BACKUP -o "$MG_BACKUPS" --list \
	    --records >"$work/backups.jsonl"
	[ -s "$work/backups.jsonl" ] || fail "$MG_BACKUPS: there is no backup" \
	    "to go back to; make backup takes one"
	read_history
	$MG_JQ -nr -L "$MG_SHARE" --arg of "$environment" \
	    --arg known "$known" --slurpfile backups "$work/backups.jsonl" \
	    --slurpfile states "$work/states.jsonl" \
	    -f "$MG_SHARE/rollback.jq" >"$work/both"
	sed -n 'p;n' "$work/both" >"$work/paths"
	sed -n 'n;p' "$work/both" >"$work/table"
}

# read_history: $known, unless nobody can tell, as where the database is gone
read_history() {
	known=true
	$MG_STATUS -q </dev/null >"$work/states.jsonl" 2>"$work/why" || {
		known=false
		echo "$self: what each would lose is not known:" \
		    "$(head -n 1 "$work/why")" >&2
	}
}

show() {
	count=$(wc -l <"$work/paths")
	[ "$count" != 0 ] || fail "$MG_BACKUPS: there is none" \
	    "${environment:+of $environment }that is whole; make backups" \
	    "lists what there is"
	cat "$work/table"
	! grep -q '"error":' "$work/backups.jsonl" ||
	    echo "$self: what is not whole is left out; make backups names it" >&2
}

# ask: $FILE, or the end
ask() {
	while :; do
		printf '%s: go back to which? [number, or q] ' "$self" >&2
		read -r answer || answer=
		case $answer in
		'' | q | quit) fail "nothing was changed" ;;
		*[!0-9]* | 0* | ?????*) ;;
		*) FILE=$(sed -n "${answer}p" "$work/paths") ;;
		esac
		[ -z "$FILE" ] || return 0
		echo "$self: $answer is no number from 1 to $count" >&2
	done
}

main
