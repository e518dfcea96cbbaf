/*
 * object - the indexes, tables and partitions that a statement names
 *
 * Names come as they are written, quoted or qualified, which to_regclass() and
 * parse_ident() on the server understand; U&"names" they do not, and here
 * these count as none.  What a function returns is the caller's to free.
 */
#ifndef MG_OBJECT_H
#define MG_OBJECT_H

#include "sql.h"

/*
 * The index in CREATE, DROP or REINDEX INDEX, qualified but for CREATE.  Of
 * several the first.  NULL if statement n names none.
 */
char *object_index(const struct sql *sql, size_t n);

/* The table in CREATE INDEX, NULL else: its schema is the index's too. */
char *object_table(const struct sql *sql, size_t n);

/*
 * What REINDEX is about, as static text: INDEX, TABLE, SCHEMA, DATABASE or
 * SYSTEM.  *name is NULL where it has none.  NULL if it is no REINDEX.
 */
const char *object_reindexed(const struct sql *sql, size_t n, char **name);

/*
 * The partition that ALTER TABLE detaches CONCURRENTLY, and its parent, which
 * is NULL if there is none.
 */
char *object_detached(const struct sql *sql, size_t n, char **parent);

#endif
