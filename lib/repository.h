/*
 * repository - the backups of a folder, as people or programs read them
 *
 *	if (backup_list(&list, dir) == CLI_OK)
 *		repository_print(&list, REPOSITORY_TABLE);
 *	backup_list_free(&list);
 */
#ifndef MG_REPOSITORY_H
#define MG_REPOSITORY_H

#include <stdbool.h>

#include "backup.h"
#include "retention.h"

enum repository_form {
	REPOSITORY_TABLE,   /* with columns below each other */
	REPOSITORY_RECORDS, /* a line of JSON each: the sidecar, with "path" */
};

/* On standard output. */
void repository_print(const struct backup_list *l, enum repository_form form);

/*
 * Remove those that may go, or only say which if it is a dry run: their paths
 * are printed.  Returns CLI_OK, or another status with *error set, the caller's
 * to free; or 128 + the signal that came.
 */
int repository_prune(
    const char *dir, struct retention *r, bool dry_run, char **error);

#endif
