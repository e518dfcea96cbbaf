/*
 * retention - which backups may go
 *
 * Each label is a series of its own.  A backup goes if it is neither among the
 * newest, nor young enough, nor the last of its label that is whole: of those
 * that stay one is read byte by byte, and if none is good, the newest good one
 * of the others stays as well.  What is not whole neither goes nor counts.
 *
 *	struct retention r = { .keep = 7, .days = 30, .now = time(NULL) };
 *
 *	if ((status = retention_choose(&r, &list)) == CLI_OK)
 *		for (i = 0; i < list.count; i++)
 *			if (r.goes[i])
 *				remove(list.list[i].path);
 *	retention_free(&r);
 */
#ifndef MG_RETENTION_H
#define MG_RETENTION_H

#include <stdbool.h>
#include <time.h>

#include "backup.h"

struct retention {
	long keep;         /* so many of the newest, or -1 */
	long days;         /* those that are younger, or -1 */
	const char *label; /* only of this, or NULL */
	time_t now;
	bool *goes; /* for each of the list */
};

/* The list is the newest first.  Returns CLI_OK, or 128 + a signal. */
int retention_choose(struct retention *r, struct backup_list *l);

/* Harmless on { 0 } and twice. */
void retention_free(struct retention *r);

#endif
