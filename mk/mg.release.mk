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
#   FROM, TO  upgrade: two versions                [FROM an empty database]
#   METHOD    squash or concat                                      [squash]
#   SIGN_CMD, VERIFY_CMD  commands that get the manifest's path behind them;
#             the first writes its .sig, .asc or .minisig           [(none)]
#   MG_LOG    release: the log, JSON Lines                    [.mg/log.jsonl]
#   MG_RELEASES   the folder of the packages                      [releases]
#   MG_SCHEMA     the schema, a file or a folder; empty if there is none
#                                                     [prisma/schema.prisma]
#   MG_PRISMA     the project's own Prisma, to compare the schema with
#                                                [npx --no-install prisma]
#   MG_SCRATCH_URL   a server on which to make the scratch databases
#                                                                  [our own]
#   SOURCE_DATE_EPOCH  when it was generated   [the newest timestamp inside]
#
# Gives:  release  verify  hotfix  seal  bundle  upgrade
#
# A package is made beside, and gets its name when it is whole.  Nothing here
# writes to git.

mg_release_targets := release verify hotfix seal bundle upgrade

.PHONY: $(mg_release_targets)

$(call mg_give,$(mg_release_targets),$(mg_programs) $(mg_folders) VERSION \
    BRANCH RELEASE_BRANCHES NAME BUNDLE FROM TO METHOD SIGN_CMD VERIFY_CMD \
    MG_WAIT MG_LOG SOURCE_DATE_EPOCH)

# The proof of make consolidate is asked for as anybody would.
MG_MAKE := $(MAKE) -f $(mg_mk)/mg.mk
$(call mg_give,$(mg_release_targets),MG_MAKE)

mg_release = mkdir -p '$(MG_WORK)/release' && \
	exec sh '$(MG_SHARE)/$@.sh' '$(MG_WORK)/release'

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

upgrade:		## show the way from one release to another [FROM= TO=]
	@$(mg_release)
