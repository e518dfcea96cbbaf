/*
 * flat - the migrations of another tool, which lie in one folder
 *
 * Files NAME.sql, with both ways in one or not (halves.h), pairs NAME.up.sql
 * and NAME.down.sql, V1__NAME.sql with its U1__NAME.sql, folders NAME with
 * up.sql and down.sql, or a sqitch.plan with its folders.  They come in the
 * order in which that tool runs them.
 *
 *	if ((status = flat_read(&f, dir)) != CLI_OK)
 *		errx(status, "%s", f.error);
 *	for (i = 0; i < f.count; i++)
 *		use(f.list[i].legacy);
 *	flat_free(&f);
 */
#ifndef MG_FLAT_H
#define MG_FLAT_H

#include <stddef.h>

#include "file.h"

struct flat_script {
	char *path; /* NULL: there is none */
	struct file file;
	const char *sql; /* lent by a file, maybe the other way's */
	size_t len;
};

struct flat_migration {
	char *legacy; /* the tool's name of it: of the file or folder */
	char *name;   /* with a time, where another file has that; or NULL */
	struct flat_script up, down;
	size_t loose_line; /* there it asks for no transaction; or 0 */
};

struct flat {
	struct flat_migration *list;
	size_t count;
	char *error;
	int kind;    /* private, as is the next: the first file's */
	char *first; /* and its path */
};

/*
 * Returns CLI_OK; CLI_INPUT where something in the folder is not understood,
 * or its place in the order is not clear; or CLI_SYSTEM.
 */
int flat_read(struct flat *f, const char *dir);

/* Harmless on { 0 } and twice. */
void flat_free(struct flat *f);

#endif
