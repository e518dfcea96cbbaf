/* Rules for constraints that come to a table with rows. */
#include <string.h>

#include "rule_private.h"

static void build(struct lint *, size_t, const char *, const char *);
static void validate(struct lint *, size_t);
static bool ends(const struct lint *, size_t);
static bool adds(const struct lint *, size_t, const char *, const char *);

void
rule_add_foreign_key(struct lint *l, size_t n)
{
	struct added c;

	if (added_start(&c, l, n))
		while (added_next(&c, "CONSTR_FOREIGN"))
			if (!lint_true(c.constraint, "skip_validation"))
				lint_tell(l, c.at,
				    "nobody can write to %s and %s until all "
				    "rows are checked; add it NOT VALID, and "
				    "VALIDATE CONSTRAINT in a later migration",
				    c.alter.table,
				    lint_string(json_object_get(
						    c.constraint, "pktable"),
					"relname"));
}

void
rule_add_check(struct lint *l, size_t n)
{
	struct added c;

	if (added_start(&c, l, n))
		while (added_next(&c, "CONSTR_CHECK"))
			if (!lint_true(c.constraint, "skip_validation"))
				lint_tell(l, c.at,
				    "nobody can use %s until all rows are "
				    "checked; add it NOT VALID, and VALIDATE "
				    "CONSTRAINT in a later migration",
				    c.alter.table);
	validate(l, n);
}

void
rule_add_unique(struct lint *l, size_t n)
{
	build(l, n, "CONSTR_UNIQUE", "UNIQUE");
}

void
rule_add_primary_key(struct lint *l, size_t n)
{
	build(l, n, "CONSTR_PRIMARY", "PRIMARY KEY");
}

/* It cannot be made of an index that is there. */
void
rule_add_exclusion(struct lint *l, size_t n)
{
	struct added c;

	if (added_start(&c, l, n))
		while (added_next(&c, "CONSTR_EXCLUSION"))
			lint_tell(l, c.at,
			    "nobody can use %s until its index is built, and "
			    "there is no other way; choose a quiet hour",
			    c.alter.table);
}

static void
build(struct lint *l, size_t n, const char *type, const char *words)
{
	struct added c;

	if (added_start(&c, l, n))
		while (added_next(&c, type))
			if (*lint_string(c.constraint, "indexname") == '\0')
				lint_tell(l, c.at,
				    "nobody can use %s until its index is "
				    "built; build a unique index CONCURRENTLY, "
				    "then add %s USING INDEX",
				    c.alter.table, words);
}

/* Nothing is won where the transaction that adds it has its locks still. */
static void
validate(struct lint *l, size_t n)
{
	struct alter a;
	size_t i;

	if (!alter_start(&a, l, n))
		return;
	while (alter_next(&a, "AT_ValidateConstraint"))
		for (i = n; i-- > 0 && !ends(l, i);)
			if (adds(l, i, a.table, a.name)) {
				lint_tell(l, a.at,
				    "nobody can use %s until all rows are "
				    "checked, as the same transaction adds the "
				    "constraint; validate it in a later "
				    "migration",
				    a.table);
				break;
			}
}

static bool
ends(const struct lint *l, size_t n)
{
	enum sql_kind kind = l->sql.statements[n].kind;

	return kind == SQL_COMMIT || kind == SQL_ROLLBACK || kind == SQL_ALONE;
}

/* Does statement n add this constraint to this table? */
static bool
adds(const struct lint *l, size_t n, const char *table, const char *name)
{
	struct alter a;

	if (!alter_start(&a, l, n) || strcmp(a.table, table) != 0)
		return false;
	while (alter_next(&a, "AT_AddConstraint"))
		if (strcmp(lint_string(a.def, "conname"), name) == 0)
			return true;
	return false;
}
