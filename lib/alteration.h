/*
 * alteration - whether ALTER TABLE concerns an index that waits to be built
 */
#ifndef MG_ALTERATION_H
#define MG_ALTERATION_H

#include "waiting.h"

/*
 * Statement n is an ALTER TABLE that mentions the index's table.  False only
 * for actions that are known to leave an index on these columns as it is.
 */
bool alteration_concerns(
    const struct waiting *x, const struct sql *sql, size_t n);

#endif
