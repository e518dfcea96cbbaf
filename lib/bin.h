/*
 * bin - the folders in which PostgreSQL's programs may be
 *
 *	struct bin bin = { 0 };
 *
 *	bin_add_path(&bin);
 *	bin_add_places(&bin);
 *	for (i = 0; i < bin.count; i++)
 *		if (suits(bin.folders[i]))
 *			break;
 *	bin_free(&bin);
 */
#ifndef MG_BIN_H
#define MG_BIN_H

#include <stddef.h>
#include <stdio.h>

struct bin {
	char **folders;
	size_t count;
};

/* Add $MG_PGBIN, if it is set.  Returns its value, or NULL. */
const char *bin_add_given(struct bin *b);

/* Add the folders of PATH. */
void bin_add_path(struct bin *b);

/* Add the folders where distributions put them, of each the newest first. */
void bin_add_places(struct bin *b);

/* Write PATH and these places, for people, with commas between. */
void bin_write_places(FILE *out);

/* Harmless on { 0 } and twice. */
void bin_free(struct bin *b);

#endif
