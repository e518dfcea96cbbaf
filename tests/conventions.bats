#!/usr/bin/env bats
# What holds for every tool and module, so that no test of theirs need say it.

load helper/common

# each_tool CHECK: run it once for every tool, named in $tool
each_tool() {
	for tool in "$ROOT"/tools/*.c; do
		tool=$(basename "$tool" .c)
		"$1" || { echo "$tool: $1" >&2; return 1; }
	done
}

has_page_and_tests() {
	[ -f "$ROOT/man/$tool.1" ] && [ -f "$ROOT/tests/$tool.bats" ]
}

# section NAME: of $tool's page, as the reader sees it
section() {
	mandoc -T ascii -O width=900 "$ROOT/man/$tool.1" |
	    sed 's/.\x08//g' | sed -n "/^$1\$/,/^[A-Z]/p" | sed '1d; /^[A-Z]/d'
}

# squeeze: all of standard input on one line
squeeze() {
	tr -s ' \n' '  ' | sed 's/^ //; s/ $//'
}

help_is_synopsis() {
	is "usage: $(section SYNOPSIS | squeeze)" \
	    "$("$tool" --help | sed -n 1p)"
}

# The long options are described by the page and listed by --help alike.
help_is_options() {
	is "$(section DESCRIPTION | grep -oE -- '^ +-.*--[a-z-]+|^ +--[a-z-]+' |
	    grep -oE -- '--[a-z-]+' | sort)" \
	    "$("$tool" --help | grep -E '^ +-' | grep -oE -- '--[a-z-]+' |
	    sort)"
}

tells_its_version() {
	is "$tool $(sed -n 's/^version := //p' "$ROOT/Makefile")" \
	    "$("$tool" --version)"
}

rejects_what_it_does_not_know() {
	says 2 "usage: $tool" "$tool" --no-such-option </dev/null
}

reports_a_full_disk() {
	run -3 bash -c "$tool --help >/dev/full"
}

setup() {
	sandbox
}

# Rows 263, 280.
@test "every tool has a page and tests" { each_tool has_page_and_tests; }
@test "--help starts with the page's synopsis" { each_tool help_is_synopsis; }
@test "--help lists the page's options" { each_tool help_is_options; }
@test "--version is the Makefile's" { each_tool tells_its_version; }
@test "an unknown option exits 2" { each_tool rejects_what_it_does_not_know; }
@test "a full disk exits 3" { each_tool reports_a_full_disk; }

@test "only tools, cli and mem may end the process" {
	run -0 bash -c "grep -lE '\<(err|errx|exit|abort)\(' '$ROOT'/lib/*.c"
	is "$ROOT"$'/lib/cli.c\n'"$ROOT/lib/mem.c" "$output"
}

@test "only db knows libpq" {
	run -0 bash -c "grep -l 'libpq-fe.h>' '$ROOT'/{lib,tools}/*.[ch]"
	is "$ROOT/lib/db.c
$ROOT/lib/db_connect.c
$ROOT/lib/db_open.c
$ROOT/lib/db_wait.c" "$output"
}

@test "only hash knows libcrypto and xxHash, only json and record jansson" {
	run -0 bash -c "grep -lE '<(openssl|xxhash)' '$ROOT'/{lib,tools}/*.[ch]"
	is "$ROOT/lib/hash.c" "$output"
	run -0 bash -c "grep -l '<jansson' '$ROOT'/{lib,tools}/*.[ch]"
	is "$ROOT/lib/json.h" "$output"
}

@test "only grammar knows libpg_query, and only mg-lint needs it" {
	run -0 bash -c "grep -l '<pg_query' '$ROOT'/{lib,tools}/*.[ch]"
	is "$ROOT/lib/grammar.c" "$output"
	for tool in "$ROOT"/tools/*.c; do
		command -v "$(basename "$tool" .c)"
	done >programs
	run -0 xargs grep -l libpg_query <programs
	is mg-lint "${output##*/}"
	is 1 "${#lines[@]}"
}

@test "no function is called that overruns, or that a shell interprets" {
	run -1 bash -c "grep -nE '\<(system|popen|atoi|strcpy|strtok|sprintf|gets)\(' \
	    '$ROOT'/{lib,tools}/*.c"
}

@test "the pages name each table that migration tools keep" {
	local page table
	grep -oE '"[A-Za-z_]+"' "$ROOT/lib/bookkeeping.c" | tr -d '"' \
	    >"$BATS_TEST_TMPDIR/tables"
	[ -s "$BATS_TEST_TMPDIR/tables" ]
	while read -r table; do
		for page in mg-catalog mg-dump; do
			grep -q "^\.[LQ][il] $table\( \|$\)" "$ROOT/man/$page.1"
		done
	done <"$BATS_TEST_TMPDIR/tables"
}
