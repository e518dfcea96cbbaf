#!/usr/bin/env bats
# Baselines: what a database gets of one, and of what it replaces

# What run sets, and what common.bash exports:
# shellcheck disable=SC2154,SC2030,SC2031,SC2034

load helper/common

# Four originals below ./history; in ./shipped a baseline of the first three,
# and the fourth.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	original 1_a 'CREATE TABLE a (x int);'
	original 2_b 'CREATE TABLE b (x int);' 'INSERT INTO b VALUES (2);'
	original 3_c 'ALTER TABLE a ADD y text;' 'INSERT INTO b VALUES (3);'
	baseline 3_all 1_a 2_b 3_c
	mkdir -p shipped/4_d
	echo 'CREATE TABLE d (x int);' >shipped/4_d/migration.sql
}

setup() {
	sandbox
	cp -a "$BATS_FILE_TMPDIR"/{history,shipped} .
}

# original NAME SQL...: write one below ./history
original() {
	local name=$1
	shift
	mkdir -p "history/$name"
	printf '%s\n' "$@" >"history/$name/migration.sql"
}

# baseline NAME ORIGINAL...: in ./shipped, with names and checksums
baseline() {
	local name=$1 each
	shift
	mkdir -p "shipped/$name"
	for each; do
		cat "history/$each/migration.sql"
	done >"shipped/$name/migration.sql"
	for each; do
		echo "{\"name\":\"$each\",\"checksum\":\"$(sum "history/$each")\"}"
	done | jq -s '{replaces: .}' >"shipped/$name/metadata.json"
}

# replaces NAME JSON: what that baseline's metadata says
replaces() {
	jq -n "{replaces: $2}" >"shipped/$1/metadata.json"
}

# sum FOLDER: the checksum of its script
sum() {
	sha256sum <"$1/migration.sql" | cut -d ' ' -f 1
}

# first COUNT: a database that has so many of the originals
first() {
	database
	records history
	head -n "$1" records >some
	[ "$1" = 0 ] || mg-apply <some >/dev/null
}

# apply FOLDERS [OPTION...]: name, state and plan of each that it writes
apply() {
	local folders=$1
	shift
	# shellcheck disable=SC2086 # several folders
	records $folders && mg-apply "$@" <records >applied &&
	    jq -r '[.name, .state, .plan // empty] | join(" ")' applied
}

# states FOLDER...: the same, of mg-status
states() {
	records "$@" && mg-status <records >states &&
	    jq -r '[.name, .state, .plan // empty] | join(" ")' states
}

# whole: the database has what all of it makes, once
whole() {
	is 'a(x,y) b(x) d(x)' "$(sql "select string_agg(t, ' ' order by t) from
	    (select format('%s(%s)', table_name, string_agg(column_name, ','
	    order by column_name)) from information_schema.columns
	    where table_schema = 'public' and table_name <> '_prisma_migrations'
	    group by table_name) as f (t)")"
	is 2,3 "$(sql "select string_agg(x::text, ',' order by x) from b")"
}

# untouched COMMAND...: changes no row of the history, and no table
untouched() {
	local before
	before=$(sql 'table _prisma_migrations'; mg-catalog)
	"$@"
	is "$before" "$(sql 'table _prisma_migrations'; mg-catalog)"
}

#
# mg-scan
#

@test "scan: names from metadata.json, and the checksums beside them" {
	run -0 mg-scan shipped
	is '["1_a","2_b","3_c"]' "$(jq -c .replaces <<<"${lines[0]}")"
	is "$(sum history/2_b)" \
	    "$(jq -r '.replaced["2_b"].checksum' <<<"${lines[0]}")"
	is null "$(jq .replaces <<<"${lines[1]}")"
}

@test "scan: strings are names, too, and manifest.json will do" {
	echo '{"replaces": ["1_a", {"name": "2_b"}]}' >shipped/3_all/manifest.json
	echo '{"x": 1}' >shipped/3_all/metadata.json
	is '{"replaces":["1_a","2_b"]}' "$(mg-scan shipped |
	    jq -c 'select(.name == "3_all") | {replaces, replaced} |
		del(.[] | nulls)')"
}

