# mg.dev.mk - begin a migration, fill, empty and go back: a developer's day
#
# Yours to set:
#   NAME   new, migrate: what the migration is about                [(none)]
#   DOWN   new, migrate: 1 for a down.sql beside it                 [(none)]
#   TO     undo: the newest that stays              [all but the last applied]
#   SEED   what fills a database: an .sql file for psql, or any program
#                                           [prisma/seed.sql, if it is there]
#   GENERATE_CMD  generate: such as npx prisma generate             [(none)]
#   ENVIRONMENT   development, staging or production; reset wants the first,
#          seed refuses the last unless FORCE=1, undo asks there    [(none)]
#   RESET_HOSTS   reset: hosts that are yours though they are elsewhere     []
#   RESET_SCHEMAS reset: what it drops  [the schema that the URL names, unless
#          that is public; else all that are yours]
#   YES    undo, reset: 1 is the answer, where nobody is asked      [(none)]
#   DRY_RUN       undo, reset: 1: say what would go, and change nothing
#                                                                   [(none)]
#
# Gives:  new  generate  seed  reset  undo  and NAME= for migrate
#
# NAME counts for migrate on the command line only: some systems have such a
# variable in the environment.
SEED         ?= $(wildcard prisma/seed.sql)
GENERATE_CMD ?=

mg_dev_targets := new generate seed reset undo mg-begin

.PHONY: $(mg_dev_targets) mg-environment

$(call mg_give,$(mg_dev_targets),$(mg_programs) $(mg_folders) MG_WORK NAME \
    DOWN TO SEED GENERATE_CMD ENVIRONMENT FORCE RESET_HOSTS RESET_SCHEMAS YES \
    DRY_RUN)

# Behind it all is as make deploy-dev has it, whatever the environment says.
$(call mg_give,reset,$(mg_step_variables))
reset: export MODE := dev
reset: export RELEASE :=
reset: export BUNDLE :=
reset: export EACH :=
reset: export GATES := 0

mg_dev = @mkdir -p '$(MG_WORK)' && exec sh '$(MG_SHARE)'

new:			## begin a migration [NAME= DOWN=1]
	@exec sh '$(MG_SHARE)/migrate-create.sh' none

generate:		## have the client made, by GENERATE_CMD
	@exec sh '$(MG_SHARE)/generate.sh'

seed:			## fill the database [SEED=]
	@exec sh '$(MG_SHARE)/seed.sh'

reset:			## empty a database of development, and migrate it anew [YES=1]
	@exec sh '$(MG_SHARE)/reset.sh'
	$(if $(mg_dry),,$(mg_plan))
	$(if $(mg_dry),,$(mg_follow))
	$(if $(mg_dry)$(if $(SEED),,none),,@exec sh '$(MG_SHARE)/seed.sh')

undo:			## take back the last migration, or all behind TO [TO=]
	$(mg_dev)/undo.sh '$(MG_WORK)'

ifneq ($(and $(filter command,$(origin NAME)),$(filter migrate,$(MAKECMDGOALS))),)
$(MG_WORK)/scanned.jsonl: | mg-begin
mg-begin:
	@exec sh '$(MG_SHARE)/begin.sh'
endif

status: mg-environment
mg-environment: export ENVIRONMENT := $(ENVIRONMENT)
mg-environment:
	@. '$(MG_SHARE)/environment.sh' && { read_environment || \
	    { echo "status: $$environment_is_wrong" >&2; exit 1; }; }
