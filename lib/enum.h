/*
 * enum - enum values that a transaction adds and then uses
 *
 * ALTER TYPE … ADD VALUE may run in a transaction, but until that is over the
 * server refuses the new value (55P04): in a query, a column's default, an
 * index, the body of an SQL function.  Renaming a value is safe, and a body in
 * PL/pgSQL is not looked into before it runs.
 *
 * Told from the text alone, by its strings: one that reads like the value is
 * taken for it, though it may be meant for something else.  What is veiled by
 * escapes, or built by EXECUTE, is not seen.
 *
 *	if (enum_uses(&added, &sql, n))
 *		enum_forget(&added);
 *	enum_add(&added, &sql, n);
 */
#ifndef MG_ENUM_H
#define MG_ENUM_H

#include <stdbool.h>
#include <stddef.h>

#include "sql.h"

struct enum_value {
	size_t begin, end; /* in the text, between its quotes */
};

struct enum_added {
	struct enum_value *values;
	size_t count;
};

/* Take note of the values that statement n adds, if any. */
void enum_add(struct enum_added *a, const struct sql *sql, size_t n);

/* Does statement n of that same text use one of them? */
bool enum_uses(const struct enum_added *a, const struct sql *sql, size_t n);

/* Where their transaction ends.  Harmless on { 0 } and twice. */
void enum_forget(struct enum_added *a);

#endif
