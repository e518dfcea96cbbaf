/*
 * knex_private - what the parts of knex share; for nobody else
 *
 * knex.c compares histories, knex_table.c has the SQL of knex's table and of
 * its lock.
 */
#ifndef MG_KNEX_PRIVATE_H
#define MG_KNEX_PRIVATE_H

#include "knex.h"

/* The texts of two of those below, the caller's to free. */
char *knex_create_text(const char *table, struct db *db);
char *knex_insert_text(const char *table, struct db *db); /* $1 names */

/* The others return 0, or -1 with db->error set. */

/* Create what is missing of them. */
int knex_create(const char *table, struct db *db);

/* The names that they have: rows for db_value. */
int knex_names(const char *table, struct db *db);

/* Write a row of each that has none. */
int knex_insert(
    const char *table, struct db *db, const char *const *names, size_t count);

#endif
