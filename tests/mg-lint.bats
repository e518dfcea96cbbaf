#!/usr/bin/env bats
# mg-lint(1): warn of statements that lock, lose or break
#
# What each rule finds stands in tests/lint/RULE: every line of bad.sql that
# ends in "-- found", and nothing in good.sql.  before.sql is another text,
# before it; options is what to call mg-lint with.

load helper/common

setup() {
	sandbox
}

# the_rules: those that have such a folder
the_rules() {
	mg-lint --rules | cut -f 1 | grep -vx 'migration-name\|not-parsed'
}

# found RULE FILE: the lines of FILE in which that rule finds something
found() {
	local dir=$ROOT/tests/lint/$1 before=() options=()
	[ ! -f "$dir/before.sql" ] || before=("$dir/before.sql")
	[ ! -f "$dir/options" ] || read -ra options <"$dir/options"
	mg-lint --rule "$1" "${options[@]}" "${before[@]}" "$dir/$2" \
	    >findings || [ $? = 1 ]
	sed -n "s|^$dir/$2:\([0-9]*\):[0-9]*: [a-z]*: $1: .*|\1|p" findings |
	    uniq
}

# marked RULE FILE: the lines in which it has to
marked() {
	grep -n -- '-- found$' "$ROOT/tests/lint/$1/$2" | cut -d : -f 1
}

# finds WANT [OPTION...]: the place and the rule of each finding in ./in, the
# status in $status
finds() {
	local want=$1
	shift
	run --separate-stderr mg-lint --sql --format json "$@" <in
	[ "$status" = 0 ] || [ "$status" = 1 ]
	# shellcheck disable=SC2154 # run sets it
	is '' "$stderr"
	is "$want" "$(jq -r '"\(.line):\(.column) \(.rule)"' <<<"$output")"
}

# repeat COUNT TEXT
repeat() {
	yes -- "$2" | head -n "$1" | tr -d '\n'
}

# Row 279.
@test "each rule finds what it is for, line by line, and nothing else" {
	local rule wrong=0
	for rule in $(the_rules); do
		[ -n "$(marked "$rule" bad.sql)" ] || wrong=1
		is "$(marked "$rule" bad.sql)" "$(found "$rule" bad.sql)" ||
		    { echo "$rule: bad.sql" >&2; wrong=1; }
		is '' "$(found "$rule" good.sql)" ||
		    { echo "$rule: good.sql" >&2; wrong=1; }
	done
	[ "$wrong" = 0 ]
}

@test "each rule has its folder, and each folder its rule" {
	is "$(the_rules | sort)" "$(ls "$ROOT/tests/lint")"
}

@test "the page has each rule, in the order of --rules" {
	is "$(mg-lint --rules | cut -f 1)" "$(sed -n \
	    '/^\.Sh RULES/,/^\.Sh EXIT/s/^\.It Cm //p' "$ROOT/man/mg-lint.1")"
}

@test "bytes that no server takes are told, with their place" {
	printf '\xef\xbb\xbfselect 1;' >bom
	printf 'select 1;\nselect \xff;' >latin
	printf 'select\0 1;' >nul
	printf '<<<<<<< a\nselect 1;\n' >merge
	printf "select '1;\n" >open
	printf 'copy a from stdin;\n1\n\\.\n' >copy
	run -1 mg-lint bom latin nul merge open copy
	is 'bom:1:1 latin:2:8 nul:1:7 merge:1:1 open:1:8 copy:1:1' \
	    "$(cut -d ' ' -f 1 <<<"$output" | sed 's/:$//' | xargs)"
	is ' error: not-sql' "$(cut -d : -f 4,5 <<<"$output" | sort -u)"
}

@test "what the grammar does not take is told, and other rules still look" {
	cat >in <<-END
		CREATE TABLE é é$(repeat 63 a);
		ALTER TYPE e ADD VALUE 'b'; SELECT 'b';
	END
	finds $'1:16 identifier-too-long\n1:16 syntax-error\n2:29 enum-value-used'
}

@test "a message of the grammar that cuts a character is mended" {
	printf 'SELECT 0\xc4\x95;' >in
	finds '1:8 syntax-error'
	has "$output" 'near \"0\\xc4\"'
}

@test "a message of the grammar tells no password" {
	echo "CREATE ROLE a PASSWORD 'secret' 'secret';" >in
	finds '1:33 syntax-error'
	has "$output" '"syntax error, says'
}

@test "what a newer server may take is a note" {
	echo 'VACUUM (ONLY_NEW) ONLY a;' >in
	finds '1:19 syntax-error' --pg-version 15
	is 1 "$status"
	finds '1:19 syntax-error' --pg-version 18
	is 0 "$status"
}

