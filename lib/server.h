/*
 * server - a throw-away PostgreSQL that is gone when its user is
 *
 * A private server, or a database on a server that is there already.  A
 * process of its own, the keeper, makes it and clears it away again: after
 * server_stop, or when the process that asked for it has ended, however that
 * ended.  Nothing but the keeper's own death by SIGKILL leaves anything
 * behind, and then it is the folder: the server itself ends with its keeper.
 *
 *	status = server_start(&server, NULL, 0, 60000);
 *	if (status == CLI_OK)
 *		use(server.url);
 *	else
 *		warnx("%s", server.error);
 *	if (server_stop(&server) == -1)
 *		warnx("%s", server.error);
 *	server_free(&server);
 */
#ifndef MG_SERVER_H
#define MG_SERVER_H

#include <stdio.h>
#include <sys/types.h>

#include "db.h"

#define SERVER_USER "postgres"    /* a private server's superuser */
#define SERVER_DATABASE "scratch" /* and its database, which is empty */

struct server {
	char *folder;   /* of a private server's socket, else NULL */
	char *database; /* its name */
	char *url;      /* for DATABASE_URL; NULL: libpq's variables say more */
	char *error;    /* why a call failed */

	char *given;  /* private: the URL that it was borrowed by */
	pid_t keeper; /* private */
	FILE *line;   /* private: to the keeper, who hears our end */
};

/*
 * Start a private server, with settings such as "work_mem=1GB" beyond our
 * own, and wait so many milliseconds until it is ready.  It is reached by a
 * socket only, in a folder below $TMPDIR that nobody else may enter; it
 * forgets what the machine does not survive.  Root's is run by postgres, or
 * nobody.  Returns CLI_OK, CLI_INPUT or CLI_SYSTEM.  A signal that is caught
 * interrupts it.
 */
int server_start(
    struct server *s, char *const settings[], size_t nsettings, long wait);

/*
 * Make a database on the server that db_open would find, UTF8 and empty.
 * Returns as server_start does.
 */
int server_borrow(struct server *s, const struct db_options *options);

/*
 * Have our environment lead to it and nowhere else: DATABASE_URL, no
 * DIRECT_URL, and libpq's variables.
 */
void server_environment(const struct server *s);

/*
 * Have it cleared away, and wait for that; needed after a failure too.
 * Returns -1 if something remains.
 */
int server_stop(struct server *s);

/* Harmless on { 0 } and twice. */
void server_free(struct server *s);

#endif
