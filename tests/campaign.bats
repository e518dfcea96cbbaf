#!/usr/bin/env bats
# share/examples/campaign: a bare table is loaded, and its indexes follow
#
# Rows are those of the promises to users.

# What run sets: shellcheck disable=SC2154

load helper/common

setup() {
	sandbox
	database
	cp -r "$ROOT/share/examples/campaign" .
	cd campaign || return
}

# kinds: of the indexes but the primary key
kinds() {
	sql "select count(*) filter (where indisvalid),
		count(*) filter (where indisunique),
		count(*) filter (where indpred is not null),
		count(*) filter (where indnatts > 1),
		count(*) filter (where amname = 'gin'),
		count(*) filter (where indexprs is not null),
		count(*) filter (where indoption[0] = 1)
	    from pg_index join pg_class c on c.oid = indexrelid
	    join pg_am a on a.oid = relam
	    where indrelid = '\"Campaign\"'::regclass and not indisprimary"
}

# Rows 293, 310 to 325.
@test "a column of every type, and an index of every kind" {
	run -0 make -s ROWS=500
	is applied "$(jq -r .state <<<"$output" | sort -u)"
	is '8|1|1|1|2|1|1' "$(kinds)"
	is 'CampaignStatus _text bool int4 int8 json jsonb numeric text timestamp timestamptz uuid varchar' \
	    "$(sql "select string_agg(distinct typname, ' ') from pg_attribute
	    join pg_type t on t.oid = atttypid where attnum > 0
	    and attrelid = '\"Campaign\"'::regclass")"
	is '500|500|4|t' "$(sql 'select count(*), count(distinct code),
	    count(distinct status), bool_or("endedAt" is null)
	    from "Campaign"')"
}

# Rows 326 to 329.
@test "one by one, and twice; what was built by hand is recorded" {
	make -s schema >out
	is '0|0|0|0|0|0|0' "$(kinds)"
	make -s load ROWS=100
	sql 'create index concurrently "Campaign_tags_idx" on "Campaign"
	    using gin (tags)'
	run -0 make -s indexes MG_INDEX='mg-index --concurrently'
	is 1 "$(jq .found <<<"$output")"
	is '8|1|1|1|2|1|1' "$(kinds)"
	run -0 --separate-stderr make -s schema indexes
	is '' "$output"
}

@test "the rows are the same whenever they are made" {
	make -s schema >out
	make -s load ROWS=50
	sql 'select c from "Campaign" c order by code' >first
	sql 'truncate "Campaign"'
	PGTZ=Asia/Tokyo make -s load ROWS=50
	cmp first <(sql 'select c from "Campaign" c order by code')
}
