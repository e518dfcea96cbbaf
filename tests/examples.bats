#!/usr/bin/env bats
# share/examples: each of them works in a project that takes it as it is

# What run sets, what runs on the far side, and what it is told by variables:
# shellcheck disable=SC2154,SC2016,SC2030,SC2031

load helper/common
load helper/make
load helper/dockerfile

examples=$ROOT/share/examples

# One project with two releases, for all tests to start from.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	mkdir -p project/prisma && cd project || return
	cp "$examples/Makefile" "$examples/package.json" .
	echo 'model a {}' >prisma/schema.prisma
	environment
	history 20240101000000_one 'create table a (i int);'
	history 20240102000000_two 'insert into a values (2);'
	mg_make release VERSION=v4.0.0 2>err || { cat err; return 1; }
	mg_make bundle VERSION=v4.0.0 BUNDLE=release.tar.zst 2>err
	history 20240103000000_three 'create table b (i int);'
	mg_make release VERSION=v4.1.0 2>err || { cat err; return 1; }
	mv release.tar.zst ..
}

setup() {
	sandbox
	cp -a "$BATS_FILE_TMPDIR/project" "$BATS_FILE_TMPDIR/release.tar.zst" .
	cd project || return
	environment
	database
}

# environment: make without -I finds the fragments, as they are for those who
# have installed them, and no branch
environment() {
	[ -e ../include ] ||
		{ mkdir ../include && ln -s "$ROOT/mk" ../include/mg; }
	MAKEFLAGS=-I$(cd .. && pwd)/include
	MG_SCRATCH_URL=$(url postgres)
	export MAKEFLAGS MG_SCRATCH_URL MG_PRISMA=false
	unset RAILWAY_GIT_BRANCH GITHUB_REF_NAME CI_COMMIT_REF_NAME
}

history() {
	migration "$@" && mkdir -p prisma/migrations &&
		mv "migrations/$1" prisma/migrations
}

# yaml FILE: as JSON
yaml() {
	perl -MCPAN::Meta::YAML -MJSON::PP -e '
		my $yaml = CPAN::Meta::YAML->read($ARGV[0])
		    or die CPAN::Meta::YAML->errstr;
		print encode_json($yaml->[0])' "$1"
}

# at VERSION: so says the database
at() {
	run -0 mg plan RELEASE="$1"
	has "$output" 'nothing pending'
}

# empty: as says the database
empty() {
	is '' "$(sql "select to_regclass('a')")"
}

@test "each begins with what it is, and has no password in it" {
	local file
	for file in "$examples"/*; do
		run -0 sed -n '1{/^#!/!p}; 2,3p' "$file"
		has "$output" "${file##*/} - "
	done
	run -1 grep -rE '[a-z]://[^ ]*:[^ ]*@' "$examples"
}

