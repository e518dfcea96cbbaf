/*
 * kind - what a statement does, in a word, and the object that it names
 *
 *	printf("%s\n", kind_word(&sql, n));
 *
 * The words, of which mg-split(1) has the list, are lower case: insert, do, or
 * create-, alter- and drop- with a kind of object.
 */
#ifndef MG_KIND_H
#define MG_KIND_H

#include "sql.h"

/* Static text: "create-table"; "other" if it has no word. */
const char *kind_word(const struct sql *sql, size_t n);

/* Is it about indexes only: CREATE, ALTER, DROP or COMMENT ON one, REINDEX? */
bool kind_is_index(const struct sql *sql, size_t n);

/*
 * Where the name of its object stands in the text, as it is written; of
 * several objects the first.  False if it names none: an index without a name,
 * GRANT, COMMIT.
 */
bool kind_object(const struct sql *sql, size_t n, size_t *begin, size_t *end);

#endif
