/*
 * matching - which migrations are the rows of a foreign history?
 *
 * A migration is known by its name, or by what its record says that the other
 * tool called it, "legacy"; a row is it that has the same name, else the same
 * version, else, where the tool has names alone, the name behind the
 * timestamp.  A baseline is matched where all that it replaces is.
 *
 *	if (matching_make(&m, &foreign, &migrations, &baselines) != CLI_OK)
 *		errx(CLI_NO, "%s", m.error);
 *	for (i = 0; i < m.count; i++)
 *		use(m.list[i].at, m.list[i].row);
 *	matching_free(&m);
 */
#ifndef MG_MATCHING_H
#define MG_MATCHING_H

#include <stddef.h>

#include "foreign.h"
#include "record.h"
#include "replaced.h"

struct match {
	size_t at;  /* in the stream */
	size_t row; /* the last, of a baseline */
	bool baseline;
};

struct matching {
	/* Told what a person should know. */
	void (*notice)(const char *text);

	struct match *list; /* in the order they were applied in */
	size_t count;
	char *error;

	const struct foreign *foreign;       /* private, as are the rest: */
	const struct migrations *migrations; /* borrowed */
	const struct replaced *replaced;
	struct candidate *candidates;
	size_t ncandidates;
};

/*
 * Returns CLI_OK; or CLI_NO where a row could be two migrations, a migration
 * two rows, a baseline is there in part, or no row is any migration.
 */
int matching_make(struct matching *m, const struct foreign *f,
    const struct migrations *migrations, const struct replaced *replaced);

/* Harmless on { 0 } and twice. */
void matching_free(struct matching *m);

#endif
