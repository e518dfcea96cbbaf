#!/usr/bin/env bats
# mg-convert, judged by the TypeScript compiler and by real knex: what was
# converted compiles, does the same, and undoes the same
#
# Rows 187, 188, 190, 194, 201, 202 and 203 of the promises.  The migrations in
# ./knex have each a style of their own.

# What run sets:
# shellcheck disable=SC2154

load helper

setup() {
	project
	# knex looks beside it for itself.
	cp "$ROOT/tests/interop/knexfile.cjs" .
}

# knex COMMAND [OPTION...]: on the migrations in $KNEX_MIGRATIONS
knex() {
	node "$PRISMA/node_modules/knex/bin/cli.js" \
	    --knexfile knexfile.cjs "migrate:$1" "${@:2}"
}

# everything: objects and rows, without the rows in which knex keeps the time
everything() {
	pg_dump --inserts --exclude-table-data='knex_migrations*' | unguarded
	sql 'SELECT name, batch FROM knex_migrations ORDER BY id'
}

# convert: all of ./knex, into ./ts
convert() {
	local script name
	mkdir ts
	for script in "$ROOT"/tests/interop/knex/*.js; do
		name=${script##*/}
		mg-convert <"$script" >"ts/${name%.js}.ts" || return
	done
}

@test "all styles: strict TypeScript, and the same forward and back" {
	databases theirs ours
	convert
	# Any error is one; strict is what it says.
	run -0 node node_modules/typescript/bin/tsc --strict --target es2022 \
	    --module commonjs --outDir made ts/*.ts
	is '' "$output"
	[ "$(find made -name '*.js' | wc -l)" -ge 26 ]
	ln -s "$ROOT/tests/interop/knex" script
	KNEX_MIGRATIONS=$PWD/script on theirs knex latest >out
	KNEX_MIGRATIONS=$PWD/made on ours knex latest >out
	alike everything
	# There is something to compare.
	has "$(cat everything.ours)" 'CREATE TABLE public.hashes' "'ada'"
	KNEX_MIGRATIONS=$PWD/script on theirs knex rollback --all >out
	KNEX_MIGRATIONS=$PWD/made on ours knex rollback --all >out
	alike everything
	run -1 grep -E 'CREATE (TABLE|VIEW) public\.[^k]' everything.ours
}
