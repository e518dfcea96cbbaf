/*
 * catalog - the canonical listing of the objects in a database
 *
 * A line of JSON for each, sorted by their bytes; mg-catalog(1) describes
 * them.  Two databases with the same listing are the same to every program
 * that uses them.
 *
 *	struct catalog c;
 *	struct catalog_options options = { .column_order = true };
 *
 *	if (catalog_read(&c, &db, &options) == -1)
 *		errx(db_error_status(&db.error), "%s", db.error.message);
 *	catalog_digest(&c, digest);
 *	catalog_free(&c);
 */
#ifndef MG_CATALOG_H
#define MG_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "catalog_line.h"
#include "db.h"
#include "hash.h"

struct catalog_options {
	const char *const *schemas;    /* patterns of file names, as in app_* */
	size_t nschemas;               /* 0: all, and what is in no schema */
	bool column_order, enum_order; /* are facts */
	bool data;                     /* count and sum up the rows, too */
	bool settings; /* of the database as a whole: encoding, locale, … */
	const char *snapshot; /* that another session exported, or NULL */
	struct catalog_without without;
};

struct catalog {
	char **lines; /* without newlines */
	size_t count;
};

/*
 * Read all in two round trips, in one snapshot; but for data the server need
 * not wait for the second one.  Returns 0, or -1 with db->error set and
 * nothing to free.
 */
int catalog_read(
    struct catalog *c, struct db *db, const struct catalog_options *options);

/* The SHA-256 of the lines, a newline behind each. */
void catalog_digest(const struct catalog *c, char text[static HASH_CHECKSUM]);

/* Harmless on { 0 } and twice. */
void catalog_free(struct catalog *c);

#endif
