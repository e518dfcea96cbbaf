/*
 * leftover - invalid indexes that broken CONCURRENTLY builds left behind
 *
 * CREATE INDEX CONCURRENTLY that fails, or is cut off, leaves an index that
 * is never used and yet has the name: the next try fails on it, or accepts it
 * as it is where the script says IF NOT EXISTS.  Without a name of its own the
 * next try makes a second index; the first is known then by its table, its
 * columns and the server's way to name it, and stays where the script builds
 * on more than bare columns.  REINDEX CONCURRENTLY leaves its copies, which
 * end in _ccnew or _ccold.
 *
 * Nothing is dropped that is valid, partitioned, or on a table on which a
 * session just now builds an index.
 *
 *	leftover_add(&l, &script, 0);
 *	if ((status = leftover_clear(&l, &db)) != CLI_OK)
 *		errx(status, "%s", l.error);
 *	leftover_free(&l);
 */
#ifndef MG_LEFTOVER_H
#define MG_LEFTOVER_H

#include <stddef.h>

#include "db.h"
#include "script.h"

struct leftover_list; /* private */

struct leftover {
	struct leftover_list *created, *reindexed; /* private */
	char *error; /* why leftover_clear returned anything but CLI_OK */
};

/* Look for what the script builds concurrently, from that step on. */
void leftover_add(struct leftover *l, const struct script *s, size_t step);

/* For what this statement builds, if it is about that, however it does. */
void leftover_add_one(struct leftover *l, const struct sql *sql, size_t n);

/*
 * Drop those that are there and invalid.  Returns CLI_OK; CLI_RETRY if a
 * session is building one just now; CLI_SYSTEM.
 */
int leftover_clear(struct leftover *l, struct db *db);

void leftover_free(struct leftover *l);

#endif
