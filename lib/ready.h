/*
 * ready - the pending migrations made ready to run
 *
 * First all scripts are read and checked, so that nothing runs if one of them
 * cannot.  Then, under the lock, what an earlier run left is settled: how far
 * a half-done migration got, and invalid indexes that would stand in its way.
 *
 *	if ((status = ready_check(&pending, plain)) != CLI_OK)
 *		errx(status, "%s", pending.error);
 *	take_the_lock();
 *	if ((status = ready_settle(&pending, &db, plain, notice)) != CLI_OK)
 *		errx(status, "%s", pending.error);
 */
#ifndef MG_READY_H
#define MG_READY_H

#include <stdbool.h>

#include "db.h"
#include "pending.h"

/*
 * Sets checksum, reason and done of each job.  plain leaves CONCURRENTLY out.
 * Returns CLI_OK; CLI_INPUT if a script cannot be run; CLI_NO if the part of
 * a half-done one that is done was changed; p->error says why.
 */
int ready_check(struct pending *p, const struct db *db, bool plain);

/*
 * What was chosen again, perhaps now under the lock: take over what was found
 * of the same jobs before, so that ready_check reads only the others.  What is
 * sent is what was checked in any case (run.h).
 */
void ready_recall(struct pending *p, const struct pending *before);

/*
 * Returns CLI_OK, with done certain in each job; CLI_NO if only a person can
 * tell; CLI_RETRY if another session is building an index of ours; CLI_INPUT;
 * CLI_SYSTEM; p->error says why.  notice, if not NULL, is told what goes on.
 */
int ready_settle(struct pending *p, struct db *db, bool plain,
    void (*notice)(const char *text));

#endif