@test "what is too deep or too long is told, and breaks nothing" {
	local deep text
	ulimit -s 2048
	deep=$(repeat 9000 '(')1$(repeat 9000 ')')
	for text in "SELECT $deep" "SELECT 1$(repeat 100000 +1)" \
	    "SELECT 1$(repeat 50000 ' UNION SELECT 1,2')" \
	    "SELECT $(repeat 9000 '[1,')" \
	    "SELECT '$(repeat 1100000 a)'"; do
		printf '%s;\nUPDATE a SET b = 1;\n' "$text" >in
		[[ $text != *\[1* ]] || sed -i 's/\[/ARRAY[/g' in
		finds $'1:1 not-parsed\n2:1 missing-where'
		is 0 "$status"
	done
	printf 'INSERT INTO a VALUES (1)%s;\n' "$(repeat 9000 ',(1)')" >in
	finds ''
}

@test "the answer is no on errors; with --strict, on warnings too" {
	echo 'UPDATE a SET b = 1;' >warning
	echo 'BEGIN;' >error
	echo 'ALTER TABLE a ALTER b DROP NOT NULL;' >note
	run -0 mg-lint warning note
	run -1 mg-lint warning error
	run -1 mg-lint --strict warning
	run -0 mg-lint --strict note
	run -0 mg-lint --strict --no-rule missing-where warning
}

@test "nothing is written if a text cannot be read" {
	echo 'UPDATE a SET b = 1;' >one
	fails 2 'mg-lint: two: No such file or directory' mg-lint one two
	is '' "$output"
	fails 2 'mg-lint: <stdin>:1: cut short: no newline after the last record; did the program that wrote it fail?' \
	    mg-lint < <(printf '{"name":"a"}')
	fails 2 'mg-lint: a: the record has no "path"' mg-lint <<<'{"name":"a"}'
}

@test "an operand, an option or a rule that is not known is refused" {
	fails 2 "mg-lint: there is no rule x; --rules lists them
$(mg-lint --help | head -n 1)" mg-lint --rule x
	says 2 'not text, json, github or gitlab' mg-lint --format xml
	says 2 'not schema or index' mg-lint --track x
	says 2 'not files' mg-lint --sql a
	says 2 'not UTF-8' mg-lint $'\xff'
}

@test "text says file, line, column, severity, rule" {
	printf '\n  UPDATE a SET b = 1;' >in
	run -0 mg-lint in
	is 'in:2:3: warning: missing-where: it writes every row of a; say which, or WHERE true if all are meant' \
	    "$output"
	run -0 mg-lint --sql --file 'b c' <in
	has "$output" 'b c:2:3: warning:'
}

@test "github gets commands of a workflow, with nothing left to obey" {
	mkdir 'a,b:c'
	printf 'ALTER TABLE t DROP COLUMN "x%%\n::error::y";' >'a,b:c/in'
	run -0 mg-lint --format github 'a,b:c/in'
	is '::warning file=a%2Cb%3Ac/in,line=1,col=15,title=mg-lint%3A ban-drop-column::x%25%0A::error::y and all that it holds is lost, and clients that still name it fail; drop it when none does' \
	    "$output"
	echo 'ALTER TABLE t ALTER b DROP NOT NULL;' >in
	run -0 mg-lint --format github in
	has "$output" '::notice file=in,line=1,col=15,'
}

@test "gitlab gets a report whose fingerprints stay when lines move" {
	is '[]' "$(mg-lint --sql --format gitlab </dev/null |
	    jq -c 'map(select(.check_name != "empty-migration"))')"
	printf 'DELETE FROM a;\nDELETE FROM a;\nBEGIN;' >in
	run -1 mg-lint --format gitlab in
	jq -S . <<<"$output" >first
	is '["missing-where","minor","in",1]
["missing-where","minor","in",2]
["ban-uncommitted-transaction","critical","in",3]' "$(jq -c '.[] |
	    [.check_name, .severity, .location.path, .location.lines.begin]' \
	    first)"
	is 3 "$(jq '[.[].fingerprint] | unique | length' first)"
	printf '\n\nDELETE FROM a;\nDELETE FROM a;\nBEGIN;' >in
	run -1 mg-lint --format gitlab in
	is "$(jq -c '[.[].fingerprint]' first)" \
	    "$(jq -c '[.[].fingerprint]' <<<"$output")"
}

@test "a comment silences its statement, above, in or behind it, no other" {
	cat >in <<-'END'
		-- mg-lint: ignore ban-drop-column because nobody reads it
		-- and another comment

		ALTER TABLE a DROP COLUMN b;
		ALTER TABLE a DROP COLUMN c;
		ALTER TABLE a
		    -- mg-lint: ignore ban-drop-column because nobody reads it
		    DROP COLUMN d;
		ALTER TABLE a DROP COLUMN e; /* x */ -- mg-lint: ignore ban-drop-column because of f
		ALTER TABLE a DROP COLUMN g;
	END
	finds $'5:15 ban-drop-column\n10:15 ban-drop-column'
}

