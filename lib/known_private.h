/*
 * known_private - the tables of known, for its own files
 *
 * A table is an object: the "text" that made it, "partitioned", and by name its
 * "columns", each a TypeName, and its "checks", each with a "column" and
 * whether it is "valid".  One that was dropped by the text that made it has
 * only the first of these.
 */
#ifndef MG_KNOWN_PRIVATE_H
#define MG_KNOWN_PRIVATE_H

#include "json.h"
#include "known.h"

/* A table that is there, or NULL. */
json_t *known_table(const struct known *k, const json_t *relation);

/* A new one, without columns, in the place of any other. */
json_t *known_make(struct known *k, const json_t *relation);

void known_drop(struct known *k, const char *key);

/*
 * What a relation is known by, with another schema or name if these are given,
 * the caller's to free.  Without a schema it is taken to lie in public.
 */
char *known_key(const json_t *relation, const char *schema, const char *name);

/* A string of a tree, "" where there is none. */
const char *known_text(const json_t *object, const char *key);

#endif
