#!/usr/bin/env bats
# mg-backup(1): take, list, check and prune backups of a database
#
# shellcheck disable=SC2016 # what a fake pg_dump runs
# shellcheck disable=SC2030,SC2031,SC2154 # run sets output

load helper/common
load helper/backup

setup_file() {
	file_database 'create table a (i int primary key, t text)' \
	    'insert into a select g, md5(g::text) from generate_series(1, 300) g' \
	    'create table "B c" (i int)' 'select lo_create(0)'
}

setup() {
	sandbox
	read_database
}

#
# Taking one
#

@test "the name has label and UTC time, and is printed" {
	run -0 mg-backup --label staging_eu
	[[ $output =~ ^backups/backup_staging_eu_20[0-9]{6}_[0-9]{6}\.dump$ ]]
	[ "${#lines[@]}" = 1 ]
	run -0 mg-backup -o other
	[[ $output =~ ^other/backup_${PGDATABASE}_20[0-9]{6}_[0-9]{6}\.dump$ ]]
}

@test "each format can be read back and has its own ending" {
	take --format directory --jobs 2
	is dir "${file##*.}"
	run -0 mg-backup --check "$file"
	given plain
	is sql "${file##*.}"
	tail -n 5 "$file" | grep -q complete
	run -0 mg-backup --check "$file"
	take --format plain --compress 1
	is sql.gz "${file#*.}"
	gzip -t "$file"
	run -0 mg-backup --check "$file"
	take --compress 0
	run -0 mg-backup --check "$file"
	pg_restore -l "$file" | grep -q 'TABLE DATA public B c'
}

@test "the sidecar says what is in it" {
	write_database
	sql 'create schema "S"' 'create table "S"."b""c" (i int)' \
	    'create role "mg Role"' 'grant select on a to "mg Role"'
	history_of_two
	take
	sql 'drop owned by "mg Role"' 'drop role "mg Role"'
	is "$(stat -c %s "$file")" "$(told .size)"
	is "$(sha256sum <"$file" | cut -d' ' -f1)" "$(told .checksum)"
	is "$(sql 'show server_version' | cut -d' ' -f1)" \
	    "$(told .server.version)"
	is "$PGDATABASE UTF8 custom pg_dump" \
	    "$(told '"\(.database) \(.encoding) \(.format) \(.tool.program)"')"
	is '{"\"S\".\"b\"\"c\"":0,"public.\"B c\"":0,"public._prisma_migrations":3,"public.a":300}' \
	    "$(told .tables)"
	is '2_two 2 303 true' "$(told '"\(.history.head) \(.history.applied)" +
	    " \(.rows) \(.roles | contains(["mg Role"]))"')"
}

@test "the digest is that of mg-catalog" {
	given
	is "$(mg-catalog --digest --no-versions)" "$(told .catalog.digest)"
}

@test "rows are counted in the snapshot of the dump" {
	write_database
	around 'psql -Xqc "insert into a values (1000), (1001)"'
	take
	is 302 "$(sql 'select count(*) from a')"
	is 300 "$(told '.tables["public.a"]')"
	is 300 "$(pg_restore -f - -t a --data-only "$file" | grep -c $'^[0-9]*\t')"
}

@test "nobody else may read it, whatever the umask is" {
	local mask
	for mask in 000 777; do
		(umask "$mask" && mg-backup --format directory -o "$mask" >out)
		is "700 700 600 600" "$(stat -c %a "$mask" "$(cat out)" \
		    "$(cat out)/toc.dat" "$mask"/*.json | xargs)"
	done
}

@test "a password is in the environment of pg_dump and nowhere else" {
	local DATABASE_URL=${DATABASE_URL/@/:hunter2@}
	around 'echo "$@" >argv; echo "$PGPASSWORD" >password;
	    tr "\0" " " </proc/$PPID/cmdline >>argv'
	take -d "$DATABASE_URL"
	is hunter2 "$(cat password)"
	run -1 grep -r hunter2 argv backups
	around 'exit 1'
	run -3 mg-backup -d "$DATABASE_URL"
	[[ $output != *hunter2* ]]
}

@test "what pg_dump says of a secret is not repeated" {
	around 'echo "pg_dump: error: query: password=hunter2" >&2; exit 1'
	run -3 mg-backup
	[[ $output != *hunter2* ]]
	has "$output" 'a line that may hold a secret' 'pg_dump failed, exit status 1'
}

