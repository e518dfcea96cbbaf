/*
 * shelf - the backups of a folder, as people or programs read them
 *
 *	if (backup_list(&list, dir) == CLI_OK)
 *		shelf_print(&list, SHELF_TABLE);
 *	backup_list_free(&list);
 */
#ifndef MG_SHELF_H
#define MG_SHELF_H

#include <stdbool.h>

#include "backup.h"
#include "retention.h"

enum shelf_form {
	SHELF_TABLE,   /* with columns below each other */
	SHELF_RECORDS, /* a line of JSON each: the sidecar, with "path" */
};

/* On standard output. */
void shelf_print(const struct backup_list *l, enum shelf_form form);

/*
 * Remove those that may go, or only say which if it is a dry run: their paths
 * are printed.  Returns CLI_OK, or another status with *error set, the caller's
 * to free; or 128 + the signal that came.
 */
int shelf_prune(
    const char *dir, struct retention *r, bool dry_run, char **error);

#endif
