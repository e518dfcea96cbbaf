/* Rules for rows. */
#include <string.h>

#include "rule_private.h"

static json_t *changed(json_t *);
static bool locks(const struct lint *, size_t);
static bool drops(const struct lint *, json_t *);

void
rule_data(struct lint *l)
{
	json_t *relation;
	size_t i;

	for (i = 0; i < l->sql.count && !locks(l, i); i++)
		continue;
	if (i == l->sql.count)
		return;
	for (l->n = 0; l->n < l->sql.count; l->n++) {
		relation = changed(l->trees[l->n].tree);
		if (relation != NULL && !known_fresh(&l->known, relation))
			lint_tell(l, lint_begin(l, l->n),
			    "it changes rows of %s in a migration that also "
			    "changes tables, which stay locked as long; give "
			    "it a migration of its own",
			    lint_string(relation, "relname"));
	}
}

void
rule_no_where(struct lint *l, size_t n)
{
	json_t *update = lint_node(l, n, "UpdateStmt");
	json_t *node = update == NULL ? lint_node(l, n, "DeleteStmt") : update;
	json_t *relation = json_object_get(node, "relation");

	if (node != NULL && json_object_get(node, "whereClause") == NULL &&
	    !known_fresh(&l->known, relation))
		lint_tell(l, lint_begin(l, n),
		    "it %s every row of %s; say which, or WHERE true if all "
		    "are meant",
		    update == NULL ? "deletes" : "writes",
		    lint_string(relation, "relname"));
}

void
rule_whole_table(struct lint *l, size_t n)
{
	json_t *option;
	bool whole = lint_node(l, n, "ClusterStmt") != NULL;
	size_t i;

	json_array_foreach(
	    json_object_get(lint_node(l, n, "VacuumStmt"), "options"), i,
	    option) whole |=
	    strcmp(lint_string(json_object_get(option, "DefElem"), "defname"),
		"full") == 0;
	if (whole)
		lint_tell(l, lint_begin(l, n),
		    "nobody can use the table until it is written anew; "
		    "pg_repack does that beside its users");
}

/*
 * The relation whose rows a statement changes, NULL if it changes none, or no
 * more than it says itself.
 */
static json_t *
changed(json_t *tree)
{
	static const char *const nodes[] = { "UpdateStmt", "DeleteStmt",
		"MergeStmt" };
	json_t *node;
	size_t i;

	for (i = 0; i < sizeof(nodes) / sizeof(*nodes); i++)
		if ((node = json_object_get(tree, nodes[i])) != NULL)
			return json_object_get(node, "relation");
	if ((node = json_object_get(tree, "TruncateStmt")) != NULL)
		return json_object_get(
		    json_array_get(json_object_get(node, "relations"), 0),
		    "RangeVar");
	node = json_object_get(tree, "InsertStmt");
	return json_object_get(
		   json_object_get(
		       json_object_get(node, "selectStmt"), "SelectStmt"),
		   "fromClause") == NULL
	    ? NULL
	    : json_object_get(node, "relation");
}

/* Does it lock a table that may have rows, against all others? */
static bool
locks(const struct lint *l, size_t n)
{
	static const char *const nodes[] = { "AlterTableStmt", "RenameStmt",
		"IndexStmt" };
	json_t *node, *relation;
	size_t i;

	if (l->sql.statements[n].concurrent)
		return false;
	for (i = 0; i < sizeof(nodes) / sizeof(*nodes); i++)
		if ((node = lint_node(l, n, nodes[i])) != NULL) {
			relation = json_object_get(node, "relation");
			return relation != NULL &&
			    !known_fresh(&l->known, relation);
		}
	return drops(l, lint_node(l, n, "DropStmt"));
}

static bool
drops(const struct lint *l, json_t *drop)
{
	const char *type = lint_string(drop, "removeType");
	json_t *names, *relation;
	bool fresh;
	size_t i;

	if (strcmp(type, "OBJECT_INDEX") == 0)
		return true;
	if (strcmp(type, "OBJECT_TABLE") != 0)
		return false;
	json_array_foreach(json_object_get(drop, "objects"), i, names)
	{
		relation = known_relation(names);
		fresh = known_fresh(&l->known, relation);
		json_decref(relation);
		if (!fresh)
			return true;
	}
	return false;
}
