/*
 * run - run migrations, each together with its history row
 *
 * All of it travels through one pipeline, so that the round trip is paid once
 * and not for each statement: BEGIN, the statements, the row, COMMIT for each
 * migration.  The first failure makes the server skip what follows.  Commits
 * do not wait for the disk, but for the last of a run, and the run is not
 * over before that one is on disk: what a crash may take away meanwhile is a
 * tail of whole migrations, scripts and rows together.
 *
 * What a script sets, its role included, is reset behind it.
 */
#ifndef MG_RUN_H
#define MG_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "db.h"
#include "history.h"
#include "record.h"
#include "script.h"

struct run_job {
	const struct migration *migration; /* borrowed */
	/* The unfinished row that an earlier run left, or NULL; borrowed. */
	const struct history_row *row;
	char id[HISTORY_ID];          /* of the row, old or new */
	char checksum[HASH_CHECKSUM]; /* of the bytes that were checked */
	const char *reason; /* why it is not one transaction, or NULL */
	bool opened;        /* the row is there, unfinished */
	size_t done;        /* steps that were done earlier */
	bool alone;         /* private: it turned out to refuse a transaction */

	/* Set by run: */
	bool finished;
	double ms;    /* on the server */
	size_t steps; /* in all */
};

struct run {
	struct db *db;
	const struct history *history;
	struct run_job *jobs;
	size_t count;
	bool plain; /* CONCURRENTLY is left out */
	/* Called whenever a job is finished; NULL: not. */
	void (*progress)(const struct run *);

	/* Set by run: */
	size_t finished; /* jobs, from the first on */
	bool broke;      /* the next one was begun, and failed or broke off */
	char *error;     /* why run returned anything but CLI_OK */
	struct run_private *private;
};

/*
 * Run the jobs in order.  Returns CLI_OK; CLI_NO if a migration failed, or a
 * signal came (db_signal); CLI_INPUT if a script is no longer what was
 * checked; CLI_SYSTEM if the connection broke.  The jobs up to finished are
 * then done and on disk.
 */
int run(struct run *r);

void run_free(struct run *r);

#endif
