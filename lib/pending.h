/*
 * pending - what a database still has to get of a stream of migrations
 */
#ifndef MG_PENDING_H
#define MG_PENDING_H

#include <stdbool.h>
#include <stddef.h>

#include "baseline.h"
#include "history.h"
#include "job.h"
#include "record.h"

/* Whose rows the history is to have, of baselines and what they replace. */
enum pending_rows {
	ROWS_AS_THEY_COME,
	ROWS_OF_BASELINES, /* those of what they replace go */
	ROWS_OF_REPLACED,  /* theirs go, what they replace is marked */
};

struct pending {
	struct job *jobs; /* in the order of the stream */
	size_t count;
	bool failed; /* refused because of failed rows: some may be running */
	const char *late; /* the first before what was applied, or NULL */
	char **warnings;  /* what a person should know of, a sentence each */
	size_t nwarnings;
	char *missing; /* the same of what the stream lacks; NULL if nothing */
	char *error;   /* why pending_choose returned anything but CLI_OK */
};

/*
 * Choose what is to run, up to the migration called to, or to the end if that
 * is NULL.  Returns CLI_OK; CLI_NO if the database is in no state to get
 * anything: without a history but not empty (P3005), with failed rows that
 * mg-apply cannot continue (P3009), with two histories, or if a baseline can
 * neither run nor be recorded, or its rows not be had as asked for; CLI_INPUT
 * if there is no migration called to, a record says what makes no sense of what
 * it replaces, or the server is a standby.  With nothing to run only failed
 * rows matter.
 */
int pending_choose(struct pending *p, const struct migrations *m,
    const struct history *h, const char *to, enum pending_rows rows);

void pending_free(struct pending *p);

#endif
