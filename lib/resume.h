/*
 * resume - continue a migration of several steps that was left half done
 *
 * While such a migration runs, the logs of its history row say how far it is,
 * in a form that nobody else writes:
 *
 *	mg-apply: 1 of 3 steps done, xxh3 d8a1...
 *	mg-index: 1 of 3 steps done, xxh3 d8a1...
 *
 * The second is of one whose statements go apart (plan.h), where each is a
 * step, and only mg-index continues it; it continues the first as well.
 * The hash is that of the statements done.  A rerun continues behind them if
 * they are still the same, however the rest was mended.  A step that is a
 * transaction is done exactly if the logs say so.  A statement outside of one
 * may have been done without a word in the logs, if the client died between
 * the two; there the catalog is asked, or else a person.
 */
#ifndef MG_RESUME_H
#define MG_RESUME_H

#include <stdbool.h>
#include <stddef.h>

#include "db.h"
#include "history.h"
#include "script.h"

struct resume {
	size_t done; /* steps */
	bool failed; /* the next one is known not to be done */
	char *error; /* why a function returned -1 */
};

/*
 * The logs that say so; the caller's to free.  why is NULL, or says why the
 * next step failed.
 */
char *resume_logs(const struct script *s, size_t done, const char *why);

/* Did one of the two leave this row?  Then it may be continued. */
bool resume_is_ours(const struct history_row *row);

/*
 * Read a row that is ours.  Returns -1 if its logs do not fit the script: the
 * part that is done was changed; or if it is not for mg-apply to continue.
 */
int resume_read(
    struct resume *r, const struct history_row *row, const struct script *s);

/*
 * Find out whether the next step was done: r->done becomes certain.  What it
 * left if it was half done is for leftover_clear.  Returns CLI_OK; CLI_NO if
 * only a person can tell; CLI_SYSTEM; r->error says more.
 */
int resume_settle(struct resume *r, struct db *db, const struct script *s);

void resume_free(struct resume *r);

#endif
