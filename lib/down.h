/*
 * down - the way back of a migration
 *
 * Beside a migration in a folder of its own it is a file: down.sql, or a script
 * in its place, an executable down or down.sh, .py, .js, .mjs, .cjs or .ts.
 * Beside NAME.sql in a folder of such files it is NAME.down.sql.  What exports
 * up for knex has it in itself, as down, where no such file is.
 *
 *	struct down d = { 0 };
 *
 *	if (down_find(&d, migration) == -1)
 *		errx(CLI_INPUT, "%s", d.error);
 *	if (d.there)
 *		run(d.path, d.script);
 *	down_free(&d);
 */
#ifndef MG_DOWN_H
#define MG_DOWN_H

#include <stdbool.h>

#include "interpreter.h"
#include "record.h"

struct down {
	bool there;
	bool script; /* a program, not SQL */
	bool own;    /* it is in the migration's own script */
	char *path;  /* where it is, or would be */
	char *error; /* why a function returned -1 */
};

/*
 * Find it.  Returns -1 if there are several, or if the migration lies where
 * none can be.
 */
int down_find(struct down *d, const struct migration *m);

/*
 * Find the command that runs it, a script.  Its own must be the one that the
 * record means.  Returns -1 with i->error.
 */
int down_interpreter(
    const struct down *d, const struct migration *m, struct interpreter *i);

/* Harmless on { 0 } and twice. */
void down_free(struct down *d);

#endif
