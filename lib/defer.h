/*
 * defer - which index statements of a text may wait until all others have run
 *
 * Moving statements by their kind alone loses indexes, foreign keys, whole
 * tables.  What may wait is a CREATE INDEX that nothing behind it in the text
 * needs or touches, and whose meaning nothing before it has changed.  A unique
 * index also says what may be stored: that it waits takes consent.
 *
 *	defer_read(&d, &sql);
 *	for (n = 0; n < sql.count; n++)
 *		if (defer_is_index(&sql, n) &&
 *		    (why = defer_refusal(&d, n, false)) != NULL)
 *			printf("%s\n", why);
 *	defer_free(&d);
 */
#ifndef MG_DEFER_H
#define MG_DEFER_H

#include "mention.h"
#include "sql.h"

struct defer {
	const struct sql *sql;        /* borrowed until defer_free */
	struct mention_list touching; /* private: what may touch a table */
	struct mention_list changing; /* private: or anything it names */
	struct defer_around *around;  /* private: for each statement */
};

void defer_read(struct defer *d, const struct sql *sql);

/* Is it CREATE, ALTER or DROP INDEX, or REINDEX? */
bool defer_is_index(const struct sql *sql, size_t n);

/*
 * Why the index statement n has to keep its place, the caller's to free; NULL
 * if it may wait, those that are unique by consent.
 */
char *defer_refusal(const struct defer *d, size_t n, bool consent);

/* Harmless on { 0 } and twice. */
void defer_free(struct defer *d);

#endif
