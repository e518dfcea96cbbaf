# mg.fill.mk - try what is pending on many generated rows
#
# Yours to set:
#   ROWS      how many, over all tables                           [1000000]
#   LAST      try the last so many migrations     [what the database lacks]
#   SEED      another number makes other rows                           [1]
#   MAX_MS    fail if a migration takes longer                     [(none)]
#   MG_SCRATCH_URL  a server on which to make the scratch database [our own]
#   ENVIRONMENT     production: refuse                             [(none)]
#
# Gives:  test-large-dataset
ROWS ?= 1000000
SEED ?= 1

.PHONY: test-large-dataset

$(call mg_give,test-large-dataset,$(mg_programs) $(mg_folders) ROWS SEED LAST \
    MAX_MS ENVIRONMENT)

test-large-dataset: $(MG_WORK)/records.jsonl	## try what is pending on many rows [ROWS= LAST= MAX_MS=]
	@exec sh '$(MG_SHARE)/large-dataset.sh' '$(MG_WORK)'
