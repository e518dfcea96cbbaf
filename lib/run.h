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
 * What waits for a lock for longer than the session's lock_timeout is rolled
 * back and tried again, up to retries times, with longer and longer pauses in
 * which others get their turn.  A concurrent build is given the same time in
 * one piece (watch.h).
 *
 * A script that is a program runs between two pipelines: what comes before it
 * is on disk, its row is there while it runs, and the connection waits with the
 * migration lock.
 *
 * Behind a transaction pooler each migration travels alone, takes the lock
 * for itself, and finds out whether another came first (turn.h).
 */
#ifndef MG_RUN_H
#define MG_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "db.h"
#include "history.h"
#include "job.h"

struct run {
	struct db *db;
	const struct history *history;
	struct job *jobs;
	size_t count;
	bool plain;          /* CONCURRENTLY is left out */
	long retries;        /* of a migration that did not get its locks */
	long lock_wait;      /* for the migration lock, behind a pooler */
	long script_timeout; /* milliseconds; 0: none */
	/* Called whenever a job is finished; NULL: not. */
	void (*progress)(const struct run *);
	/* Told who keeps it waiting, and of each retry; NULL: nobody. */
	void (*notice)(const char *text);

	/* Set by run: */
	size_t finished; /* jobs, from the first on */
	bool broke;      /* the next one was begun, and failed or broke off */
	bool stale;      /* the history is no longer what was read */
	bool lost;   /* the connection; the server may run on (aftermath.h) */
	char *error; /* why run returned anything but CLI_OK */
	struct run_private *private;
};

/*
 * Run the jobs in order.  Returns CLI_OK; CLI_NO if a migration failed, or a
 * signal came (db_signal); CLI_RETRY if it did not get a lock in time;
 * CLI_INPUT if a script is no longer what was checked; CLI_SYSTEM if the
 * connection broke.  The jobs up to finished are then done and on disk.
 */
int run(struct run *r);

void run_free(struct run *r);

#endif
