# mg.mk - include this one file, last in your Makefile
#
#	MG_MIGRATIONS = prisma/migrations
#	include mg/mg.mk
#
# Yours to set: before the include, on the command line or in the environment.
#   MG_MIGRATIONS  the folder of migrations               [prisma/migrations]
#   MG_SCRIPTS     a folder of migrations that are programs, too         []
#   MG_SCRIPTS_LAYOUT  its layout, as mg-scan(1) calls it          [prisma]
#   MG_KNEX_TABLE  where knex keeps its history            [knex_migrations]
#   MG_CONSOLIDATED  the folder that the one baseline lies in
#                                                   [consolidated-migration]
#   MG_WORK        where files between the stages go; no blanks      [.mg]
#   MG_PARTS       which of the parts to take in              [all of them]
#   MG_BIN         what comes before the programs' names, as dir/       []
#   MG_SHARE       the folder of the jq filters       [found beside this one]
#   DATABASE_URL, DIRECT_URL  the database, as Prisma has them; the second
#                  counts more.  Better in the environment than in a file.
#
# Targets are plain words; what is called mg-* or mg_* is ours.  Alone, `make`
# prints help and touches nothing.  No recipe has a pipe: sh reports only the
# last command of one.  Each stage writes a file, which gets its name when it
# is whole.  make itself exits 2 whatever fails; the programs tell more.
ifndef mg_mk
mg_mk := $(abspath $(dir $(lastword $(MAKEFILE_LIST))))

MG_MIGRATIONS ?= prisma/migrations
MG_SCHEMA_MIGRATIONS ?= prisma/migrations-schema/migrations
MG_INDEX_MIGRATIONS  ?= prisma/migrations-indexes/migrations
MG_SCRIPTS      ?=
MG_SCRIPTS_LAYOUT ?= prisma
MG_KNEX_TABLE   ?= knex_migrations
MG_CONSOLIDATED ?= consolidated-migration
MG_WORK  ?= .mg
MG_PARTS ?= migrate tracks drift consolidate deploy release report backup \
    dev test notify
MG_BIN   ?=
MG_SHARE ?= $(firstword $(wildcard $(mg_mk)/../share $(mg_mk)/../../share/mg))

MG_RELEASES ?= releases
MG_BACKUPS  ?= backups
MG_SCHEMA   ?= prisma/schema.prisma
MG_LOG      ?= $(MG_WORK)/log.jsonl
MG_WAIT     ?= 30s
RELEASE_BRANCHES ?= railway-template-%

MG_SCAN    ?= $(MG_BIN)mg-scan
MG_HASH    ?= $(MG_BIN)mg-hash
MG_CONCAT  ?= $(MG_BIN)mg-concat
MG_APPLY   ?= $(MG_BIN)mg-apply
MG_MARK    ?= $(MG_BIN)mg-mark
MG_STATUS  ?= $(MG_BIN)mg-status
MG_CATALOG ?= $(MG_BIN)mg-catalog
MG_DUMP    ?= $(MG_BIN)mg-dump
MG_SCRATCH ?= $(MG_BIN)mg-scratch
MG_NEW     ?= $(MG_BIN)mg-new
MG_SPLIT   ?= $(MG_BIN)mg-split
MG_INDEX   ?= $(MG_BIN)mg-index
MG_LINT    ?= $(MG_BIN)mg-lint
MG_BACKUP  ?= $(MG_BIN)mg-backup
MG_RESTORE ?= $(MG_BIN)mg-restore
MG_LOCK    ?= $(MG_BIN)mg-lock
MG_DOCTOR  ?= $(MG_BIN)mg-doctor
MG_UNDO    ?= $(MG_BIN)mg-undo
MG_FILL    ?= $(MG_BIN)mg-fill
MG_JQ      ?= jq
MG_PSQL    ?= psql
MG_CURL    ?= curl
MG_TAR     ?= tar
MG_ZSTD    ?= zstd
MG_PRISMA  ?= npx --no-install prisma

# URLs may hold passwords: they travel in the environment only.
ifdef DATABASE_URL
export DATABASE_URL
endif
ifdef DIRECT_URL
export DIRECT_URL
endif
ifdef MG_SCRATCH_URL
export MG_SCRATCH_URL
endif

# The folders of tracks that are there; of a blank in a name make asks for a
# backslash.
mg_blank :=
mg_blank := $(mg_blank) $(mg_blank)
mg_tracks_there := $(if $(filter tracks,$(MG_PARTS)),$(strip $(foreach v, \
    MG_SCHEMA_MIGRATIONS MG_INDEX_MIGRATIONS, \
    $(wildcard $(subst $(mg_blank),\ ,$($(v)))))))

# $(call mg_give,TARGETS,VARIABLES): to the scripts of these targets, in the
# environment.  What users type may hold any character, so no shell reads it; what
# is in the environment already, where $ is a shell's, make does not read either.
mg_give = $(foreach v,$(2),$(if $(filter environment,$(origin $(v))),, \
    $(eval $(1): export $(v) := $$($(v)))))

mg_programs := MG_SCAN MG_HASH MG_CONCAT MG_APPLY MG_MARK MG_STATUS \
    MG_CATALOG MG_DUMP MG_SCRATCH MG_NEW MG_SPLIT MG_INDEX MG_LINT \
    MG_BACKUP MG_RESTORE MG_LOCK MG_UNDO MG_FILL MG_DOCTOR MG_CURL MG_PSQL \
    MG_PRISMA MG_JQ MG_TAR MG_ZSTD
mg_folders := MG_MIGRATIONS MG_SCHEMA_MIGRATIONS MG_INDEX_MIGRATIONS \
    MG_CONSOLIDATED MG_RELEASES MG_BACKUPS MG_SCHEMA MG_SHARE MG_BIN \
    MG_SCRIPTS MG_SCRIPTS_LAYOUT MG_KNEX_TABLE

.PHONY: mg-help mg-force

mg-help:		## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1	\2/p' \
	    $(mg_mk)/mg.mk $(MG_PARTS:%=$(mg_mk)/mg.%.mk)

$(MG_WORK):
	@mkdir -p '$@'

# What every flow starts from: the migrations as records, with checksums.
$(MG_WORK)/scanned.jsonl: mg-force | $(MG_WORK)
	@$(MG_SCAN) '$(MG_MIGRATIONS)' $(if $(MG_SCRIPTS),--knex-table \
	    '$(MG_KNEX_TABLE)' --layout '$(MG_SCRIPTS_LAYOUT)' '$(MG_SCRIPTS)') >'$@.new'
	@mv '$@.new' '$@'

$(MG_WORK)/records.jsonl: $(MG_WORK)/scanned.jsonl
	@$(MG_HASH) <'$<' >'$@.new'
	@mv '$@.new' '$@'

include $(MG_PARTS:%=$(mg_mk)/mg.%.mk)
endif
