#!/usr/bin/env bats
# share/examples: each of them works in a project that takes it as it is
#
# Rows are those of the promises to users.

# What run sets, and what is expanded elsewhere:
# shellcheck disable=SC2154,SC2016,SC2030,SC2031,SC2119,SC2120

load helper/common
load helper/dockerfile
load helper/examples

setup_file() {
	prepare
	history 20240103000000_three 'create table b (i int);'
	release v4.1.0
}

setup() {
	prepared
}

# yaml FILE: as JSON
yaml() {
	perl -MCPAN::Meta::YAML -MJSON::PP -e '
		my $yaml = CPAN::Meta::YAML->read($ARGV[0])
		    or die CPAN::Meta::YAML->errstr;
		print encode_json($yaml->[0])' "$1"
}

@test "each begins with what it is, and has no password in it" {
	local file
	for file in "$examples"/* "$examples"/campaign/*; do
		[ -f "$file" ] || continue
		run -0 sed -n '1{/^#!/!p}; 2,3p' "$file"
		has "$output" "${file##*/} - "
	done
	run -1 grep -rE '[a-z]://[^ ]*:[^ ]*@' "$examples"
}

@test "the targets that they name are there" {
	local name
	make -s mg-help >help
	# What is behind make or mg at the beginning of a command.
	grep -hv -d skip '^#' "$examples"/* | grep -oE \
	    '(^|- |run: |: "|\["|RUN |bin/)(make( -s)?|mg) [a-z-]{2,}' |
	    sed 's/.* //' | sort -u >names
	[ "$(wc -l <names)" -ge 10 ]
	while read -r name; do
		grep -q "^  $name	" help || {
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

# Rows 70, 206.
@test "package.json: the scripts do as they are called" {
	run -0 npm migrate TO=20240101000000_one
	has "$output" '1 applied'
	run -0 npm migrate:status
	has "$output" '2 pending'
	run -0 npm migrate:deploy RELEASE=v4.0.0
	has "$output" 'v4.0.0 is there'
	run -0 npm release:verify
	has "$output" 'v4.0.0: whole' 'v4.1.0: whole'
	run -0 npm release:bundle VERSION=v4.1.0
	is mg-v4.1.0.tar.zst "$output"
}

@test "package.json: each script is a target" {
	local name
	jq -r '.scripts | keys[]' package.json >names
	is 31 "$(wc -l <names)"
	while read -r name; do
		run -0 npm "$name" -n
	done <names
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
	echo "${1//\/tmp/$PWD}"
}

# entry [WORD...]: as a container does, with those behind the image's name
entry() {
	entry_words "$@"
	in_image "${command[*]}"
}

# Rows 14, 26, 64, 154.
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

# Rows 61, 170.
@test "Dockerfile: a container deploys, and is healthy from then on" {
	run -2 in_image "$(healthcheck)"
	RELEASE=v4.0.0 entry
	in_image "$(healthcheck)"
	run -0 entry plan RELEASE=v4.1.0
	has "$output" 20240103000000_three
	RELEASE=v4.1.0 entry
	in_image "$(healthcheck)"
	sql "delete from _prisma_migrations where migration_name ~ 'three'"
	run -1 in_image "$(healthcheck)"
}

# Row 326.
@test "Dockerfile: a container leaves the indexes for another one" {
	rm -r prisma/migrations
	mkdir prisma/migrations-{schema,indexes}
	migration 20240105000000_five 'create table a (i int);'
	mv migrations prisma/migrations-schema
	migration 20240106000000_six 'create index a_i on a (i);'
	mv migrations prisma/migrations-indexes
	MODE=dev SKIP_INDEX_MIGRATIONS=true entry
	is '' "$(sql "select to_regclass('a_i')")"
	in_image "$(healthcheck)"
	entry migrate-indexes-deploy
	is a_i "$(sql "select to_regclass('a_i')")"
}

# Row 100.
@test "Dockerfile: a container of no release and no branch does nothing" {
	run -2 entry
	has "$output" 'what to deploy?'
	empty
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

# Rows 91, 92, 185.
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

# release_branches: what they begin with, in the Makefile
release_branches() {
	sed -n 's/^RELEASE_BRANCHES *= \(.*\)%/\1/p' Makefile
}

# Rows 117, 168, 208, 265, 281.
@test "github-actions.yml: checks, and deploys a release branch" {
	yaml "$examples/github-actions.yml" >ci.json
	is '${{ secrets.DATABASE_URL }}' "$(jq -r .jobs.deploy.env.DATABASE_URL ci.json)"
	has "$(jq -r .jobs.deploy.if ci.json)" "'refs/heads/$(release_branches)'"
	run -0 job '.jobs.check.steps[3:][].run'
	has "$output" 'v4.1.0: whole' 'all migrations are there'
	empty
	export GITHUB_REF_NAME=railway-template-v4.1.0
	run -0 job '.jobs.deploy.steps[3:][].run'
	has "$output" 'v4.1.0 is there'
	GITHUB_REF_NAME=main run -2 job '.jobs.deploy.steps[3:][].run'
}

# Rows 168, 208.
@test "gitlab-ci.yml: checks, and deploys a release branch" {
	yaml "$examples/gitlab-ci.yml" >ci.json
	yaml "$examples/github-actions.yml" >github.json
	# These have run for that one.
	is "$(jq '.jobs.check.steps[3:] | map(.run)' github.json)" \
	    "$(jq .check.script ci.json)"
	has "$(jq -r '.deploy.rules[].if' ci.json)" "$(release_branches)"
	export CI_COMMIT_REF_NAME=railway-template-v4.1.0
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
	! type -P systemd-analyze || run -0 systemd-analyze verify --man=no \
	    "$PWD/mg-deploy.service"
	is '' "$output"
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
