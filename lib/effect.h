/*
 * effect - what a statement may do to an index that waits to be built
 *
 * Told from its text: what is not known to leave an index alone counts as if
 * it did not.
 */
#ifndef MG_EFFECT_H
#define MG_EFFECT_H

#include "waiting.h"

enum effect_kind {
	EFFECT_NONE,   /* none: other rows, grants, new things */
	EFFECT_LOOK,   /* what effect_on says, if it names the index or table */
	EFFECT_CHANGE, /* one on whatever it names */
	EFFECT_ANY,    /* one on anything: DO, CALL, SELECT f(), CASCADE */
};

enum effect_kind effect_of(const struct sql *sql, size_t n);

/*
 * What statement n, which mentions the name or the table, does with that
 * index, in words that go on "in line 3"; static text, NULL if nothing.
 */
const char *effect_on(const struct waiting *x, const struct sql *sql, size_t n);

/*
 * Does it make a table that is temporary, or has partitions or children, or
 * join two as these?
 */
bool effect_is_kin(const struct sql *sql, size_t n);

#endif
