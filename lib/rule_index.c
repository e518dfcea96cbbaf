/* Rules for indexes and for what belongs to which track. */
#include <stdlib.h>
#include <string.h>

#include "kind.h"
#include "rule_private.h"

bool
index_waits(const struct lint *l, size_t n)
{
	char *why;

	if (l->text->track != LINT_SCHEMA || !defer_is_index(&l->sql, n))
		return false;
	why = defer_refusal(&l->defer, n, false);
	free(why);
	return why == NULL;
}

/* An index that the schema track has made, it may also drop. */
void
rule_index_in_schema(struct lint *l, size_t n)
{
	struct drop d;

	if (index_waits(l, n))
		lint_tell(l, lint_begin(l, n),
		    "this index may wait until rows are loaded; move it to the "
		    "index track");
	for (drop_start(&d, l, n, "OBJECT_INDEX"); drop_next(&d);)
		if (known_index(&l->known, d.name) == KNOWN_NOT)
			lint_tell(l, lint_begin(l, n),
			    "the index %s comes from the index track, which "
			    "may be behind; drop it there",
			    d.name);
}

void
rule_schema_in_index(struct lint *l, size_t n)
{
	static const char *const allowed[] = { "begin", "commit", "rollback",
		"savepoint", "set", "reset", "analyze" };
	const char *word = kind_word(&l->sql, n);
	size_t i;

	if (defer_is_index(&l->sql, n) || sql_is_set_config(&l->sql, n) ||
	    sql_begins(&l->sql, n, "COMMENT ON INDEX"))
		return;
	for (i = 0; i < sizeof(allowed) / sizeof(*allowed); i++)
		if (strcmp(word, allowed[i]) == 0)
			return;
	lint_tell(l, lint_begin(l, n),
	    "this is no index statement; move it to the schema track");
}

/* On ONLY a partitioned table nothing is built. */
void
rule_create_index(struct lint *l, size_t n)
{
	json_t *node = lint_node(l, n, "IndexStmt");
	json_t *relation = json_object_get(node, "relation");

	if (node == NULL || lint_true(node, "concurrent") ||
	    !lint_true(relation, "inh") || known_fresh(&l->known, relation) ||
	    index_waits(l, n))
		return;
	if (known_partitioned(&l->known, relation))
		lint_tell(l, lint_begin(l, n),
		    "nobody can write to %s until the index is built; create "
		    "it ON ONLY the table, then CONCURRENTLY on each "
		    "partition, "
		    "and attach these",
		    lint_string(relation, "relname"));
	else
		lint_tell(l, lint_begin(l, n),
		    "nobody can write to %s until the index is built; write "
		    "CREATE INDEX CONCURRENTLY, in a migration of its own",
		    lint_string(relation, "relname"));
}

void
rule_partitioned(struct lint *l, size_t n)
{
	json_t *node = lint_node(l, n, "IndexStmt");
	json_t *relation = json_object_get(node, "relation");

	if (lint_true(node, "concurrent") &&
	    known_partitioned(&l->known, relation))
		lint_tell(l, lint_begin(l, n),
		    "%s is partitioned, and the server refuses CONCURRENTLY; "
		    "create it ON ONLY the table, then CONCURRENTLY on each "
		    "partition, and attach these",
		    lint_string(relation, "relname"));
}

void
rule_drop_index(struct lint *l, size_t n)
{
	struct drop d;

	if (lint_true(lint_node(l, n, "DropStmt"), "concurrent"))
		return;
	for (drop_start(&d, l, n, "OBJECT_INDEX"); drop_next(&d);)
		if (known_index(&l->known, d.name) != KNOWN_HERE)
			lint_tell(l, lint_begin(l, n),
			    "it waits for all who use the table of %s, and all "
			    "others wait for it; write DROP INDEX "
			    "CONCURRENTLY, in a migration of its own",
			    d.name);
}

void
rule_reindex(struct lint *l, size_t n)
{
	if (lint_node(l, n, "ReindexStmt") != NULL &&
	    !l->sql.statements[n].concurrent)
		lint_tell(l, lint_begin(l, n),
		    "nobody can write until the indexes are built; write "
		    "REINDEX … CONCURRENTLY");
}

void
rule_detach(struct lint *l, size_t n)
{
	struct alter a;

	if (alter_start(&a, l, n))
		while (alter_next(&a, "AT_DetachPartition"))
			if (!lint_true(a.def, "concurrent"))
				lint_tell(l, a.at,
				    "it waits for all who use %s, and all "
				    "others wait for it; write DETACH "
				    "PARTITION … CONCURRENTLY",
				    a.table);
}
