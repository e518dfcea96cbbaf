/*
 * effect - what a statement may do to an index that waits to be built
 *
 * Told from its text: what is not known to leave an index alone counts as if
 * it did not.
 */
#ifndef MG_EFFECT_H
#define MG_EFFECT_H

#include <stdint.h>

#include "sql.h"

enum effect_kind {
	EFFECT_NONE,   /* none: other rows, grants, new things */
	EFFECT_LOOK,   /* what effect_on says, if it names the index or table */
	EFFECT_CHANGE, /* one on whatever it names */
	EFFECT_ANY,    /* one on anything: DO, CALL, SELECT f(), CASCADE */
};

enum effect_kind effect_of(const struct sql *sql, size_t n);

/* CREATE INDEX, by the keys that mention has for names. */
struct effect_index {
	uint64_t name, table;
	uint64_t *words; /* all that the statement holds */
	size_t count;
	uint64_t *columns; /* that it is on, what is no column left out */
	size_t ncolumns;
	bool unique;
	bool only;   /* this table, not its partitions */
	bool veiled; /* some U&"name" is not read */
};

/* Returns -1 if statement n is no CREATE INDEX.  Free it after either. */
int effect_read(struct effect_index *x, const struct sql *sql, size_t n);

/*
 * What statement n, which mentions the name or the table, does with that
 * index, in words that go on "in line 3"; static text, NULL if nothing.
 */
const char *effect_on(
    const struct effect_index *x, const struct sql *sql, size_t n);

/* Harmless on { 0 } and twice. */
void effect_free(struct effect_index *x);

#endif
