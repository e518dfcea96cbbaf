/*
 * survey - what has to be known of a database before it is dumped
 *
 * It opens a read-only transaction, whose snapshot is for the programs and
 * queries that follow, and which lasts as long as the connection.
 *
 *	if ((status = survey_read(&s, &db)) != CLI_OK)
 *		errx(status, "%s", s.error);
 *	use(s.snapshot, s.excluded.list);
 *	survey_free(&s);
 */
#ifndef MG_SURVEY_H
#define MG_SURVEY_H

#include <stddef.h>

#include "db.h"

struct survey_names {
	char **list;
	size_t count;
};

struct survey {
	char *database;
	char *snapshot; /* for pg_dump --snapshot */

	/* Tables that migration tools keep, and the sequences of these. */
	struct survey_names excluded; /* qualified and quoted */
	char *excluded_oids;          /* as an array */

	/* Extensions whose comment is not the one that they bring along. */
	struct survey_names commented; /* not quoted */

	/* Materialized views that hold rows, each behind those it reads. */
	struct survey_names refreshed; /* qualified and quoted */

	size_t relations; /* to be made; each is a lock until COMMIT */
	size_t room;      /* for locks, on this server */
	size_t per_slot;  /* its max_locks_per_transaction */
	size_t large_objects;
	char *error; /* why survey_read returned anything but CLI_OK */
};

/*
 * Returns CLI_OK; CLI_INPUT if there is a table that we may not read; else
 * CLI_SYSTEM.  db is an open connection, in no transaction.
 */
int survey_read(struct survey *s, struct db *db);

/* Harmless on { 0 } and twice. */
void survey_free(struct survey *s);

#endif
