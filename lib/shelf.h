/*
 * shelf - the backups of a folder, as people or programs read them
 *
 *	if (backup_list(&list, dir) == CLI_OK)
 *		shelf_print(&list, SHELF_TABLE);
 *	backup_list_free(&list);
 */
#ifndef MG_SHELF_H
#define MG_SHELF_H

#include "backup.h"

enum shelf_form {
	SHELF_TABLE,   /* with columns below each other */
	SHELF_RECORDS, /* a line of JSON each: the sidecar, with "path" */
};

/* On standard output. */
void shelf_print(const struct backup_list *l, enum shelf_form form);

#endif
