/*
 * outcome - whether a statement outside of any transaction was done
 *
 * A client that died between the statement and the note of it does not know.
 * Here the catalog is asked.
 */
#ifndef MG_OUTCOME_H
#define MG_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>

#include "db.h"
#include "script.h"

enum outcome {
	OUTCOME_DONE,
	OUTCOME_UNDONE,  /* or half done, or no harm if done twice */
	OUTCOME_UNKNOWN, /* only a person can tell */
	OUTCOME_ERROR,   /* db->error says why */
};

/*
 * Of statement n, which refuses a transaction, failed if it is known that it
 * ended with an error.  A partition that was half detached is brought to the
 * end, for that cannot be repeated; half-made indexes are for leftover_clear.
 */
enum outcome outcome_find(
    struct db *db, const struct script *s, size_t n, bool failed);

#endif