@test "the targets that they name are there" {
	local name
	mg_make mg-help >help
	# What is behind make or mg at the beginning of a command.
	sed -n 's/^ *[^#]/&/p' "$examples"/* | grep -v '^#' | grep -oE \
	    '(^|["[:space:]])(make( -s)?|mg) [a-z][a-z-]*' |
	    sed 's/.* //' | sort -u >names
	[ "$(wc -l <names)" -ge 10 ]
	while read -r name; do
		grep -q "^  $name[[:space:]]" help || {
			echo "no target: $name" >&2
			return 1
		}
	done <names
}

@test "Makefile: make alone lists the targets" {
	run -0 make
	has "$output" '  deploy' '  release'
}

# npm SCRIPT [ARGUMENT...]: as npm runs it
npm() {
	local script
	script=$(jq -er --arg name "$1" '.scripts[$name]' package.json) || return
	shift
	sh -c "$script \"\$@\"" sh "$@"
}

@test "package.json: the scripts do as they are called" {
	run -0 npm migrate TO=20240101000000_one
	has "$output" '1 applied'
	run -0 npm migrate:status
	has "$output" '2 pending'
	run -0 npm migrate:plan RELEASE=v4.0.0
	has "$output" '20240102000000_two'
	run -0 npm migrate:deploy RELEASE=v4.0.0
	has "$output" 'v4.0.0 is there'
	run -0 npm migrate:dev
	has "$output" 'all migrations are there'
	run -0 npm migrate:mark
	run -0 npm migrate:drift
	run -0 npm baseline LABEL=npm
	[ -s consolidated-migration/20240103000000_npm_consolidated/migration.sql ]
}

@test "package.json: the scripts of releases do as they are called" {
	local script
	run -0 npm release:verify
	has "$output" 'v4.0.0: whole' 'v4.1.0: whole'
	run -0 npm release VERSION=v4.1.0
	run -0 npm release:upgrade FROM=v4.0.0 TO=v4.1.0
	has "$output" 20240103000000_three
	run -0 npm release:bundle VERSION=v4.1.0
	is mg-v4.1.0.tar.zst "$output"
	run -0 npm release:hotfix VERSION=v4.1.0 NAME=mend
	echo 'create index on a (i);' >"$output"
	run -0 npm release:seal VERSION=v4.1.0
	is 14 "$(jq '.scripts | length' package.json)"
}

# in_image COMMAND: as in a container, but that /app and /tmp are here
in_image() {
	local set
	set=$(instructions ENV | sed 's/RELEASE=[^ ]*//')
	(
		for set in $set; do
			export "${set%%=*}=$(here "${set#*=}")"
		done
		sh -c "$(here "$1")"
	)
}

here() {
	sed "s|/tmp|$PWD|g" <<<"$1"
}

# entry [WORD...]: what a container does, with those behind the image's name
entry() {
	local command words
	mapfile -t command < <(instructions ENTRYPOINT | exec_form)
	mapfile -t words < <(instructions CMD | exec_form)
	[ $# = 0 ] || words=("$@")
	in_image "${command[*]} ${words[*]}"
}

@test "Dockerfile: its commands look at the migrations and the packages" {
	local command count=0
	while IFS= read -r command; do
		in_image "$command" || return
		count=$((count + 1))
	done < <(instructions RUN | grep '^mg')
	is 4 "$count"
	chmod u+w releases/v4.0.0/manifest.json
	echo >>releases/v4.0.0/manifest.json
	run -2 in_image "$(instructions RUN | grep '^mg verify')"
}

@test "Dockerfile: a container deploys, and is healthy from then on" {
	run -2 in_image "$(healthcheck)"
	RELEASE=v4.0.0 entry
	in_image "$(healthcheck)"
	run -0 entry plan RELEASE=v4.1.0
	has "$output" 20240103000000_three
	RELEASE=v4.1.0 entry
	in_image "$(healthcheck)"
	at v4.1.0
}

@test "Dockerfile: a container of no release and no branch does nothing" {
	run -2 entry
	has "$output" 'what to deploy?'
	empty
}

@test "Dockerfile: what is gone from the history is not healthy" {
	MODE=dev entry
	in_image "$(healthcheck)"
	sql "delete from _prisma_migrations where migration_name ~ 'two'"
	run -1 in_image "$(healthcheck)"
}

@test "Dockerfile: a new database of no release is healthy by its baseline" {
	mg_make consolidate
	MODE=dev entry
	in_image "$(healthcheck)"
	is 3 "$(sql 'select count(*) from _prisma_migrations')"
	is 3 "$(wc -l <mg/deployed.jsonl)"
}

# toml FILE: as JSON, of tables whose values are as JSON has them
toml() {
	perl -MJSON::PP -ne '
		BEGIN { $table = \%all }
		next if /^#|^$/;
		if (/^\[([a-z]+)\]$/) { $table = $all{$1} = {}; next }
		/^([A-Za-z]+) = (.+)$/ or die "line $.: $_";
		$table->{$1} = JSON::PP->new->allow_nonref->decode($2);
		END { print encode_json(\%all) }' "$1"
}

@test "railway.toml: its command takes the release that the branch says" {
	toml "$examples/railway.toml" >railway.json
	is Dockerfile "$(jq -r .build.dockerfilePath railway.json)"
	export RAILWAY_GIT_BRANCH=railway-template-v4.0.0
	run -0 sh -c "$(jq -r '.deploy.preDeployCommand[]' railway.json)"
	has "$output" 'v4.0.0 is there'
}

# job FILTER: run the commands of a CI job
job() {
	jq -er "$1" ci.json >commands && sh -e commands
}

# githubs JOB: its own commands, as from the third on, with its variables
githubs() {
	jq -r --arg job "$1" '.jobs[$job].env // {} | to_entries[] |
	    select(.key != "DATABASE_URL") | "export " + @sh "\(.key)=\(.value)"' \
	    ci.json >variables
	(
		. ./variables
		job ".jobs[\"$1\"].steps[3:][].run"
	)
}

@test "github-actions.yml: checks, and deploys a release branch" {
	yaml "$examples/github-actions.yml" >ci.json
	is '${{ secrets.DATABASE_URL }}' "$(jq -r .jobs.deploy.env.DATABASE_URL ci.json)"
	run -0 githubs check
	has "$output" 'v4.1.0: whole' 'all migrations are there'
	empty
	export GITHUB_REF_NAME=railway-template-v4.1.0
	run -0 githubs deploy
	has "$output" 'v4.1.0 is there'
	GITHUB_REF_NAME=main run -2 githubs deploy
}

@test "gitlab-ci.yml: checks, and deploys a release branch" {
	yaml "$examples/gitlab-ci.yml" >ci.json
	run -0 job '.check.script[]'
	has "$output" 'v4.1.0: whole' 'all migrations are there'
	empty
	RELEASE_BRANCHES=$(jq -r .deploy.variables.RELEASE_BRANCHES ci.json)
	export RELEASE_BRANCHES CI_COMMIT_REF_NAME=railway-template-v4.1.0
	run -0 job '.deploy.script[]'
	has "$output" 'v4.1.0 is there'
	CI_COMMIT_REF_NAME=main run -2 job '.deploy.script[]'
}

# unit KEY: what the unit says of it
unit() {
	sed -n "s/^$1=//p" "$examples/mg-deploy.service"
}

@test "mg-deploy.service: systemd takes it" {
	sed "s|^ExecStart=[^ ]*|ExecStart=$(type -P mg)|" \
	    "$examples/mg-deploy.service" >mg-deploy.service
	run -1 grep -vE '^(#.*||\[[A-Z][a-z]+\]|[A-Z][A-Za-z]+=.*)$' \
	    mg-deploy.service
	! type -P systemd-analyze || systemd-analyze verify --man=no \
	    "$PWD/mg-deploy.service"
}

@test "mg-deploy.service: its command deploys the bundle, once" {
	local setting
	for setting in $(unit Environment); do
		export "${setting%%=*}=${setting#*=}"
	done
	MG_WORK=$PWD/${MG_WORK##*/}
	mkdir there && cd there
	run -0 sh -c "$(unit ExecStart | sed "s|/usr/local/bin/||
	    s|/srv/mg/|$PWD/../../|")"
	has "$output" 'v4.0.0 is there'
	is deployed "$(jq -r '.outcome // empty' "$MG_WORK/log.jsonl")"
}
