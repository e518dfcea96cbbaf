/*
 * grammar - the tree that PostgreSQL's own grammar makes of a statement
 *
 * The only file that includes pg_query.h.  The tree is that of libpg_query, in
 * which members that are zero, false or empty are left out:
 * { "DropStmt": { "removeType": "OBJECT_TABLE", … } }.
 *
 *	if (grammar_read(&g, text, len) == 0)
 *		use(json_object_get(g.tree, "DropStmt"));
 *	else
 *		errx(CLI_NO, "%zu: %s", g.at, g.error);
 *	grammar_free(&g);
 */
#ifndef MG_GRAMMAR_H
#define MG_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>

struct json_t;

struct grammar {
	struct json_t *tree; /* NULL if there is none */
	char *error;         /* why grammar_read returned -1 */
	size_t at;           /* and the byte that is to blame */
	/*
	 * It was not even tried, or its tree not read: the statement is too
	 * long or too deeply nested.
	 */
	bool refused;
};

/*
 * Read one statement, UTF-8 without a NUL.  Returns 0 or -1; grammar_free is
 * due after either.
 */
int grammar_read(struct grammar *g, const char *text, size_t len);

/* The major version of PostgreSQL that the grammar is of. */
int grammar_version(void);

/* Harmless on { 0 } and twice. */
void grammar_free(struct grammar *g);

#endif
