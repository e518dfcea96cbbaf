/*
 * turn - the migration lock, behind a transaction pooler
 *
 * There, one transaction may run in another server session than the one
 * before: a lock that lasts cannot be had, and a setting would be left to
 * strangers.  So each transaction takes the lock for itself alone, and then
 * must find the history just as this run believes it to be: who had a turn in
 * between may have run what we were to run.
 *
 *	turn_begin(&t, &history);
 *	db_send(&db, "BEGIN", ...);
 *	turn_send(&t, &flight);
 */
#ifndef MG_TURN_H
#define MG_TURN_H

#include <stdbool.h>

#include "flight.h"
#include "history.h"

struct turn {
	const struct history *history; /* borrowed */
	/* How many rows there are now, for all we know. */
	size_t rows, rolled_back, unfinished;
	const char *id; /* of the row that is worked on; borrowed */
	char *logs;     /* of that, or NULL */
};

/* Believe what was read. */
void turn_begin(struct turn *t, const struct history *h);

/* Work on this row from now on, which has these logs; NULL: it has none. */
void turn_takes(struct turn *t, const char *id, const char *logs);

/* Behind a BEGIN: what must hold until its COMMIT. */
void turn_send(const struct turn *t, struct flight *f);

/* What this run is about to change itself. */
void turn_opens(struct turn *t, const char *logs);
void turn_notes(struct turn *t, const char *logs);
void turn_finishes(struct turn *t, bool opened);

/* Did a transaction fail because another has the lock now? */
bool turn_is_busy(const struct db_error *error);

/* Or because another had a turn before?  Read the history again. */
bool turn_is_stale(const struct db_error *error);

void turn_free(struct turn *t);

#endif
