/*
 * swap - two databases change their names, at once
 *
 * Both are renamed in one transaction: at every moment there is a database of
 * the name, the old one or the new one.
 *
 *	struct swap s = { .name = "app", .fresh = "app_mg_restoring" };
 *
 *	if ((status = swap_run(&s, &options)) != CLI_OK)
 *		warnx("%s", s.error);
 *	use(s.kept);
 *	swap_free(&s);
 */
#ifndef MG_SWAP_H
#define MG_SWAP_H

#include <stdbool.h>

#include "connection.h"

struct swap {
	const char *name;  /* of the old one, then of the new one */
	const char *fresh; /* of the new one, until then */
	bool exists;       /* is there an old one? */
	bool terminate;    /* end who is connected */

	char *kept; /* the old one's, from then on; or NULL */
	char *error;
};

/* Databases that swaps have kept have that before a time: "app_before_". */
char *swap_prefix(const char *name);

/* The name of the new one, by which everybody knows what it is. */
char *swap_fresh(const char *name);

/*
 * By a session in another database, c; a second one is made as the options
 * say, in database.  Returns CLI_OK; CLI_RETRY if somebody is connected;
 * CLI_INPUT or CLI_SYSTEM.
 */
int swap_run(struct swap *s, struct connection *c,
    const struct db_options *options, const char *database);

/* Harmless on { 0 } and twice. */
void swap_free(struct swap *s);

#endif
