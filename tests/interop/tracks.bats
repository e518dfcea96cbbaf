#!/usr/bin/env bats
# The two tracks beside Prisma: it deploys each folder, and agrees with mg

# shellcheck disable=SC2154 # run sets output

load helper
load ../helper/make
load ../helper/tracks

setup() {
	project
	makefile
	migration 20240101000000_one \
	    'CREATE TABLE a (x int PRIMARY KEY, y text, z int);' \
	    'CREATE UNIQUE INDEX a_y_key ON a (y);' \
	    "INSERT INTO a VALUES (1, 'one', 2);"
	migration 20240102000000_two \
	    'CREATE INDEX a_z_idx ON a (z);' \
	    'CREATE TABLE b (x int PRIMARY KEY, y text REFERENCES a (y));' \
	    'CREATE INDEX b_y_idx ON b (y DESC) WHERE x > 0;'
	databases theirs ours
	MG_SCRATCH_URL=$(url postgres)
	export MG_SCRATCH_URL
}

# split: make the tracks, and put a schema beside each, where Prisma looks for
# migrations
split() {
	local folder
	mg_make split-tracks
	for folder in "$schema" "$index"; do
		cp prisma/schema.prisma "$folder/.."
	done
}

# prisma_on TRACK COMMAND: that folder is all that it sees
prisma_on() {
	prisma "$2" --schema="$1/../schema.prisma"
}

# content: Prisma has nothing to do in either folder, nor has mg
content() {
	local folder
	history >before
	for folder in "$schema" "$index"; do
		run -0 prisma_on "$folder" deploy
		has "$output" 'No pending migrations to apply.'
		run -0 prisma_on "$folder" status
		has "$output" 'Database schema is up to date!'
	done
	run -0 mg_make migrate-all-deploy
	has "$output" 'schema track: nothing' 'index track: nothing'
	history >after
	same before after
}

@test "Prisma deploys one folder, then the other, as mg does" {
	split
	run -0 on theirs prisma_on "$schema" deploy
	has "$output" '1 migration found' 20240102000000_baseline
	is '' "$(on theirs sql "SELECT to_regclass('a_z_idx')")"
	run -0 on theirs prisma_on "$index" deploy
	has "$output" 20240102000000_baseline_indexes
	on theirs content
	on ours mg_make migrate-all-deploy
	alike objects rows
	on ours content
}

@test "they make what Prisma makes of the history, and it agrees when mg is done" {
	on theirs prisma deploy
	split
	on ours mg_make migrate-all-deploy
	alike objects rows
	on theirs mg_make migrate-all-deploy
	on theirs content
	alike objects rows
}

@test "they take turns, in later migrations of both tracks" {
	split
	on ours prisma_on "$schema" deploy
	on ours mg_make migrate-indexes-deploy
	schema_track 20240103000000_three 'ALTER TABLE b ADD w int;'
	index_track 20240103000001_four 'CREATE INDEX CONCURRENTLY b_w_idx ON b (w);'
	on ours prisma_on "$schema" deploy
	on ours mg_make migrate-indexes-deploy
	schema_track 20240104000000_five 'ALTER TABLE b ADD v int;'
	index_track 20240104000001_six 'CREATE INDEX CONCURRENTLY b_v_idx ON b (v);'
	on ours mg_make migrate-schema-deploy
	on ours prisma_on "$index" deploy
	on ours content
	is 6 "$(on ours sql 'SELECT count(*) FROM _prisma_migrations')"
}

@test "what is pending in one folder, Prisma says of that one only" {
	split
	on ours mg_make migrate-schema-deploy
	run -0 on ours prisma_on "$schema" status
	run -1 on ours prisma_on "$index" status
	has "$output" 20240102000000_baseline_indexes
}
