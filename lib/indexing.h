/*
 * indexing - build the pending indexes of a stream, several at a time
 *
 * Each statement runs on a connection of its own, a lane, while the first one
 * writes the history and looks how far the builds are.  Under the migration
 * lock the rows of all are opened; then it is given up, so that builds, which
 * may take hours, keep no other track waiting: whoever else would run these
 * migrations sees rows that are not finished.  A row is finished behind the
 *last statement; what is done before is noted in it (resume.h).  A failure lets
 *what runs go on, and nothing more is begun.
 *
 *	struct indexing x = { .lanes = 2 };
 *	struct migrate_way way = { indexing_check, indexing_claim,
 *	    indexing_work, indexing_plan, &x };
 *	struct migrate m = { .way = &way, ... };
 */
#ifndef MG_INDEXING_H
#define MG_INDEXING_H

#include <stdbool.h>
#include <stddef.h>

#include "concurrently.h"
#include "lane.h"
#include "migrate.h"
#include "task.h"

struct indexing {
	size_t lanes; /* at most so many builds at once */
	enum concurrently how;
	struct lane_settings settings;
	bool limited, /* nothing is begun after: */
	    over;     /* private: it is past that */
	long until;   /* clock_ms */
	bool records; /* of the progress, on standard error */

	struct indexing_state *state; /* private */
};

/* For struct migrate_way. */
int indexing_check(struct migrate *m, void *indexing);
int indexing_claim(struct migrate *m, void *indexing);
int indexing_work(struct migrate *m, void *indexing);

/* A record for each migration. */
int indexing_plan(struct migrate *m, void *indexing);

/* Harmless twice. */
void indexing_free(struct indexing *x);

#endif
