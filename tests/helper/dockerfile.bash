# dockerfile.bash - read the Dockerfile of share/examples

# instructions WORD [STAGE]: what stands behind it, a line each, in the last
# stage, or in the one called STAGE
instructions() {
	awk -v word="$1" -v stage="${2:-}" '
		/^#/ { next }
		sub(/\\$/, "") { whole = whole $0; next }
		{ line = whole $0; whole = ""; gsub(/[ \t]+/, " ", line) }
		line ~ /^FROM / {
			count = split(line, part, " ")
			here = count == 4 ? part[4] : ""
		}
		here == stage && index(line, word " ") == 1 {
			print substr(line, length(word) + 2)
		}' "$ROOT/share/examples/Dockerfile"
}

# exec_form: of the standard input, the words of ["a", "b"], a line each
exec_form() {
	jq -r '.[]'
}

# healthcheck: its command
healthcheck() {
	instructions HEALTHCHECK | sed 's/.* CMD //'
}
