/* trial_private - what the parts of trial share */
#ifndef MG_TRIAL_PRIVATE_H
#define MG_TRIAL_PRIVATE_H

#include "trial.h"

/* Can it be tried before the rows are there? */
bool trial_has(const struct draft *d, const struct blueprint_check *c);

/*
 * A query for how many of so many rows there are, pass all checks, and pass
 * each of them by what they hold, not by a null; the caller's to free.
 */
char *trial_compose(const struct draft *d, long long rows);

#endif
