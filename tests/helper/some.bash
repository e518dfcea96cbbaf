# some.bash - lines drawn by the $seed of whoever loads it
#
# shellcheck disable=SC2154 # what they set

# some COUNT: of the lines of standard input; cut is a fault for some
some() {
	local line
	{
		RANDOM=$((seed % 32768))
		while read -r line; do
			printf '%05d %s\n' "$RANDOM" "$line"
		done
	} | sort | command cut -d' ' -f2- | sed "$1q"
}
