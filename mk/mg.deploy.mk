# mg.deploy.mk - bring a database to a release, or to where the migrations are
#
# Yours to set:
#   RELEASE   the release, as v4.0.0          [what the branch says, if any]
#   BUNDLE    a file of make bundle, in place of RELEASE            [(none)]
#   MODE      dev: no release, whatever the branch; or release      [(none)]
#   BRANCH, RELEASE_BRANCHES   as for make release
#   ENVIRONMENT    development, staging or production; in production there
#                  are gates, and nothing but releases, unless FORCE=1
#                                                                   [(none)]
#   DRY_RUN   1: say what would run, and change nothing             [(none)]
#   MG_LOG    the log, JSON Lines                            [.mg/log.jsonl]
#   MG_WAIT   for a database that is starting                          [30s]
#   MG_LOCK_WAIT     for another deployment to end                     [10m]
#   MG_APPLY_FLAGS   more options for mg-apply                            []
#   SKIP_INDEX_MIGRATIONS, MG_INDEX_FLAGS   as for the tracks
# for the gates:
#   GATES     1: elsewhere than in production, too                       [0]
#   LINT      0: go on whatever mg-lint says                             [1]
#   TEST_CMD  tests that must pass; they get no URL of the database [(none)]
#   TEST_MIGRATIONS    1: make test-migrations is one of them            [0]
#   SKIP_BACKUP        1: take none                                      [0]
#   REHEARSE           0: take it on trust that it can be restored       [1]
#   MG_BACKUPS, MG_BACKUP_FLAGS   as for make backup
#   SKIP_MAINTENANCE   1: let users in all the while                     [0]
#   MAINTENANCE_ON_CMD, MAINTENANCE_OFF_CMD  commands that keep users out, and
#                      let them in again                            [(none)]
#   CONTACT, ESCALATION  whom to call when it failed, and whom then [(none)]
#   SLACK_WEBHOOK_URL, NOTIFY_CMD, NOTIFY_TIMEOUT   as for make notify
#
# Gives:  deploy  deploy-dev  deploy-status  plan  route
#
# Without a release a new database gets the consolidated baseline, and rows as
# if its migrations had run one by one; then what is newer than it.  One that
# has begun goes on as it began.  Where a project has tracks, it is the schema
# track that comes, and then the index track.  MG_WORK/deployed.jsonl is for mg-status to say
# later whether it is still there.
MG_LOCK_WAIT ?= 10m
MG_INDEX_FLAGS ?= --concurrently

mg_deploy_targets := deploy deploy-dev plan route

.PHONY: $(mg_deploy_targets) deploy-status

# What its steps read, whoever takes them.
mg_step_variables := $(mg_programs) $(mg_folders) BRANCH RELEASE_BRANCHES \
    ENVIRONMENT FORCE VERIFY_CMD MG_LOG MG_WAIT MG_LOCK_WAIT MG_APPLY_FLAGS \
    MG_INDEX_FLAGS SKIP_INDEX_MIGRATIONS GATES TEST_CMD TEST_MIGRATIONS \
    SKIP_BACKUP MG_BACKUP_FLAGS SKIP_MAINTENANCE MAINTENANCE_ON_CMD \
    MAINTENANCE_OFF_CMD CONTACT ESCALATION SLACK_WEBHOOK_URL NOTIFY_CMD \
    NOTIFY_TIMEOUT

$(call mg_give,$(mg_deploy_targets),$(mg_step_variables) RELEASE BUNDLE MODE)
$(call mg_give,deploy-status,MG_LOG)

deploy-dev: export MODE := dev
mg_dry := $(filter-out 0 false,$(DRY_RUN))
deploy deploy-dev: export EACH := $(mg_dry)
plan: export EACH := 1

# make itself has a LINT, which is no answer.
mg_lint_wanted := $(if $(filter default,$(origin LINT)),,$(LINT))
$(mg_deploy_targets): export LINT := $(or $(mg_lint_wanted),1)
$(mg_deploy_targets): export REHEARSE := $(or $(REHEARSE),1)

# Only what may change the database has gates, and a log of its words.
mg_gated = $(if $(filter production,$(ENVIRONMENT))$(filter 1 true,$(GATES)),1)
deploy deploy-dev: export GATED = $(if $(mg_dry),,$(mg_gated))
deploy deploy-dev: export MG_LOGS = $(if $(mg_dry),,$(MG_WORK)/logs)

# The project's own makefile, which may say where its migrations are.
mg_project := $(abspath $(firstword $(MAKEFILE_LIST)))
deploy deploy-dev: export MG_PROJECT_MAKE = $(MAKE) --no-print-directory \
    -f '$(mg_project)'

# Each deployment has a folder of its own, called after the make that it is of;
# several hosts may share the project.
mg_run  = '$(MG_WORK)'/run.$$(uname -n).$$PPID
mg_step = @exec sh '$(MG_SHARE)'

define mg_plan
$(mg_step)/route.sh $(mg_run)
$(mg_step)/plan.sh $(mg_run)
endef

define mg_gates
$(mg_step)/gate-lint.sh $(mg_run)
$(mg_step)/gate-test.sh $(mg_run)
$(mg_step)/gate-backup.sh $(mg_run)
$(mg_step)/gate-maintenance.sh $(mg_run)
endef

define mg_follow
$(if $(mg_gated),$(mg_gates))
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

deploy-status:		## say how the last deployment went
	@[ -e "$$MG_LOG" ] || { echo "there is no $$MG_LOG"; exit 1; } >&2
	@$(MG_JQ) -Rrn -f '$(MG_SHARE)/deploy-status.jq' "$$MG_LOG"

plan:			## say what make deploy would run, and change nothing
	$(mg_plan)
	$(mg_end)

route:			## say which release make deploy would take, and why
	$(mg_step)/route.sh $(mg_run)
	$(mg_end)
