/*
 * prepared - statements of ours that a pass sends often
 *
 * The server parses and plans each only once, which costs it up to ten times
 * what running one does.  A script can drop them (DEALLOCATE, DISCARD): the
 * next that is sent then fails with SQLSTATE 26000.
 *
 *	prepared_begin(&p);
 *	prepared_send(&p, &flight, FLIGHT_OWN, 0, &statement);
 */
#ifndef MG_PREPARED_H
#define MG_PREPARED_H

#include "flight.h"
#include "history.h"

struct prepared {
	char id[HISTORY_ID]; /* private */
	unsigned made;
};

struct prepared_statement {
	unsigned number; /* its own, below 10 */
	const char *sql;
	size_t count; /* of values */
	const char *const *values;
};

/* For a new pass: what an earlier one has left has other names. */
void prepared_begin(struct prepared *p);

/* As flight_send does; the text travels the first time alone. */
void prepared_send(struct prepared *p, struct flight *f, enum flight_part part,
    size_t number, const struct prepared_statement *s);

#endif
