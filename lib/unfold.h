/*
 * unfold - write migrations as folders, all of them or none
 *
 * They are made beside the folder that is to have them, and moved there when
 * they are on the disk.
 *
 *	if (unfold_begin(&u, "prisma/migrations") != 0 ||
 *	    unfold_add(&u, name, "migration.sql", bytes, len) != 0 ||
 *	    unfold_end(&u) != 0)
 *		errx(u.status, "%s", u.error);
 *	unfold_free(&u);
 */
#ifndef MG_UNFOLD_H
#define MG_UNFOLD_H

#include <stddef.h>

struct unfold {
	const char *dir; /* borrowed */
	char *beside;    /* where they are until then, or NULL */
	char *error;     /* why a function returned -1 */
	int status;      /* and whose fault it is: CLI_INPUT or CLI_SYSTEM */
};

/* Refuses a folder that has something in it. */
int unfold_begin(struct unfold *u, const char *dir);

/* A file of a migration. */
int unfold_add(struct unfold *u, const char *name, const char *file,
    const char *bytes, size_t len);

int unfold_end(struct unfold *u);

/* What did not come to its end goes.  Harmless on { 0 } and twice. */
void unfold_free(struct unfold *u);

#endif
