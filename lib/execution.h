/*
 * execution - a script that runs as a process of its own
 *
 * It finds the database in DATABASE_URL and in libpq's variables, its name in
 * MG_NAME, and of our environment nothing but PATH, HOME, LANG, TMPDIR and
 * what MG_SCRIPT_ENV names.  Its directory is ours.
 *
 *	struct execution e = { .name = name, .command = command };
 *
 *	if (execution_aim(&e, &db) == -1)
 *		errx(CLI_SYSTEM, "%s", db.error.message);
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

/* Why none runs where a pooler gives no sessions, for messages. */
#define EXECUTION_WANTS_SESSION                                          \
	"a script cannot run behind a transaction pooler, where nobody " \
	"can hold the lock for it; give the server's own URL in "        \
	"DIRECT_URL or with -d"

struct execution {
	const char *name; /* of the migration; borrowed, as are the others */
	char *const *command;
	long timeout; /* milliseconds; 0: none */
	/* Told each line that it says; NULL: nobody. */
	void (*notice)(const char *text);

	int status; /* its exit status, or 128 + its signal */
	char *how;  /* it failed, in words */
	char *tail; /* the last lines that it said, fit for a log */

	const struct db_options *options; /* private, as is the rest: they */
	char *database;                   /* lead to the one called so */
	char *settings;                   /* as db_settings has them */
	char *said[EXECUTION_TAIL];       /* a ring */
	size_t lines;
	const char *url;
	char *secret; /* the password, or NULL */
	long end;     /* clock_ms; 0: none */
	bool late;
	struct process *process;
};

/*
 * It will find the database of this session, which may then be silent for as
 * long as it runs.  Returns -1 with db->error set.
 */
int execution_aim(struct execution *e, struct db *db);

/* Returns CLI_OK, or CLI_NO if it failed, or was ended. */
int execution_run(struct execution *e);

void execution_free(struct execution *e);

#endif
