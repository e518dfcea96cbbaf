# rounds.bash - which rounds there are, in words that perform understands
#
# shellcheck disable=SC2154 # what run sets

# What those wait for who are inside of a statement can be held up; the others
# do not wait for anybody.
readonly WAITING='8 9 32 34 35 36'
readonly ALONE=37 # in its script, and without a point

# rounds: all of this run, a line each
rounds() {
	local count=${ROUNDS:-}
	if [ -n "${HISTORY:-}" ]; then
		: >"$work/everywhere"
	else
		everywhere >"$work/everywhere"
	fi
	: "${count:=$(($(wc -l <"$work/everywhere") + 48))}"
	if [ "$count" -lt "$(wc -l <"$work/everywhere")" ]; then
		{ cat "$work/everywhere" && anywhere 48; } | some "$count"
	else
		cat "$work/everywhere"
		anywhere $((count - $(wc -l <"$work/everywhere")))
	fi
	echo 'race of 3 beside 2 Prisma'
}

# everywhere: faults at every boundary
everywhere() {
	local n writes
	writes=$(cat "$work/writes.whole")
	for ((n = 1; n <= 40; n++)); do
		[ "$n" != "$ALONE" ] || continue
		printf '%s at statement %s\n' SIGINT $n SIGTERM $n SIGKILL $n \
		    vanish $n
	done
	for ((n = 1; n <= writes; n++)); do
		printf '%s at write %s\n' SIGINT $n vanish $n
	done
	for n in $WAITING; do
		printf '%s inside statement %s\n' SIGTERM "$n" vanish "$n"
	done
	printf 'race of %s with 0 killed, seed 0\n' 2 5 20
}

# anywhere COUNT: as the seed has it, a little of each kind
anywhere() {
	local i bytes ms=80 place writes
	bytes=$(cat "$work/bytes.$(history_of '')")
	writes=$(cat "$work/writes.$(history_of '')")
	[ -z "${HISTORY:-}" ] || ms=$(cat "$work/ms.own")
	RANDOM=$((seed % 32768))
	for ((i = 0; i < $1; i++)); do
		choose_place
		case $((i % 16)) in
		0 | 4 | 8 | 12) echo "cut at byte $(((RANDOM * 32768 + RANDOM) % bytes))" ;;
		1 | 5 | 13) echo "crash $place" ;;
		2) echo "restart $place" ;;
		3) echo "fill $place" ;;
		6) echo "lose $place" ;;
		7 | 9) echo "SIGKILL after $((RANDOM % ms)) ms" ;;
		10) echo "SIGTERM after $((RANDOM % ms)) ms" ;;
		14) echo "outage $place" ;;
		11 | 15) echo "race of $((RANDOM % 6 + 2)) with $((RANDOM % 3 + 1)) killed, seed $RANDOM" ;;
		esac
	done
}

# choose_place: any, as $place; a subshell would not know the seed
choose_place() {
	local waiting n kind=$((RANDOM % 5))
	# In another's history we have no statements that wait.
	[ -z "${HISTORY:-}" ] || kind=1
	case $kind in
	0)
		read -ra waiting <<<"$WAITING"
		place="inside statement ${waiting[RANDOM % ${#waiting[@]}]}"
		;;
	1 | 2) place="at write $((RANDOM % writes + 1))" ;;
	*)
		n=$((RANDOM % 40 + 1))
		place="at statement $((n == ALONE ? n + 1 : n))"
		;;
	esac
}
