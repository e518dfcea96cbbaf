/*
 * visit - a connection to any database of one server
 *
 *	if ((status = visit_open(&v, &options, "postgres")) != CLI_OK)
 *		warnx("%s", v.db.error.message);
 *	visit_close(&v);
 */
#ifndef MG_VISIT_H
#define MG_VISIT_H

#include "db.h"

struct visit {
	struct db db;
	struct db_options options; /* private */
};

/*
 * As the options say, but to that database.  If they have no URL, PGDATABASE
 * is changed.  Returns what db_open does.
 */
int visit_open(
    struct visit *v, const struct db_options *options, const char *database);

/* Run one statement that a signal interrupts.  Returns 0, or -1. */
int visit_run(struct visit *v, const char *sql);

/* Harmless on { 0 } and twice. */
void visit_close(struct visit *v);

#endif
