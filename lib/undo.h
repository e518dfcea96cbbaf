/*
 * undo - take the newest migrations of a database back
 *
 * Beside its migration.sql each of them has a down.sql.  These run newest
 * first, as the history has them, each with the end of its history rows, and
 * all in one transaction: the database then is as if it had never had them.
 * The rows are deleted, not marked as rolled back, which Prisma never does to
 * one that is finished: `prisma migrate status` would call the database up to
 * date, though `prisma migrate deploy` would run the migration again.
 *
 *	struct undo u = { .db = &db, .history = &history,
 *	    .migrations = &migrations, .lock_wait = 10000 };
 *
 *	if ((status = undo_choose(&u)) == CLI_OK && u.count > 0)
 *		status = undo_run(&u);
 *	if (u.error != NULL)
 *		warnx("%s", u.error);
 *	undo_free(&u);
 *
 * Statuses are those that the tools exit with (cli.h).
 */
#ifndef MG_UNDO_H
#define MG_UNDO_H

#include <stddef.h>

#include "db.h"
#include "history.h"
#include "record.h"
#include "script.h"

struct undo_step {
	const struct migration *migration; /* borrowed */
	struct migration down; /* the same name, and the path of down.sql */
	struct script script;  /* of that */
	double ms;             /* that it took */
};

struct undo {
	struct db *db;           /* open; borrowed, as are the next two */
	struct history *history; /* as history_read read it */
	const struct migrations *migrations;
	const char *to; /* the newest that stays; NULL: the last alone goes */
	long lock_wait; /* milliseconds */

	struct undo_step *steps; /* newest first */
	size_t count;
	size_t failed; /* the step that did, or count */
	char *error;   /* why a function returned anything but CLI_OK */
};

/*
 * Choose the steps, and read and check each script, without changing anything.
 * Returns CLI_NO if the history forbids it: it has failed rows (P3009), there
 * are two of them, a script is no longer the one that was applied, one that is
 * applied later is not known, or a baseline stands for it; CLI_INPUT if there
 * is no migration called to, a down.sql is missing, or cannot be run in one
 * transaction.
 */
int undo_choose(struct undo *u);

/*
 * Under the migration lock choose again, and do it.  Signals are caught from
 * here on.  Returns CLI_NO if a script failed, CLI_RETRY if a lock was not free
 * in time, CLI_SYSTEM, or 128 and the signal; nothing is changed then, unless
 * the error says that it is not known.
 */
int undo_run(struct undo *u);

void undo_free(struct undo *u);

#endif
