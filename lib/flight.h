/*
 * flight - statements on their way through a pipeline
 *
 * A window bounds how much is sent ahead of its answers: enough to keep the
 * server busy over a slow line, little enough that an interruption stops soon
 * and memory stays small.  Each statement carries a note of what it is; the
 * owner is told of each that succeeded, and finds the first that did not.
 *
 *	flight_begin(&f);
 *	flight_send(&f, FLIGHT_OWN, 0, "BEGIN", 0, NULL);
 *	...
 *	flight_end(&f);
 *	if (f.failed)
 *		use(f.failure, f.error);
 *	flight_free(&f);
 */
#ifndef MG_FLIGHT_H
#define MG_FLIGHT_H

#include <stdbool.h>
#include <stddef.h>

#include "db.h"

enum {
	FLIGHT_WINDOW = 4096, /* statements */
	FLIGHT_BYTES = 512 * 1024
};

/* What an answer belongs to. */
enum flight_part {
	FLIGHT_OWN,       /* of ours: it only matters if it fails */
	FLIGHT_STATEMENT, /* of the script */
	FLIGHT_BUILD,     /* of the script, too: it is never hurried */
	FLIGHT_ALONE,     /* of the script, too: it may commit for itself */
	FLIGHT_ROW,       /* returns the milliseconds */
	FLIGHT_STEP,      /* the COMMIT that makes a note of steps certain */
	FLIGHT_FINISH,    /* the COMMIT of the whole migration */
};

struct flight_item {
	enum flight_part part;
	size_t job;
	size_t number; /* of the statement; of steps done */
	size_t bytes;
};

struct flight {
	struct db *db;
	size_t job; /* that is being sent */
	/* Told of what succeeded, while db_value reads its rows. */
	void (*landed)(void *arg, const struct flight_item *item);
	void *arg;

	bool stopped; /* a failure or a signal: nothing more is sent */
	bool failed;  /* then the rest is set */
	struct flight_item failure;
	struct db_error error;

	struct flight_item items[FLIGHT_WINDOW]; /* private: a ring */
	size_t first, waiting, bytes;
	size_t last; /* job of which anything was sent */
};

/* From f->job on.  Returns CLI_OK, or CLI_SYSTEM with error set. */
int flight_begin(struct flight *f);

void flight_send(struct flight *f, enum flight_part part, size_t number,
    const char *sql, size_t count, const char *const *values);

/* The same for a statement that is parsed once, and run by its name. */
void flight_prepare(struct flight *f, const char *name, const char *sql);
void flight_send_prepared(struct flight *f, enum flight_part part,
    size_t number, const char *name, size_t count, const char *const *values);

/* Ask for the answers so far. */
void flight_flush(struct flight *f);

/* What the server is at, as far as we know; NULL if it has nothing to do. */
const struct flight_item *flight_current(const struct flight *f);

/* Wait for all answers, and leave the pipeline. */
void flight_end(struct flight *f);

/*
 * The connection turned out to be useless: it is lost, and what it had
 * answered may be, too.  db->error says why.
 */
void flight_lose(struct flight *f);

void flight_free(struct flight *f);

#endif
