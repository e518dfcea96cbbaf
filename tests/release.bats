#!/usr/bin/env bats
# mg.release.mk: a package per release, which nobody changes afterwards

# What run sets, SQL with its quotes:
# each test is a subshell of its own:
# shellcheck disable=SC2154,SC2016,SC2030,SC2031,SC2034

load helper/common
load helper/make

# One release of a project of two migrations, for all tests to start from.
setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	project
	release v4.0.0
}

setup() {
	project
	cp -a "$BATS_FILE_TMPDIR"/{releases,.mg} .
	package=releases/v4.0.0
}

project() {
	sandbox
	makefile 'MG_MIGRATIONS = migrations' 'MG_PRISMA = false'
	migration 20240101000000_one 'create table a (i int primary key);' \
	    'insert into a values (1);'
	migration "20240102000000_it's two" 'create table b (a int references a);'
	mkdir prisma
	echo 'model a {}' >prisma/schema.prisma
	MG_SCRATCH_URL=$(url postgres)
	export MG_SCRATCH_URL
}

# release VERSION [VARIABLE=VALUE...]: make it, which has to work
release() {
	local version=$1
	shift
	mg_make release VERSION="$version" "$@" 2>err
}

# unproven: from now on the last proof has to do, for tests of what comes before
# and behind it, of the same migrations
unproven() {
	export MG_SCRATCH=true
}

# manifest FILTER: what it tells
manifest() {
	jq -r "$1" "$package/manifest.json"
}

# refused PART...: make "${arguments[@]}" fails, with these words, and the
# packages are what they were
refused() {
	local before word
	before=$(state)
	run -2 mg_make "${arguments[@]}"
	for word; do
		has "$output" "$word" || return
	done
	is "$before" "$(state)"
}

# state: of all that is in the folder of packages
state() {
	find releases -printf '%P %y %m\n' | sort
	find releases -type f -exec sha256sum {} + | sort
}

# found LINE...: by make verify, and nothing else
found() {
	run -2 --separate-stderr mg_make verify
	is "$(printf 'v4.0.0: %s\n' "$@")" "$output"
}

sum() { sha256sum <"$1" | cut -d ' ' -f 1; }

# Rows 71, 73 to 76, 78, 84 to 87, 109 to 112.
@test "a package has all that was promised of it" {
	is 'catalog.jsonl
manifest.json
migrations/0_baseline/metadata.json
migrations/0_baseline/migration.sql
migrations/migration_lock.toml
schema.prisma' "$(cd "$package" && find . -type f -printf '%P\n' | sort)"
	cmp prisma/schema.prisma "$package/schema.prisma"
	is v4.0.0 "$(manifest .version)"
	is 2024-01-02T00:00:00Z "$(manifest .generated_at)"
	is "20240102000000_it's two" "$(manifest .baseline_includes_up_to)"
	is 2 "$(manifest .migration_count)"
	is "$(wc -l <"$package/migrations/0_baseline/migration.sql")" \
	    "$(manifest .baseline_lines)"
	is single-baseline-release "$(manifest .strategy)"
	is "$(sum prisma/schema.prisma)" "$(manifest .schema_checksum)"
	is squash "$(manifest .method)"
	is null "$(manifest .previous)"
	is '[[],[],[]]' "$(manifest '[.releases, .upgrade, .patches] | tojson')"
	has "$(manifest .server_version)" "$(sql 'show server_version')"
	records
	is "$(jq -c '[.name, .checksum]' records)" \
	    "$(manifest '.migrations[] | [.name, .checksum] | tojson')"
	jq -S . "$package/manifest.json" | cmp - "$package/manifest.json"
	is "$(jq -S 'del(.checksum)' "$package/manifest.json" | sha256sum)" \
	    "$(manifest .checksum)  -"
	is "$(cd "$package" && find . -type f ! -name manifest.json \
	    -printf '%P\0' | sort -z | xargs -0 sha256sum)" \
	    "$(manifest '.files | to_entries[] | "\(.value)  \(.key)"')"
	is '755 d' "$(find "$package" ! -type f -printf '%m %y\n' | sort -u)"
	is '444 f' "$(find "$package" -type f -printf '%m %y\n' | sort -u)"
	is v4.0.0 "$(ls -A releases)"
}

