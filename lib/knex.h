/*
 * knex - the history that knex keeps of its own migrations
 *
 * What knex has run is applied for us, too; what we have applied it finds in
 * its table, and while we run a migration of its own it finds its lock taken.
 * The migrations are those whose record says under which name knex knows them,
 * and in which table (mg-records(5)), and those of which a baseline tells that
 * in "replaced".
 *
 * Our lock has a value of its own: what a run that was killed left is taken
 * over by the next, for which the migration lock vouches.
 */
#ifndef MG_KNEX_H
#define MG_KNEX_H

#include <stdbool.h>

#include "db.h"
#include "history.h"
#include "record.h"

/* Does knex know this migration? */
bool knex_has(const struct migration *m);

/*
 * Have the history say that what knex has run is applied.  Asks the server
 * only if knex knows any of them.  Returns -1 with db->error set.
 */
int knex_read(struct history *h, const struct migrations *m, struct db *db);

/*
 * Write rows of those that are applied, also by a baseline, and that knex has
 * not; its tables are created if need be.  Returns -1 with db->error set.
 */
int knex_record(const struct migrations *m, struct db *db);

/*
 * What tells knex of all that a baseline replaces, in the transaction that
 * writes its row: two statements, the second with $1.
 */
struct knex_rows {
	char *create, *insert;
	char *names; /* $1 */
};

/* Returns whether knex knows any of it; if so, knex_rows_free is due. */
bool knex_rows_make(
    struct knex_rows *r, const struct migration *baseline, struct db *db);
void knex_rows_free(struct knex_rows *r);

/* In the transaction that is open, for one migration of knex: */
enum knex_lock {
	KNEX_LOCKED,
	KNEX_BUSY,  /* knex has it */
	KNEX_STALE, /* knex has run that migration since */
	KNEX_ERROR, /* db->error says why */
};
enum knex_lock knex_take_lock(
    const struct migration *m, struct db *db, long wait);

/* Write its row, where done, and give the lock back.  Returns 0 or -1. */
int knex_give_lock(const struct migration *m, struct db *db, bool done);

#endif
