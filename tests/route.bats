#!/usr/bin/env bats
# mg.deploy.mk: what make deploy takes, by branch and package
#
# Rows are those of the promises to users.

# What run sets:
# shellcheck disable=SC2154,SC2030,SC2031

load helper/common
load helper/make

setup() {
	sandbox
	makefile
	mkdir -p releases/v4.0.0/migrations/0_baseline
	touch releases/v4.0.0/manifest.json \
	    releases/v4.0.0/migrations/0_baseline/migration.sql
}

# routes WORDS TO [VARIABLE=VALUE...]: "refused" or the release, or "dev"; with
# these words said
routes() {
	local words=$1 to=$2 got
	shift 2
	run --separate-stderr mg_make route "$@"
	has "$stderr" "$words"
	got=$(tail -n 1 .mg/log.jsonl |
	    jq -r 'if .event == "route" then .version // .mode else .outcome end')
	is "$to" "$got"
	[ "$to" = refused ] && want=2 || want=0
	is "$want" "$status"
	is '' "$(ls -d .mg/run.* 2>/dev/null)"
}

release_branch=railway-template-v4.0.0

# Rows 69, 92, 101.
@test "a release branch with its package is of that release" {
	routes "v4.0.0, as the branch is $release_branch, says BRANCH" v4.0.0 \
	    BRANCH=$release_branch
}

# Rows 102, 127 to 131.
@test "a release branch without its package: what is not there, what makes it" {
	routes 'v4.1.0 has no package, and the branch is railway-template-v4.1.0, says BRANCH: releases/v4.1.0/manifest.json and releases/v4.1.0/migrations/0_baseline/migration.sql are not there. make release VERSION=v4.1.0 makes it' \
	    refused BRANCH=railway-template-v4.1.0
	rm releases/v4.0.0/manifest.json
	routes ' releases/v4.0.0/manifest.json is not there.' refused \
	    BRANCH=$release_branch
}

@test "a release branch of no version is refused" {
	routes 'latest is not a version' refused BRANCH=railway-template-latest
}

@test "release branches are called as RELEASE_BRANCHES says" {
	routes 'v4.0.0, as' v4.0.0 BRANCH=rel/v4.0.0-lts \
	    RELEASE_BRANCHES='stable-% rel/%-lts'
	routes 'no release branch' dev BRANCH=$release_branch \
	    RELEASE_BRANCHES=rel/%
}

# Rows 66, 95, 96, 104, 106.
@test "any other branch is of development" {
	routes 'development, as the branch is main, says BRANCH, no release branch (railway-template-%)' \
	    dev BRANCH=main
}

# Rows 92, 100.
@test "branches: BRANCH, Railway, GitHub, GitLab, git, in this order" {
	git init -qb of-git
	routes 'the branch is of-git, says git' dev
	export CI_COMMIT_REF_NAME=of-gitlab
	routes 'the branch is of-gitlab, says CI_COMMIT_REF_NAME' dev
	export GITHUB_REF_NAME=of-github
	routes 'the branch is of-github, says GITHUB_REF_NAME' dev
	export RAILWAY_GIT_BRANCH=of-railway
	routes 'the branch is of-railway, says RAILWAY_GIT_BRANCH' dev
	routes 'the branch is mine, says BRANCH' dev BRANCH=mine
}

@test "a tag is no branch" {
	git init -qb main
	GITHUB_REF_TYPE=tag GITHUB_REF_NAME=v1 \
	    routes 'GITHUB_REF_NAME is a tag, v1' refused
	CI_COMMIT_TAG=v1 CI_COMMIT_REF_NAME=v1 \
	    routes 'CI_COMMIT_REF_NAME is a tag, v1' refused
}

# Row 100.
@test "no branch at all is never taken for development" {
	routes 'what to deploy? no branch is known: this is no git repository: BRANCH= says it, RELEASE= a release, MODE=dev that this is none' \
	    refused
	git init -qb main
	git -c user.name=a -c user.email=a@b commit -q --allow-empty -m a
	git checkout -q --detach
	routes 'no branch is known: git is on none: HEAD is detached' refused
	routes 'this is no git repository' refused PATH="$(without_git)"
}

# without_git: the PATH, but for git
without_git() {
	local program
	mkdir -p programs
	for program in sh make jq date cat rm dirname mkdir flock uname; do
		ln -sf "$(command -v "$program")" programs
	done
	echo "$PWD/programs"
}

# Rows 65, 91, 107.
@test "MODE=dev, RELEASE and MODE=release decide without a branch" {
	routes 'development, as MODE=dev says' dev MODE=dev
	routes 'v4.0.0, as RELEASE=v4.0.0 says' v4.0.0 RELEASE=v4.0.0
	routes 'v4.0.0, as RELEASE=v4.0.0 says' v4.0.0 RELEASE=v4.0.0 \
	    MODE=release
	routes 'MODE=release, but which?' refused MODE=release
}

@test "they decide against the branch, too" {
	routes 'development, as MODE=dev says' dev MODE=dev \
	    BRANCH=$release_branch
	routes 'v4.0.0, as RELEASE=' v4.0.0 RELEASE=v4.0.0 BRANCH=main
	routes 'MODE=release, but which?' refused MODE=release BRANCH=main
	routes 'v4.0.0, as the branch' v4.0.0 MODE=release \
	    BRANCH=$release_branch
}

@test "what contradicts itself is refused" {
	routes 'MODE=dev is of no release' refused MODE=dev RELEASE=v4.0.0
	routes 'MODE=dev is of no release' refused MODE=dev BUNDLE=b
	routes 'leave RELEASE= out' refused RELEASE=v4.0.0 BUNDLE=b
	routes 'MODE is release or dev, not prod' refused MODE=prod
}

@test "a release that has no package, or is none, is refused" {
	routes 'v4.1.0 has no package, and RELEASE=v4.1.0 says' refused \
	    RELEASE=v4.1.0
	routes '../x is not a version' refused RELEASE=../x
	# shellcheck disable=SC2016 # for the shell of a recipe, were it wrong
	routes '$(touch x) is not a version' refused 'RELEASE=$$(touch x)'
	[ ! -e x ]
	routes 'gone.tar.zst is not there' refused BUNDLE=gone.tar.zst
}

# Rows 124, 178.
@test "production takes releases only, unless told" {
	routes 'v4.0.0' v4.0.0 ENVIRONMENT=production BRANCH=$release_branch
	routes 'v4.0.0' v4.0.0 ENVIRONMENT=production RELEASE=v4.0.0
	routes 'ENVIRONMENT=production takes releases only, and the branch is main' \
	    refused ENVIRONMENT=production BRANCH=main
	routes 'FORCE=1 does it nevertheless' refused ENVIRONMENT=production \
	    MODE=dev
	routes 'development' dev ENVIRONMENT=production MODE=dev FORCE=1
	routes 'development' dev ENVIRONMENT=production BRANCH=main FORCE=1
	routes 'development' dev ENVIRONMENT=staging BRANCH=main
}

# steps: the scripts that make would run
steps() {
	sed -n "s/^exec sh .*\/\([a-z]*\)\.sh '.*/\1/p" <<<"$output" | paste -sd ' '
}

# Rows 70, 91.
@test "make -n deploy shows the steps and does nothing" {
	run -0 mg_make -n deploy RELEASE=v4.0.0
	is 'route plan deploy compare' "$(steps)"
	[ ! -e .mg ]
	run -0 mg_make -n deploy DRY_RUN=1
	is 'route plan' "$(steps)"
}
