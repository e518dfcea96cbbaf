/* Rules for what lasts: settings, locks, what was done before a failure. */
#include <string.h>

#include "rule_private.h"

static bool is_reset(const struct lint *, size_t, const char *);
static bool is_robust(const struct lint *, size_t, json_t *);
static void note_locks(const struct lint *, size_t);
static void note_lock(const struct lint *, json_t *);

/* Only where what was done before the failure stays. */
void
rule_robust(struct lint *l, size_t n)
{
	bool concurrent = l->sql.statements[n].concurrent;
	json_t *node = lint_node(l, n, "IndexStmt");

	if (l->plan.error != NULL || l->plan.atomic ||
	    is_robust(l, n, l->trees[n].tree))
		return;
	if (node != NULL && *lint_string(node, "idxname") == '\0')
		lint_tell(l, lint_begin(l, n),
		    "each run makes another index; give it a name, and IF NOT "
		    "EXISTS");
	else
		lint_tell(l, lint_begin(l, n),
		    "%s, and running it again fails here; add IF EXISTS or IF "
		    "NOT EXISTS",
		    concurrent ? "it may be done when the migration fails"
			       : "the migration is not atomic");
}

void
rule_setting(struct lint *l, size_t n)
{
	char reset[128];
	size_t i;

	if (sql_setting(&l->sql, n, reset, sizeof(reset)) == -1)
		return;
	for (i = n + 1; i < l->sql.count; i++)
		if (is_reset(l, i, reset))
			return;
	lint_tell(l, lint_begin(l, n),
	    "it lasts into the migrations behind this one; write SET LOCAL, "
	    "or %s at the end",
	    reset);
}

/* A foreign key alone needs two. */
void
rule_many_tables(struct lint *l, size_t n)
{
	size_t before = json_object_size(l->locked);

	switch (l->sql.statements[n].kind) {
	case SQL_COMMIT:
	case SQL_ROLLBACK:
	case SQL_ALONE:
		(void)json_object_clear(l->locked);
		return;
	default:
		break;
	}
	note_locks(l, n);
	if (before <= 2 && json_object_size(l->locked) > 2)
		lint_tell(l, lint_begin(l, n),
		    "the third table that this transaction locks: all stay "
		    "locked until its end, and others may wait in a circle; "
		    "make several migrations of it");
}

/* Does statement i undo the setting, as that says: "RESET lock_timeout"? */
static bool
is_reset(const struct lint *l, size_t i, const char *reset)
{
	char upper[128];
	size_t at = 0;

	do
		upper[at] = token_upper(reset[at]);
	while (reset[at++] != '\0');
	return sql_begins(&l->sql, i, upper) ||
	    sql_begins(&l->sql, i, "RESET ALL");
}

/* What has no such form counts as robust. */
static bool
is_robust(const struct lint *l, size_t n, json_t *tree)
{
	static const char *const made[] = { "IndexStmt", "CreateStmt",
		"CreateTableAsStmt", "CreateSeqStmt", "CreateSchemaStmt",
		"CreateExtensionStmt" };
	json_t *node;
	struct alter a;
	size_t i;

	for (i = 0; i < sizeof(made) / sizeof(*made); i++)
		if ((node = json_object_get(tree, made[i])) != NULL)
			return lint_true(node, "if_not_exists") ||
			    known_fresh(
				&l->known, json_object_get(node, "relation"));
	if ((node = json_object_get(tree, "DropStmt")) != NULL)
		return lint_true(node, "missing_ok");
	if (alter_start(&a, l, n))
		while (alter_next(&a, NULL))
			if ((strcmp(a.subtype, "AT_AddColumn") == 0 ||
				strcmp(a.subtype, "AT_DropColumn") == 0 ||
				strcmp(a.subtype, "AT_DropConstraint") == 0) &&
			    !lint_true(a.command, "missing_ok"))
				return false;
	return true;
}

/* The tables that statement n locks against those who write. */
static void
note_locks(const struct lint *l, size_t n)
{
	static const char *const nodes[] = { "AlterTableStmt", "RenameStmt",
		"IndexStmt", "CreateTrigStmt" };
	json_t *names, *relation;
	json_t *drop = lint_node(l, n, "DropStmt");
	struct added c;
	size_t i;

	for (i = 0; i < sizeof(nodes) / sizeof(*nodes); i++)
		note_lock(
		    l, json_object_get(lint_node(l, n, nodes[i]), "relation"));
	if (added_start(&c, l, n))
		while (added_next(&c, "CONSTR_FOREIGN"))
			note_lock(l, json_object_get(c.constraint, "pktable"));
	if (strcmp(lint_string(drop, "removeType"), "OBJECT_TABLE") == 0)
		json_array_foreach(json_object_get(drop, "objects"), i, names)
		{
			relation = known_relation(names);
			note_lock(l, relation);
			json_decref(relation);
		}
}

static void
note_lock(const struct lint *l, json_t *relation)
{
	const char *name = lint_string(relation, "relname");

	if (*name != '\0' && !known_fresh(&l->known, relation))
		(void)json_object_set_new(l->locked, name, json_true());
}