@test "a pg_dump that is older than the server is refused beforehand" {
	local version
	version=$(sql 'show server_version')
	version=${version%% *}
	"$ROOT/tests/dump/posing" "$PGHOST/.s.PGSQL.5432" \
	    "$PWD/.s.PGSQL.5432" "${version%.*}.99" 3>&- &
	eventually test -S .s.PGSQL.5432
	says 3 "older than the server, which is ${version%.*}.99" mg-backup \
	    -d "postgresql://$PGUSER@localhost/$PGDATABASE?host=$PWD"
	[ ! -e backups ]
}

@test "two of the same second have two names" {
	local first
	mg-backup >one 2>&1 3>&- &
	first=$!
	mg-backup >two
	wait "$first"
	[ "$(cat one)" != "$(cat two)" ]
	is 2 "$(mg-backup --list --records | jq -r 'select(.error | not).path' |
	    wc -l)"
}

@test "progress is shown if asked for, and no word of pg_dump's own" {
	around 'sleep 0.1'
	run -0 --separate-stderr mg-backup --progress
	has "$stderr" ' tables '
	[[ $stderr != *pg_dump:* ]]
}

#
# What goes wrong
#

@test "a pg_dump that fails leaves nothing" {
	around 'exit 4'
	says 3 'pg_dump failed, exit status 4' mg-backup
	nothing_left
}

@test "a disk that is full leaves nothing" {
	local format
	for format in custom directory plain; do
		(
			trap '' XFSZ
			ulimit -f 4
			run -3 mg-backup --format "$format"
			nothing_left
		)
	done
}

@test "a signal ends all of pg_dump's group and leaves nothing" {
	local name
	for name in INT TERM HUP; do
		around 'sleep 1000 & echo $! >child.new; mv child.new child; wait'
		start_backup
		eventually test -e child
		kill "-$name" "$pid"
		ends $((128 + $(kill -l "$name")))
		eventually ended "$(cat child)"
		nothing_left
		rm child
	done
}

@test "what a killed one leaves nobody takes for a backup, and the next clears away" {
	around 'touch began; exec sleep 1000'
	start_backup
	eventually test -e began
	kill -KILL "$pid"
	ends 137
	is '' "$(mg-backup --list)"
	find backups -mindepth 1 -maxdepth 1 -name '.mg-backup.*' | grep -q .
	unset MG_PGBIN
	take
	is 2 "$(find backups -mindepth 1 | wc -l)"
}

@test "one that is being taken is left alone by the next" {
	around 'touch began; until [ -e go ]; do sleep 0.05; done'
	start_backup
	eventually test -e began
	MG_PGBIN='' run -0 mg-backup
	touch go
	ends 0
	is 2 "$(mg-backup --list --records | jq -r .path | wc -l)"
}

#
# Checking
#

@test "a byte that changed anywhere is seen" {
	local format at size target
	for format in custom directory plain; do
		given "$format"
		for target in "$file" "${file%%.*}.json"; do
			[ ! -d "$target" ] || target=$target/toc.dat
			size=$(stat -c %s "$target")
			for at in 0 $((size / 2)) $((size - 2)); do
				spoil "$target" "$at"
				run -1 mg-backup --check "$file"
				cp saved "$target"
			done
			truncate -s -1 "$target"
			# A sidecar's last byte is a newline, which says nothing.
			[ "${target%.json}" != "$target" ] ||
				run -1 mg-backup --check "$file"
			cp saved "$target"
		done
		run -0 mg-backup --check "$file"
	done
}

@test "a fact of the sidecar that was edited is seen" {
	given
	sed -i 's/"public.a":300/"public.a":301/' "${file%.dump}.json"
	says 1 'it is not what was written' mg-backup --check "$file"
}

