/*
 * chosen - the migrations that are to be marked, as mark.h wants them
 *
 *	struct chosen c = { 0 };
 *
 *	for (i = 0; i < m.count; i++)
 *		if (chosen_add(&c, &m.list[i], true) == -1)
 *			errx(CLI_INPUT, "%s", c.error);
 *	mark.names = c.names;
 *	chosen_free(&c);
 */
#ifndef MG_CHOSEN_H
#define MG_CHOSEN_H

#include <stdbool.h>
#include <stddef.h>

#include "db.h"
#include "record.h"
#include "replaced.h"

struct chosen {
	struct migration **migrations; /* borrowed, as are the next two */
	const char **names, **checksums;
	char **times; /* NULL: now */
	size_t count;
	void (*notice)(const char *text); /* told what is odd */
	char *error;
};

/*
 * One more.  With a checksum it is that of the script as it is now where the
 * record does not say.  Returns -1 if the script cannot be read.
 */
int chosen_add(struct chosen *c, struct migration *m, bool checksum);

/*
 * What the foreign history in that table has, each with "from", the name there;
 * with times, no two the same, if the tool has them.  Returns CLI_OK, what
 * foreign_read or matching_make does, or CLI_INPUT if a script cannot be read.
 */
int chosen_import(struct chosen *c, struct db *db, const char *table,
    struct migrations *migrations, const struct replaced *names);

/* Harmless on { 0 } and twice. */
void chosen_free(struct chosen *c);

#endif