# Rows 67, 79, 81, 83, 113, 114, 177, 179.
@test "an empty database gets from it what the catalog says" {
	database
	records "$package/migrations"
	run -0 mg-apply <records
	is 1 "${#lines[@]}"
	is 1 "$(sql 'select i from a')"
	mg-catalog --no-owners --no-privileges --no-versions |
	    cmp - "$package/catalog.jsonl"
	is "$(manifest .catalog_digest)" "$(mg-catalog --digest --no-owners \
	    --no-privileges --no-versions)"
}

# Rows 89, 90, 133.
@test "what to tell git is said; again, it is there" {
	rm -r releases
	is "releases/v4.0.0: 2 migrations in one baseline of $(wc -l \
	    <"$BATS_FILE_TMPDIR/$package/migrations/0_baseline/migration.sql"
	    ) lines, 0 to upgrade with
git add 'releases/v4.0.0'
git commit -m 'Release v4.0.0'" "$(release v4.0.0)"
	has "$(cat err)" 'was not compared with the baseline'
	before=$(state)
	unproven
	is "$package is there, with these bytes" "$(release v4.0.0)"
	is "$before" "$(state)"
	# Row 158: how long it took, without the proof as a run of its own.
	is 'release v4.0.0 made true,release v4.0.0 unchanged true' \
	    "$(jq -rs '.[-2:] | map("\(.flow) \(.version) \(.outcome) " +
		"\(.ms > 0)") | join(",")' .mg/log.jsonl)"
}

@test "the same bytes in any folder, umask, locale, zone and time" {
	mkdir elsewhere
	cp -a include prisma migrations Makefile elsewhere
	find elsewhere -exec touch -h -d 2001-02-03 {} +
	cd elsewhere
	umask 077
	LC_ALL=C.UTF-8 TZ=Asia/Kolkata mg_make release VERSION=v4.0.0
	umask 022
	diff -r ../releases releases
	is '755 d' "$(find "$package" ! -type f -printf '%m %y\n' | sort -u)"
	is '444 f' "$(find "$package" -type f -printf '%m %y\n' | sort -u)"
}

@test "where no name has a timestamp, the release that is there knows when" {
	mv "migrations/20240102000000_it's two" migrations/9_two
	release v4.0.0 SOURCE_DATE_EPOCH=86400 MG_RELEASES=others
	package=others/v4.0.0
	is 1970-01-02T00:00:00Z "$(manifest .generated_at)"
	unproven
	is "$package is there, with these bytes" \
	    "$(release v4.0.0 MG_RELEASES=others)"
}

# Rows 77, 80, 115, 120, 150.
@test "a package is never overwritten, and what differs is named" {
	arguments=(release VERSION=v4.0.0 MG_SCRATCH=true)
	echo 'model c {}' >>prisma/schema.prisma
	refused 'changed  schema.prisma: is ' 'with other bytes'
	arguments=(release VERSION=v4.0.0)
	migration 20240103000000_three 'create table c ();'
	refused 'changed  migrations/0_baseline/migration.sql: is' \
	    'changed  manifest.json: its migration_count'
	rm -r migrations/20240103000000_three
	cp -a "$BATS_FILE_TMPDIR/.mg" .
	arguments=(release VERSION=v4.0.0 MG_SCRATCH=true)
	chmod u+w "$package/schema.prisma"
	echo >>"$package/schema.prisma"
	refused 'changed  schema.prisma: is ' 'is never overwritten'
}

