/*
 * repeat - may a script that was left half done run again?
 *
 * Nobody knows what it did, but itself: so a person must look, and mark its
 * row, unless a comment in the head of the script says
 *
 *	mg: idempotent
 *
 * While it runs, the logs of its history row begin with words that nobody else
 * writes; afterwards they say how it ended.
 */
#ifndef MG_REPEAT_H
#define MG_REPEAT_H

#include <stdbool.h>

#include "history.h"
#include "record.h"

/* The logs while it runs. */
#define REPEAT_BEGUN                                                      \
	"mg-apply: script begun; while this is here, it runs, or nobody " \
	"noted how it ended"

/* The logs once it failed in that way, with the last that it said. */
char *repeat_logs(const char *how, const char *tail);

/* Is that the row of a script that says it may run again? */
bool repeat_may(const struct migration *m, const struct history_row *row);

/* Does a script of that path say so in its head? */
bool repeat_says(const char *path);

#endif
