/*
 * connection - a connection to any database of one server
 *
 *	if ((status = connection_open(&c, &options, "postgres")) != CLI_OK)
 *		warnx("%s", c.db.error.message);
 *	connection_close(&c);
 */
#ifndef MG_CONNECTION_H
#define MG_CONNECTION_H

#include "db.h"

struct connection {
	struct db db;
	struct db_options options; /* private */
};

/*
 * As the options say, but to that database.  If they have no URL, PGDATABASE
 * is changed.  Returns what db_open does.
 */
int connection_open(struct connection *c, const struct db_options *options,
    const char *database);

/* Run one statement that a signal interrupts.  Returns 0, or -1. */
int connection_run(struct connection *c, const char *sql);

/* Harmless on { 0 } and twice. */
void connection_close(struct connection *c);

#endif