# Rows 85, 121, 140, 141, 169, 176.
@test "the next release tells of those before it, and how to come from them" {
	before=$(state)
	migration 20240103000000_three 'create table c (i int);'
	release v4.1.0-rc.2
	migration 20240104000000_four 'alter table c drop i;'
	release v4.1.0-rc.10 METHOD=concat
	is concat "$(jq -r .method releases/v4.1.0-rc.10/manifest.json)"
	unproven
	release v4.1.0
	package=releases/v4.1.0
	is 'v4.0.0 v4.1.0-rc.2 v4.1.0-rc.10' \
	    "$(manifest '.releases | map(.version) | join(" ")')"
	is v4.1.0-rc.10 "$(manifest .previous)"
	is '20240103000000_three 20240104000000_four' \
	    "$(manifest '.upgrade | map(.name) | join(" ")')"
	is "$(cd migrations && sha256sum 2024010[34]*/*)" \
	    "$(cd "$package/upgrade" && sha256sum ./*/* | sed 's,\./,,')"
	is "$(sum releases/v4.0.0/migrations/0_baseline/migration.sql)" \
	    "$(manifest '.releases[0].checksum')"
	is "20240102000000_it's two" "$(manifest '.releases[0].includes_up_to')"
	is '["20240101000000_one","20240102000000_it'"'"'s two"]' \
	    "$(manifest '.releases[0].migrations | map(.name) | tojson')"
	is '[]' "$(manifest '.releases[0].hotfixes | tojson')"
	run -0 mg_make verify
	is 4 "$(grep -c ': whole, ' <<<"$output")"
	rm -r releases/v4.1.0*
	is "$before" "$(state)"
}

@test "what a release has, the next may neither lose nor change" {
	arguments=(release VERSION=v4.1.0)
	migration 20240101000000_one 'create table a (i int primary key);'
	refused '20240101000000_one was edited since v4.0.0' \
	    'nothing was made' 'can be moved out of releases'
	rm -r migrations/20240101000000_one
	refused '20240101000000_one is gone since v4.0.0'
	chmod u+w "$package/schema.prisma"
	echo >>"$package/schema.prisma"
	refused 'v4.0.0: changed  schema.prisma' 'have to be whole'
}

# Rows 92, 100, 101, 127, 128.
@test "the version is that of the command line, else of the branch" {
	unproven
	arguments=(release)
	refused 'VERSION=v4.0.0' 'RELEASE_BRANCHES names (railway-template-%)' \
	    'no branch is known: this is no git repository'
	arguments=(release BRANCH=main)
	refused '; the branch is main, says BRANCH'
	export RAILWAY_GIT_BRANCH=railway-template-v4.0.0
	is "$package is there, with these bytes" "$(mg_make release 2>err)"
	unset RAILWAY_GIT_BRANCH
	export GITHUB_REF_NAME=stable/v4.0.0/x
	has "$(mg_make release RELEASE_BRANCHES='release-% stable/%/x' 2>err)" \
	    'with these bytes'
	is 'v4.0.0: whole, 5 files' "$(CI_COMMIT_REF_NAME=main mg_make verify)"
	unset GITHUB_REF_NAME
	git init -q -b railway-template-v4.0.0 .
	has "$(mg_make release 2>err)" 'with these bytes'
	for version in $'v4.0.0\n' 4.0.0 v4.0 v4.0.0.0 v04.0.0 v4.0.0- 'v4.0.0;id' v4.0.0/x \
	    "v4.0.0'" v4.0.0-é; do
		arguments=(release VERSION="$version")
		refused 'is not a version such as v4.0.0'
	done
}

