# mg.consolidate.mk - one proven baseline instead of hundreds of migrations
#
# Yours to set:
#   LABEL    what the baseline's name has in it, such as release_v4        []
#   NAME     its whole name     [<newest timestamp>[_LABEL]_consolidated]
#   CLEAN    1 to make it again though it is up to date                    []
#   METHOD   squash, concat or diff                                 [squash]
#   ACCEPT_LOSS  1 to publish what diff makes though it loses something   []
#   MG_LOG   the log, JSON Lines                              [.mg/log.jsonl]
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

.PHONY: consolidate

$(call mg_give,consolidate,$(mg_programs) $(mg_folders) CLEAN LABEL NAME \
    METHOD ACCEPT_LOSS MG_LOG SOURCE_DATE_EPOCH)

consolidate:		## make one proven baseline of them all [LABEL= CLEAN=1 METHOD=]
	@mkdir -p '$(MG_WORK)/consolidate' && \
	    exec sh '$(MG_SHARE)/consolidate.sh' '$(MG_WORK)/consolidate'
