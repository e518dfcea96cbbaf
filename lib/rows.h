/*
 * rows - the rows of a database's tables, as INSERT statements
 *
 * They are in an order that their values alone decide, and every value is
 * written as the server writes it, so that the same rows give the same text.
 * The tables are in the order of their names: the statements belong where no
 * foreign key is yet.
 *
 *	struct rows rows = { .excluded = "{}" };
 *
 *	if (rows_write(&rows, &db, stdout) != CLI_OK)
 *		warnx("%s", rows.error);
 *	rows_free(&rows);
 */
#ifndef MG_ROWS_H
#define MG_ROWS_H

#include <stddef.h>
#include <stdio.h>

#include "db.h"

struct rows {
	/* Yours to set: */
	const char *excluded;        /* the oids of relations, as an array */
	const char *const *patterns; /* only tables that match one, as glob(7)
					has it; none: all */
	size_t npatterns;

	char *error; /* why rows_write returned anything but CLI_OK */

	/* Private: */
	struct rows_table *tables;
	size_t ntables;
};

/*
 * Write what all tables hold, and then where their sequences stand; what is
 * empty, or not yet used, needs no statement.  A pattern with a dot is
 * compared with schema and name, else with the name.  The session must say how
 * values are written (survey.h).  Returns CLI_OK; CLI_INPUT if no table
 * matches a pattern, or a right is missing; else CLI_SYSTEM.
 */
int rows_write(struct rows *r, struct db *db, FILE *out);

/* Harmless on { 0 } and twice. */
void rows_free(struct rows *r);

#endif
