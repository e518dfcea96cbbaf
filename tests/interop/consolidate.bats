#!/usr/bin/env bats
# make consolidate beside Prisma: it deploys the folder, and writes METHOD=diff

# shellcheck disable=SC2154 # run sets output

load helper
load ../helper/make

setup() {
	project
	makefile 'MG_MIGRATIONS = migrations'
	migration 20240101000000_one 'CREATE EXTENSION citext;' \
	    'CREATE TABLE a (x int PRIMARY KEY, y text);' \
	    'CREATE TABLE b (x int PRIMARY KEY, a int NOT NULL
		CONSTRAINT b_a_fkey REFERENCES a ON UPDATE CASCADE);' \
	    "INSERT INTO a VALUES (1, 'one');"
	migration 20240102000000_two \
	    'CREATE INDEX a_y_idx ON a (y) WHERE x > 0;' \
	    'ALTER TABLE a ADD CONSTRAINT a_y_check CHECK (x < 1000);' \
	    'ALTER TABLE b DROP CONSTRAINT b_a_fkey;'
	migration 20240103000000_three \
	    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
	databases theirs
	MG_SCRATCH_URL=$(url postgres)
	export MG_SCRATCH_URL
}

# moved: the project's migrations are those in the folder, and no others
moved() {
	rm -r migrations/20*
	cp -r consolidated-migration/. migrations
}

@test "Prisma deploys the folder as it is, and is content" {
	run -0 mg_make consolidate
	databases ours
	on ours apply
	moved
	on theirs prisma deploy
	has "$(on theirs prisma status)" 'Database schema is up to date!'
	alike objects rows
	on theirs agreed
}

@test "Prisma is content where mg recorded it behind all that it replaces" {
	on theirs apply
	run -0 mg_make consolidate
	moved
	on theirs apply
	run -0 on theirs prisma deploy
	has "$output" 'No pending migrations to apply.'
	has "$(on theirs prisma status)" 'Database schema is up to date!'
}

@test "what Prisma makes of the schema is refused, and each loss named" {
	cat >>prisma/schema.prisma <<-'END'
		model a {
		  x Int @id
		  y String?
		  b b[]
		}
		model b {
		  x Int @id
		  a_x Int @map("a")
		  a a @relation(fields: [a_x], references: [x], map: "b_a_fkey")
		}
	END
	# Its adapter asks a database even for this.
	run -2 on theirs mg_make consolidate METHOD=diff \
	    MG_PRISMA="node $PRISMA/node_modules/prisma/build/index.js"
	has "$output" 'missing  index public.a_y_idx' \
	    'missing  constraint public.a.a_y_check' \
	    'missing  function public.f()' 'missing  extension citext' \
	    'extra  constraint public.b.b_a_fkey' \
	    'different  rows public.a: ' 'ACCEPT_LOSS=1' 'nothing was published'
	[ ! -e consolidated-migration ]
	run -0 on theirs mg_make consolidate METHOD=diff ACCEPT_LOSS=1 \
	    MG_PRISMA="node $PRISMA/node_modules/prisma/build/index.js"
	is 6 "$(jq '.losses | length' consolidated-migration/*/metadata.json)"
}
