/*
 * lock - the migration lock
 *
 * It is the session-level advisory lock that Prisma Migrate takes (seen in
 * the server's log: SELECT pg_advisory_lock(72707369)), so that mg and Prisma
 * never migrate one database at the same time.  It is freed when the
 * connection ends.
 *
 * It is asked for again and again, never waited for inside the server: the
 * snapshot of a session that waits would block CREATE INDEX CONCURRENTLY,
 * which is what the holder may be running.
 */
#ifndef MG_LOCK_H
#define MG_LOCK_H

#include "db.h"

/* The key, for SQL. */
#define LOCK_KEY "72707369"

/* Does $PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK say that there is to be none? */
bool lock_disabled(void);

/*
 * Take the lock, or wait for it so many milliseconds.  Behind a transaction
 * pooler nobody can have it for longer than a transaction (turn.h): there it
 * was free for a moment, that is all.  Returns CLI_OK;
 * CLI_RETRY with *holder saying who has it, the caller's to free; CLI_SYSTEM
 * with db->error set.
 */
int lock_take(struct db *db, long wait, char **holder);

/* Let others have it before the connection ends.  Returns 0 or -1. */
int lock_give(struct db *db);

/*
 * A statement that takes the lock again, behind what may have given it up,
 * and raises if another was faster.
 */
const char *lock_again(void);

/*
 * Cancel the statements of those who wait for the lock inside the server, as
 * Prisma does: while they wait, CREATE INDEX CONCURRENTLY waits for them.
 * Returns how many were cancelled; none of other roles, if that is forbidden.
 */
size_t lock_cancel_waiters(struct db *db);

/*
 * Ask who has it: db_value then has that in words, and the process; no row is
 * nobody.  Returns -1 with db->error set.
 */
int lock_look(struct db *db);

/* That another has the lock (P1002), and who; the caller's to free. */
char *lock_holder(struct db *db);

/*
 * How long to pause before attempt n (from 0) to get a lock: a little longer
 * each time, never twice the same, so that rivals do not march in step.
 */
long lock_pause(unsigned attempt);

#endif
