#!/usr/bin/env bats
# mg.drift.mk: say in words how two databases differ

# What run sets, SQL with its quotes:
# shellcheck disable=SC2154,SC2016

load helper/common
load helper/make

setup() {
	sandbox
	makefile 'MG_MIGRATIONS = migrations'
	database
	migration 1_one 'create table a (i int primary key, t text);' \
	    "create type e as enum ('x', 'y');" \
	    'create table b (a int references a, n int default 1);' \
	    'create index b_n_idx on b (n) where n > 0;'
	records
	mg-apply <records >applied
}

# two: a second database with the same in it, at $B
two() {
	createdb "${PGDATABASE}_b"
	B=$(url "${PGDATABASE}_b")
	mg-apply -d "$B" <records >applied
}

# drifted [A=URL...]: what make says, but for its own last words
drifted() {
	run -2 --separate-stderr mg_make drift "$@"
	printf '%s\n' "$output"
}

# Rows 214, 267.
@test "a database is compared with its migrations, run in a scratch" {
	is 'equal: 16 objects' "$(mg_make drift)"
	sql 'drop table b' 'create table c (i int unique)' \
	    'alter table a alter t set not null'
	is 'different  column public.a.t: not_null is true, not set
missing  table public.b: with 2 columns, 1 constraint, 1 index
extra  table public.c: with 1 column, 1 constraint, 1 index
1 different, 1 extra, 1 missing' "$(drifted)"
}

@test "the scratch database may be on a server that is there" {
	MG_SCRATCH_URL=$(url postgres) run -0 mg_make drift
	is 'equal: 16 objects' "$output"
	is '' "$(sql "select datname from pg_database
	    where datname like 'mg_scratch_%'")"
}

@test "A and B are any two databases" {
	two
	is 'equal: 16 objects' "$(mg_make drift A="$DATABASE_URL" B="$B")"
	sql 'create table c ()'
	is $'missing  table public.c\n1 missing' \
	    "$(drifted A="$B" B="$DATABASE_URL")"
	is $'extra  table public.c\n1 extra' "$(drifted B="$B")"
	case $(mg_make -n drift A="$DATABASE_URL" B="$B") in
	*"$DATABASE_URL"* | *"$B"*) false ;;
	esac
}

@test "another spelling, another order and another name are told apart" {
	two
	sql 'alter table b alter n set default 2' \
	    'alter table a add x timestamp default now(),
		add l text[] default array[]::text[]' \
	    'alter index b_n_idx rename to b_idx' \
	    'alter table a rename constraint a_pkey to a_key' \
	    "drop type e" "create type e as enum ('y', 'x')"
	psql -Xq -d "${PGDATABASE}_b" \
	    -c "alter table a add l text[] default '{}',
		add x timestamp default current_timestamp"
	is "renamed  index public.b_idx: not public.b_n_idx
renamed  constraint public.a.a_key: not public.a.a_pkey
spelling only  column public.a.l: default is ARRAY[]::text[], not '{}'::text[]
spelling only  column public.a.x: default is now(), not CURRENT_TIMESTAMP
different  column public.b.n: default is 2, not 1
order only  column-order public.a: is i, t, x, l, not i, t, l, x
different  constraint public.b.b_a_fkey: references_index is public.a_key, not public.a_pkey
order only  enum-order public.e: is y, x, not x, y
2 different, 2 order only, 2 renamed, 2 spelling only" "$(drifted B="$B")"
}

@test "a table that was renamed is no table lost and no table won" {
	two
	sql 'alter table a rename to "Other"' \
	    'alter table "Other" alter t set default 1'
	has "$(drifted B="$B")" 'missing  table public.a: with 2 columns'
	sql 'alter table "Other" alter t drop default'
	is $'renamed  table public.Other: not public.a\n1 renamed' \
	    "$(drifted B="$B")"
}

@test "a table's name in another's is not mistaken for it" {
	two
	sql 'create table a2 (n numeric)' 'alter table a rename to aa'
	psql -Xq -d "${PGDATABASE}_b" -c 'create table a2 (n numeric)'
	is $'renamed  table public.aa: not public.a\n1 renamed' \
	    "$(drifted B="$B")"
}

@test "of two things that look alike none is called renamed" {
	two
	sql 'alter table a rename t to u' 'alter table a add v text'
	is 'missing  column public.a.t
extra  column public.a.u
extra  column public.a.v
2 extra, 1 missing' "$(drifted B="$B")"
}

@test "labels and options are told one by one" {
	two
	sql "alter type e add value 'z' before 'x'"
	is $'different  enum public.e: labels has also z\n1 different' \
	    "$(drifted B="$B")"
}

@test "an invalid index is a difference, though both have it" {
	two
	local broken="update pg_index set indisvalid = false
	    where indexrelid = 'b_n_idx'::regclass"
	sql "$broken"
	psql -Xq -d "${PGDATABASE}_b" -c "$broken"
	is $'different  index public.b_n_idx: it is INVALID\n1 different' \
	    "$(drifted B="$B")"
}

@test "who owns what and may do what is no drift, unless asked for" {
	two
	sql 'grant select on a to public'
	is 'equal: 16 objects' "$(mg_make drift B="$B")"
	is 'different  table public.a: no privileges, not set' \
	    "$(drifted B="$B" MG_DRIFT_FLAGS= | head -1 |
		sed 's/: privileges is .*/: no privileges, not set/')"
}

@test "a stage that fails leaves no file behind, and no drift is said" {
	run -2 mg_make drift B="$(url no_such_database)"
	has "$output" 'P1003'
	[ ! -e .mg/drift.b.jsonl ]
	migration 2_two 'select 1/0;'
	run -2 mg_make drift
	has "$output" '2_two'
	[ ! -e .mg/drift.b.jsonl ]
}
