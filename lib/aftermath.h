/*
 * aftermath - what became of a run whose connection broke
 *
 * What was sent may have run to its end although nobody heard of it, the
 * last COMMIT above all.  A new connection looks for the rows, which are
 * known by their ids, once the old session has let go of the migration lock.
 */
#ifndef MG_AFTERMATH_H
#define MG_AFTERMATH_H

#include "run.h"

struct aftermath {
	long wait;      /* milliseconds, for a server that restarts */
	long recover;   /* for one that says that it is at that */
	long lock_wait; /* and for what the server may still be running */
	char *error;    /* why nothing is known */
};

/*
 * Returns CLI_OK when what the jobs of the run say is true again; else
 * CLI_RETRY if the server still runs it, or CLI_SYSTEM, with error set.
 */
int aftermath_look(struct aftermath *a, struct run *r);

void aftermath_free(struct aftermath *a);

#endif
