/*
 * knex_private - what the parts of knex share; for nobody else
 *
 * knex.c compares histories, knex_table.c has the SQL of knex's table and of
 * its lock.
 */
#ifndef MG_KNEX_PRIVATE_H
#define MG_KNEX_PRIVATE_H

#include "knex.h"

/* All return 0, or -1 with db->error set. */

/* Create what is missing of them. */
int knex_create(const char *table, struct db *db);

/* The names that they have: rows for db_value. */
int knex_names(const char *table, struct db *db);

/* Write a row of each that has none. */
int knex_insert(
    const char *table, struct db *db, const char *const *names, size_t count);

#endif