@test "scan: what one that is replaced replaced" {
	replaces 3_all '[{name: "2_ab", replaces: ["1_a", "2_b"]}, "3_c"]'
	is '{"replaces":["2_ab","3_c"],"replaced":{"2_ab":{"replaces":["1_a","2_b"]}}}' \
	    "$(mg-scan shipped | jq -c 'select(.replaces) | {replaces, replaced}')"
}

@test "scan: refuses what it cannot understand, and writes nothing" {
	local wrong why file=shipped/3_all/metadata.json
	while IFS='|' read -r wrong why; do
		echo "$wrong" >$file
		says 2 "mg-scan: $file: $why" mg-scan history shipped
		is '' "$output"
	done <<-'END'
		{|
		[]|
		{"replaces": "1_a"}|"replaces" is not an array; make it one, of names
		{"replaces": [1]}|"replaces" has an entry without a name; give it one, or take it out
		{"replaces": [""]}|"replaces" has an entry without a name; give it
		{"replaces": [{"checksum": "x"}]}|"replaces" has an entry without a name; give it
		{"replaces": [{"name": "1_a", "checksum": "x"}]}|"replaces" has a "checksum" that is not a SHA-256 in lower-case hexadecimal; write what sha256sum says of the script, or leave it out
		{"replaces": [{"name": "1_a", "replaces": [1]}]}|"replaces" has an entry without a name; give it
	END
}

#
# From every starting point
#

@test "a new database gets the baseline, and none of the originals" {
	first 0
	is $'3_all pending\n4_d pending' "$(states shipped)"
	is $'1_a replaced\n2_b replaced\n3_all pending\n3_c replaced\n4_d pending' \
	    "$(states history shipped)"
	is $'3_all applied\n4_d applied' "$(apply 'history shipped')"
	whole
	is $'1_a replaced\n2_b replaced\n3_all applied\n3_c replaced\n4_d applied' \
	    "$(states history shipped)"
	is '' "$(apply 'history shipped')"
}

@test "a baseline runs before what is newer, though its name sorts behind" {
	database
	mv shipped/3_all shipped/5_all
	echo 'CREATE TABLE d AS SELECT * FROM b;' >shipped/4_d/migration.sql
	is $'5_all applied\n4_d applied' "$(apply shipped)"
	whole
}

@test "one that has some gets the rest first, in order" {
	local k
	for k in 1 2; do
		PGDATABASE=postgres dropdb --if-exists "mg_$BATS_SUITE_TEST_NUMBER"
		first "$k"
		is "3_all pending recorded" \
		    "$(states history shipped | grep 3_all)"
		is "$(printf '%s applied\n' 2_b 3_c | tail -n +"$k")
3_all applied recorded
4_d applied" "$(apply 'history shipped')"
		whole
		is '' "$(apply 'history shipped')"
		is '' "$(apply shipped)"
	done
}

@test "one that has all gets the row alone" {
	first 3
	run -0 --separate-stderr mg-apply -n <<<"$(records shipped; cat records)"
	is '3_all recorded' "$(jq -r 'select(.name == "3_all") |
	    .name + " " + .plan' <<<"$output")"
	is $'3_all pending recorded\n4_d pending\n1_a replaced\n2_b replaced\n3_c replaced' \
	    "$(states shipped)"
	is $'3_all applied recorded\n4_d applied' "$(apply shipped)"
	whole
	is "$(sum shipped/3_all)|t|0||t" "$(sql "select checksum,
	    started_at = finished_at, applied_steps_count, logs,
	    rolled_back_at is null from _prisma_migrations
	    where migration_name = '3_all'")"
	is $'3_all applied\n4_d applied\n1_a replaced\n2_b replaced\n3_c replaced' \
	    "$(states shipped)"
	is '' "$(apply shipped)"
}

@test "one that has all, and what is newer" {
	first 3
	records shipped
	tail -n 1 records >newer
	mg-apply -q <newer >out
	is '3_all applied recorded' "$(apply shipped --strict)"
	whole
}

@test "no warning speaks of what a baseline replaces" {
	first 3
	records shipped
	fails 0 '' mg-apply <records
	fails 0 '' mg-apply <records
}

@test "a baseline that sorts first is recorded behind what it needs" {
	first 1
	mv shipped/3_all shipped/0_baseline
	is $'2_b applied\n3_c applied\n0_baseline applied recorded\n4_d applied' \
	    "$(apply 'history shipped')"
	whole
}

@test "behind a transaction pooler, too" {
	first 1
	DATABASE_URL=$(url "$PGDATABASE" pgbouncer=true)
	is $'2_b applied\n3_all applied recorded\n3_c applied\n4_d applied' \
	    "$(apply 'history shipped' | sort)"
	whole
}

@test "what was rolled back counts as not there" {
	first 2
	sql "update _prisma_migrations set rolled_back_at = now()
	    where migration_name = '2_b'" 'drop table b'
	is $'2_b applied\n3_c applied\n3_all applied recorded\n4_d applied' \
	    "$(apply 'history shipped')"
	whole
}

@test "one that an earlier run left half done goes on" {
	original 3_c 'ALTER TABLE a ADD y text;' 'INSERT INTO b VALUES (3);' \
	    'COMMIT;' 'SELECT 1 / count(*) FROM a;'
	baseline 3_all 1_a 2_b 3_c
	first 0
	run -1 mg-apply <records
	sql 'insert into a values (1)'
	is $'3_c applied\n3_all applied recorded\n4_d applied' \
	    "$(apply 'history shipped')"
	whole
}

@test "--to stops before a baseline that holds more" {
	first 1
	is '2_b applied' "$(apply 'history shipped' --to 2_b)"
	mv shipped/3_all shipped/0_baseline
	database=$PGDATABASE
	PGDATABASE=postgres dropdb "$database"
	first 0
	is $'1_a applied\n2_b applied' "$(apply 'history shipped' --to 2_b)"
	is $'3_c applied\n0_baseline applied recorded' \
	    "$(apply 'history shipped' --to 3_c)"
}

#
# Refusals
#

# refused STATUS PART: to apply ./shipped, and that is all that happens
refused() {
	records "${@:3}"
	untouched says "$1" "$2" mg-apply <records
	is '' "$output"
}

@test "refuses when the rest is not in the stream, and names it" {
	first 1
	refused 1 '3_all: the database has only some of what it replaces, and neither it nor the stream has 2_b, 3_c; give mg-scan the folder with the rest, too' shipped
	is '3_all pending refused' "$(states shipped | head -n 1)"
	has "$(jq -r 'select(.name == "3_all").reason' states)" '2_b, 3_c'
	apply 'history shipped' >out
	whole
}

@test "refuses beside a failed row, in the stream or not" {
	first 3
	sql "update _prisma_migrations set finished_at = null
	    where migration_name = '2_b'"
	refused 1 'P3009' shipped
	refused 1 'P3009' history shipped
	has "$(records shipped; mg-status <records | jq -r .reason)" \
	    'replaces 2_b, which the history has as failed'
}

@test "refuses what was applied from another script" {
	local want='3_all: it replaces 2_b, but not as the history has it: the checksum differs; make the baseline again with make consolidate, of the script that was applied'
	first 3
	cp -r history applied_then
	echo 'SELECT 1;' >>history/2_b/migration.sql
	baseline 3_all 1_a 2_b 3_c
	refused 1 "$want" shipped
	refused 1 "$want" history shipped
	rm -r history
	mv applied_then history
	baseline 3_all 1_a 2_b 3_c
	is $'3_all applied recorded\n4_d applied' "$(apply shipped)"
	whole
}

@test "other line ends are no other script, where the script is there" {
	first 3
	sql "update _prisma_migrations set checksum =
	    '$(sed 's/$/\r/' history/2_b/migration.sql | sha256sum |
		cut -d ' ' -f 1)' where migration_name = '2_b'"
	is $'3_all applied recorded\n4_d applied' "$(apply 'history shipped')"
}

