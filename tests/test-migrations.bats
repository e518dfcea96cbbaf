#!/usr/bin/env bats
# mg.test.mk: what migrations do, seen before others do
#
# Rows 225, 236, 239, 260, 273, 278 of the promises, and 237, 238, 272.

# What run sets, SQL with its quotes:
# shellcheck disable=SC2154,SC2016,SC2034

load helper/common
load helper/make

# One release of a project of two migrations, for the tests that want one.
setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	project
	mg_make release VERSION=v1.0.0 >/dev/null 2>&1
}

setup() {
	project
}

project() {
	sandbox
	makefile 'MG_MIGRATIONS = migrations' 'MG_PRISMA = false' \
	    'MG_SCHEMA ='
	migration 1_one 'create table a (i int primary key, t text);'
	migration 2_two \
	    'create table b (i int primary key, a int references a);' \
	    'create index b_a_idx on b (a);'
	MG_SCRATCH_URL=$(url postgres)
	export MG_SCRATCH_URL
}

# released: there is that release
released() {
	cp -a "$BATS_FILE_TMPDIR/releases" .
}

# baseline SQL...: one of the two migrations, whatever it makes
baseline() {
	mkdir -p consolidated-migration/2_two_consolidated
	printf '%s\n' "$@" \
	    >consolidated-migration/2_two_consolidated/migration.sql
	records
	jq -s '{ replaces: map({ name, checksum }) }' records \
	    >consolidated-migration/2_two_consolidated/metadata.json
}

# down NAME SQL...: beside that migration
down() {
	local name=$1
	shift
	printf '%s\n' "$@" >"migrations/$name/down.sql"
}

# finds PART...: make fails with these words on either output
finds() {
	local part
	run -2 mg_make "${target[@]}"
	for part; do
		has "$output" "$part" || return
	done
}

# nothing_left: no scratch database is on the server
nothing_left() {
	is '' "$(psql -XqAt -d postgres -c "select datname from pg_database
	    where datname like 'mg_scratch_%'")"
}

#
# Forward: row 237
#

@test "test-forward: one by one, by the baseline and from each release" {
	released
	baseline "$(cat migrations/*/migration.sql)"
	migration 3_three 'create table c (i int primary key);'
	run -0 mg_make test-forward
	is $'migrations: 21 objects\nbaseline: 21 objects\nv1.0.0: 21 objects' \
	    "$output"
	nothing_left
}

@test "test-forward: a way that leads elsewhere is told, and the others too" {
	released
	baseline 'create table a (i int primary key, t text);' \
	    'create table b (i int primary key, a int references a);'
	target=(test-forward)
	finds 'missing  index public.b_a_idx' 'v1.0.0: 16 objects' \
	    'test-forward: baseline: leads elsewhere than the migrations' \
	    'test-forward: not all ways lead to where the migrations do'
}

@test "test-forward: a database of a release that cannot follow is told" {
	released
	migration 0_zero 'create table z (i int primary key);'
	migration 1_one 'drop table z;' \
	    'create table a (i int primary key, t text);'
	target=(test-forward)
	finds 'migrations: 16 objects' 'extra  table public.z' \
	    'test-forward: v1.0.0: leads elsewhere than the migrations'
	rm -r releases
	is 'migrations: 16 objects' "$(mg_make test-forward)"
}

@test "test-forward: what does not run is told with its place" {
	migration 3_three 'create table c ();' 'select 1/0;'
	target=(test-forward)
	finds 'migrations/3_three/migration.sql:2:1' \
	    'test-forward: migrations: does not run'
	nothing_left
}

@test "test-forward: both tracks of a project count" {
	mkdir -p prisma
	mv migrations prisma/migrations-schema
	mkdir -p index/3_three
	echo 'create index concurrently a_t_idx on a (t);' \
	    >index/3_three/migration.sql
	run -0 mg_make test-forward MG_MIGRATIONS=none \
	    MG_SCHEMA_MIGRATIONS=prisma/migrations-schema \
	    MG_INDEX_MIGRATIONS=index
	is 'migrations: 17 objects' "$output"
	target=(test-forward MG_MIGRATIONS=none)
	finds 'test-forward: none was not read: MG_MIGRATIONS= is'
}

#
# Backward: row 238
#

@test "test-backward: each way back leads there, SQL or not, and the others are named" {
	down 2_two 'drop table b'
	migration 3_three 'insert into a values (1);'
	down 3_three 'delete from a where i = 1; -- that row'
	mv migrations/3_three/down.sql .
	echo 'exec psql -Xqf down.sql' >migrations/3_three/down.sh
	run -0 --separate-stderr mg_make test-backward
	is 'untested, without a way back: 1_one
down: 2 of 2 lead back
backup: as before what is behind 2_two ran, rows included' "$output"
	is '' "$stderr"
	nothing_left
}

