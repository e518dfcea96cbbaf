#!/usr/bin/env bats
# mg.consolidate.mk, METHOD=diff: Prisma's script, and what it loses

# What run and the tests set, SQL with its quotes:
# shellcheck disable=SC2154,SC2016,SC2030,SC2031

load helper/common
load helper/consolidate

setup() {
	history_of_three
	mkdir prisma
	echo 'model a {}' >prisma/schema.prisma
	# What the history makes, but for rows and an index, with another one.
	cat >diff.sql <<-'END'
		create type e as enum ('x', 'z', 'y');
		create table a (i int primary key);
		create table b (a int references a, s serial, n int unique);
		create index b_a_idx on b (a);
	END
	shadow true '[ "$1 $2" = "migrate diff" ] || exit
	    [ "$*" != "migrate diff --help" ] || {
		echo "  --to-schema-datamodel  Path"; exit; }
	    echo "$*" >asked; cat diff.sql'
	arguments=(METHOD=diff MG_PRISMA="$PWD/shadow/true")
}

@test "it is refused with the list of what it loses, adds and changes" {
	refused 'missing  index public.b_n_idx' \
	    'extra  constraint public.b.b_n_key' \
	    'different  rows public.a:' 'different  rows public.b:' \
	    'METHOD=squash does not, ACCEPT_LOSS=1 takes it as it is' \
	    'nothing was published'
	is 'migrate diff --from-empty --to-schema-datamodel prisma/schema.prisma --script' \
	    "$(cat asked)"
	arguments+=(ACCEPT_LOSS=0)
	refused 'ACCEPT_LOSS=1'
}

@test "accepted, it tells of its losses for ever" {
	is "initial-baseline (there is none), accepted: 3 different, 1 extra, 1 missing: $baseline" \
	    "$(consolidate "${arguments[@]}" ACCEPT_LOSS=1)"
	is diff "$(told method)"
	is 'missing  index public.b_n_idx' \
	    "$(told 'losses[] | select(startswith("missing"))')"
	is "$(wc -l <.mg/consolidate/losses)" "$(told 'losses | length + 1')"
	run ! grep proven "$baseline/migration.sql"
	database
	records "$folder"
	mg-apply <records
	is "$(told catalog_digest)" "$(mg-catalog --digest --no-owners \
	    --no-privileges --no-versions)"
	is "up to date: $baseline" "$(consolidate "${arguments[@]}")"
	echo 'model b {}' >>prisma/schema.prisma
	has "$(consolidate "${arguments[@]}" ACCEPT_LOSS=1)" \
	    'incremental-update (the schema was edited)'
}

@test "where it loses nothing, it needs no word" {
	echo "insert into a values (1), (2);
	    create index b_n_idx on b (n) where n > 0;
	    alter table b drop constraint b_n_key;
	    insert into b (a, n) values (1, 5);" >>diff.sql
	is "initial-baseline (there is none): $baseline" \
	    "$(consolidate "${arguments[@]}")"
	is '[]' "$(told 'losses | tojson')"
	consolidate METHOD=squash
	is null "$(told losses)"
}

@test "without a schema or a Prisma it is refused before anything runs" {
	arguments+=(MG_SCRATCH=none)
	rm prisma/schema.prisma
	refused 'METHOD=diff is made of prisma/schema.prisma, which is not there: say where it is with MG_SCHEMA='
	echo 'model a {}' >prisma/schema.prisma
	arguments=(METHOD=diff MG_SCRATCH=none MG_PRISMA='none --such prisma')
	refused "METHOD=diff needs the project's Prisma, and 'none --such prisma' does not run: npm install, or"
	shadow true '[ "$3" = --help ] || { echo "P1012: no"; exit 1; } >&2'
	arguments=(METHOD=diff MG_SCRATCH=none MG_PRISMA="$PWD/shadow/true")
	refused 'P1012: no' 'Prisma makes no script of prisma/schema.prisma'
}

@test "Prisma 7 is asked with the name that it has for the option" {
	shadow true '[ "$3" != --help ] || { echo "  --to-schema  Path"; exit; }
	    echo "$*" >asked; cat diff.sql'
	refused ACCEPT_LOSS=1
	has "$(cat asked)" '--to-schema prisma/schema.prisma'
}

@test "a script that does not run is told with file and line" {
	echo 'create table a ();' >diff.sql
	echo 'create table a ();' >>diff.sql
	refused 'migration.sql:9:1' 'does not run on an empty database'
}
