/*
 * catalog_line - an object of the catalog as a line of JSON
 *
 * catalog_sql.h says what a row of an answer is.
 */
#ifndef MG_CATALOG_LINE_H
#define MG_CATALOG_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "db.h"

/* What a listing shall not have: kinds, and keys of records. */
struct catalog_without {
	const char *const *list;
	size_t count;
};

bool catalog_is_without(const struct catalog_without *w, const char *word);

/* A row of the last result, without a newline; the caller's to free. */
char *catalog_line(
    const struct db *db, size_t row, const struct catalog_without *w);

#endif
