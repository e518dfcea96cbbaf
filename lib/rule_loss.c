/* Rules for what gets lost, or another name. */
#include <string.h>

#include "rule_private.h"

void
rule_drop_column(struct lint *l, size_t n)
{
	struct alter a;

	if (alter_start(&a, l, n))
		while (alter_next(&a, "AT_DropColumn"))
			lint_tell(l, a.at,
			    "%s and all that it holds is lost, and clients "
			    "that still name it fail; drop it when none does",
			    a.name);
}

void
rule_drop_table(struct lint *l, size_t n)
{
	struct drop d;

	for (drop_start(&d, l, n, "OBJECT_TABLE"); drop_next(&d);)
		if (!known_fresh(&l->known, d.relation))
			lint_tell(l, lint_begin(l, n),
			    "%s and all that it holds is lost, and clients "
			    "that still name it fail; drop it when none does",
			    d.name);
}

void
rule_drop_database(struct lint *l, size_t n)
{
	if (lint_node(l, n, "DropdbStmt") != NULL)
		lint_tell(l, lint_begin(l, n),
		    "a database is lost with all that it holds; no migration "
		    "should do that");
}

void
rule_truncate_cascade(struct lint *l, size_t n)
{
	json_t *node = lint_node(l, n, "TruncateStmt");

	if (strcmp(lint_string(node, "behavior"), "DROP_CASCADE") == 0)
		lint_tell(l, lint_begin(l, n),
		    "it empties every table that refers to these, too; name "
		    "them instead of CASCADE");
}

void
rule_cascade(struct lint *l, size_t n)
{
	json_t *node = lint_node(l, n, "DropStmt");
	struct alter a;

	if (strcmp(lint_string(node, "behavior"), "DROP_CASCADE") == 0)
		lint_tell(l, lint_begin(l, n),
		    "it drops what depends on it, too, whatever that is; drop "
		    "that by name, before it");
	if (!alter_start(&a, l, n))
		return;
	while (alter_next(&a, NULL))
		if (strcmp(lint_string(a.command, "behavior"),
			"DROP_CASCADE") == 0)
			lint_tell(l, a.at,
			    "it drops what depends on %s, too, whatever that "
			    "is; drop that by name, before it",
			    a.name);
}

void
rule_rename_column(struct lint *l, size_t n)
{
	json_t *node = lint_node(l, n, "RenameStmt");

	if (strcmp(lint_string(node, "renameType"), "OBJECT_COLUMN") == 0 &&
	    strcmp(lint_string(node, "relationType"), "OBJECT_TABLE") == 0 &&
	    !known_fresh(&l->known, json_object_get(node, "relation")))
		lint_tell(l, lint_begin(l, n),
		    "clients that still name %s fail, and those that know %s "
		    "failed before; add a column, and change over",
		    lint_string(node, "subname"), lint_string(node, "newname"));
}

void
rule_rename_table(struct lint *l, size_t n)
{
	json_t *node = lint_node(l, n, "RenameStmt");
	json_t *relation = json_object_get(node, "relation");

	if (strcmp(lint_string(node, "renameType"), "OBJECT_TABLE") == 0 &&
	    !known_fresh(&l->known, relation))
		lint_tell(l, lint_begin(l, n),
		    "clients that still name %s fail; leave a view of that "
		    "name until none does",
		    lint_string(relation, "relname"));
}

void
rule_rename_value(struct lint *l, size_t n)
{
	json_t *node = lint_node(l, n, "AlterEnumStmt");

	if (*lint_string(node, "oldVal") != '\0')
		lint_tell(l, lint_begin(l, n),
		    "clients that still say '%s' fail; add a value, and "
		    "change over",
		    lint_string(node, "oldVal"));
}
