/*
 * baseline_private - what the parts of baseline share; for nobody else
 */
#ifndef MG_BASELINE_PRIVATE_H
#define MG_BASELINE_PRIVATE_H

#include "baseline.h"

/* What the database has of a name. */
struct had {
	enum history_state state;
	const struct history_row *row; /* that decides it, or NULL */
	bool half;                     /* begun by mg-apply, which can go on */
	bool covered; /* the database has what it makes, or will have */
	bool needed;  /* it is to run before a baseline is recorded */
};

struct decision {
	struct baselines *b;
	const struct history *history;
	size_t end;
	const bool *given;
	struct had *had; /* as long as the names */
	size_t *all;     /* the places of what the one in question replaces */
	size_t count;
};

/* Is there a script of that name to run? */
bool baseline_can_run(const struct decision *d, size_t place);

/* Has the database anything of what it replaces? */
bool baseline_is_begun(const struct decision *d, size_t place);

/* The database has it, or will have it, and all that it replaces. */
void baseline_cover(struct decision *d, size_t place);

/*
 * What the database lacks of the one in question is to run first.  Returns why
 * it cannot, for the caller to free, or NULL.
 */
char *baseline_need_rest(struct decision *d, struct baseline *top);

/* The one in question runs before all that is newer than it. */
void baseline_run_early(struct decision *d, struct baseline *top);

void baseline_put_in_order(struct baselines *b);

/* Why nothing may be done with the one in question; NULL if it may. */
char *baseline_refuse(const struct decision *d, size_t top);

#endif
