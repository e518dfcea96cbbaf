# examples.bash - a project that takes the examples as they are
#
# shellcheck disable=SC2154 # what run sets

examples=$ROOT/share/examples

# prepare: for all tests to start from, a project with a release, and a bundle
# of it
prepare() {
	cd "$BATS_FILE_TMPDIR" || return
	mkdir -p project/prisma && cd project || return
	cp "$examples/Makefile" "$examples/package.json" .
	echo 'model a {}' >prisma/schema.prisma
	environment
	history 20240101000000_one 'create table a (i int);'
	history 20240102000000_two 'insert into a values (2);'
	release v4.0.0
	make -s bundle VERSION=v4.0.0 BUNDLE=../release.tar.zst 2>err
}

# prepared: that project is the current directory, its database a new one
prepared() {
	sandbox
	cp -a "$BATS_FILE_TMPDIR/project" "$BATS_FILE_TMPDIR/release.tar.zst" .
	cd project || return
	environment
	database
}

# environment: make finds the fragments without -I, as it does for those who
# have installed them; and no branch is known
environment() {
	[ -e ../include ] ||
		{ mkdir ../include && ln -s "$ROOT/mk" ../include/mg; }
	MAKEFLAGS=-I$(cd .. && pwd)/include
	MG_SCRATCH_URL=$(url postgres)
	export MAKEFLAGS MG_SCRATCH_URL MG_PRISMA=false
	unset RAILWAY_GIT_BRANCH GITHUB_REF_NAME CI_COMMIT_REF_NAME
}

# release VERSION: make its package
release() {
	make -s release VERSION="$1" 2>err && return
	cat err >&2
	return 1
}

# history NAME SQL...: one more migration
history() {
	migration "$@" && mkdir -p prisma/migrations &&
		mv "migrations/$1" prisma/migrations
}

# at VERSION: so says the database
at() {
	run -0 mg plan RELEASE="$1"
	has "$output" 'nothing to do'
}

# empty: as says the database
empty() {
	is '' "$(sql "select to_regclass('a')")"
}