@test "test-backward: a down.sql that forgets something, or fails, is told" {
	down 2_two 'drop index b_a_idx;'
	migration 3_three 'create table d (i int primary key);'
	down 3_three 'drop table e;' 'drop table d;'
	migration 4_four 'create table e (i int primary key);'
	down 4_four 'drop table e;'
	target=(test-backward)
	finds 'extra  table public.b' \
	    'migrations/2_two/down.sql leaves something else than there was' \
	    'test-backward: 3_three was not tested, nor what is behind it'
	down 2_two 'drop table b;'
	finds 'table "e" does not exist' 'migrations/3_three/down.sql failed' \
	    'down: 2 of 3 lead back' \
	    'test-backward: not every way back leads there' \
	    'backup: as before what is behind 3_three ran, rows included'
	nothing_left
}

@test "test-backward: what a backup does not bring back is told" {
	echo 'insert into a select generate_series(1, 9);' >seed.sql
	migration 3_three 'delete from a where i > 3;'
	run -0 mg_make test-backward SEED=seed.sql
	has "$output" 'behind 2_two ran'
	target=(test-backward SEED=seed.sql FROM=1_one MG_RESTORE=true)
	finds '; count is 3, not 9' 'extra  table public.b' \
	    'test-backward: the backup restores something else'
	target=(test-backward SEED=seed.sql MG_BACKUP=false)
	finds 'test-backward: there is no backup'
	target=(test-backward FROM=5_five)
	finds 'test-backward: 5_five is not among the migrations: FROM= is'
}

#
# Performance: rows 239, 278
#

# measured FILTER: of the last record
measured() {
	tail -n 1 .mg/performance.jsonl | jq -c "$1"
}

@test "test-performance: time, WAL, rows, locks and rewrites of each" {
	echo 'insert into a select i, i from generate_series(1, 500) i;' \
	    'insert into b select i, i from generate_series(1, 30) i;' >seed.sql
	migration 3_three 'alter table a alter t type int using t::int;' \
	    'update b set a = null where i <= 20;' \
	    'create table c (i int references b);'
	run -0 mg_make test-performance SEED=seed.sql REWRITES=1
	has "$output" '3_three: AccessExclusive on public.a, and 1 more' \
	    '1 migration: '
	is '[["public.a"],true,20]' \
	    "$(measured '[.rewrites, .rows_read >= 500, .rows_written]')"
	is true "$(measured '.locks | map([.table, .mode]) |
	    contains([["public.a", "AccessExclusiveLock"],
		["public.b", "ShareRowExclusiveLock"]])')"
	is true "$(measured '.wal > 20000 and .ms > 0 and
	    all(.locks[]; .ms > 0)')"
	nothing_left
}

@test "test-performance: a lock counts from the statement that takes it" {
	migration 3_three 'select pg_sleep(0.3);' \
	    'create table c (i int primary key);' \
	    'alter table a add n int;' 'select pg_sleep(0.05);'
	run -0 mg_make test-performance FROM=2_two MAX_MS=9999
	is true "$(measured '.ms > 350 and (.locks | length == 1) and
	    .locks[0].ms > 50 and .locks[0].ms < .ms - 200')"
}

@test "test-performance: without a seed it is all of them, from zero" {
	migration 3_three 'create index concurrently a_t_idx on a (t);' \
	    'drop index concurrently b_a_idx;' 'alter table b add n int;'
	run -0 mg_make test-performance
	has "$output" '3 migrations: '
	is 3 "$(wc -l <.mg/performance.jsonl)"
	is '["public.b","AccessExclusiveLock"]' \
	    "$(measured '.locks[0] | [.table, .mode]')"
	run -0 mg_make test-performance FROM=1_one
	has "$output" '2 migrations: '
}

@test "test-performance: what crosses a threshold is told, and fails" {
	migration 3_three 'alter table a alter t type int using t::int;' \
	    'select pg_sleep(0.02);'
	target=(test-performance FROM=2_two)
	finds 'rewrite  3_three: public.a written anew' \
	    'test-performance: 1 finding to mend, or to name in'
	target=(test-performance FROM=2_two MAX_MS=10 MAX_WAL=1kB
	    MAX_LOCK_MS=15 REWRITES=1)
	finds 'slow  3_three: ' ' ms, not 10' 'wal  3_three: ' \
	    'of WAL, not 1024 B' \
	    'lock  3_three: AccessExclusiveLock on public.a for up to ' \
	    'test-performance: 3 findings to mend'
	target=(test-performance MAX_WAL=much)
	finds "MAX_WAL is a number, not 'much'"
}

#
# Constraints: row 272
#


