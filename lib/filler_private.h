/* filler_private - what the parts of filler share */
#ifndef MG_FILLER_PRIVATE_H
#define MG_FILLER_PRIVATE_H

#include "filler.h"

struct filler_table {
	const struct blueprint_table *blueprint;
	long long there; /* rows before */
	bool chosen;
	bool waiting; /* for its turn */
	double weight;
};

/*
 * Say in which order the tables come, parents first, and how much each gets.
 * f->order has the positions of all that are chosen; returns their number.
 */
size_t filler_sort(struct filler *f);

/* Fill one of them.  Returns CLI_OK, CLI_NO or CLI_SYSTEM. */
int filler_fill(struct filler *f, struct filler_table *t, long long rows,
    struct filler_outcome *outcome);

/* For parentage_assign. */
bool filler_is_waiting(const char *oid, const void *filler);

#endif
