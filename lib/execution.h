/*
 * execution - a script that runs as a process of its own
 *
 * It finds the database in DATABASE_URL and in libpq's variables, its name in
 * MG_NAME, and of our environment nothing but PATH, HOME, LANG, TMPDIR and
 * what MG_SCRIPT_ENV names.  Its directory is ours.
 *
 *	struct execution e = { .name = name, .command = command,
 *	    .options = db->options, .database = "app" };
 *
 *	if (execution_run(&e) != CLI_OK)
 *		use(e.how, e.tail);
 *	execution_free(&e);
 */
#ifndef MG_EXECUTION_H
#define MG_EXECUTION_H

#include <stdbool.h>
#include <stddef.h>

#include "db.h"

enum { EXECUTION_TAIL = 20 /* lines */ };

struct execution {
	const char *name; /* of the migration; borrowed, as are the others */
	char *const *command;
	const struct db_options *options; /* that lead to the database, */
	const char *database;             /* which is called so */
	const char *settings;             /* as db_settings has them, or NULL */
	long timeout;                     /* milliseconds; 0: none */
	/* Told each line that it says; NULL: nobody. */
	void (*notice)(const char *text);

	int status; /* its exit status, or 128 + its signal */
	char *how;  /* it failed, in words */
	char *tail; /* the last lines that it said, fit for a log */

	char *said[EXECUTION_TAIL]; /* private, as is the rest: a ring */
	size_t lines;
	const char *url;
	char *secret; /* the password, or NULL */
	long end;     /* clock_ms; 0: none */
	bool late;
	struct process *process;
};

/* Returns CLI_OK, or CLI_NO if it failed, or was ended. */
int execution_run(struct execution *e);

void execution_free(struct execution *e);

#endif
