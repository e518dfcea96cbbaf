/*
 * built - a guard behind CREATE INDEX CONCURRENTLY: is there what it names?
 *
 * IF NOT EXISTS is content with whatever bears the name: another table's
 * index, or an invalid one.  The guard is two statements in one transaction,
 * best in the one that notes the step, so that no answer is waited for: the
 * first takes the names as values, the second raises.
 *
 *	if (built_names(&script, step, names) == 0) {
 *		send(BUILT_NAMES, 2, names);
 *		send(BUILT_GUARD, 0, NULL);
 *	}
 */
#ifndef MG_BUILT_H
#define MG_BUILT_H

#include <stddef.h>

#include "script.h"

#define BUILT_NAMES                                \
	"SELECT set_config('mg.table', $1, true)," \
	" set_config('mg.index', $2, true)"

#define BUILT_GUARD                                                            \
	"DO $$ DECLARE tab text := current_setting('mg.table');"               \
	" name text := current_setting('mg.index');"                           \
	" BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_index i"              \
	" JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"                  \
	" WHERE i.indrelid = pg_catalog.to_regclass(tab) AND i.indisvalid"     \
	" AND c.relname = (pg_catalog.parse_ident(name))[1]::pg_catalog.name)" \
	" THEN RAISE EXCEPTION USING"                                          \
	" ERRCODE = 'object_not_in_prerequisite_state',"                       \
	" MESSAGE = pg_catalog.format("                                        \
	"'no valid index %s on %s has come of it', name, tab),"                \
	" HINT = 'IF NOT EXISTS is content with whatever bears the name, "     \
	"so drop or rename that'; END IF; END $$"

/*
 * The table and the index, yours to free, if this step of the script builds
 * one by name.  Returns 0, or -1 if it does not.
 */
int built_names(const struct script *s, size_t step, char *names[2]);

#endif
