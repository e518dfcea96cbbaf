/*
 * built - a guard behind CREATE INDEX CONCURRENTLY: is there what it names?
 *
 * IF NOT EXISTS is content with whatever bears the name: another table's
 * index, or an invalid one.  The guard raises then (raising.h), best in the
 * transaction that notes the step, so that no answer is waited for.
 *
 *	if (built_names(&script, step, names) == 0)
 *		send(BUILT_GUARD, 2, names);
 */
#ifndef MG_BUILT_H
#define MG_BUILT_H

#include <stddef.h>

#include "raising.h"
#include "script.h"

/* $1 table, $2 index, as the script spells them */
#define BUILT_GUARD                                                          \
	"SELECT CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_index i"         \
	" JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"                \
	" WHERE i.indrelid = pg_catalog.to_regclass($1) AND i.indisvalid"    \
	" AND c.relname = (pg_catalog.parse_ident($2))[1]::pg_catalog.name)" \
	" THEN 0 ELSE " RAISE("55000",                                       \
	    "'no valid index ', $2, ' on ', $1, ' has come of it" RAISE_HINT \
	    "IF NOT EXISTS is content with whatever bears the name, so drop" \
	    " or rename that'") " END"

/*
 * The table and the index, yours to free, if this step of the script builds
 * one by name.  Returns 0, or -1 if it does not.
 */
int built_names(const struct script *s, size_t step, char *names[2]);

#endif
