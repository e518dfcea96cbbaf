/*
 * inventory - what a database holds, so that two can be compared
 *
 * Its catalog as a digest, the rows of each table as a number, and the last
 * migration that it had.  Materialized views, and what extensions keep, are no
 * tables here; versions of extensions count for nothing.
 *
 *	if (inventory_count(&i, &db) == -1 ||
 *	    inventory_catalog(&i, &db, NULL) == -1)
 *		errx(CLI_SYSTEM, "%s", db.error.message);
 *	inventory_compare(&was, &i, say, NULL);
 *	inventory_free(&i);
 */
#ifndef MG_INVENTORY_H
#define MG_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "db.h"
#include "hash.h"

struct inventory_table {
	char *name; /* schema and name, as SQL spells them */
	long long rows;
};

struct inventory {
	/* By inventory_count: */
	int version;  /* of the server, as 150018, */
	char *server; /* and as "15.18" */
	char *database, *encoding;
	struct inventory_table *tables; /* by name */
	size_t ntables;
	long long large_objects;
	char *head, *head_time; /* the last migration and its start, or NULL */
	long long applied;      /* how many there are */
	char **roles;           /* that own or may something */
	size_t nroles;
	bool has_public, has_plpgsql; /* as every new database */

	/* By inventory_catalog: */
	char digest[HASH_CHECKSUM];
	size_t objects;
	char *whole; /* what the database itself has, in lines */
};

/* In the transaction that is open, if there is one.  Returns -1. */
int inventory_count(struct inventory *i, struct db *db);

/* In that snapshot, if it is not NULL, on a session of its own.  Returns -1. */
int inventory_catalog(struct inventory *i, struct db *db, const char *snapshot);

/* All rows. */
long long inventory_rows(const struct inventory *i);

/*
 * Is b what a was?  Each difference is told in words.  Catalogs are compared
 * only if both servers are of the same major version.
 */
bool inventory_compare(const struct inventory *a, const struct inventory *b,
    void (*tell)(const char *words));

/*
 * What was written since: the rows that a table has more or less now, and the
 * migrations, which db is asked for.  Returns -1 with db->error set.
 */
int inventory_since(const struct inventory *then, const struct inventory *now,
    struct db *db, void (*tell)(const char *words));

/* Harmless on { 0 } and twice. */
void inventory_free(struct inventory *i);

#endif
