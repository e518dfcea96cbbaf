/*
 * undo - take the newest migrations of a database back
 *
 * Each of them has a way back (down.h).  These run newest first, as the history
 * has them, each with the end of its history rows, and those that are SQL and
 * come one behind the other in one transaction: the database then is as if it
 * had never had them.  The rows are deleted, not marked as rolled back, which
 * Prisma never does to one that is finished: `prisma migrate status` would call
 * the database up to date, though `prisma migrate deploy` would run the
 * migration again.
 *
 * A way back that is a program is in no transaction of ours.  What comes before
 * it is committed, and its row is a failed one, with words of ours in its logs,
 * from before it runs until it has ended well: if it fails, or we are killed,
 * a person must look.
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

#include <stdbool.h>
#include <stddef.h>

#include "db.h"
#include "down.h"
#include "history.h"
#include "record.h"
#include "script.h"

/*
 * How the logs of a migration's row begin where a program takes it back, and
 * all of them until it has ended: not as those of what mg-apply would repeat
 * (repeat.h) or go on with (resume.h).
 */
#define UNDO_LOGS "mg-undo: way back "
#define UNDO_BEGUN                                                           \
	UNDO_LOGS "begun; while this is here, it runs, or nobody noted how " \
		  "it ended"

struct undo_step {
	const struct migration *migration; /* borrowed */
	struct down down;                  /* its way back */
	struct script script;              /* of that, where it is SQL */
	double ms;                         /* that it took */
	int exit; /* of a program that failed, as a shell has it; or 0 */
	char id[HISTORY_ID]; /* private: of its row, while it runs */
};

struct undo {
	struct db *db;           /* open; borrowed, as are the next two */
	struct history *history; /* as history_read read it */
	const struct migrations *migrations;
	const char *to; /* the newest that stays; NULL: the last alone goes */
	long lock_wait; /* milliseconds */
	long script_timeout; /* likewise; 0: none */
	/* Told what a person should know; NULL: nobody. */
	void (*notice)(const char *text);

	struct undo_step *steps; /* newest first */
	size_t count;
	size_t undone; /* of these, from the first on: done, and on disk */
	size_t failed; /* the step that did, or count */
	bool broken;   /* that one is half done, and its row is a failed one */
	char *error;   /* why a function returned anything but CLI_OK */
	bool unknown;  /* private: nobody heard what came of a COMMIT */
	struct history_sql sql; /* private */
};

/*
 * Choose the steps, and read and check each way back, without changing
 * anything.  What knex has run is taken into the history.  Returns CLI_NO if
 * the history forbids it: it has failed rows (P3009), there are two of them, a
 * script is no longer the one that was applied, one that is applied later is
 * not known, a baseline stands for it, or knex has taken it back; CLI_INPUT if
 * there is no migration called to, a way back is missing, or cannot run.
 */
int undo_choose(struct undo *u);

/* Is there a program among the steps, so that they are no one transaction? */
bool undo_has_programs(const struct undo *u);

/*
 * Under the migration lock choose again, and do it.  Signals are caught from
 * here on.  Returns CLI_NO if a way back failed, CLI_RETRY if a lock was not
 * free in time, CLI_INPUT if a script is no longer what was checked,
 * CLI_SYSTEM, or 128 and the signal; undone, broken and the error then say
 * what is changed.
 */
int undo_run(struct undo *u);

void undo_free(struct undo *u);

#endif
