# mg.consolidate.mk - one proven baseline instead of hundreds of migrations
#
# Yours to set:
#   LABEL    what the baseline's name has in it, such as release_v4        []
#   NAME     its whole name     [<newest timestamp>[_LABEL]_consolidated]
#   CLEAN    1 to make it again though it is up to date                    []
#   METHOD   squash, concat or diff                                 [squash]
#   ACCEPT_LOSS  1 to publish what diff makes though it loses something   []
#   MG_SCHEMA  the schema whose checksum it notes, and which diff is made of
#                                                     [prisma/schema.prisma]
#   MG_PRISMA  the project's own Prisma, for diff  [npx --no-install prisma]
#   MG_SCRATCH_URL   a server on which to make the scratch databases
#                                                                  [our own]
#   SOURCE_DATE_EPOCH  when it was generated   [the newest timestamp inside]
#
# Gives:  consolidate
#
# $(MG_CONSOLIDATED)/volatile.json names tables whose rows may differ from one
# replay to the next: ["public.Settings"].  What is done and in which order is
# told in share/consolidate.sh and share/prove.sh; what was compared lies in
# $(MG_WORK)/consolidate.

# It may hold a password, and is to be seen nowhere.
ifdef MG_SCRATCH_URL
export MG_SCRATCH_URL
endif

.PHONY: consolidate

consolidate:		## make one proven baseline of them all [LABEL= CLEAN=1 METHOD=]
	@mkdir -p '$(MG_WORK)/consolidate'
	@exec env MG_APPLY='$(MG_APPLY)' MG_CATALOG='$(MG_CATALOG)' \
	    MG_CONCAT='$(MG_CONCAT)' MG_DUMP='$(MG_DUMP)' \
	    MG_HASH='$(MG_HASH)' MG_JQ='$(MG_JQ)' MG_PSQL='$(MG_PSQL)' \
	    MG_PRISMA='$(MG_PRISMA)' MG_SCAN='$(MG_SCAN)' \
	    MG_SCRATCH='$(MG_SCRATCH)' MG_SHARE='$(MG_SHARE)' \
	    MG_MIGRATIONS='$(MG_MIGRATIONS)' \
	    MG_CONSOLIDATED='$(MG_CONSOLIDATED)' MG_SCHEMA='$(MG_SCHEMA)' \
	    CLEAN='$(CLEAN)' LABEL='$(LABEL)' NAME='$(NAME)' \
	    METHOD='$(METHOD)' ACCEPT_LOSS='$(ACCEPT_LOSS)' \
	    SOURCE_DATE_EPOCH='$(SOURCE_DATE_EPOCH)' \
	    sh '$(MG_SHARE)/consolidate.sh' '$(MG_WORK)/consolidate'
