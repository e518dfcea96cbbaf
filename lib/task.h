/*
 * task - the statements of pending index migrations, and what each waits for
 *
 * Two that are about the same index, or about one table without both being
 * CREATE INDEX, keep their order; so does a statement of which it cannot be
 * told what it is about, with all others.  Of what remains, builds of one
 * table may run side by side unless one of them is concurrent.
 *
 * A CREATE INDEX with a name can be found again in the catalog, so that its
 * migration may note it whenever it likes.  Any other statement is noted at
 * once, and keeps its order with all others of its migration.
 *
 *	if ((status = tasks_read(&t, &pending, how)) != CLI_OK ||
 *	    (status = tasks_look(&t, &db)) != CLI_OK)
 *		errx(status, "%s", t.error);
 *	while ((n = tasks_next(&t, clock_ms())) < t.count)
 *		begin(&t.list[n]);
 *	tasks_free(&t);
 */
#ifndef MG_TASK_H
#define MG_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "concurrently.h"
#include "pending.h"

struct task {
	struct job *job;       /* borrowed */
	struct script *script; /* its; private to tasks */
	size_t number;         /* of the statement, and of the step */
	struct concurrently_spelling spelling;
	bool build;     /* CREATE INDEX with a name */
	bool alone;     /* outside of any transaction */
	char *table;    /* as the server spells them; or as written, if they */
	char *index;    /* are not there; NULL where it names none */
	bool parted;    /* the table is partitioned */
	bool lenient;   /* IF NOT EXISTS: it succeeds without building */
	bool looked;    /* yours: it was seen beforehand what is there, */
	bool twin;      /* and that it is what is wanted */
	bool told;      /* yours: the history knows that it is done */
	bool left;      /* yours: of its failed build something is left */
	unsigned wave;  /* from 1: set by tasks_plan */
	long tries;     /* that got no lock */
	long not_until; /* clock_ms */
	char *error;    /* why it failed, or NULL */
	char sqlstate[6];
	enum task_state {
		TASK_WAITING,
		TASK_RUNNING,
		TASK_DONE,  /* by this run, or an earlier one */
		TASK_FOUND, /* the index was there */
		TASK_FAILED,
	} state;

	unsigned long oid; /* private, as is the rest: the table, or 0 */
	uint64_t names[2]; /* keys of mention.h, or 0 */
	bool barrier;
};

struct tasks {
	struct task *list; /* in the order of the stream */
	size_t count;
	char *error; /* why a function did not return CLI_OK */

	struct script *scripts; /* private: one for each job */
	size_t nscripts;
};

/*
 * Sets what of each job ready_check sets.  Returns CLI_OK; CLI_INPUT if a
 * script cannot be run, or holds anything but index statements; CLI_NO if the
 * part of a half-done one that is done was changed.
 */
int tasks_read(struct tasks *t, const struct pending *p, enum concurrently how);

/*
 * Find the tables.  Returns CLI_OK; CLI_INPUT if one is partitioned and an
 * index was to be built on it concurrently; CLI_SYSTEM.
 */
int tasks_look(struct tasks *t, struct db *db);

/* The first that may begin, or t->count. */
size_t tasks_next(const struct tasks *t, long now);

/* Set wave: what so many lanes could do at once, if all took as long. */
void tasks_plan(struct tasks *t, size_t lanes);

/* Does it wait for an earlier one that is not done yet? */
bool tasks_waits(const struct tasks *t, size_t n);

/* Is it one of those that are done, one way or the other? */
bool task_is_done(const struct task *t);

/* Harmless on { 0 } and twice. */
void tasks_free(struct tasks *t);

#endif