@test "refuses to run another script than was replaced" {
	first 1
	cp history/2_b/migration.sql was
	echo 'SELECT 1;' >>history/2_b/migration.sql
	refused 1 '3_all: it replaces 2_b, but not as the stream has it: the checksum differs; bring the script back as it was, or make the baseline again with make consolidate' \
	    history shipped
	cp -r shipped/3_all was_all
	baseline 3_all 1_a 2_b 3_c
	run -0 mg-apply -n <<<"$(records history shipped; cat records)"
	cp was_all/* shipped/3_all
	cp was history/2_b/migration.sql
	is $'2_b applied\n3_c applied\n3_all applied recorded\n4_d applied' \
	    "$(apply 'history shipped')"
	whole
}

@test "refuses what ran among those that are replaced, and nobody knows" {
	first 3
	sql "update _prisma_migrations set migration_name = '2_x',
	    started_at = started_at where migration_name = '2_b'"
	baseline 3_all 1_a 3_c
	refused 1 '3_all: the history has 2_x, which neither it nor the stream knows; what that made is not in it: give mg-scan the folder that has it, too' shipped
	mkdir found
	mv history/2_b found/2_x
	is $'3_all applied recorded\n4_d applied' "$(apply 'shipped found')"
	whole
}

@test "refuses to run in a database that has had something else" {
	first 0
	migration 0_x 'CREATE TABLE x (x int);'
	records migrations
	mg-apply <records >out
	refused 1 '3_all: the history has 0_x' shipped
	is $'3_all applied\n4_d applied' "$(apply 'migrations shipped')"
}

@test "what ran later is missing, as ever, and no reason to refuse" {
	first 3
	migration 9_x 'SELECT 1;'
	records migrations
	mg-apply -q <records >out
	records shipped
	says 0 '1 applied migration is not in the stream, the first is 9_x' \
	    mg-apply <records
	whole
}

@test "refuses a database with tables and no history (P3005)" {
	first 0
	sql 'create table other ()'
	records shipped
	says 1 P3005 mg-apply <records
}

@test "refuses two that replace the same" {
	first 0
	baseline 3_other 1_a 2_b 3_c
	records shipped
	says 1 '3_other: it and 3_all both replace 1_a' mg-apply <records
}

@test "refuses what an applied baseline replaced as another script" {
	first 0
	records shipped
	mg-apply -q --to 3_all <records >out
	echo 'INSERT INTO b VALUES (22);' >>history/2_b/migration.sql
	mkdir later
	baseline 4_other 1_a 2_b 3_c
	mv shipped/4_other later
	refused 1 '4_other: it replaces 2_b, but not as another baseline has it: the checksum differs; make the baseline again with make consolidate, of the script that was applied' \
	    shipped later
	untouched says 1 'not as another baseline has it' \
	    mg-mark --applied 4_other <records
	is $'3_all applied\n4_other pending refused' \
	    "$(states shipped later | grep -v 4_d)"
}

# wrongly WHY MEMBERS: refuse that record of x, whoever reads it
wrongly() {
	echo "{\"name\":\"x\",$2}" >records
	says 2 "$1" mg-apply <records
	says 2 "$1" mg-status <records
	says 2 "$1" mg-mark --applied <records
}

@test "refuses a record that makes no sense" {
	local wrong
	first 0
	for wrong in '"replaces":1' '"replaces":[1]' '"replaces":[""]' \
	    '"replaces":["a"],"replaced":1' \
	    '"replaces":["a"],"replaced":{"a":{"checksum":"x"}}'; do
		wrongly '; make the records with mg-scan' "$wrong"
	done
	wrongly 'x: it replaces itself; take it out of what x replaces' \
	    '"replaces":["w","x"]'
	wrongly 'x: it replaces itself; take it out of what y replaces' \
	    '"replaces":["w","y"],"replaced":{"y":{"replaces":["v","x"]}}'
	wrongly 'x: it replaces itself; take it out of what z replaces' \
	    '"replaces":["y"],"replaced":{"y":{"replaces":["z"]},"z":{"replaces":["x"]}}'
}

#
# A baseline of a baseline
#

# nested: a later one, of the baseline and of 4_d, in ./later
nested() {
	mkdir -p later/4_all
	cat shipped/3_all/migration.sql shipped/4_d/migration.sql \
	    >later/4_all/migration.sql
	jq -n --slurpfile old shipped/3_all/metadata.json \
	    --arg sum "$(sum shipped/3_all)" --arg d "$(sum shipped/4_d)" \
	    '{replaces: [{name: "3_all", checksum: $sum,
		replaces: $old[0].replaces}, {name: "4_d", checksum: $d}]}' \
	    >later/4_all/metadata.json
}

@test "nested: every way to the whole is one, without the older folders" {
	nested
	first 0
	is '4_all applied' "$(apply later)"
	whole
	for way in shipped 'history shipped'; do
		PGDATABASE=postgres dropdb "mg_$BATS_SUITE_TEST_NUMBER"
		case $way in shipped) first 0 ;; *) first 2 ;; esac
		apply "$way" >out
		is '4_all applied recorded' "$(apply later)"
		is '' "$(apply later)"
		whole
	done
}

@test "nested: originals alone are the older baseline" {
	nested
	first 3
	records shipped
	tail -n 1 records >newer
	mg-apply -q <newer >out
	is '4_all applied recorded' "$(apply later)"
	whole
}

@test "nested: all folders at once" {
	local k want
	nested
	for k in 0 1 3; do
		PGDATABASE=postgres dropdb --if-exists "mg_$BATS_SUITE_TEST_NUMBER"
		first "$k"
		case $k in
		0) want='4_all applied' ;;
		1) want=$'2_b applied\n3_c applied\n4_d applied\n4_all applied recorded' ;;
		3) want=$'4_d applied\n4_all applied recorded' ;;
		esac
		is "$want" "$(apply 'history shipped later')"
		whole
	done
}

@test "nested: the older baseline spares what it replaces one by one" {
	nested
	first 0
	records shipped
	tail -n 1 records >newer
	mg-apply -q <newer >out
	is $'3_all applied\n4_all applied recorded' \
	    "$(apply 'history shipped later')"
	whole
}

#
# --prune-replaced
#

# kept: what _mg_replaced has
kept() {
	sql "select migration_name, checksum, replaced_by, history
	    from _mg._mg_replaced order by migration_name"
}

@test "prune: the rows go with the baseline's, and are kept" {
	first 2
	is $'3_c applied\n3_all applied recorded\n4_d applied' \
	    "$(apply 'history shipped' --prune-replaced)"
	is $'3_all\n4_d' "$(history_of migration_name)"
	is "1_a|$(sum history/1_a)|3_all|public._prisma_migrations
2_b|$(sum history/2_b)|3_all|public._prisma_migrations
3_c|$(sum history/3_c)|3_all|public._prisma_migrations" "$(kept)"
	is $'3_all applied\n4_d applied' "$(states shipped)"
	is '' "$(apply 'history shipped' --prune-replaced)"
	whole
}

@test "prune: later, too" {
	first 3
	apply shipped >out
	is '3_all pending pruned' "$(apply shipped -n --prune-replaced)"
	is '3_all applied pruned' "$(apply shipped --prune-replaced)"
	is $'3_all\n4_d' "$(history_of migration_name)"
	is 3 "$(kept | wc -l)"
	is '' "$(apply shipped --prune-replaced)"
}

@test "prune: a new database has nothing to prune" {
	first 0
	is $'3_all applied\n4_d applied' "$(apply shipped --prune-replaced)"
	is t "$(sql "select to_regclass('_mg._mg_replaced') is null")"
}

@test "prune: in one transaction with the row" {
	first 3
	sql 'create schema _mg' 'create view _mg._mg_replaced as select 1'
	records shipped
	untouched says 1 '3_all' mg-apply --prune-replaced <records
}

@test "prune: refuses where Prisma would run them again" {
	first 3
	cp -r history/* shipped
	refused_with='1_a lies beside 3_all'
	records shipped
	untouched says 1 "--prune-replaced: $refused_with" \
	    mg-apply --prune-replaced <records
}

@test "prune: not behind a transaction pooler" {
	first 3
	DATABASE_URL=$(url "$PGDATABASE" pgbouncer=true)
	records shipped
	untouched says 2 'transaction pooler' mg-apply --prune-replaced <records
}

#
# --mark-replaced
#

# rows: of the history, in order
rows() {
	history_of 'migration_name, checksum'
}

# originals COUNT: the rows of so many, as if they had run one by one
originals() {
	local each
	for each in history/*; do
		echo "${each#*/}|$(sum "$each")"
	done | head -n "$1"
}

