/*
 * waiting - an index that waits to be built, as CREATE INDEX writes it
 *
 * Names are keys of mention.h.
 *
 *	if (waiting_read(&x, &sql, n) == 0)
 *		use(x.table, x.columns, x.ncolumns);
 *	waiting_free(&x);
 */
#ifndef MG_WAITING_H
#define MG_WAITING_H

#include <stdint.h>

#include "sql.h"

struct waiting {
	uint64_t name, table; /* name is 0 if it has none */
	uint64_t *words;      /* what it names: columns, functions, strings */
	size_t count;
	uint64_t *columns; /* that it is on, 0 for an expression */
	size_t ncolumns;
	bool unique;
	bool only;   /* this table, not its partitions */
	bool veiled; /* it has a U&"name", which is not read */
};

/* Returns -1 if statement n is no CREATE INDEX.  Free it after either. */
int waiting_read(struct waiting *x, const struct sql *sql, size_t n);

/* Does it name this? */
bool waiting_holds(const struct waiting *x, uint64_t key);

/* Harmless on { 0 } and twice. */
void waiting_free(struct waiting *x);

#endif
