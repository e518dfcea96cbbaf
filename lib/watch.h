/*
 * watch - who keeps a run waiting
 *
 * Whenever the server has been silent for a while, a second connection is
 * asked which sessions block the first, and the notice says who they are.
 * Where no connection is to be had, nobody is watched.
 *
 * No lock timeout ends a concurrent build (dispatch.h).  One that others keep
 * waiting for longer than patience is cancelled here.
 */
#ifndef MG_WATCH_H
#define MG_WATCH_H

#include <stdbool.h>

#include "flight.h"

struct watch {
	const struct flight *flight;      /* borrowed, as is what it flies in */
	long patience;                    /* milliseconds; 0: for ever */
	void (*notice)(const char *text); /* NULL: say nothing */

	char *blockers; /* who was last seen to block; NULL: nobody yet */
	bool gave_up;   /* a build was cancelled */

	struct db eyes; /* private, as is the rest */
	struct db_options options;
	bool open, blind;
	long since; /* it is kept waiting, in this: */
	size_t job, number;
};

void watch_begin(struct watch *w);

/* Forget whom an earlier attempt waited for. */
void watch_forget(struct watch *w);

void watch_end(struct watch *w);

#endif
