/*
 * run_private - what the parts of run share; for nobody else
 *
 * run.c sends and takes, run_script.c runs programs, run_retry.c decides
 * whether to go on, run_verdict.c says why not.
 */
#ifndef MG_RUN_PRIVATE_H
#define MG_RUN_PRIVATE_H

#include "dispatch.h"
#include "run.h"
#include "watch.h"

struct run_private {
	struct dispatch dispatch;
	struct watch watch;
	long tries;    /* of the migration that did not get its locks */
	size_t trying; /* which one */
	long end;      /* of the patience with another's turn; 0: it is ours */
	unsigned turns;
	int sent_away; /* how often waiters were, for a build */
};

/* Run the next job, a script.  Returns as run does. */
int run_script(struct run *r);

/* Is there reason to believe that the next pass comes further? */
bool run_again(struct run *r, int status);

/* Was it a lock, or an accident of others, that the last pass failed for? */
bool run_lacked_lock(const struct run *r);

/*
 * Drop what the failed step left behind, if it is a concurrent build.  What
 * kept it waiting may keep this waiting, too: then the next run will.
 */
bool run_clear_failed(struct run *r);

/* Make the script the one that failed; others may have been read since. */
int run_read_failed(struct run *r);

/* Say in r->error what happened, and what it means for the migration. */
int run_report(struct run *r, int status);

#endif