# Row 88.
@test "what is not committed is warned of, and git is not written to" {
	unproven
	git init -q .
	git add . && git -c user.name=x -c user.email=x@x commit -qm one
	find .git -type f -exec sha256sum {} + >before
	# Git would note that it looked at them.
	touch -d 2001-02-03 migrations/*/migration.sql
	release v4.0.0
	run ! grep committed err
	echo >>migrations/20240101000000_one/migration.sql
	echo >>prisma/schema.prisma
	run -0 release v5.0.0 MG_RELEASES=others
	has "$(cat err)" 'migrations has changes that are not committed' \
	    'prisma/schema.prisma has changes that are not committed'
	find .git -type f -exec sha256sum {} + | diff before -
}

@test "a schema has to be there, unless there is none" {
	unproven
	arguments=(release VERSION=v4.1.0 MG_SCHEMA=none.prisma)
	refused 'none.prisma is not there' 'MG_SCHEMA='
	release v4.1.0 MG_SCHEMA=
	package=releases/v4.1.0
	is null "$(manifest .schema_checksum)"
	[ ! -e "$package/schema.prisma" ]
	has "$(mg_make verify)" 'v4.1.0: whole'
}

@test "a folder of schema files comes along, with the one Prisma asks for" {
	unproven
	mkdir -p 'prisma/my schema/models/migrations'
	echo 'model a {}' >"prisma/my schema/models/it's a.prisma"
	echo 'datasource db {' >'prisma/my schema/main.prisma'
	echo 'no schema' >'prisma/my schema/README'
	release v4.1.0 MG_SCHEMA='prisma/my schema'
	package=releases/v4.1.0
	is "$(cd "$package" && sha256sum schema/*.prisma schema/*/* |
	    LC_ALL=C sort -k2 | sha256sum)" "$(manifest .schema_checksum)  -"
	cmp 'prisma/my schema/main.prisma' "$package/schema.prisma"
	is "main.prisma models/it's a.prisma" \
	    "$(cd "$package/schema" && echo *.prisma */*)"
	has "$(mg_make verify)" 'v4.1.0: whole'
	echo 'datasource db {' >'prisma/my schema/second.prisma'
	arguments=(release VERSION=v4.2.0 MG_SCHEMA='prisma/my schema')
	refused 'has not one file with a datasource'
}

@test "what is not proven is not released, and rows by chance are asked for" {
	arguments=(release VERSION=v4.1.0)
	migration 20240103000000_three \
	    'create table c (u uuid default gen_random_uuid());' \
	    'insert into c default values;'
	refused 'by chance: ["public.c"]' \
	    'put this list into consolidated-migration/volatile.json' \
	    'v4.1.0 was not made'
	mkdir consolidated-migration
	echo '["public.c"]' >consolidated-migration/volatile.json
	release v4.1.0
	arguments=(release VERSION=v4.2.0 METHOD=diff)
	refused 'METHOD is squash or concat, not diff'
	migration 20240104000000_four 'create tabel d ();'
	arguments=(release VERSION=v4.3.0)
	refused '20240104000000_four/migration.sql:1:8' 'v4.3.0 was not made'
}

# flip FILE: the last bit of its first byte
flip() {
	local byte
	byte=$(od -An -tu1 -N1 "$1")
	printf '%b' "\\0$(printf %o $((byte ^ 1)))" |
	    dd of="$1" conv=notrunc status=none
}

# Rows 77, 119, 132, 150, 170.
@test "one byte of any file is seen, and both checksums are told" {
	cp -a releases before
	files=0
	for file in $(cd "$package" && find . -type f -printf '%P\n'); do
		files=$((files + 1))
		chmod u+w "$package/$file"
		flip "$package/$file"
		if [ "$file" = manifest.json ]; then
			found 'manifest.json is not as it was written'
		else
			found "changed  $file: is $(sum "$package/$file"), not $(
			    sum "before/v4.0.0/$file")"
		fi
		cp -f "before/v4.0.0/$file" "$package/$file"
		is 'v4.0.0: whole, 5 files' "$(mg_make verify)"
	done
	is 6 "$files"
}

@test "a file less, a file more, a file for another are named" {
	baseline=migrations/0_baseline/migration.sql
	mv "$package/schema.prisma" .
	found "missing  schema.prisma: $(sum schema.prisma)"
	cp schema.prisma "$package/it's.prisma"
	found "renamed  it's.prisma: not schema.prisma"
	mv "$package/it's.prisma" "$package/schema.prisma"
	echo more >"$package/more"
	found "added  more: $(sum "$package/more")"
	rm "$package/more"
	mkdir "$package/migrations/2_empty"
	found 'added  migrations/2_empty/, empty'
	rmdir "$package/migrations/2_empty"
	mv "$package/schema.prisma" swap
	mv "$package/$baseline" "$package/schema.prisma"
	mv swap "$package/$baseline"
	found "changed  $baseline: is $(sum schema.prisma), not $(
	    sum "$package/schema.prisma")" \
	    "changed  schema.prisma: is $(sum "$package/schema.prisma"), not $(
	    sum schema.prisma)"
}

@test "a link is no file, though it leads to the same bytes" {
	mv "$package/schema.prisma" elsewhere
	ln -s ../../elsewhere "$package/schema.prisma"
	found "missing  schema.prisma: $(sum elsewhere)" \
	    'schema.prisma is a link'
	mkfifo "$package/pipe"
	rm "$package/schema.prisma"
	mv elsewhere "$package/schema.prisma"
	found 'pipe is no file'
	rm "$package/pipe"
	mv "$package" there
	ln -s ../there "$package"
	found 'no manifest.json, or a link to one: not a package'
}

# forged FILTER: the manifest says something else, with a checksum that is right
forged() {
	jq -S "$1 | del(.checksum)" "$BATS_FILE_TMPDIR/$package/manifest.json" \
	    >body
	jq -S --arg checksum "$(sum body)" '.checksum = $checksum' body \
	    >forged
	cp -f forged "$package/manifest.json"
}

@test "a manifest that contradicts itself or metadata.json is not believed" {
	forged .
	is 'v4.0.0: whole, 5 files' "$(mg_make verify)"
	forged '.version = "v4.0.1"'
	found 'manifest.json: version is v4.0.1, the folder is v4.0.0'
	forged '.migrations[0].checksum = .checksum'
	found 'manifest.json: migrations are not those that metadata.json replaces'
	forged '.migrations[:1] as $one | .migrations = $one'
	found 'manifest.json: migration_count is not that of migrations'
	forged '.strategy = "x"'
	found 'manifest.json: strategy is not single-baseline-release'
	forged '.schema_checksum = .checksum'
	found 'manifest.json: schema_checksum is not that of the schema'
	forged '.catalog_digest = .checksum'
	found 'manifest.json: catalog_digest is not the checksum of catalog.jsonl'
	forged '.upgrade = [{ name: "x", checksum: "y" }]'
	found 'manifest.json: files are not those of a package' \
	    'manifest.json: files has another checksum of upgrade/x/migration.sql'
	forged '.patches = [{ name: "x", checksum: "y" }]'
	run -2 mg_make verify
	has "$output" 'manifest.json: patches without a base'
	for broken in '{}' '[]' '{ "files": 1 }' ''; do
		chmod u+w "$package/manifest.json"
		echo "$broken" >"$package/manifest.json"
		found 'manifest.json is not as it was written'
	done
	forged .
	echo '{}' >>"$package/manifest.json"
	run -2 mg_make verify
	has "$output" 'manifest.json'
}

@test "verify wants a package, with the name of a version" {
	arguments=(verify VERSION=v9.0.0)
	refused 'releases/v9.0.0 is not there: make release VERSION=v9.0.0'
	cp -a "$package" releases/v4.0.0.bak
	arguments=(verify)
	refused 'v4.0.0.bak: is not a version' 'v4.0.0: whole'
	is 'v4.0.0: whole, 5 files' "$(mg_make verify VERSION=v4.0.0)"
	mkdir none
	arguments=(verify MG_RELEASES=none)
	refused 'none: no package is there'
}

# Row 116.
@test "a release that was made after another one of that version is told" {
	unproven
	release v4.1.0
	rm -r "$package"
	echo '-- other' >>.mg/release/consolidate/migration.sql
	release v4.0.0
	arguments=(verify)
	refused 'v4.1.0: whole' 'v4.1.0: was made after another v4.0.0'
	mg_make verify VERSION=v4.1.0
}

