/*
 * filler - generated rows for the tables of a database
 *
 *	struct filler f = { .rows = 1000000, .told = print };
 *
 *	if ((status = filler_run(&f, &db)) != CLI_OK && f.error != NULL)
 *		warnx("%s", f.error);
 *	filler_free(&f);
 */
#ifndef MG_FILLER_H
#define MG_FILLER_H

#include <stdbool.h>
#include <stddef.h>

#include "blueprint.h"
#include "parentage.h"

/* What became of a table. */
struct filler_outcome {
	const char *table; /* its name, as SQL spells it */
	long long rows;    /* that were added */
	long ms;
	char *reason; /* why it got fewer than it should; or NULL */
	bool empty;   /* it got none, and should have */
};

struct filler {
	/* Yours to set: */
	long long rows; /* in all */
	unsigned long long seed;
	bool append;                 /* there may be rows already */
	const char *const *patterns; /* only tables that match one */
	size_t npatterns;
	void (*told)(const struct filler_outcome *);

	char *error; /* why filler_run gave up; or NULL */

	struct db *db; /* private, as is what follows */
	struct blueprint blueprint;
	struct parentage parentage;
	struct filler_table *tables;
	size_t *order;
};

/*
 * Returns CLI_OK; CLI_NO if a table that can hold rows got none; CLI_INPUT if
 * there are rows already, or no table to fill; else CLI_SYSTEM.  What a table
 * gets is one transaction.
 */
int filler_run(struct filler *f, struct db *db);

/* Harmless on { 0 } and twice. */
void filler_free(struct filler *f);

#endif
