/*
 * interpreter - the command that runs a script
 *
 * By the end of its name:
 *
 *	migration    itself, an executable
 *	.sh          sh, or what its #! line names
 *	.py          python3
 *	.js .mjs .cjs  node
 *	.ts          node with the project's tsx, or from 22.18 on; or, where
 *	             there is neither, what was compiled of it and lies beside
 *it
 *
 * What node runs and exports up or down for knex goes through a loader, which
 * hands it the project's own knex.  Whatever is missing is found out here,
 * before anything runs, and said with the command that mends it.
 *
 *	struct interpreter i = { 0 };
 *
 *	if (interpreter_find(&i, path, text, INTERPRETER_UP) == -1)
 *		errx(CLI_INPUT, "%s", i.error);
 *	execvp(i.command[0], i.command);
 *	interpreter_free(&i);
 */
#ifndef MG_INTERPRETER_H
#define MG_INTERPRETER_H

#include <stdbool.h>
#include <stddef.h>

enum { INTERPRETER_WORDS = 8 };

struct interpreter {
	char *command[INTERPRETER_WORDS + 1]; /* the last is NULL */
	size_t count;                         /* private */
	char *doubt; /* what a person should know of it, or NULL */
	char *error; /* why interpreter_find returned -1 */
};

/* Which way the script leads: it does its work, or takes it back. */
enum interpreter_way { INTERPRETER_UP, INTERPRETER_DOWN };

/* For the script at path with that text. */
int interpreter_find(struct interpreter *i, const char *path, const char *text,
    enum interpreter_way way);

/*
 * Does a migration of knex with that text say how it is taken back: does it
 * export down beside up?  It is not taken for one that does only for a word in
 * a comment, as loading a script that is none would run it.
 */
bool interpreter_exports_down(const char *path, const char *text);

/* Harmless on { 0 } and twice. */
void interpreter_free(struct interpreter *i);

#endif
