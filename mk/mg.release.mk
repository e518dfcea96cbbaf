# mg.release.mk - one package per release, which nobody changes afterwards
#
# Yours to set:
#   VERSION   v4.0.0, or v4.0.0-rc.1                  [what the branch says]
#   BRANCH    the branch   [RAILWAY_GIT_BRANCH, GITHUB_REF_NAME,
#                                          CI_COMMIT_REF_NAME, or git's own]
#   RELEASE_BRANCHES  how release branches are called, % being the version
#                                                       [railway-template-%]
#   NAME      hotfix: what it is about                              [(none)]
#   BUNDLE    bundle: the file that it writes      [mg-<VERSION>.tar.zst]
#   METHOD    squash or concat                                      [squash]
#   SIGN_CMD, VERIFY_CMD  commands that get the manifest's path behind them;
#             the first writes its .sig, .asc or .minisig           [(none)]
#   MG_RELEASES   the folder of the packages                      [releases]
#   MG_SCHEMA     the schema, a file or a folder; empty if there is none
#                                                     [prisma/schema.prisma]
#   MG_PRISMA     the project's own Prisma, to compare the schema with
#                                                [npx --no-install prisma]
#   MG_SCRATCH_URL   a server on which to make the scratch databases
#                                                                  [our own]
#   SOURCE_DATE_EPOCH  when it was generated   [the newest timestamp inside]
#
# Gives:  release  verify  hotfix  seal  bundle
#
# A package is made beside, and gets its name when it is whole.  Nothing here
# writes to git.
MG_RELEASES ?= releases
MG_SCHEMA   ?= prisma/schema.prisma
MG_CATALOG  ?= $(MG_BIN)mg-catalog
MG_SCRATCH  ?= $(MG_BIN)mg-scratch
MG_PRISMA   ?= npx --no-install prisma
MG_TAR      ?= tar
MG_ZSTD     ?= zstd
RELEASE_BRANCHES ?= railway-template-%

# It may hold a password, and is to be seen nowhere.
ifdef MG_SCRATCH_URL
export MG_SCRATCH_URL
endif

.PHONY: release verify hotfix seal bundle

# What users type may hold any character, so no shell gets to read it.
release verify hotfix seal bundle: export VERSION := $(VERSION)
release verify hotfix seal bundle: export BRANCH := $(BRANCH)
release verify hotfix seal bundle: export RELEASE_BRANCHES := $(RELEASE_BRANCHES)
release verify hotfix seal bundle: export NAME := $(NAME)
release verify hotfix seal bundle: export BUNDLE := $(BUNDLE)
release verify hotfix seal bundle: export SIGN_CMD := $(SIGN_CMD)
release verify hotfix seal bundle: export VERIFY_CMD := $(VERIFY_CMD)

# The proof of make consolidate is asked for as anybody would.
mg_release_tool := $(MAKE)
mg_release = mkdir -p '$(MG_WORK)/release' && \
	exec env MG_APPLY='$(MG_APPLY)' MG_CATALOG='$(MG_CATALOG)' \
	    MG_CONCAT='$(MG_CONCAT)' MG_DUMP='$(MG_DUMP)' \
	    MG_HASH='$(MG_HASH)' MG_JQ='$(MG_JQ)' MG_PSQL='$(MG_PSQL)' \
	    MG_PRISMA='$(MG_PRISMA)' MG_SCAN='$(MG_SCAN)' \
	    MG_SCRATCH='$(MG_SCRATCH)' MG_TAR='$(MG_TAR)' \
	    MG_ZSTD='$(MG_ZSTD)' MG_SHARE='$(MG_SHARE)' \
	    MG_MIGRATIONS='$(MG_MIGRATIONS)' MG_SCHEMA='$(MG_SCHEMA)' \
	    MG_CONSOLIDATED='$(MG_CONSOLIDATED)' \
	    MG_RELEASES='$(MG_RELEASES)' MG_BIN='$(MG_BIN)' \
	    METHOD='$(METHOD)' SOURCE_DATE_EPOCH='$(SOURCE_DATE_EPOCH)' \
	    MG_MAKE='$(mg_release_tool) -f $(mg_mk)/mg.mk' \
	    sh '$(MG_SHARE)/$@.sh' '$(MG_WORK)/release'

release:		## make the package of a release [VERSION=]
	@$(mg_release)

verify:			## check the packages, byte by byte [VERSION=]
	@$(mg_release)

hotfix:			## begin a hotfix of a release [VERSION= NAME=]
	@$(mg_release)

seal:			## prove the hotfixes of a release, and close it [VERSION=]
	@$(mg_release)

bundle:			## put a release into one file [VERSION= BUNDLE=]
	@$(mg_release)
