/*
 * ahead - records and the history, read at the same time
 *
 * A server takes milliseconds to accept a connection and to answer the first
 * question, and reading a long stream of records takes as many.  So between
 * records the connection goes on as far as it can.
 *
 *	struct ahead ahead = { .options = &options, .db = &db,
 *	    .history = &history };
 *
 *	ahead_begin(&ahead);
 *	if (migrations_read_while(&m, stdin, name, ahead_go_on, &ahead) == -1)
 *		errx(CLI_INPUT, "%s", m.error);
 *	if ((status = ahead_end(&ahead)) != CLI_OK)
 *		errx(status, "%s", ahead.error);
 */
#ifndef MG_AHEAD_H
#define MG_AHEAD_H

#include <stdbool.h>
#include <stdio.h>

#include "db.h"
#include "history.h"
#include "record.h"

struct ahead {
	const struct db_options *options; /* borrowed, as is the rest */
	struct db *db;                    /* opened, if ahead_end says so */
	struct history *history;
	bool whole; /* not just what shows whether anything is to be done */

	char *error; /* why ahead_end failed; the caller's to free */
	int status;  /* private, as is the rest */
	bool open, asked;
};

void ahead_begin(struct ahead *a);

/* It never waits.  arg is a struct ahead. */
void ahead_go_on(void *arg);

/* Returns what db_open does, or, where reading failed, db_error_status. */
int ahead_end(struct ahead *a);

/*
 * All of it, of records of which there must be some.  Returns CLI_INPUT if
 * these are bad, else what ahead_end does, with error set.
 */
int ahead_records(
    struct ahead *a, struct migrations *m, FILE *in, const char *source);

#endif
