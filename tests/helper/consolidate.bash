# consolidate.bash - what the tests of make consolidate share
#
# Their setup calls history_of_three.
#
# What run sets, what the tests read, and the options that they give:
# shellcheck disable=SC2154,SC2034,SC2119,SC2120

load helper/make

# history_of_three: a project with that, whose scratch databases are made on
# this test's server
history_of_three() {
	sandbox
	makefile 'MG_MIGRATIONS = migrations'
	migration 20240101000000_one \
	    'create table a (i int primary key, t text);' \
	    "create type e as enum ('x', 'y');" \
	    "insert into a values (1, 'it''s'), (2, null);"
	migration 20240102000000_two \
	    "alter type e add value 'z' before 'y';" \
	    'create table b (a int references a, s serial, n int);' \
	    'create index b_n_idx on b (n) where n > 0;' \
	    'insert into b (a, n) values (1, 5);' \
	    'alter table a drop t;'
	migration 20240103000000_three \
	    'create index concurrently b_a_idx on b (a);'
	folder=consolidated-migration
	baseline=$folder/20240103000000_consolidated
	arguments=()
	MG_SCRATCH_URL=$(url postgres)
	export MG_SCRATCH_URL
}

# consolidate [VARIABLE=VALUE...]: what make says, which must be right
consolidate() {
	mg_make consolidate "$@"
}

# publish_first: for setup_file: what published gives to each test
publish_first() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	history_of_three
	consolidate
}

# published: the baseline is there already, and so is what proved it
published() {
	cp -a "$BATS_FILE_TMPDIR"/{"$folder",.mg} .
}

# unproven [VARIABLE=VALUE...]: as consolidate, in no time: the last proof has
# to do, for tests of what comes before and behind it
unproven() {
	mg_make consolidate MG_SCRATCH=true "$@"
}

# refused PART...: make fails, with these words, and nothing is there that was
# not before
refused() {
	local before word
	before=$(state)
	run -2 mg_make consolidate "${arguments[@]}"
	for word; do
		has "$output" "$word" || return
	done
	is "$before" "$(state)"
}

# state: of all that lies in or beside the folder
state() {
	find "$folder"* -type f -exec sha256sum {} + 2>/dev/null | sort
}

# told KEY...: of the only baseline, as jq has them
told() {
	jq -r ".$1" "$folder"/*/metadata.json
}

# shadow PROGRAM TEXT: a program of that name for make, which may run the real
# one as $real
shadow() {
	mkdir -p shadow
	printf '%s\n' '#!/bin/sh' "real=$(command -v "$1")" "$2" >"shadow/$1"
	chmod +x "shadow/$1"
}