# Row 120.
@test "a manifest may be signed, and the signature asked for" {
	unproven
	printf '%s\n' '#!/bin/sh' 'sha1sum <"$2" >"$2.sig"' >sign
	printf '%s\n' '#!/bin/sh' 'sha1sum -c --status "$2.sig" <"$2"' >check
	chmod +x sign check
	sign="./sign 'with a key'" check='./check key'
	mg_make release VERSION=v4.0.0 SIGN_CMD="$sign" 2>err
	[ -s "$package/manifest.json.sig" ]
	is 'v4.0.0: whole, 5 files' "$(mg_make verify VERIFY_CMD="$check")"
	mg_make seal VERSION=v4.0.0 SIGN_CMD=false
	release v4.1.0 SIGN_CMD="$sign"
	[ -s releases/v4.1.0/manifest.json.sig ]
	arguments=(verify VERIFY_CMD="$check")
	echo >"$package/manifest.json.sig"
	refused "v4.0.0: './check key' says no" 'v4.1.0: whole'
	arguments=(release VERSION=v4.2.0 SIGN_CMD=false)
	run -2 mg_make "${arguments[@]}"
	has "$output" "'false' failed"
	[ ! -e releases/v4.2.0 ]
	rm -f "$package/manifest.json.sig"
	run -2 mg_make seal VERSION=v4.0.0 SIGN_CMD=true
	has "$output" "'true' wrote no manifest.json.sig"
}

