/*
 * server - a private PostgreSQL that is gone when its user is
 *
 * A keeper (keeper.h) makes it.  It is reached by a socket only, in a folder
 * below $TMPDIR that nobody else may enter; it forgets what the machine does
 * not survive.  Root's is run by postgres, or nobody.  If its keeper is killed
 * it ends all the same, and the folder remains.
 *
 *	struct server_options options = { .program = "mg-x", .wait = 60000 };
 *	struct server s;
 *
 *	if (server_start(&s, &options) == CLI_OK)
 *		use(s.url);
 *	else
 *		warnx("%s", s.error);
 *	if (server_stop(&s) == -1)
 *		warnx("%s", s.error);
 *	server_free(&s);
 */
#ifndef MG_SERVER_H
#define MG_SERVER_H

#include <stddef.h>

#include "keeper.h"

#define SERVER_USER "postgres"    /* its superuser */
#define SERVER_DATABASE "scratch" /* its database, which is empty */
#define SERVER_PORT "5432"        /* of the socket's name: there is no other */

struct server_options {
	const char *program;   /* application_name while it is made */
	char *const *settings; /* such as "work_mem=1GB", beyond our own */
	size_t nsettings;
	long wait; /* milliseconds for it to be ready */
};

struct server {
	/* Lent until server_free. */
	const char *folder; /* of its socket */
	const char *url;    /* for DATABASE_URL */
	const char *error;  /* why a call failed */

	struct keeper keeper; /* private */
	char *made_url;       /* private */
};

/*
 * Returns CLI_OK, CLI_INPUT or CLI_SYSTEM.  A signal that is caught interrupts
 * it.
 */
int server_start(struct server *s, const struct server_options *options);

/* Have our environment lead to its database and nowhere else. */
void server_environment(const struct server *s);

/*
 * Have it cleared away, and wait for that; needed after a failure too.
 * Returns -1 if something remains.
 */
int server_stop(struct server *s);

/* Harmless on { 0 } and twice. */
void server_free(struct server *s);

#endif
