# rounds.bash - which rounds there are, in words that perform understands
#
# A round is steps with commas between them, each of them who goes, how far,
# and maybe what ends it there:
#
#	mg of 6			what release 6 has
#	mg to 6			of the last release, with --to
#	Prisma of 6		prisma migrate deploy, in release 6
#	knex of 6		knex migrate:latest, in release 6
#	knex up 6		knex migrate:up, which is one migration
#	SIGTERM, SIGKILL	the signal; the server does what it has begun
#	vanish			SIGKILL, and the server notices at once
#	before N, behind N	before and behind what migration N does
#	after N ms		when it has run for so long
#
# shellcheck disable=SC2154 # what run sets

readonly ENDS=(SIGKILL vanish SIGTERM)

# rounds: all of this run, a line each
rounds() {
	local all count=${ROUNDS:-}
	everywhere >"$work/everywhere"
	all=$(wc -l <"$work/everywhere")
	: "${count:=$((all + 24))}"
	if [ "$count" -lt "$all" ]; then
		{ cat "$work/everywhere" && anywhere 24; } | some "$count"
	else
		cat "$work/everywhere"
		anywhere $((count - all))
	fi
}

# everywhere: every order of the two halves, and each ended at every boundary
everywhere() {
	local half=$((LAST / 2)) end place
	echo "Prisma of $half, knex of $half, mg to $LAST"
	echo "knex of $half, Prisma of $half, mg of $LAST"
	echo "mg to $half, Prisma of $LAST, knex of $LAST"
	echo "mg of $half, knex of $LAST, Prisma of $LAST"
	by_turns
	for end in "${ENDS[@]}"; do
		for place in before behind; do
			ended_at mg to "$end" "$place"
			ended_at Prisma of "$end" "$place"
			ended_at knex of "$end" "$place"
		done
	done
}

# by_turns: each migration by the tool whose it is
by_turns() {
	local n step line=
	for ((n = 1; n <= LAST; n++)); do
		case $(kind "$n") in
		Prisma) step="Prisma of $n" ;;
		knex) step="knex up $n" ;;
		*) step="mg to $n" ;;
		esac
		line+=", $step"
	done
	echo "${line#, }"
}

# ended_at WHO HOW END PLACE: at each of its migrations in one round
ended_at() {
	local n line=
	for ((n = 1; n <= LAST; n++)); do
		[ "$1" != mg ] && [ "$1" != "$(kind "$n")" ] ||
		    line+=", $1 $2 $LAST $3 $4 $n"
	done
	echo "${line#, }"
}

# anywhere COUNT: as the seed has it
anywhere() {
	local i cut line
	RANDOM=$((seed % 32768))
	for ((i = 0; i < $1; i++)); do
		line=
		for ((cut = RANDOM % 4; cut < LAST; cut += RANDOM % 4)); do
			choose_step $((cut + 1))
			line+=", $step"
		done
		echo "${line#, }"
	done
}

# choose_step N: any that goes so far, as $step; a subshell would not know the
# seed
choose_step() {
	local steps=("mg to" "mg of" "Prisma of" "knex of" "knex up")
	local end=${ENDS[RANDOM % 3]}
	step="${steps[RANDOM % 5]} $1"
	case $((RANDOM % 6)) in
	0) step+=" $end before $((RANDOM % $1 + 1))" ;;
	1) step+=" $end behind $((RANDOM % $1 + 1))" ;;
	2) step+=" $end after $((RANDOM % 1500)) ms" ;;
	esac
}
