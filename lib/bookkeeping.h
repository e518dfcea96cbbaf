/*
 * bookkeeping - the tables in which migration tools keep what they have run
 *
 * They say something of one database's past, and belong to no end state.
 */
#ifndef MG_BOOKKEEPING_H
#define MG_BOOKKEEPING_H

#include <stddef.h>

/* Their names, in whatever schema they are. */
extern const char *const bookkeeping_tables[];
extern const size_t bookkeeping_count;

/* Schemas that hold nothing else, as SQL lists them: ours is prune.h's. */
#define BOOKKEEPING_SCHEMAS "'_mg', 'graphile_migrate', 'sqitch'"

#endif
