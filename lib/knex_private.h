/*
 * knex_private - what the parts of knex share; for nobody else
 *
 * knex.c compares histories, knex_table.c has the SQL of knex's tables: those
 * that the record of a migration names.
 */
#ifndef MG_KNEX_PRIVATE_H
#define MG_KNEX_PRIVATE_H

#include "knex.h"

/* All return 0, or -1 with db->error set. */

/* Is its table there?  Returns 1, too. */
int knex_exists(const struct migration *m, struct db *db);

/* Create what is missing of them. */
int knex_create(const struct migration *m, struct db *db);

/*
 * The names that they have, and how many rows of the history, unless that is
 * NULL, are older: rows for db_value, in knex's order.
 */
int knex_names(const struct migration *m, struct db *db, const char *history);

/* Write a row of each that has none; all are of one table. */
int knex_insert(
    const struct migration *const *list, size_t count, struct db *db);

/* Give a lock back that we left. */
int knex_give_left(const struct migration *m, struct db *db);

#endif
