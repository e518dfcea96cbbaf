#!/usr/bin/env bats
# mg.consolidate.mk: what databases make of a baseline that follows another

# What run sets, SQL with its quotes, what bats reads:
# shellcheck disable=SC2154,SC2016,SC2034

load helper/common
load helper/consolidate

# The baseline A of three migrations lies in ./a; the one of all five, which
# follows it, in its folder; ./whole is what all of them make.
setup_file() {
	BATS_SUITE_TEST_NUMBER=replaces
	publish_first
	cp -a "$folder" a
	migration 20240104000000_four 'insert into a values (4);'
	migration 20240105000000_five 'insert into b (a) select max(i) from a;'
	consolidate
	database
	records
	mg-apply <records
	catalog >whole
}

setup() {
	history_of_three
	rm -r migrations
	cp -a "$BATS_FILE_TMPDIR"/{a,migrations,"$folder",whole} .
	A=${baseline##*/}
	B=20240105000000_consolidated
}

# anew [NAME...]: an empty database, and in ./records all that there is; of it
# only the names that are given, if any are
anew() {
	PGDATABASE=postgres dropdb --if-exists "mg_$BATS_SUITE_TEST_NUMBER"
	database
	records a migrations
	[ $# = 0 ] || jq -c 'select(IN(.name; $ARGS.positional[]))' records \
	    --args "$@" >some
}

catalog() {
	mg-catalog --data --digest
}

# becomes WANT FOLDER...: of all that these folders have, only that is applied,
# and the database is whole
becomes() {
	local want=$1
	shift
	records "$@"
	mg-apply <records >applied
	is "$want" "$(jq -r '[.name, .plan // empty] | join(" ")' applied)"
	catalog >got
	cmp whole got
	mg-apply <records >applied
	is '' "$(cat applied)"
}

four=20240104000000_four
five=20240105000000_five

@test "an empty database runs the newest alone" {
	anew
	becomes "$B" "$folder"
	anew
	becomes "$B" a "$folder" migrations
}

@test "one that ran the earlier baseline runs what is newer, one by one" {
	anew "$A"
	mg-apply <some
	becomes "$four
$five
$B recorded" "$folder" migrations
}

@test "one that ran it and some of what is newer runs the rest" {
	anew "$A" "$four"
	mg-apply <some
	becomes "$five
$B recorded" "$folder" migrations
}

@test "one that has all of it, the one way or the other, has its row alone" {
	anew "$A" "$four" "$five"
	mg-apply <some
	becomes "$B recorded" "$folder"
	anew
	records
	mg-apply <records
	becomes "$B recorded" "$folder"
}

@test "where the newer ones are not to be had, it refuses and names them" {
	anew "$A"
	mg-apply <some
	records "$folder"
	says 1 "neither it nor the stream has $four, $five; give mg-scan the folder with the rest, too" \
	    mg-apply <records
}

@test "a third one knows the first through the second" {
	migration 20240106000000_six 'create table f ();'
	consolidate >out
	is "$A" "$(told 'replaces[] | select(.name == "'"$B"'").replaces[0]')"
	anew
	records
	mg-apply <records >out
	catalog >whole
	anew "$A" "$four"
	mg-apply <some
	becomes "$five
20240106000000_six
20240106000000_consolidated recorded" "$folder" migrations
}

@test "one whose migrations were edited since is none of its earlier ones" {
	migration 20240104000000_four 'insert into a values (44);'
	consolidate >out
	is "$A" "$(told 'replaces[] | select(.replaces).name')"
	is "$folder/${B}_2" "$(echo "$folder"/*)"
	migration 20240101000000_one 'create table a (i int primary key, t text);' \
	    "create type e as enum ('x', 'y');"
	migration 20240105000000_five 'select 1;'
	migration 20240102000000_two \
	    'create table b (a int references a, s serial, n int);'
	consolidate >out
	is "$folder/${B}_3" "$(echo "$folder"/*)"
	is '' "$(told 'replaces[] | select(.replaces).name')"
	anew "$A"
	mg-apply <some
	records "$folder"
	says 1 "the history has $A, which neither it nor the stream knows; what that made is not in it: give mg-scan the folder that has it, too" \
	    mg-apply <records
	records a "$folder" migrations
	says 1 "make the baseline again with make consolidate, of the script that was applied" \
	    mg-apply <records
	rm -r migrations
	cp -a "$BATS_FILE_TMPDIR/migrations" .
	consolidate >out
	becomes "$four
$five
${B}_4 recorded" a "$folder" migrations
}

@test "one late migration makes another name, so that nobody misses it" {
	anew
	records "$folder"
	mg-apply <records
	migration 20240101500000_late 'create table late ();'
	consolidate >out
	is "$folder/${B}_2" "$(echo "$folder"/*)"
	records "$folder" migrations
	mg-apply <records >applied
	is "20240101500000_late ${B}_2" "$(jq -r .name applied | paste -sd ' ')"
}
