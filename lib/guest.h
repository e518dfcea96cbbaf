/*
 * guest - a throw-away database on a server that is there
 *
 * A keeper (keeper.h) makes it and drops it, whoever may be in it then.  It is
 * UTF8 and empty.
 *
 *	struct db_options options = { .program = "mg-x" };
 *	struct guest g;
 *
 *	if (guest_start(&g, &options) == CLI_OK)
 *		use(g.database);
 *	else
 *		warnx("%s", g.error);
 *	if (guest_stop(&g) == -1)
 *		warnx("%s", g.error);
 *	guest_free(&g);
 */
#ifndef MG_GUEST_H
#define MG_GUEST_H

#include "db.h"
#include "keeper.h"

struct guest {
	/* Lent until guest_free. */
	const char *database; /* its name */
	const char *url;      /* NULL: libpq's variables say more */
	const char *error;    /* why a call failed */

	struct keeper keeper; /* private */
	char *server_url;     /* private: NULL: libpq's variables */
	char *made_url;       /* private */
};

/*
 * Make it on the server that db_open would find; what would lead past it is
 * refused, or dropped from our environment.  Returns CLI_OK, CLI_INPUT or
 * CLI_SYSTEM.  A signal that is caught interrupts it.
 */
int guest_start(struct guest *g, const struct db_options *options);

/* Have our environment lead to it and nowhere else. */
void guest_environment(const struct guest *g);

/*
 * Have it dropped, and wait for that; needed after a failure too.  Returns -1
 * if it remains.
 */
int guest_stop(struct guest *g);

/* Harmless on { 0 } and twice. */
void guest_free(struct guest *g);

#endif