@test "a comment that silences nothing, or without a reason, is a finding" {
	cat >in <<-'END'
		-- mg-lint: ignore missing-where
		DELETE FROM a;
		DELETE FROM a; -- mg-lint: ignore missing-were, missing-where because all go
		-- mg-lint: ignore missing-where because
		DELETE FROM b;
		-- mg-lint: ignore drop-cascade because it is the end
	END
	finds '1:20 bad-ignore
2:1 missing-where
3:35 bad-ignore
4:20 bad-ignore
5:1 missing-where
6:20 bad-ignore'
	finds '' --no-rule bad-ignore --no-rule missing-where
}

@test "a comment may silence what is said of the whole text" {
	echo '-- mg-lint: ignore empty-migration because it was applied' >in
	finds ''
	mkdir migrations
	migration fix '-- mg-lint: ignore migration-name because it was applied' \
	    'SELECT 1;'
	run -0 mg-lint migrations/fix/migration.sql
	is '' "$output"
}

# Row 275.
@test "a migration's name has a time and says what it does" {
	local name
	for name in 20240101000000_add_users 0_init 20240229235959_été; do
		migration "$name" 'SELECT 1;'
	done
	run -0 mg-lint migrations/*/migration.sql
	is '' "$output"
	for name in init 2024_add_users 20240101000000 20241301000000_add_users \
	    20240230000000_add_users 20240101240000_add_users \
	    20240101000000_fix 20240101000000_Update 20240101000000_1_2; do
		rm -r migrations
		migration "$name" 'SELECT 1;'
		run -0 mg-lint migrations/*/migration.sql
		has "$output" "1:1: warning: migration-name: the name $name "
		mg-scan -q migrations >records
		is "$output" "$(mg-lint <records)"
	done
	jq -c '.replaces = ["a"]' records >baseline
	run -0 mg-lint <baseline
	is '' "$output"
}

@test "records are read, programs among them are not" {
	migration 20240101000000_drop_a 'DROP TABLE a;'
	migration 20240102000000_drop_b 'DROP TABLE b;'
	mg-scan migrations >records
	run -0 mg-lint <records
	is 'migrations/20240101000000_drop_a/migration.sql:1:1
migrations/20240102000000_drop_b/migration.sql:1:1' \
	    "$(cut -d : -f 1-3 <<<"$output")"
	jq -c '.kind = "script" | .path = "missing"' records >scripts
	run -0 mg-lint <scripts
	is '' "$output"
	run -0 mg-lint </dev/null
	is '' "$output"
}

@test "the rules for tracks look only where there are tracks" {
	migration 20240101000000_add_index \
	    'CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON a (b);'
	migration 20240102000000_add_table 'CREATE TABLE a (b int);'
	mg-scan migrations >records
	run -0 mg-lint <records
	is '' "$output"
	run -1 mg-lint --track schema <records
	is index-in-schema-track "$(cut -d ' ' -f 3 <<<"$output" | tr -d :)"
	run -1 mg-lint --track index <records
	is schema-in-index-track "$(cut -d ' ' -f 3 <<<"$output" | tr -d :)"
	head -n 1 records | jq -c '.track = "index"' >both
	tail -n 1 records >>both
	run -0 mg-lint <both
	is '' "$output"
}

@test "what lies before --after is known, and not told" {
	migration 20240101000000_add_a 'CREATE TABLE a (b varchar(10));' \
	    'DROP TABLE z;'
	migration 20240102000000_widen 'ALTER TABLE a ALTER b TYPE text;' \
	    'ALTER TABLE a ADD c int NOT NULL;'
	mg-scan migrations >records
	run -0 mg-lint --after 20240101000000_add_a <records
	is '20240102000000_widen/migration.sql:2:15: warning: adding-required-field' \
	    "$(cut -d / -f 2- <<<"$output" | cut -d : -f 1-5)"
	run -0 mg-lint --after 20240102000000_widen migrations/*/migration.sql
	is '' "$output"
	fails 2 'mg-lint: none: no such migration' mg-lint --after none <records
}

@test "each rule can be chosen or left out" {
	echo 'DROP TABLE a CASCADE; DELETE FROM b;' >in
	finds $'1:1 ban-drop-table\n1:1 drop-cascade\n1:23 data-in-schema-migration\n1:23 missing-where'
	finds $'1:1 ban-drop-table\n1:23 missing-where' --no-rule drop-cascade \
	    --no-rule data-in-schema-migration
	finds $'1:1 drop-cascade\n1:23 missing-where' --rule drop-cascade \
	    --rule missing-where
	finds '1:1 drop-cascade' --rule drop-cascade --rule missing-where \
	    --no-rule missing-where
}

@test "a schema counts in a table's name, and public may be left out" {
	cat >in <<-'END'
		CREATE TABLE public.a (b int);
		DROP TABLE a;
		CREATE TABLE s.c (b int);
		ALTER TABLE s.c SET SCHEMA t;
		DROP TABLE t.c;
		CREATE TABLE d AS SELECT 1;
		DROP TABLE d;
		CREATE TABLE s.e (b int);
		DROP TABLE e;
	END
	finds '9:1 ban-drop-table'
}
