/*
 * entry - what a statement that pg_dump wrote is about
 *
 *	for (i = 0; i < sql.count && !entry_follows_rows(&sql, i); i++)
 *		use(sql.statements[i]);
 */
#ifndef MG_ENTRY_H
#define MG_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "sql.h"

/* Is statement n exactly this text? */
bool entry_reads(const struct sql *sql, size_t n, const char *text);

/* Is it a SET of that setting, written as pg_dump does? */
bool entry_sets(const struct sql *sql, size_t n, const char *setting);

/* Is it the COMMENT ON EXTENSION of that one? */
bool entry_comments(const struct sql *sql, size_t n, const char *extension);

/*
 * May it be the first that pg_dump puts behind the rows?  It has no statement
 * of such a kind before them.
 */
bool entry_follows_rows(const struct sql *sql, size_t n);

#endif
