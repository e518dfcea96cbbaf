/*
 * restore - a database that goes back to a backup
 *
 * The backup is restored beside it and compared, and only then they change
 * their names: whatever goes wrong before, the old one is as it was.  Only one
 * restore of a database runs at a time; what an earlier one left is dropped.
 *
 *	struct restore r = { .options = options, .backup = &b, .tell = tell };
 *
 *	if ((status = restore_open(&r)) == CLI_OK &&
 *	    (status = restore_foresee(&r)) == CLI_OK && ask())
 *		status = restore_run(&r);
 *	if (status != CLI_OK)
 *		warnx("%s", r.error);
 *	restore_close(&r);
 */
#ifndef MG_RESTORE_H
#define MG_RESTORE_H

#include <stdbool.h>

#include "backup.h"
#include "connection.h"
#include "inventory.h"
#include "progress.h"

struct restore {
	/* Yours to set: */
	struct db_options options; /* lead to the database */
	const struct backup
	    *backup;      /* verified; NULL: only drop what is kept */
	const char *jobs; /* or NULL */
	bool terminate;   /* end who is connected */
	bool in_place;    /* there may be no second database */
	bool dry_run;
	struct progress progress;
	void (*tell)(const char *words);

	/* By restore_open: */
	char *name;  /* of the database */
	bool exists; /* is there one? */
	char *kept;  /* by restore_run: the old one's name, or NULL */
	char *error; /* why a call failed */

	/* Private: */
	struct connection server; /* to another of its databases */
	char *home;               /* that one's name */
	char *fresh;              /* the new database's */
	bool made;                /* is it there? */
	struct inventory was, now;
};

/*
 * Find the database, and see that nothing is in the way.  Returns CLI_OK;
 * CLI_RETRY if somebody is connected or restores it; CLI_INPUT, CLI_SYSTEM.
 */
int restore_open(struct restore *r);

/* Tell what was written since the backup, and would be missing. */
int restore_foresee(struct restore *r);

/*
 * Do it.  Returns CLI_OK; CLI_NO if what came is not what was backed up;
 * CLI_RETRY, CLI_INPUT, CLI_SYSTEM, or 128 + a signal.
 */
int restore_run(struct restore *r);

/*
 * Drop the one that restore_run kept, or else all that earlier ones kept; each
 * is told, and only told if it is a dry run.
 * Returns CLI_OK, CLI_INPUT or CLI_SYSTEM.
 */
int restore_drop_kept(struct restore *r);

void restore_close(struct restore *r);

#endif
