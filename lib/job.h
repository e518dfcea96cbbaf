/*
 * job - a migration that is to run
 */
#ifndef MG_JOB_H
#define MG_JOB_H

#include <stdbool.h>
#include <stddef.h>

#include "history.h"
#include "interpreter.h"
#include "record.h"
#include "script.h"

enum job_way {
	JOB_RUN,
	JOB_RECORD, /* a baseline: only its row is written */
	JOB_PRUNE,  /* it has its row already, and what it replaced goes */
	JOB_MARK,   /* it goes, and what it replaced gets its rows */
};

struct job {
	const struct migration *migration; /* borrowed */
	enum job_way way;
	char *prunes; /* names whose rows go with it (prune.h), or NULL */
	char *marks;  /* names that get rows with it, and their */
	char *marked; /* checksums (history_mark), or NULL */
	/* The unfinished row that an earlier run left, or NULL; borrowed. */
	const struct history_row *row;
	char id[HISTORY_ID];          /* of the row, old or new */
	char checksum[HASH_CHECKSUM]; /* of the bytes that were checked */
	const char *plan;   /* its word: atomic and so on; static text */
	const char *reason; /* why it is not one transaction, or NULL */
	bool opened;        /* the row is there, unfinished */
	size_t done;        /* steps that were done earlier */
	bool alone;         /* private: it turned out to refuse a transaction */

	/* Set by run: */
	bool finished;
	double ms;    /* on the server; negative: not known */
	size_t steps; /* in all */
	int exit;     /* of a script that failed, as a shell has it; or 0 */
};

/* Is it a script that runs, and not SQL? */
bool job_is_script(const struct job *job);

/*
 * See that the script is the one that its record means, and find the command
 * that runs it.  Returns -1 with i->error.
 */
int job_find(
    const struct job *job, struct interpreter *i, char checksum[HASH_CHECKSUM]);

/* Read its script, as script_read does; or what is enough to note it. */
int job_read(const struct job *job, struct script *script);

#endif
