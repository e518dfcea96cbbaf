/*
 * ahead - the history, read while something else is done
 *
 * A server takes milliseconds to accept a connection and to answer the first
 * question, and reading a long stream of records takes as many.  So both are
 * done at once, in two threads.
 *
 *	struct ahead ahead = { .options = &options, .db = &db,
 *	    .history = &history, .read = history_peek };
 *
 *	ahead_begin(&ahead);
 *	if (read_the_records() == -1)
 *		_exit(CLI_INPUT);
 *	if ((status = ahead_end(&ahead)) != CLI_OK)
 *		errx(status, "%s", ahead.error);
 *
 * Between begin and end, what is pointed at belongs to the thread, as does the
 * environment, and nobody may end the process by exit(3), which would take
 * libraries away from under it.
 */
#ifndef MG_AHEAD_H
#define MG_AHEAD_H

#include <pthread.h>

#include "db.h"
#include "history.h"
#include "record.h"

struct ahead {
	const struct db_options *options; /* borrowed, as is the rest */
	struct db *db;                    /* opened, if ahead_end says so */
	struct history *history;
	int (*read)(struct history *, struct db *);

	char *error; /* why ahead_end failed; the caller's to free */
	int status;  /* private, as is the rest */
	bool running;
	pthread_t thread;
};

void ahead_begin(struct ahead *a);

/*
 * All of it: begin, read the records as migrations_read_some does, and end.
 * Returns CLI_INPUT if these are bad, else what ahead_end does, with error set;
 * what ends the process then is _exit, as the thread may be at work still.
 */
int ahead_records(
    struct ahead *a, struct migrations *m, FILE *in, const char *source);

/* Returns what db_open does, or, where reading failed, db_error_status. */
int ahead_end(struct ahead *a);

#endif
