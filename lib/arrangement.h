/*
 * arrangement - which digits of a row's number each source of values takes
 *
 * So that no two rows are alike where they must not be.  A key with a column
 * of enough values takes the row's number itself; one of foreign keys, enums
 * and the like only counts through them as through the digits of a number,
 * and has no more rows than that number has values.
 */
#ifndef MG_ARRANGEMENT_H
#define MG_ARRANGEMENT_H

#include "draft.h"

/*
 * For so many rows.  d->rows becomes less where a key, then d->narrow, has no
 * room for them; d->unsure is set where nobody can tell.
 */
void arrangement_make(struct draft *d, long long rows);

#endif
