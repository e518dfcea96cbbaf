# mg.drift.mk - say in words how two databases differ
#
# Yours to set:
#   A   the URL of the database to look at      [DIRECT_URL or DATABASE_URL]
#   B   the URL of what it should be like  [MG_MIGRATIONS, run in a scratch]
#   MG_SCRATCH_URL  a server on which to make the scratch database [our own]
#   MG_DRIFT_FLAGS  what mg-catalog shall leave out
#                            [--no-owners --no-privileges --no-versions]
#
# Gives:  drift
#
# It fails, with what exit 1 of a program would say, where they differ.
MG_DRIFT_FLAGS ?= --no-owners --no-privileges --no-versions

ifdef A
export A
endif
ifdef B
export B
endif

mg_drift := $(MG_WORK)/drift

.PHONY: drift

drift: $(mg_drift).a.jsonl $(mg_drift).b.jsonl	## show how the database differs from its migrations [A= B=]
	@$(MG_JQ) -nr --slurpfile a '$(mg_drift).a.jsonl' --slurpfile b \
	    '$(mg_drift).b.jsonl' -f '$(MG_SHARE)/drift.jq'
	@cmp -s '$(mg_drift).a.jsonl' '$(mg_drift).b.jsonl'

$(mg_drift).a.jsonl: mg-force | $(MG_WORK)
	@$(if $(A),DIRECT_URL= DATABASE_URL="$$A") \
	    $(MG_CATALOG) $(MG_DRIFT_FLAGS) >'$@.new'
	@mv '$@.new' '$@'

# Without B the migrations are run where nobody else looks.
ifdef B
$(mg_drift).b.jsonl: mg-force | $(MG_WORK)
	@DIRECT_URL= DATABASE_URL="$$B" \
	    $(MG_CATALOG) $(MG_DRIFT_FLAGS) >'$@.new'
	@mv '$@.new' '$@'
else
$(mg_drift).b.jsonl: $(MG_WORK)/records.jsonl
	@$(if $(MG_SCRATCH_URL),DIRECT_URL= DATABASE_URL="$$MG_SCRATCH_URL") \
	    $(MG_SCRATCH) $(if $(MG_SCRATCH_URL),--db) -- sh -c \
	    '$(MG_APPLY) -q <"$$1" >"$$2" && \
	    $(MG_CATALOG) $(MG_DRIFT_FLAGS) >"$$3"' \
	    sh '$<' '$(mg_drift).applied.jsonl' '$@.new'
	@mv '$@.new' '$@'
endif
