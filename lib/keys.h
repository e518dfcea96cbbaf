/*
 * keys - what CREATE INDEX builds an index on, as the statement writes it
 *
 *	if (keys_read(&k, &sql, n) == 0)
 *		use(k.table, k.list, k.count);
 *	keys_free(&k);
 */
#ifndef MG_KEYS_H
#define MG_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "sql.h"

struct keys {
	char *table; /* never NULL once read */
	/* Columns and expressions, without collation, class or order. */
	char **list;
	size_t count;
	char *where; /* the predicate, or NULL */
	bool unique;
	bool nulls_equal; /* NULLS NOT DISTINCT */
	bool simple;      /* columns, and no word beyond them */
};

/*
 * Returns 0, or -1 if statement n is no CREATE INDEX or in no known form.
 * keys_free is due after either.
 */
int keys_read(struct keys *k, const struct sql *sql, size_t n);

/*
 * SQL that tells of an index, pg_index i and pg_class c, whether the server
 * itself named it and it is on these columns, a text[] as in list, where that
 * is simple.
 */
#define KEYS_INDEXED(columns)                                           \
	"c.relname ~ '_idx[0-9]*$' AND i.indexprs IS NULL"              \
	" AND i.indpred IS NULL AND 0 = ALL (i.indoption)"              \
	" AND c.relam = (SELECT oid FROM pg_am WHERE amname = 'btree')" \
	" AND ARRAY(SELECT attname FROM pg_attribute"                   \
	"  JOIN unnest(i.indkey) WITH ORDINALITY AS k (num, pos)"       \
	"  ON attrelid = i.indrelid AND attnum = num ORDER BY pos)"     \
	" = ARRAY(SELECT (parse_ident(name))[1]::name"                  \
	"  FROM unnest(" columns                                        \
	"::text[]) WITH ORDINALITY AS k (name, pos) ORDER BY pos)"

/* Harmless on { 0 } and twice. */
void keys_free(struct keys *k);

#endif
