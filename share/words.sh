# words.sh - tell people what happens, and keep what they were told
#
# To be read by step.sh.  The words of a deployment, and those of the programs
# that it runs, are in a file of their own, $words; what the commands of the
# user's say is not, as nobody knows what that is.
#
# shellcheck shell=sh disable=SC2034,SC2154
words='' keeper=''
[ ! -e "$run/words" ] || IFS= read -r words <"$run/words"

# begin_words: of a deployment, for whoever else may read the work folder they
# are not
begin_words() {
	[ -n "${MG_LOGS:-}" ] || return 0
	words=$MG_LOGS/migration_$(date -u +%Y%m%d_%H%M%S).log
	mkdir -p "$MG_LOGS" && (umask 077 && : >>"$words") || words=''
	echo "$words" >"$run/words"
}

say() {
	echo "$self: $*" >&2
	[ -n "$keeper" ] || note "$self: $*"
}

# note TEXT: where words are kept
note() {
	[ -z "$words" ] || echo "$1" >>"$words" || :
}

fail() {
	reason="$*"
	say "$*"
	exit 1
}

# keep_words: all that comes on standard error from now on, until end_words.  No
# signal ends who keeps them before those who speak.
keep_words() {
	[ -n "$words" ] || return 0
	rm -f "$run/speak"
	mkfifo "$run/speak"
	(
		trap '' HUP INT TERM
		exec tee -a "$words" "$run/heard" 9<&-
	) <"$run/speak" >&2 &
	keeper=$!
	exec 8>&2 2>"$run/speak"
}

end_words() {
	[ -n "$keeper" ] || return 0
	exec 2>&8 8>&-
	wait "$keeper" || :
	keeper=''
}
