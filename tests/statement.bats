#!/usr/bin/env bats
# statement: what refuses a transaction block, held against a server

load helper/common

# What the statements of sql/refused are about; undone with each of them.
objects="create table t (a int); create unique index i on t (a);
    create table p (a int) partition by range (a);
    create table p1 partition of p for values from (1) to (2);
    create index pi on p (a); create type e as enum ('a');
    create materialized view m as select a from t;
    create unique index mi on m (a);
    create procedure ends() language plpgsql as 'begin commit; end';
    create subscription off connection 'dbname=none' publication p
	with (connect = false);
    create subscription live connection 'dbname=none' publication p, p2
	with (connect = false);
    alter subscription live enable;"

# answers: the SQLSTATE of each statement of standard input, in a block
answers() {
	local statement
	while read -r statement; do
		printf '%s\n' 'begin;' "$objects" '\echo made :SQLSTATE' \
		    "$statement;" '\echo :SQLSTATE' 'rollback;'
	done >script
	psql -Xqtf script -v ON_ERROR_STOP=0 >out 2>err
	is '' "$(grep '^made' out | grep -v 00000)"
	grep -v -e '^made' -e '^$' out
}

# refused FIELDS: those of its lines, without the comments
refused() {
	grep -v '^#' "$ROOT/tests/sql/refused" | cut -d' ' -f"$1"
}

@test "the server refuses what the table says, and nothing else" {
	sandbox
	database
	local version since told statement answer got want
	version=$(($(sql 'show server_version_num') / 10000))
	refused 3- | answers >given
	paste -d' ' given <(refused 1-) >answers
	is "$(refused 1- | wc -l)" "$(wc -l <answers)"
	while read -r answer since told statement; do
		got=allowed want=allowed
		case $answer in 25001 | 2D000) got=refused ;; esac
		[ "$since" = never ] || [ "$version" -lt "$since" ] ||
		    want=refused
		is "$want: $statement" "$got: $statement"
	done <answers
}

@test "what any server refuses stands alone, where the text tells it" {
	local since told statement kind want
	while read -r since told statement; do
		kind=$("${DRIVERS:-$ROOT/build/tests}/sql/statements" \
		    <<<"$statement" | cut -d' ' -f1)
		want=alone
		[ "$told" = text ] && [ "$since" != never ] || want=together
		[ "$kind" = alone ] || kind=together
		is "$want: $statement" "$kind: $statement"
	done < <(refused 1-)
}
