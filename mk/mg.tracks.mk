# mg.tracks.mk - schema changes now, indexes when it suits
#
# Yours to set:
#   NAME   *-create: what the migration is about                    [(none)]
#   DOWN   *-create: 1 for a down.sql beside it, which make undo runs  [(none)]
#   SKIP_INDEX_MIGRATIONS  true: migrate-all-deploy and deploy leave the index
#          track for later                                           [false]
#   DEFER_UNIQUE  split-tracks: 1 if unique indexes may wait, too   [(none)]
#   PULL_CMD  db-pull: what writes the models  [npx --no-install prisma db pull]
#   MG_SCHEMA_MIGRATIONS, MG_INDEX_MIGRATIONS  the folders of the tracks
#                                   [prisma/migrations-schema/migrations,
#                                   prisma/migrations-indexes/migrations]
#   MG_WAIT, MG_LOCK_WAIT  *-deploy: for a database that is starting, for
#          another deployment to end                              [30s, 10m]
#   MG_APPLY_FLAGS  more options for mg-apply                              []
#   MG_INDEX_FLAGS  options for mg-index      [--concurrently; *-dev: --plain]
#   MG_LINT_FLAGS  options for mg-lint                                      []
#   MG_SCRATCH_URL  split-tracks: a server on which to make the scratch
#          databases                                               [our own]
#
# Gives:  migrate-schema-create  migrate-schema-dev  migrate-schema-deploy
#         migrate-schema-status  migrate-indexes-create  migrate-indexes-dev
#         migrate-indexes-deploy  migrate-indexes-status  migrate-all-deploy
#         migrate-all-status  migrate-all-lint  split-tracks  db-pull
#
# What lies in MG_MIGRATIONS belongs to the schema track, and comes first.  Both
# tracks have one history, so Prisma takes each of the folders as it is.
MG_LOCK_WAIT   ?= 10m
MG_INDEX_FLAGS ?= --concurrently
PULL_CMD       ?= $(MG_PRISMA) db pull

mg_track_targets := migrate-schema-create migrate-schema-dev \
    migrate-schema-deploy migrate-schema-status migrate-indexes-create \
    migrate-indexes-dev migrate-indexes-deploy migrate-indexes-status \
    migrate-all-deploy migrate-all-status migrate-all-lint split-tracks \
    db-pull

.PHONY: $(mg_track_targets)

$(call mg_give,$(mg_track_targets),$(mg_programs) $(mg_folders) NAME \
    DOWN SKIP_INDEX_MIGRATIONS DEFER_UNIQUE PULL_CMD MG_WAIT MG_LOCK_WAIT \
    MG_APPLY_FLAGS MG_INDEX_FLAGS MG_LINT_FLAGS)

# The proof of make consolidate is asked for as anybody would.
split-tracks: export MG_MAKE := $(MAKE) -f $(mg_mk)/mg.mk

# Where somebody develops, no others stand still while an index is built.
migrate-schema-dev migrate-indexes-dev: export MG_LOCK_WAIT := 10s
migrate-indexes-dev: export MG_INDEX_FLAGS := --plain

# And what is in the wrong track may still be moved.
migrate-schema-dev migrate-indexes-dev: export mg_lints := yes

mg_tracks = @mkdir -p '$(MG_WORK)/tracks' && exec sh '$(MG_SHARE)'

migrate-schema-create:		## begin a migration of the schema track [NAME=]
	@exec sh '$(MG_SHARE)/migrate-create.sh' schema

migrate-schema-dev:		## apply it to the database that you develop with
	$(mg_tracks)/migrate-deploy.sh '$(MG_WORK)/tracks' schema

migrate-schema-deploy:		## bring the schema track of a database up to date
	$(mg_tracks)/migrate-deploy.sh '$(MG_WORK)/tracks' schema

migrate-schema-status:		## show what is applied of the schema track
	$(mg_tracks)/migrate-status.sh '$(MG_WORK)/tracks' schema

migrate-indexes-create:		## begin a migration of the index track [NAME=]
	@exec sh '$(MG_SHARE)/migrate-create.sh' index

migrate-indexes-dev:		## build its indexes where you develop
	$(mg_tracks)/migrate-deploy.sh '$(MG_WORK)/tracks' index

migrate-indexes-deploy:		## build what is pending of the index track
	$(mg_tracks)/migrate-deploy.sh '$(MG_WORK)/tracks' index

migrate-indexes-status:		## show what is applied of the index track
	$(mg_tracks)/migrate-status.sh '$(MG_WORK)/tracks' index

migrate-all-deploy:		## the schema track, then the index track [SKIP_INDEX_MIGRATIONS=]
	$(mg_tracks)/migrate-deploy.sh '$(MG_WORK)/tracks' all

migrate-all-status:		## show what is applied of both tracks
	$(mg_tracks)/migrate-status.sh '$(MG_WORK)/tracks' all

migrate-all-lint:		## warn of what is in the wrong track, locks or loses
	$(mg_tracks)/migrate-lint.sh '$(MG_WORK)/tracks'

split-tracks:			## make the two tracks of a history [DEFER_UNIQUE=1]
	$(mg_tracks)/split-tracks.sh '$(MG_WORK)/tracks'

db-pull:			## write the models anew, as the database is [PULL_CMD=]
	@exec sh '$(MG_SHARE)/db-pull.sh'