@test "files that were swapped, added or removed are seen" {
	local one
	given
	one=$file
	write_database
	sql 'insert into a values (1000)'
	take
	mv "$one" tmp && mv "$file" "$one" && mv tmp "$file"
	run -1 mg-backup --check "$one"
	run -1 mg-backup --check "$file"
	given directory
	touch "$file/more"
	run -1 mg-backup --check "$file"
	rm "$file/more" "$file"/*.dat.gz
	run -1 mg-backup --check "$file"
}

@test "what is no backup, has no sidecar or is not there is an error" {
	given
	touch some.dump
	says 2 'not the name of a backup' mg-backup --check some.dump
	says 2 'No such file' mg-backup --check backups/backup_a_20260101_000000.dump
	rm backups/*.json
	says 2 'sidecar belongs beside it' mg-backup --check "$file"
}

#
# Rehearsing
#

@test "a backup that was rehearsed says so" {
	write_database
	sql 'create role "mg Owner"' 'create schema s authorization "mg Owner"' \
	    'create extension pgcrypto schema s' 'drop schema public cascade'
	take --rehearse
	sql 'drop owned by "mg Owner" cascade' 'drop role "mg Owner"'
	has "$(told .rehearsed.at)" 20
	run -0 mg-backup --check "$file"
	has "$(mg-backup --list)" yes
}

@test "one that restores to something else is refused" {
	write_database
	sql 'create table b (i int)' 'insert into b values (1)'
	around 'set -- "$@" --exclude-table=b'
	take
	unset MG_PGBIN
	run -1 mg-backup --rehearse "$file"
	has "$output" 'public.b is missing' 'the catalog differs' \
	    'what it restores is not what was backed up'
	is null "$(told .rehearsed)"
}

#
# Listing and pruning
#

@test "the list is a table, the newest first, with what is wrong" {
	is '' "$(mkdir backups && mg-backup --list)"
	given
	like "$file" a 20260101_000000
	like "$file" a 20260102_000000
	echo >>"backups/backup_a_20260102_000000.dump"
	run -0 mg-backup --list
	[[ ${lines[1]} == "$file "*300*no* ]]
	[[ ${lines[2]} == *a_20260102_000000.dump*bytes,\ and\ had* ]]
	[[ ${lines[3]} == *a_20260101_000000.dump*2026-01-01\ 00:00* ]]
	is 'now 300 null,a 300 1,a 300 null' "$(mg-backup --list --records |
	    jq -r '"\(.label) \(.rows // 300) \(.error | length |
		if . == 0 then null else 1 end)"' | paste -sd,)"
}

@test "prune keeps the newest of each label, and the young ones" {
	local day
	given
	for day in 01 02 03 04; do
		like "$file" a "202601${day}_000000"
		like "$file" b "202601${day}_000000"
	done
	run -0 mg-backup --prune -n --keep 3
	is 'a_20260101 b_20260101' "$(names "$output")"
	is 9 "$(mg-backup --list --records | wc -l)"
	run -0 mg-backup --prune --keep 3 --label a
	is a_20260101 "$(names "$output")"
	[ ! -e backups/backup_a_20260101_000000.dump ]
	[ ! -e backups/backup_a_20260101_000000.json ]
	run -0 mg-backup --prune --keep 1 --keep-days 100000
	is '' "$output"
	run -0 mg-backup --prune --keep-days 7
	is 'a_20260102 a_20260103 b_20260101 b_20260102 b_20260103' \
	    "$(names "$output")"
}

@test "prune never takes the last good one" {
	given
	like "$file" a 20260101_000000
	like "$file" a 20260102_000000
	like "$file" a 20260103_000000
	spoil backups/backup_a_20260103_000000.dump 100
	run -0 mg-backup --prune --keep 1 --label a
	is a_20260101 "$(names "$output")"
	run -0 mg-backup --prune --keep 0 --label a
	is a_20260103 "$(names "$output")"
	run -0 mg-backup --prune --keep 0
	is '' "$output"
	spoil backups/backup_a_20260102_000000.dump 100
	like "$file" a 20260101_000000
	spoil backups/backup_a_20260101_000000.dump 100
	run -0 mg-backup --prune --keep 0 --label a
	is '' "$output"
}

@test "prune leaves alone what is not whole" {
	given
	like "$file" a 20260101_000000
	rm backups/backup_a_20260101_000000.json
	run -0 --separate-stderr mg-backup --prune --keep 0
	is '' "$output"
	has "$stderr" 'left alone'
}

@test "options that do not go together are refused" {
	local arguments
	while read -r arguments; do
		# shellcheck disable=SC2086 # words
		run -2 mg-backup $arguments
	done <<-END
		--list --check x
		--check
		x
		--prune
		--keep 1
		-n
		--records
		--jobs 2
		--jobs 0 --format directory
		--format tar
		--format plain --compress zstd
		--label a/b
		--rehearse --prune --keep 1
		--rehearse a b
	END
	[ ! -e backups ]
	run -2 mg-backup --list
}