@test "mark: a new database has the rows of all, and none of the baseline" {
	first 0
	is $'3_all applied\n4_d applied' \
	    "$(apply 'history shipped' --mark-replaced)"
	is "$(originals 3; echo "4_d|$(sum shipped/4_d)")" "$(rows)"
	is t "$(sql "select to_regclass('_mg._mg_replaced') is null")"
	is '' "$(apply 'history shipped' --mark-replaced)"
	is '' "$(apply history)"
	whole
}

@test "mark: without the folders it has their checksums from the baseline" {
	first 0
	apply shipped --mark-replaced >out
	is "$(originals 3)" "$(rows | head -n 3)"
	is '' "$(apply history)"
}

@test "mark: what has begun goes on one by one, and the baseline has no part" {
	first 2
	is $'3_c applied\n4_d applied' \
	    "$(apply 'history shipped' --mark-replaced)"
	is "$(originals 3; echo "4_d|$(sum shipped/4_d)")" "$(rows)"
	whole
}

@test "mark: what has them all stays as it is" {
	first 3
	is '4_d applied' "$(apply 'history shipped' --mark-replaced)"
	is 4 "$(rows | wc -l)"
}

@test "mark: a database that ran the baseline gets rows for it" {
	first 0
	apply shipped >out
	is '3_all pending marked' \
	    "$(apply 'history shipped' -n --mark-replaced)"
	is '3_all applied marked' "$(apply 'history shipped' --mark-replaced)"
	is "3_all|$(sum shipped/3_all)|3_all|public._prisma_migrations" \
	    "$(kept)"
	is $'1_a\n2_b\n3_c\n4_d' "$(history_of migration_name | sort)"
	is '' "$(apply 'history shipped' --mark-replaced)"
	whole
}

