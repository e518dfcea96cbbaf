# mg.migrate.mk - see, run, join and mark migrations, and mark where others end
#
# Yours to set:
#   TO         migrate: stop behind this migration                  [the last]
#   NAME       mark: only this one                               [all of them]
#   STATE      mark: applied or rolled-back                          [applied]
#   LEGACY     marker: folders of another tool, blanks between them       []
#   NAME       marker: what to call it             [consolidation_marker]
#   MG_JOINED  concat: the file that it writes          [MG_WORK/joined.sql]
#   MG_APPLY_FLAGS, MG_CONCAT_FLAGS  more options for these programs        []
#
# Gives:  status  doctor  migrate  concat  mark  marker
#
# Where the project has tracks, status is migrate-all-status, and doctor looks at
# both.
STATE     ?= applied
MG_JOINED ?= $(MG_WORK)/joined.sql

.PHONY: status doctor migrate concat mark marker

$(call mg_give,migrate mark,TO NAME STATE)
$(call mg_give,doctor,$(mg_programs) $(mg_folders))
$(call mg_give,marker,LEGACY $(mg_programs) $(mg_folders))
marker: export NAME := $(or $(NAME),consolidation_marker)

ifeq ($(mg_tracks_there),)
status: $(MG_WORK)/records.jsonl	## show what is applied and what is not
	@$(MG_STATUS) <'$<' >'$(MG_WORK)/status.jsonl.new'
	@mv '$(MG_WORK)/status.jsonl.new' '$(MG_WORK)/status.jsonl'
	@$(MG_JQ) -rs -f '$(MG_SHARE)/status.jq' '$(MG_WORK)/status.jsonl'
else
status: migrate-all-status
endif

ifeq ($(mg_tracks_there),)
doctor: $(MG_WORK)/records.jsonl	## say what a broken history means, and how to settle it
	@$(MG_DOCTOR) --records '$<' <'$<'
	@echo 'the history is sound'
else
doctor: | $(MG_WORK)
	@sh '$(MG_SHARE)/doctor.sh' '$(MG_WORK)'
	@echo 'the history is sound'
endif

migrate: $(MG_WORK)/records.jsonl	## apply what is pending [TO=]
	@$(MG_APPLY) $(MG_APPLY_FLAGS) $(if $(TO),--to "$$TO") <'$<' \
	    >'$(MG_WORK)/applied.jsonl.new'
	@mv '$(MG_WORK)/applied.jsonl.new' '$(MG_WORK)/applied.jsonl'
	@$(MG_JQ) -rs -L '$(MG_SHARE)' -f '$(MG_SHARE)/applied.jq' '$(MG_WORK)/applied.jsonl'

concat: $(MG_WORK)/records.jsonl	## join all into one script, MG_JOINED
	@$(MG_CONCAT) $(MG_CONCAT_FLAGS) <'$<' >'$(MG_JOINED).new'
	@mv '$(MG_JOINED).new' '$(MG_JOINED)'
	@echo '$(MG_JOINED)'

mark: $(MG_WORK)/records.jsonl		## record as STATE, run nothing [NAME=]
	@$(MG_MARK) --"$$STATE" $(if $(NAME),"$$NAME") <'$<' \
	    >'$(MG_WORK)/marked.jsonl.new'
	@mv '$(MG_WORK)/marked.jsonl.new' '$(MG_WORK)/marked.jsonl'
	@$(MG_JQ) -rs -f '$(MG_SHARE)/marked.jq' '$(MG_WORK)/marked.jsonl'

marker: | $(MG_WORK)	## make the migration that replaces another tool's [LEGACY= NAME=]
	@sh '$(MG_SHARE)/marker.sh' '$(MG_WORK)'
