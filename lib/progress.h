/*
 * progress - how far pg_dump or pg_restore is, and what it complains of
 *
 * It has to be run with --verbose if progress is to be shown; what it then says
 * of its progress is not repeated, and neither is a line that may hold a
 * secret: statements that fail are told whole.
 *
 *	struct progress p = { .shown = true, .path = "x.dump" };
 *	struct process_watch watch = progress_watch(&p);
 *
 *	process_wait(&process, &watch);
 *	progress_end(&p);
 */
#ifndef MG_PROGRESS_H
#define MG_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "process.h"

struct progress {
	bool shown;       /* progress, on standard error */
	const char *path; /* what grows; NULL: nothing does */
	size_t total;     /* of tables; 0: not known */

	size_t tables; /* private, as is the rest */
	char table[64];
	long last;
	bool drawn, complains;
};

/* It lives as long as the progress does. */
struct process_watch progress_watch(struct progress *p);

/* Clear away what was drawn. */
void progress_end(struct progress *p);

/* Bytes as people say them, such as "1.5 GB". */
#define PROGRESS_BYTES 16
void progress_bytes(char text[static PROGRESS_BYTES], long long bytes);

#endif