@test "mark: a database that ran an earlier baseline, too" {
	first 0
	apply shipped >out
	baseline 5_all 1_a 2_b 3_c
	mkdir later
	mv shipped/5_all later
	jq --arg sum "$(sum shipped/3_all)" --slurpfile was \
	    shipped/3_all/metadata.json '.replaces += [{ name: "3_all",
	    checksum: $sum, replaces: $was[0].replaces }]' \
	    later/5_all/metadata.json >metadata
	mv metadata later/5_all/metadata.json
	is '5_all applied marked' "$(apply 'history later' --mark-replaced)"
	is $'1_a\n2_b\n3_c\n4_d' "$(history_of migration_name | sort)"
}

@test "mark: in one transaction with what the baseline makes" {
	first 1
	sql 'drop table a' 'update _prisma_migrations set rolled_back_at = now()' \
	    "alter table _prisma_migrations add check (migration_name <> '2_b')"
	records shipped
	untouched says 1 '3_all' mg-apply --mark-replaced <records
}

@test "mark: a baseline of several steps, whose row is there for a while" {
	first 0
	echo 'CREATE INDEX CONCURRENTLY a_x ON a (x);
	    CREATE UNIQUE INDEX CONCURRENTLY b_x ON b ((x / x));' \
	    >>shipped/3_all/migration.sql
	records history shipped
	says 1 '3_all' mg-apply --mark-replaced <records
	is 3_all "$(history_of migration_name)"
	sql 'delete from b where x = 3'
	says 0 'goes on behind step' mg-apply --mark-replaced <records
	is "$(originals 3; echo "4_d|$(sum shipped/4_d)")" "$(rows)"
	is t "$(sql "select to_regclass('_mg._mg_replaced') is null")"
}

