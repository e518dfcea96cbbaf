/*
 * insert - the rows of a query's result as INSERT statements
 *
 *	db_query(&db, "SELECT id, name FROM a ORDER BY id", 0, NULL);
 *	insert_write("INSERT INTO a (id, name) VALUES", "nt", &db, stdout);
 */
#ifndef MG_INSERT_H
#define MG_INSERT_H

#include <stddef.h>
#include <stdio.h>

#include "db.h"

/*
 * Write statements of bounded size.  start is how each begins, kinds has a
 * letter for each column: n for what needs no quotes, b for a boolean, t for
 * all else.  Without columns it is a statement for each row.
 */
void insert_write(
    const char *start, const char *kinds, const struct db *db, FILE *out);

/*
 * Write a value, NULL for a null, as a literal; returns about how many bytes
 * that took.
 */
size_t insert_value(char kind, const char *value, FILE *out);

#endif
