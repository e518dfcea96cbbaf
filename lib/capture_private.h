/*
 * capture_private - what capture.c and its part share; for nobody else
 */
#ifndef MG_CAPTURE_PRIVATE_H
#define MG_CAPTURE_PRIVATE_H

#include <time.h>

#include "capture.h"
#include "content.h"
#include "inventory.h"
#include "process.h"
#include "staging.h"

/* All that is open while one is taken. */
struct capture_taking {
	struct capture_options *options;
	struct capture *capture;
	struct db db;
	char *database, *snapshot, *program;
	time_t at;
	long began;
	struct staging staging;
	struct process process;
	struct process_watch watch;
	struct content_follower follower; /* of a script */
	struct inventory inventory;
	struct sidecar sidecar;
};

/* Set the error; returns the status. */
int capture_fail(struct capture_taking *t, int status, const char *why);

/* Wait for pg_dump, and make the sidecar. */
int capture_finish(struct capture_taking *t);

/* Give it its name. */
int capture_publish(struct capture_taking *t);

#endif
