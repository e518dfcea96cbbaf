# rounds.bash - which rounds there are, in words that perform understands
#
# bash draws numbers that no seed knows in a subshell, so none is here.
#
# shellcheck disable=SC2154 # what run sets

# rounds: all of this run, a line each
rounds() {
	local n all starts statements
	all=$(wc -l <"$work/whole/records")
	starts=$(wc -l <"$work/starts/originals")
	mapfile -t statements < <(lasting | cut -d ' ' -f 1)
	RANDOM=$((seed % 32768))
	echo equality
	draw "${CUTS:-2}" 1 $((all - 1))
	each 'cut after %s'
	draw "$(removal_count)" 0 $((${#statements[@]} - 1))
	for n in "${drawn[@]}"; do
		echo "removal of statement ${statements[n]}"
	done
	seq -f 'start after %g' 0 "$starts"
	draw 2 1 $((starts - 1))
	each 'start after %s with a failed one'
	releases
	kills "${ROUNDS:-6}"
}

# each FORMAT: a line for each number that was drawn
each() {
	# shellcheck disable=SC2059
	[ "${#drawn[@]}" = 0 ] || printf "$1\n" "${drawn[@]}"
}

# lasting: the statements of the baseline, without those that set what no
# database keeps
lasting() {
	grep -Ev '^[0-9]+ (SET|SELECT pg_catalog\.set_config)\>' \
	    "$work/statements"
}

# The statements of concat are not all needed.
removal_count() {
	case ${METHOD:-squash} in
	squash) echo "${REMOVALS:-30}" ;;
	*) echo 0 ;;
	esac
}

# draw COUNT FROM TO: different numbers, into $drawn
draw() {
	local had=' ' n count=$1 all=$(($3 - $2 + 1))
	drawn=()
	[ "$count" -lt "$all" ] || count=$all
	while [ "${#drawn[@]}" -lt "$count" ]; do
		n=$(($2 + (RANDOM * 32768 + RANDOM) % all))
		case $had in *" $n "*) continue ;; esac
		had+="$n "
		drawn+=("$n")
	done
}

# kills COUNT: half of them near the end, where the folder changes
kills() {
	local i who=(all make) change=(newer edited) part=(run end)
	local server=(own own other)
	for ((i = 0; i < $1; i++)); do
		echo "kill ${who[RANDOM % 2]} $((RANDOM % 110)) %" \
		    "into the ${part[i % 2]}, ${change[i / 2 % 2]}," \
		    "${server[RANDOM % 3]} server"
	done
}
