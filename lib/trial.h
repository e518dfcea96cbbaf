/*
 * trial - values for a draft that pass the table's checks, found by trying
 *
 * No check is parsed: the server says of a few hundred rows which pass, and
 * other kinds of values are tried until more do.
 *
 *	switch (trial_run(&t, &db, &draft)) {
 *	case CLI_OK:
 *		use(&draft, t.rate);
 *		break;
 *	default:
 *		warnx("%s", t.error);
 *	}
 *	trial_free(&t);
 */
#ifndef MG_TRIAL_H
#define MG_TRIAL_H

#include "candidates.h"
#include "db.h"
#include "draft.h"

struct trial {
	double rate;   /* the share of rows that pass, above 0 */
	char *error;   /* why trial_run returned anything but CLI_OK */
	struct db *db; /* private, as is what follows */
	struct draft *draft;
	struct candidates *kept; /* for each column */
	long passed, rows, *each;
	long long wanted;
	long enough; /* one row in so many that pass a check */
};

/*
 * The draft is changed, and borrows from the trial.  Returns CLI_OK; CLI_NO
 * if no row was found that passes, the error naming the constraint; else
 * CLI_SYSTEM.
 */
int trial_run(struct trial *t, struct db *db, struct draft *draft);

/* " WHERE …" what passes, if anything is checked. */
void trial_write_condition(const struct draft *draft, FILE *out);

/* Harmless on { 0 } and twice. */
void trial_free(struct trial *t);

#endif
