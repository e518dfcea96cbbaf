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

#include "foreign.h"
#include "matching.h"
#include "record.h"

struct chosen {
	struct migration **migrations; /* borrowed, as are the next two */
	const char **names, **checksums;
	char **times; /* NULL: now */
	size_t count;
	char *error;
};

/*
 * One more.  With a checksum it is that of the script as it is now where the
 * record does not say.  Returns -1 if the script cannot be read.
 */
int chosen_add(struct chosen *c, struct migration *m, bool checksum);

/*
 * What a foreign history has, each with "from", the name there; with times, no
 * two the same, if the tool has them.  Returns -1 as chosen_add does.
 */
int chosen_match(struct chosen *c, const struct matching *m,
    const struct foreign *f, struct migrations *migrations);

/* Harmless on { 0 } and twice. */
void chosen_free(struct chosen *c);

#endif
