# mg.deploy.mk - bring a database to a release, or to where the migrations are
#
# Yours to set:
#   RELEASE   the release, as v4.0.0          [what the branch says, if any]
#   BUNDLE    a file of make bundle, in place of RELEASE            [(none)]
#   MODE      dev: no release, whatever the branch; or release      [(none)]
#   BRANCH, RELEASE_BRANCHES   as for make release
#   ENVIRONMENT    production: nothing but releases, unless FORCE=1 [(none)]
#   DRY_RUN   1: say what would run, and change nothing             [(none)]
#   MG_LOG    the log, JSON Lines                            [.mg/log.jsonl]
#   MG_WAIT   for a database that is starting                          [30s]
#   MG_LOCK_WAIT     for another deployment to end                     [10m]
#   MG_APPLY_FLAGS   more options for mg-apply                            []
#   SKIP_INDEX_MIGRATIONS, MG_INDEX_FLAGS   as for the tracks
#
# Gives:  deploy  deploy-dev  plan  route
#
# Without a release a new database gets the consolidated baseline, and rows as
# if its migrations had run one by one; then what is newer than it.  One that
# has begun goes on as it began.  Where a project has tracks, it is the schema
# track that comes, and then the index track.  MG_WORK/deployed.jsonl is for mg-status to say
# later whether it is still there.
MG_LOCK_WAIT ?= 10m
MG_INDEX_FLAGS ?= --concurrently

mg_deploy_targets := deploy deploy-dev plan route

.PHONY: $(mg_deploy_targets)

$(call mg_give,$(mg_deploy_targets),$(mg_programs) $(mg_folders) RELEASE \
    BUNDLE MODE BRANCH RELEASE_BRANCHES ENVIRONMENT FORCE VERIFY_CMD MG_LOG \
    MG_WAIT MG_LOCK_WAIT MG_APPLY_FLAGS MG_INDEX_FLAGS SKIP_INDEX_MIGRATIONS)

deploy-dev: export MODE := dev
mg_dry := $(filter-out 0,$(DRY_RUN))
deploy deploy-dev: export EACH := $(mg_dry)
plan: export EACH := 1

# Each deployment has a folder of its own, called after the make that it is of;
# several hosts may share the project.
mg_run  = '$(MG_WORK)'/run.$$(uname -n).$$PPID
mg_step = @exec sh '$(MG_SHARE)'

define mg_plan
$(mg_step)/route.sh $(mg_run)
$(mg_step)/plan.sh $(mg_run)
endef

define mg_follow
$(mg_step)/deploy.sh $(mg_run)
$(mg_step)/compare.sh $(mg_run)
endef

mg_end  = @rm -rf $(mg_run)

deploy:			## bring the database to a release, or to the newest [RELEASE=]
	$(mg_plan)
	$(if $(mg_dry),$(mg_end),$(mg_follow))

deploy-dev:		## the same, whatever the branch, to the newest
	$(mg_plan)
	$(if $(mg_dry),$(mg_end),$(mg_follow))

plan:			## say what make deploy would run, and change nothing
	$(mg_plan)
	$(mg_end)

route:			## say which release make deploy would take, and why
	$(mg_step)/route.sh $(mg_run)
	$(mg_end)
