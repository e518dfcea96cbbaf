/*
 * mark - write history rows without running anything
 *
 * What `prisma migrate resolve` writes, for any number of names, in one round
 * trip: lock, table, checks and rows travel together in one transaction, and
 * each check is a statement that raises.
 */
#ifndef MG_MARK_H
#define MG_MARK_H

#include <stdbool.h>
#include <stddef.h>

#include "db.h"

struct mark {
	const char *const *names;
	const char *const *checksums; /* of applied ones, parallel */
	const char *const *times; /* likewise, in microseconds since 1970; or
				     NULL: now */
	size_t count;
	long lock_wait; /* milliseconds */
	bool dry_run;   /* check everything, write nothing */
	bool *marked;   /* as long as names: set where a row was written */
	char *error;    /* why a function returned anything but CLI_OK */
};

/*
 * Record as applied: a row with no steps, started and finished at the same
 * moment, now or then.  Failed rows of the name become rolled back; a name that
 * is applied already is left alone.  Creates the table where there is none,
 * however full the database: that is what marking is for.
 */
int mark_applied(struct mark *m, struct db *db);

/*
 * Record failed rows as rolled back.  Refuses, with CLI_NO, a name that has
 * no row (P3011), or that is applied (P3012); one that is rolled back already
 * is left alone.
 *
 * Both return CLI_OK, CLI_NO, CLI_RETRY if the lock was not free in time, or
 * CLI_SYSTEM.
 */
int mark_rolled_back(struct mark *m, struct db *db);

void mark_free(struct mark *m);

#endif
