/*
 * knex_private - what the parts of knex share; for nobody else
 *
 * knex.c compares histories, knex_table.c has the SQL of knex's table and of
 * its lock.
 */
#ifndef MG_KNEX_PRIVATE_H
#define MG_KNEX_PRIVATE_H

#include "knex.h"

/* What knex may call a migration; borrowed. */
struct knex_name {
	const char *source;
	const char *compiled; /* of that; empty if there is none */
};

/* From a record, or what one tells of another.  Returns whether it has one. */
bool knex_name_read(struct knex_name *n, const struct json_t *object);

/* As two of SQL's arrays, the caller's to free. */
void knex_arrays(const struct knex_name *names, size_t count, char *arrays[2]);

/* The texts of two of those below, the caller's to free. */
char *knex_create_text(const char *table, struct db *db);
char *knex_insert_text(const char *table, struct db *db); /* $1, $2: arrays */

/* The others return 0, or -1 with db->error set. */

/* Is its table there?  Returns 1, too. */
int knex_exists(const char *table, struct db *db);

/* Create what is missing of them. */
int knex_create(const char *table, struct db *db);

/*
 * The names that they have, and how many rows of the history, unless that is
 * NULL, are older: rows for db_value, in knex's order.
 */
int knex_names(const char *table, struct db *db, const char *history);

/* Write a row of each that has none. */
int knex_insert(const char *table, struct db *db, const struct knex_name *names,
    size_t count);

/* Give a lock back that we left. */
int knex_give_left(const char *table, struct db *db);

#endif