@test "test-constraints: each kind is found, and its mend mends it" {
	database
	sql 'create table a (i int primary key, j int, t text, unique (i, j))' \
	    'create table "B c" (i int primary key, a int references a,
		"x,y" int, n int check (n > 0),
		constraint "f k" foreign key (a, "x,y") references a (i, j))' \
	    'create index on "B c" ("x,y", i)' \
	    'alter table a add constraint "not yet" check (j > 0) not valid' \
	    'create index t1 on a (t)' 'create index t2 on a (t)' \
	    'create index lower1 on a (lower(t), j) where j > 1' \
	    'create unique index lower2 on a (lower(t), j) where j > 1' \
	    'create table keyless (i int)' \
	    'create table "Nearly" ("Id" int not null)' \
	    'create unique index "Nearly_key" on "Nearly" ("Id")' \
	    'create index broken on a (j)' \
	    "update pg_index set indisvalid = false
		where indexrelid = 'broken'::regclass"
	target=(test-constraints DATABASE=1)
	finds 'unindexed-foreign-key  public."B c"."B c_a_fkey"' \
	    'unindexed-foreign-key  public."B c"."f k"' \
	    'CREATE INDEX CONCURRENTLY ON public."B c" (a, "x,y");' \
	    'not-valid  public.a."not yet"' \
	    'duplicate-index  public.t2: it is what public.t1 is' \
	    'DROP INDEX CONCURRENTLY public."lower1";' \
	    'no-primary-key  public.keyless' \
	    'ADD PRIMARY KEY USING INDEX "Nearly_key";' \
	    'invalid-index  public.broken' \
	    'test-constraints: 8 findings to mend'
	grep $'^\t' <<<"$output" >mend.sql
	psql -Xq -v ON_ERROR_STOP=1 -f mend.sql
	run -0 mg_make "${target[@]}"
	is 'note: public."B c_a_idx" is a beginning of public."B c_a_x,y_idx", '\
'which may do for both' "$output"
}

@test "test-constraints: what is right is not found" {
	migration 3_three 'create type e as enum ();' \
	    'create table p (i int, a int references a, primary key (i, a))
		partition by list (i);' \
	    'create table p1 partition of p for values in (1);' \
	    'create index on p (a);' \
	    'create table c (a int references a, b int, x int references a,
		constraint c_b foreign key (b) references b,
		exclude using btree (x with =), primary key (b, a));' \
	    'create index c_a on c using hash (a);' \
	    'create index c_x on c (x) where x is not null;' \
	    'create index c_half on c (x) where b > 1;' \
	    'create unique index a_t on a (t);' \
	    'create index a_t_c on a (t collate "C");' \
	    'create index a_t_desc on a (t desc);' \
	    'create index a_t_gin on a using brin (t);' \
	    'create index a_t_included on a (t) include (i);'
	run -0 mg_make test-constraints
	is '' "$output"
	nothing_left
}

@test "test-constraints: what is partial or begins elsewhere is no help" {
	migration 3_three \
	    'create table c (i int primary key, a int references a,
		b int references b);' \
	    'create index c_a on c (i, a);' \
	    'create index c_b on c (b) where b > 1;'
	target=(test-constraints)
	finds 'public.c.c_a_fkey' 'public.c.c_b_fkey' ': 2 findings'
}

@test "test-constraints: a partition has what its parent has, or lacks it" {
	database
	sql 'create table a (i int primary key)' \
	    'create table p (i int not null, a int references a)
		partition by list (i)' \
	    'create table p1 partition of p for values in (1)' \
	    'create index broken on only p (i)' \
	    'create index broken2 on only p (i)'
	target=(test-constraints DATABASE=1)
	finds 'unindexed-foreign-key  public.p.p_a_fkey' \
	    'CREATE INDEX ON public."p" (a);' 'no-primary-key  public.p' \
	    'invalid-index  public.broken2' ': 4 findings'
	grep $'^\tCREATE\|^\tDROP' <<<"$output" >mend.sql
	psql -Xq -v ON_ERROR_STOP=1 -f mend.sql
	finds 'no-primary-key  public.p' \
	    'duplicate-index  public.broken2: it is what public.broken is' \
	    ': 2 findings'
}

@test "test-constraints: what is known is named in a file, with a reason" {
	migration 3_three 'create table "k k" ();' 'create table l ();'
	printf '%s\n' '# old ones' 'no-primary-key public."k k" because a log' \
	    'no-primary-key public.b because it had none' >known
	target=(test-constraints MG_TEST_IGNORE=known)
	finds 'no-primary-key  public.l' '1 finding ignored' \
	    'need not be ignored: no-primary-key public.b' \
	    'test-constraints: 1 finding to mend, or to name in known'
	echo 'no-primary-key public.l because it is small' >>known
	run -0 mg_make "${target[@]}"
	has "$output" '2 findings ignored'
	echo 'no-primary-key public.l' >>known
	finds 'test-constraints: known:5: is not KIND NAME because REASON'
}

#
# All of them: rows 218, 225, 236, 260, 273
#

@test "make test runs them all, whatever one says, and sums up" {
	database
	unset MG_SCRATCH_URL
	migration 3_three 'create table c ();'
	run -2 --separate-stderr mg_make test MG_SCRATCH_URL="$(url postgres)"
	has "$output" 'passed  test-forward ' 'passed  test-backward ' \
	    'passed  test-performance ' 'FAILED  test-constraints '
	has "$stderr" 'test-migrations: 1 of them failed'
	# Not even the database that is there was looked at.
	is '' "$(sql 'select relname from pg_class
	    where relnamespace = 2200')"
	nothing_left
}

@test "a project's own target called test stays what it is" {
	makefile 'MG_MIGRATIONS = migrations' 'test: ; @echo mine'
	run -0 mg_make test
	is mine "$output"
	makefile 'MG_MIGRATIONS = migrations'
	run -2 mg_make tests
	has "$output" 'No rule to make target'
}
