# mg.deploy.mk - bring a database to where the migrations are
#
# Yours to set:
#   MG_APPLY_FLAGS   more options for mg-apply                            []
#
# Gives:  deploy-dev
#
# A new database gets the baseline, and rows as if its migrations had run one
# by one; then what is newer than it.  One that has begun goes on as it began.
.PHONY: deploy-dev

deploy-dev: $(MG_WORK)/deploy.jsonl	## apply what is pending, a new database by the baseline
	@$(MG_APPLY) --mark-replaced $(MG_APPLY_FLAGS) <'$<' \
	    >'$(MG_WORK)/applied.jsonl.new'
	@mv '$(MG_WORK)/applied.jsonl.new' '$(MG_WORK)/applied.jsonl'
	@$(MG_JQ) -rs -f '$(MG_SHARE)/applied.jq' '$(MG_WORK)/applied.jsonl'

$(MG_WORK)/deploy.scanned.jsonl: mg-force | $(MG_WORK)
	@set -- '$(MG_MIGRATIONS)' '$(MG_CONSOLIDATED)'; \
	[ -d "$$2" ] || { set -- "$$1"; \
	    echo '$(MG_CONSOLIDATED): there is none; make consolidate' \
		'would spare a new database the migrations one by one' >&2; }; \
	$(MG_SCAN) "$$@" >'$@.new'
	@mv '$@.new' '$@'

$(MG_WORK)/deploy.jsonl: $(MG_WORK)/deploy.scanned.jsonl
	@$(MG_HASH) <'$<' >'$@.new'
	@mv '$@.new' '$@'