# hotfix [STATEMENT]: of v4.0.0, begun; $script is what is to be written, $name
# what it is called
hotfix() {
	script=$(mg_make hotfix VERSION=v4.0.0 NAME=security)
	name=${script%/*}
	name=${name##*/}
	[ $# = 0 ] || echo "$1" >>"$script"
}

# Rows 125, 136, 137.
@test "a hotfix is an empty script behind all that is in the package" {
	arguments=(hotfix VERSION=v4.0.0)
	refused 'NAME says what it is about' 'make hotfix VERSION=v4.0.0 NAME='
	arguments+=(NAME="it's")
	refused 'in letters, digits and ._-'
	arguments=(hotfix VERSION=v9.0.0 NAME=x)
	refused 'releases/v9.0.0 is not there'
	hotfix
	[[ $script =~ ^$package/migrations/20[0-9]{12}_hotfix_security/migration.sql$ ]]
	is 644 "$(stat -c %a "$script")"
	run ! grep -v '^--' "$script"
	first=$name
	hotfix
	[[ $name > $first ]]
	found "unsealed hotfix $first: make seal VERSION=v4.0.0 is next" \
	    "unsealed hotfix $name: make seal VERSION=v4.0.0 is next"
	arguments=(release VERSION=v4.1.0)
	refused 'unsealed hotfix' 'have to be whole'
	arguments=(bundle VERSION=v4.0.0)
	refused 'unsealed hotfix' 'is not what was released'
}

# stamp NAME: of a hotfix where that is the newest name
stamp() {
	jq -nr -L "$ROOT/share" --arg files '' \
	    --argjson manifest "[{\"baseline_includes_up_to\": \"$1\"}]" \
	    -f "$ROOT/share/stamp.jq"
}

@test "a hotfix comes behind migrations of the future, and of a whole day" {
	is 30000101000000 "$(stamp 29991231235959_x)"
	is 30000101000000 "$(stamp 29991231_x)"
	is 29991331000001 "$(stamp 29991331000000_x)"
	is 29991332000000 "$(stamp 29991331_x)"
	[[ $(stamp 9_x) == 20????????????  ]]
	[[ $(stamp 123456789012345_x) == 20????????????  ]]
	rm -r releases migrations
	migration "29991231_x" 'select 1;'
	unproven
	release v4.0.0
	hotfix
	is 30000101000000_hotfix_security "$name"
}

# Rows 138, 139, 141.
@test "a sealed hotfix is part of the package, whose base is untouched" {
	before=$(manifest .checksum)
	digest=$(manifest .catalog_digest)
	hotfix 'create table h (i int);'
	is "sealed: $package/migrations/$name
cp -RT '$package/migrations/$name' 'migrations/$name'
git add '$package' 'migrations'
git commit -m 'Hotfix v4.0.0'" \
	    "$(mg_make seal VERSION=v4.0.0 SOURCE_DATE_EPOCH=86400)"
	is 'v4.0.0: whole, 6 files, 1 of them hotfixes' "$(mg_make verify)"
	is "$before $digest" "$(manifest '"\(.base) \(.base_catalog_digest)"')"
	is "$name $(sum "$script") 1970-01-02T00:00:00Z" \
	    "$(manifest '.patches[] | "\(.name) \(.checksum) \(.sealed_at)"')"
	is 444 "$(find "$package" -type f -printf '%m\n' | sort -u)"
	database
	records "$package/migrations"
	mg-apply <records
	mg-catalog --no-owners --no-privileges --no-versions |
	    cmp - "$package/catalog.jsonl"
	is "$package: no hotfix to seal" "$(mg_make seal VERSION=v4.0.0)"
	unproven
	cp -a "$BATS_FILE_TMPDIR/.mg" .
	is "$package is there, with these bytes" "$(release v4.0.0)"
	hotfix 'drop table h;'
	sealed=$(mg_make seal VERSION=v4.0.0)
	has "$sealed" "sealed: $package/migrations/$name"
	is "$before $digest 2" \
	    "$(manifest '"\(.base) \(.base_catalog_digest) \(.patches | length)"')"
	is 'v4.0.0: whole, 7 files, 2 of them hotfixes' "$(mg_make verify)"
}

@test "a base that was changed, and told anew, is seen behind a hotfix" {
	hotfix 'create table h (i int);'
	unproven
	mg_make seal VERSION=v4.0.0
	cp "$package/manifest.json" whole
	chmod u+w "$package"/*
	echo 'model x {}' >"$package/schema.prisma"
	sum=$(sum "$package/schema.prisma")
	jq -S --arg sum "$sum" '.files["schema.prisma"] = $sum |
	    .schema_checksum = $sum | del(.checksum)' whole >body
	jq -S --arg checksum "$(sum body)" '.checksum = $checksum' body \
	    >"$package/manifest.json"
	run -2 mg_make verify
	has "$output" 'v4.0.0: manifest.json: base is '
	arguments=(seal VERSION=v4.0.0)
	refused 'base is ' 'is not what was released'
}

@test "a hotfix that does nothing, does not run or comes early is refused" {
	arguments=(seal VERSION=v4.0.0)
	hotfix '/* create /* table */ h (); */ ; -- and more'
	refused "$script: holds no statement"
	echo "select '-- not a comment', 1 / 0;" >>"$script"
	refused "$name/migration.sql:3:" 'does not run with its hotfixes'
	echo 'create table h ();' >"$script"
	mv "$package/migrations/$name" \
	    "$package/migrations/20240101_hotfix_it's early"
	refused "20240101_hotfix_it's early would run before 20240102000000_it's"
	mv "$package/migrations/20240101_hotfix_it's early" \
	    "$package/migrations/20240105_hotfix_it's by hand"
	has "$(mg_make seal VERSION=v4.0.0)" "20240105_hotfix_it'\\''s by hand"
	is 'v4.0.0: whole, 6 files, 1 of them hotfixes' "$(mg_make verify)"
}

# Row 138: the trunk sees the hotfix by name and checksum.
@test "a release without the hotfixes of those before it is refused" {
	hotfix 'create table h (i int);'
	mg_make seal VERSION=v4.0.0 >told
	arguments=(release VERSION=v4.1.0)
	refused "v4.0.0 has the hotfix $name, which is not in migrations" \
	    "cp -RT $package/migrations/$name migrations/$name"
	sh -c "$(grep '^cp' told)"
	release v4.1.0
	package=releases/v4.1.0
	is "$name $(sum "$script")" "$(manifest '.releases[0].hotfixes[] |
	    "\(.name) \(.checksum)"')"
	is "$name" "$(manifest '.upgrade[].name')"
	chmod u+w "migrations/$name/migration.sql"
	echo >>"migrations/$name/migration.sql"
	arguments=(release VERSION=v4.2.0)
	refused "hotfix $name, which is another one in migrations"
}

@test "sealed, a manifest is signed again" {
	hotfix 'create table h (i int);'
	unproven
	echo old >"$package/manifest.json.asc"
	has "$(mg_make verify)" 'unsealed hotfix' || true
	mg_make seal VERSION=v4.0.0
	[ ! -e "$package/manifest.json.asc" ]
	printf '%s\n' '#!/bin/sh' 'sha1sum <"$1" >"$1.sig"' >sign
	chmod +x sign
	mg_make seal VERSION=v4.0.0 SIGN_CMD=./sign
	sha1sum -c --status "$package/manifest.json.sig" \
	    <"$package/manifest.json"
	hotfix 'drop table h;'
	mg_make seal VERSION=v4.0.0 SIGN_CMD=./sign
	sha1sum -c --status "$package/manifest.json.sig" \
	    <"$package/manifest.json"
}

# stopping PART: programs that kill the script that runs them, number STOP of
# those that have this in what they are given
stopping() {
	local program
	mkdir shadow
	for program in cp mv; do
		printf '%s\n' '#!/bin/sh' "case \$* in *$1*) echo >>$PWD/steps" \
		    "[ \$(wc -l <$PWD/steps) != \"\$STOP\" ] ||" \
		    '{ kill -KILL $PPID; exit 1; }; esac' \
		    "exec $(command -v "$program") \"\$@\"" >"shadow/$program"
		chmod +x "shadow/$program"
	done
}

@test "a release that is killed leaves nothing that verify accepts" {
	unproven
	stopping .mg-new
	rm -r releases
	for ((STOP = 1; ; STOP++)); do
		export STOP
		rm -f steps
		! PATH=$PWD/shadow:$PATH mg_make release VERSION=v4.0.0 ||
		    break
		run -2 mg_make verify
		has "$output" 'no package is there'
	done
	[ "$STOP" -gt 5 ]
	diff -r "$BATS_FILE_TMPDIR/releases" releases
}

@test "a seal that is killed leaves nothing that verify accepts, or is whole" {
	unproven
	hotfix 'create table h (i int);'
	cp -a releases before
	stopping .mg-seal
	for ((STOP = 1; ; STOP++)); do
		export STOP
		rm -rf steps releases
		cp -a before releases
		! PATH=$PWD/shadow:$PATH mg_make seal VERSION=v4.0.0 ||
		    break
			if [ "$(manifest '.patches | length')" = 0 ]; then
			run -2 mg_make verify
		fi
		mg_make seal VERSION=v4.0.0
		has "$(mg_make verify)" 'v4.0.0: whole, 6 files'
		is v4.0.0 "$(ls -A releases)"
	done
	[ "$STOP" -gt 4 ]
}

@test "a seal that is killed lets go of its scratch database" {
	hotfix 'select pg_sleep(600);'
	start_make seal VERSION=v4.0.0
	until [ "$(sql "select count(*) from pg_stat_activity
	    where wait_event = 'PgSleep'")" = 1 ]; do
		kill -0 "$make"
		sleep 0.05
	done
	kill -KILL "$(pgrep -P "$make")"
	run wait "$make"
	flock -w 20 .mg/release/lock true
	is '' "$(sql "select datname from pg_database
	    where datname like 'mg_scratch_%'")"
}

# Row 173.
@test "a bundle is one file, the same bytes each time, and unpacks whole" {
	is mg-v4.0.0.tar.zst "$(mg_make bundle VERSION=v4.0.0)"
	cp -r releases elsewhere
	find elsewhere -exec touch -h -d 2001-02-03 {} +
	chmod -R a+rwx elsewhere
	is "my one.zst" "$(umask 077; TZ=Asia/Kolkata mg_make bundle \
	    VERSION=v4.0.0 MG_RELEASES=elsewhere BUNDLE='my one.zst')"
	cmp mg-v4.0.0.tar.zst 'my one.zst'
	mkdir there
	tar -C there --zstd -xf 'my one.zst'
	diff -r releases there
	is 'v4.0.0: whole, 5 files' "$(mg_make verify MG_RELEASES=there)"
	run -2 mg_make bundle VERSION=v4.0.0 BUNDLE=third.zst MG_ZSTD=false
	is '' "$(find . -name 'third*')"
	chmod u+w "$package/schema.prisma"
	echo >>"$package/schema.prisma"
	arguments=(bundle VERSION=v4.0.0 BUNDLE=third.zst)
	refused 'changed  schema.prisma' 'is not what was released'
	[ ! -e third.zst ]
}
