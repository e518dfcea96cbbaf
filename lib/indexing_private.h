/*
 * indexing_private - what the parts of indexing share; for nobody else
 *
 * indexing_settle.c sees beforehand what there is, indexing.c begins tasks and
 * waits for them, indexing_look.c watches them meanwhile, indexing_end.c takes
 * what came of one, indexing_row.c keeps the history, indexing_report.c says
 * what came of it all.
 */
#ifndef MG_INDEXING_PRIVATE_H
#define MG_INDEXING_PRIVATE_H

#include "indexing.h"
#include "twin.h"

struct indexing_state {
	struct migrate *migrate;
	struct tasks tasks;
	struct lane *lanes; /* as many as were opened */
	size_t count;       /* of these */
	struct history_sql sql;
	bool stopped; /* nothing more is begun */
	bool lost;    /* the connection that writes the history */
	int status;
	size_t finished; /* migrations */
	long next_look;
};

/* Returns the status, for a reason that is the run's from now on. */
int indexing_fail(struct migrate *m, int status, char *why);

/*
 * Under the lock or, to plan, without it: what is there already.  Returns
 * CLI_OK or another, with migrate->error set.
 */
int indexing_settle(struct indexing *x, bool locked);

/* Nothing more is begun; the first reason is the one that is told. */
void indexing_stop(struct indexing *x, int status, char *why);

/* The connection that writes the history is lost, or of no use. */
void indexing_lose(struct indexing *x);

/* How many lanes have a task. */
size_t indexing_busy(const struct indexing *x);

/* How far the builds are and who keeps them waiting, once in a tick. */
void indexing_look(struct indexing *x);
long indexing_tick(const struct indexing *x); /* milliseconds */

/* Is the task to be begun?  Its index may be there, or another. */
bool indexing_examine(struct indexing *x, struct task *task);

/* The lane has an answer. */
void indexing_end(struct indexing *x, struct lane *lane);

/* That another index has the name; the caller's to free. */
char *indexing_other(const struct task *task, const struct twin *twin);

/*
 * The history rows: all are opened under the migration lock; one says when it
 * began, is brought up to date or finished, and, when no task runs any longer,
 * left as it is to be found.
 */
void indexing_open(struct indexing *x);
void indexing_start(struct indexing *x, const struct job *job);
void indexing_advance(struct indexing *x, struct job *job);

/* Advance all whose tasks were done since. */
void indexing_tell(struct indexing *x);
void indexing_leave(struct indexing *x);

/* What its logs are when so many steps are done. */
char *indexing_logs(const struct indexing *x, const struct job *job,
    size_t done, const char *why);

/* Is anything of it done, or left half done? */
bool indexing_remains(const struct indexing *x, const struct job *job);

/* How many tasks of the job are in that state. */
size_t indexing_count(
    const struct indexing *x, const struct job *job, enum task_state state);

/* Write the record of a job that is finished, or failed. */
void indexing_report(
    const struct indexing *x, const struct job *job, const char *error);

/* What is left, and what to do next. */
void indexing_report_rest(const struct indexing *x);

#endif
