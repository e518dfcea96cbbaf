/*
 * candidates - the kinds of values that a column may need to pass a check
 *
 * Guessed from the literals in the check's text: a list of them, what lies
 * between two, texts of such a width or such a beginning.
 *
 *	if (candidates_find(&c, &db, &column, check_sql) == -1)
 *		warnx("%s", db.error.message);
 *	for (i = 0; i < c.count; i++)
 *		try(&c.list[i]);
 *	candidates_free(&c);
 */
#ifndef MG_CANDIDATES_H
#define MG_CANDIDATES_H

#include "blueprint.h"
#include "db.h"
#include "generator.h"

struct candidates {
	struct generator_values *list;
	size_t count;
	size_t listed; /* where the list of literals stands, or count */
	char **texts;  /* private: what the list points to */
	size_t ntexts;
};

/* Returns -1 if the connection is lost. */
int candidates_find(struct candidates *c, struct db *db,
    const struct blueprint_column *column, const char *check);

void candidates_free(struct candidates *c);

#endif
