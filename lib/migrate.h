/*
 * migrate - bring a database to where a stream of migrations is
 *
 * First it is seen whether anything is to be done at all, without a lock; then
 * every script is checked, so that nothing runs if one of them cannot.  Under
 * the migration lock all of that is decided again, and what an earlier run
 * left is settled.  If the connection breaks, another finds out what came of
 * it.
 *
 *	struct migrate m = { .db = &db, .history = &history,
 *	    .migrations = &migrations, .lock_wait = 10000, .retries = 10 };
 *
 *	status = migrate(&m);
 *	if (m.error != NULL)
 *		warnx("%s", m.error);
 *	migrate_free(&m);
 *
 * Statuses are those that the tools exit with (cli.h).
 */
#ifndef MG_MIGRATE_H
#define MG_MIGRATE_H

#include <stdbool.h>

#include "db.h"
#include "history.h"
#include "pending.h"
#include "record.h"

struct migrate;

/* How another tool than mg-apply checks and does it. */
struct migrate_way {
	/* Of what is pending.  Returns CLI_OK, or another with error set. */
	int (*check)(struct migrate *m, void *arg);
	/* Before the lock is waited for, likewise. */
	int (*claim)(struct migrate *m, void *arg);
	/*
	 * Under the lock, which it may give up: settle what an earlier run
	 * left, catch signals, do all, and report it.
	 */
	int (*work)(struct migrate *m, void *arg);
	/* Instead of both: write what would be done. */
	int (*plan)(struct migrate *m, void *arg);
	void *arg;
};

struct migrate {
	struct db *db;           /* open; borrowed, as are the next two */
	struct history *history; /* as history_peek read it */
	const struct migrations *migrations;
	const char *to; /* stop behind that one; NULL: run all */
	enum pending_rows rows;
	long lock_wait; /* milliseconds */
	long retries;
	long script_timeout;           /* milliseconds; 0: none */
	const struct migrate_way *way; /* NULL: mg-apply's */
	bool part; /* the stream is one track: others are not missed */
	bool dry_run;
	bool plain;    /* leave CONCURRENTLY out */
	bool strict;   /* refuse what comes before what is applied */
	bool progress; /* show it, on standard error */
	/* Told what a person should know; NULL: nobody. */
	void (*notice)(const char *text);

	struct pending pending; /* what is to be done */
	char *error; /* why a function failed, if that was not said yet */
	bool locked; /* private: nobody else is migrating */
};

/* Do what is to be done, or only write it (dry_run); and report it (report.h).
 */
int migrate(struct migrate *m);

void migrate_free(struct migrate *m);

#endif