@test "mark: refuses where Prisma would run the baseline" {
	first 0
	cp -r history/* shipped
	records shipped
	untouched says 1 '--mark-replaced: 1_a lies beside 3_all' \
	    mg-apply --mark-replaced <records
}

@test "mark: refuses what has changed since, or is not known" {
	first 0
	echo '-- more' >>history/2_b/migration.sql
	records history shipped
	untouched says 1 '3_all replaces 2_b, but it has changed since' \
	    mg-apply --mark-replaced <records
	replaces 3_all '["1_a", "2_b", "3_c"]'
	records shipped
	untouched says 1 '3_all replaces 1_a, but its checksum is not known' \
	    mg-apply --mark-replaced <records
}

# pathless: the records, where nobody knows 3_all's script
pathless() {
	jq -c 'if .name == "3_all" then del(.path) else . end' records >pathless
}

@test "mark: a baseline that ran once needs no script any more" {
	first 0
	records shipped
	mg-apply <records >ran
	records history shipped
	pathless
	untouched mg-apply -n --mark-replaced <pathless
	mg-apply -q --mark-replaced <pathless >out
	is "$(originals 3; echo "4_d|$(sum shipped/4_d)")" "$(rows)"
}

@test "a baseline without a script is recorded, but not run" {
	first 3
	records shipped
	pathless
	is 'recorded null' "$(mg-apply <pathless | jq -r .plan | paste -sd ' ')"
	sql 'drop schema public cascade' 'create schema public'
	says 2 '3_all: the record has no "path"' mg-apply <pathless
}

@test "mark: not behind a transaction pooler" {
	first 0
	DATABASE_URL=$(url "$PGDATABASE" pgbouncer=true)
	records shipped
	untouched says 2 'transaction pooler' mg-apply --mark-replaced <records
}

@test "mark and prune exclude each other" {
	fails 2 'mg-apply: --mark-replaced and --prune-replaced exclude each other' \
	    mg-apply --mark-replaced --prune-replaced </dev/null
}

#
# mg-mark, mg-status
#

# marks PART...: mg-mark --applied, of these folders
marks() {
	records "$@" && mg-mark --applied <records | jq -r .name
}

# Row 135 of the promises.
@test "mark: all of it, or the baseline where there is nothing" {
	first 0
	is $'1_a\n2_b\n3_all\n3_c\n4_d' "$(marks history shipped)"
	is $'applied' "$(states history shipped | sed 's/.* //' | sort -u)"
	PGDATABASE=postgres dropdb "mg_$BATS_SUITE_TEST_NUMBER"
	first 0
	is $'3_all\n4_d' "$(marks shipped)"
}

@test "mark: the baseline where all of it is" {
	first 3
	records shipped
	is 3_all "$(mg-mark --applied 3_all <records | jq -r .name)"
}

@test "mark: refuses the baseline where some is missing, failed or edited" {
	first 2
	for folders in shipped 'history shipped'; do
		# shellcheck disable=SC2086 # several folders
		records $folders
		untouched says 1 'its history lacks 3_c; let mg-apply run the rest, or mark it, too, if the database has it' \
		    mg-mark --applied 3_all <records
	done
	is $'3_all\n3_c' "$(mg-mark -n --applied 3_all 3_c <records |
	    jq -r .name | sort)"
	run -0 mg-apply -n <records
	sql "update _prisma_migrations set checksum = repeat('0', 64)
	    where migration_name = '2_b'"
	untouched says 1 'not as the history has it' \
	    mg-mark --applied 3_all 3_c <records
	sql "update _prisma_migrations set finished_at = null
	    where migration_name = '2_b'"
	untouched says 1 P3009 mg-mark --applied 3_all 3_c <records
	is $'2_b\n3_all\n3_c' "$(mg-mark --applied 2_b 3_all 3_c <records |
	    jq -r .name | sort)"
}

@test "mark: newer ones need no word of a baseline's" {
	first 2
	records shipped
	is 4_d "$(mg-mark --applied 4_d <records | jq -r .name)"
}

@test "status --exit-code: replaced is well, a baseline to record is not" {
	first 3
	records shipped
	run -1 mg-status --exit-code <records
	is $'3_all\n4_d' "$(mg-status --pending <records | jq -r .name)"
	apply shipped >out
	run -0 mg-status --exit-code <records
	is '' "$(mg-status --pending <records)"
}
