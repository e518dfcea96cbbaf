/*
 * interpreter - the command that runs a script
 *
 * By the end of its name:
 *
 *	migration    itself, an executable
 *	.sh          sh, or what its #! line names
 *	.py          python3
 *	.js .mjs .cjs  node
 *	.ts          node from 22.18 on, or with the project's tsx
 *
 * What node runs and exports up goes through a loader, which hands it the
 * project's own knex.  Whatever is missing is found out here, before anything
 * runs, and said with the command that mends it.
 *
 *	struct interpreter i = { 0 };
 *
 *	if (interpreter_find(&i, path, text) == -1)
 *		errx(CLI_INPUT, "%s", i.error);
 *	execvp(i.command[0], i.command);
 *	interpreter_free(&i);
 */
#ifndef MG_INTERPRETER_H
#define MG_INTERPRETER_H

#include <stddef.h>

enum { INTERPRETER_WORDS = 8 };

struct interpreter {
	char *command[INTERPRETER_WORDS + 1]; /* the last is NULL */
	size_t count;                         /* private */
	char *error; /* why interpreter_find returned -1 */
};

/* For the script at path with that text. */
int interpreter_find(struct interpreter *i, const char *path, const char *text);

/* Harmless on { 0 } and twice. */
void interpreter_free(struct interpreter *i);

#endif
