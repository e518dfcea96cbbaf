/*
 * duplicate - the values that stand in the way of a unique index
 *
 * The server's error names one key, and mending it leads to the next.  Here
 * those that occur most often are looked up.
 */
#ifndef MG_DUPLICATE_H
#define MG_DUPLICATE_H

#include <stddef.h>

#include "db.h"
#include "script.h"

/*
 * Lines to put behind the error of statement n, CREATE UNIQUE INDEX, such as
 * "(a, b)=(1, 2) 3 times"; yours to free.  NULL if it did not fail for that,
 * or they cannot be told: within seconds, and without what the script set or
 * did before.  No transaction may be open.
 */
char *duplicate_list(struct db *db, const struct script *s, size_t n,
    const struct db_error *error);

#endif
