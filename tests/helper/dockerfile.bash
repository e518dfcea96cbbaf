# dockerfile.bash - read the Dockerfile of share/examples

# stage [NAME]: what is done in the last one, or in the one of that name, a line
# for each
stage() {
	awk -v stage="${1:-}" '
		/^#/ { next }
		sub(/\\$/, "") { whole = whole $0; next }
		{ line = whole $0; whole = ""; gsub(/[ \t]+/, " ", line) }
		line ~ /^FROM / {
			count = split(line, part, " ")
			here = count == 4 ? part[4] : ""
		}
		here == stage { print line }' "$ROOT/share/examples/Dockerfile"
}

# instructions WORD [STAGE]: what stands behind it
instructions() {
	stage "${2:-}" | sed -n "s/^$1 //p"
}

# exec_form: of ["a", "b"], the words, a line each
exec_form() {
	jq -r '.[]'
}

# entry_words [WORD...]: what a container runs, with those behind the image's
# name, in $command
entry_words() {
	local words=("$@")
	[ $# != 0 ] || mapfile -t words < <(instructions CMD | exec_form)
	mapfile -t command < <(instructions ENTRYPOINT | exec_form)
	command+=("${words[@]}")
}

# healthcheck: its command
healthcheck() {
	instructions HEALTHCHECK | sed 's/.* CMD //'
}
