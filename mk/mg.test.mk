# mg.test.mk - see in scratch databases what migrations do before others do
#
# Yours to set:
#   FROM      the migration that databases have come to: what is behind it is
#             still to come       [test-backward: all but the last have come;
#            test-performance: none, without a SEED; test-large-dataset: what
#            the database has, if there is one, else all but the last]
#   SEED      rows to have by then: a .sql, or a program that gets the URL in
#             DATABASE_URL                                          [(none)]
#   ROWS      how many to make up, over all tables
#                          [test-large-dataset: 1000000; test-migrations: 10000]
#   MG_FILL_FLAGS   more options for mg-fill                              []
#   DATABASE  1: test-constraints looks at the database itself, and changes
#             nothing                                               [(none)]
#   MAX_MS    what a migration may take, in milliseconds              [1000]
#   MAX_WAL   and write, as bytes, kB, MB or GB                       [16MB]
#   MAX_LOCK_MS  and keep others from writing to a table              [1000]
#   REWRITES  how many tables it may write anew                          [0]
#   MG_TEST_IGNORE  the file of what is known, a line each: KIND NAME because
#             REASON                                 [prisma/test.ignore]
#   MG_SCRATCH_URL  a server on which to make the scratch databases [our own]
#
# Gives:  test-migrations  test-forward  test-backward  test-performance
#         test-constraints  test-large-dataset, and test, unless there is
#         another one
#
# The database that DATABASE_URL names is only looked at.
MAX_MS      ?= 1000
MAX_WAL     ?= 16MB
MAX_LOCK_MS ?= 1000
REWRITES    ?= 0
MG_TEST_IGNORE ?= prisma/test.ignore

mg_tests := test-forward test-backward test-performance test-large-dataset \
    test-constraints

.PHONY: test-migrations $(mg_tests)

$(call mg_give,test-migrations $(mg_tests),$(mg_programs) $(mg_folders) FROM \
    SEED ROWS DATABASE MAX_MS MAX_WAL MAX_LOCK_MS REWRITES MG_TEST_IGNORE MG_WAIT \
    MG_FILL_FLAGS)

# Each is asked for as anybody would.
test-migrations: export MG_MAKE := $(MAKE) -f $(mg_mk)/mg.mk
test-migrations: export mg_tests := $(mg_tests)

mg_test = mkdir -p '$(MG_WORK)/$@' && \
	exec sh '$(MG_SHARE)/$@.sh' '$(MG_WORK)/$@'

test-migrations:	## test the migrations in every way, as make test does
	@$(mg_test)

test-forward:		## see whether all ways lead to the same catalog
	@$(mg_test)

test-backward:		## see whether ways back, and a backup, lead there [FROM= SEED=]
	@$(mg_test)

test-performance:	## measure what each migration takes and locks [FROM= SEED=]
	@$(mg_test)

test-large-dataset:	## the same, on many rows that are made up [FROM= ROWS=]
	@$(mg_test)

test-constraints:	## name indexes and keys that are missing or idle [DATABASE=1]
	@$(mg_test)

# make test: as an implicit rule it stands back behind a rule of the project's,
# and what is only like it finds no test-migrations of its own.
tes%: tes%-migrations
	@:
