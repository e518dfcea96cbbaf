/*
 * knex - the history that knex keeps of its own migrations
 *
 * What knex has run is applied for us, too; what we have applied it finds in
 * its table, and while we run a migration of its own it finds its lock taken.
 * The migrations are those whose record says under which name knex knows them,
 * and in which table (mg-records(5)), and those of which a baseline tells that
 * in "replaced".  Of a source and what was compiled of it knex may have either
 * name; we write the source's, unless those in the table are the names of what
 * was compiled.
 *
 * Our lock has a value of its own: what a run that was killed left is taken
 * over by the next, for which the migration lock vouches.  It stays, too, where
 * a way back has failed, so that knex does not run again what may be half
 * there.
 */
#ifndef MG_KNEX_H
#define MG_KNEX_H

#include <stdbool.h>

#include "db.h"
#include "history.h"
#include "record.h"

/* Does knex know this migration? */
bool knex_has(const struct migration *m);

/* The table of knex's history, of which all are taken to be; NULL: of none. */
const char *knex_table(const struct migrations *m);

/*
 * What knex calls so: for each name the one that we have for it, lent by the
 * stream, of whose migrations it is the name itself; NULL where neither the
 * stream nor what its baselines replace is called so.
 */
void knex_find(const struct migrations *m, char *const names[], size_t count,
    const char *found[]);

/*
 * Have the history say that what knex has run is applied, behind all the rest.
 * Asks the server only if knex knows any of them.  Returns -1 with db->error
 * set.
 */
int knex_read(struct history *h, const struct migrations *m, struct db *db);

/* The same, but in its place by the time that knex noted. */
int knex_merge(struct history *h, const struct migrations *m, struct db *db);

/*
 * Write rows of those that are applied, also by a baseline, and that knex has
 * not; its tables are created if need be.  If none of them is failed, and
 * nobody migrates, a lock that we left is given back.  Returns -1 with
 * db->error set.
 */
int knex_record(const struct migrations *m, struct db *db);

/*
 * What tells knex of all that a baseline replaces, in the transaction that
 * writes its row: two statements, the second with $1 and $2.
 */
struct knex_rows {
	char *create, *insert;
	char *names[2]; /* $1 and $2 */
};

/* Returns whether knex knows any of it; if so, knex_rows_free is due. */
bool knex_rows_make(
    struct knex_rows *r, const struct migration *baseline, struct db *db);
void knex_rows_free(struct knex_rows *r);

/* Has knex a row of it?  Returns -1 with db->error set. */
int knex_knows(const struct migration *m, struct db *db);

/* In the transaction that is open, for one migration of knex: */
enum knex_lock {
	KNEX_LOCKED,
	KNEX_BUSY,  /* knex has it */
	KNEX_STALE, /* knex has run that migration since, or taken it back */
	KNEX_ERROR, /* db->error says why */
};

/* What to say of KNEX_BUSY, behind the name. */
#define KNEX_IS_BUSY                                                    \
	"knex has its migrations locked; try again when it has ended, " \
	"or if it was killed: knex migrate:unlock"

/* If known, knex is to have a row of it; else none. */
enum knex_lock knex_take_lock(
    const struct migration *m, struct db *db, long wait, bool known);

/* Delete its row.  Returns 0 or -1. */
int knex_forget(const struct migration *m, struct db *db);

/* Write its row, where done, and give the lock back.  Returns 0 or -1. */
int knex_give_lock(const struct migration *m, struct db *db, bool done);

#endif
