/*
 * prune - rows of replaced migrations, taken out of the history and kept
 *
 * `prisma migrate dev` wants to reset a database whose history has rows that
 * the project has no folder for.  They are kept in _mg_replaced, with the
 * name of their baseline and of the history that they were in.  The table has
 * a schema of its own, _mg, for what Prisma sees it would call drift.
 */
#ifndef MG_PRUNE_H
#define MG_PRUNE_H

#include "baseline.h"
#include "flight.h"
#include "history.h"

/*
 * The names whose rows are to go, as SQL's text of an array, the caller's to
 * free: those that the baseline at this position of the stream replaces.
 * NULL if the history has no row of them, and rest is false, for none of them
 * is about to run.
 */
char *prune_names(
    const struct baselines *b, size_t at, const struct history *h, bool rest);

/*
 * One that lies in the same folder as the baseline, where Prisma would run it
 * again; NULL if there is none.  Lent by the stream.
 */
const char *prune_beside(const struct baselines *b, size_t at);

/* Within a transaction. */
void prune_send(struct flight *f, const struct history *h, const char *baseline,
    const char *names);

#endif
