/*
 * meter - how far pg_dump or pg_restore is, and what it complains of
 *
 * It has to be run with --verbose if progress is to be shown; what it then says
 * of its progress is not repeated, and neither is a line that may hold a
 * secret: statements that fail are told whole.
 *
 *	struct meter m = { .shown = true, .path = "x.dump" };
 *	struct process_watch watch = meter_watch(&m);
 *
 *	process_wait(&p, &watch);
 *	meter_end(&m);
 */
#ifndef MG_METER_H
#define MG_METER_H

#include <stdbool.h>
#include <stddef.h>

#include "process.h"

struct meter {
	bool shown;       /* progress, on standard error */
	const char *path; /* what grows; NULL: nothing does */
	size_t total;     /* of tables; 0: not known */

	size_t tables; /* private, as is the rest */
	char table[64];
	long last;
	bool drawn, complains;
};

/* It lives as long as the meter does. */
struct process_watch meter_watch(struct meter *m);

/* Clear away what was drawn. */
void meter_end(struct meter *m);

/* Bytes as people say them, such as "1.5 GB". */
#define METER_BYTES 16
void meter_bytes(char text[static METER_BYTES], long long bytes);

#endif
