/*
 * matching_private - what the parts of matching share; for nobody else
 */
#ifndef MG_MATCHING_PRIVATE_H
#define MG_MATCHING_PRIVATE_H

#include "matching.h"

/* What a row may be: a migration of the stream, or one that is replaced. */
struct candidate {
	const char *name;
	const char *key; /* what the other tool called it */
	size_t at;       /* in the stream, or its count */
	size_t row;      /* or the count of rows */
};

/* Which rows are some migration's?  The caller's to free. */
bool *matching_claimed(const struct matching *m);

/* Put what was claimed, and the baselines that it makes whole, into the list.
 */
void matching_take(struct matching *m);

/* Say where the two histories differ. */
void matching_tell(const struct matching *m);

#endif
