/*
 * loading - a backup on its way into a database
 *
 * An archive goes by pg_restore, with several jobs if asked to; a script by
 * psql.  With before and after, all is one transaction: pg_restore writes a
 * script, psql runs it between them, and the transaction ends well only if
 * the script came whole.
 *
 *	struct loading l = { .backup = &b, .database = "x", .version = 150018 };
 *
 *	if ((status = loading_run(&l)) != CLI_OK)
 *		warnx("%s", l.error);
 *	loading_free(&l);
 */
#ifndef MG_LOADING_H
#define MG_LOADING_H

#include "backup.h"
#include "progress.h"

struct loading {
	const struct backup *backup;
	const char *database; /* libpq's environment leads to its server */
	int version;          /* of that server */
	const char *jobs;     /* or NULL */
	struct progress *progress;
	const char *before, *after; /* SQL, or NULL */

	char *error; /* why loading_run failed */
};

/* Returns CLI_OK, CLI_SYSTEM, or 128 + the signal that ended it. */
int loading_run(struct loading *l);

/* Harmless on { 0 } and twice. */
void loading_free(struct loading *l);

#endif
