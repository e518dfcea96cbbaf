/* Rules for transactions. */
#include <string.h>

#include "enum.h"
#include "kind.h"
#include "refusal.h"
#include "rule_private.h"

static void refuse(struct lint *, bool);

/* AND CHAIN leaves open what it ends. */
void
rule_uncommitted(struct lint *l)
{
	const struct sql_statement *s = l->sql.statements;
	size_t i, begun = l->sql.count;

	for (i = 0; i < l->sql.count; i++)
		if (s[i].kind == SQL_BEGIN && begun == l->sql.count)
			begun = i;
		else if (s[i].kind == SQL_COMMIT || s[i].kind == SQL_ROLLBACK)
			begun = s[i].chain ? i : l->sql.count;
	if (begun == l->sql.count)
		return;
	l->n = begun;
	lint_tell(l, s[begun].begin,
	    "the transaction that begins here is never ended, and all of it "
	    "is lost; add COMMIT");
}

void
rule_nesting(struct lint *l)
{
	const struct sql_statement *s = l->sql.statements;
	bool open = false, ends;

	for (l->n = 0; l->n < l->sql.count; l->n++) {
		ends =
		    s[l->n].kind == SQL_COMMIT || s[l->n].kind == SQL_ROLLBACK;
		if (s[l->n].kind == SQL_BEGIN && open)
			lint_tell(l, s[l->n].begin,
			    "a transaction is open already: the server only "
			    "warns, and the first COMMIT ends it");
		else if (ends && !open)
			lint_tell(l, s[l->n].begin,
			    "it ends a transaction that the script did not "
			    "begin: what is above it stays when what is below "
			    "fails");
		if (s[l->n].kind == SQL_BEGIN)
			open = true;
		else if (ends)
			open = s[l->n].chain;
	}
}

void
rule_own_transaction(struct lint *l)
{
	if (l->plan.error != NULL || l->plan.reason == NULL)
		return;
	l->n = l->plan.at;
	if (l->sql.statements[l->n].kind == SQL_COMMIT ||
	    l->sql.statements[l->n].kind == SQL_ROLLBACK)
		lint_tell(l, lint_begin(l, l->n),
		    "the migration is not atomic: when what is below fails, "
		    "what is above stays; leave BEGIN and COMMIT out, or make "
		    "two migrations of it");
}

void
rule_concurrent_in_transaction(struct lint *l)
{
	refuse(l, true);
}

void
rule_cannot_share(struct lint *l)
{
	refuse(l, false);
}

void
rule_refused(struct lint *l, size_t n)
{
	const char *why = refusal_of(&l->sql, n, false);

	if (why != NULL)
		lint_tell(l, lint_begin(l, n), "%s", why);
}

void
rule_enum_value(struct lint *l)
{
	struct enum_added added = { 0 };

	for (l->n = 0; l->n < l->sql.count; l->n++) {
		if (enum_uses(&added, &l->sql, l->n))
			lint_tell(l, lint_begin(l, l->n),
			    "it uses an enum value that this transaction adds, "
			    "which the server refuses (55P04); use it in a "
			    "later migration");
		enum_add(&added, &l->sql, l->n);
		switch (l->sql.statements[l->n].kind) {
		case SQL_COMMIT:
		case SQL_ROLLBACK:
		case SQL_ALONE:
			enum_forget(&added);
			break;
		default:
			break;
		}
	}
	enum_forget(&added);
}

/* What refuses a transaction: if index, CREATE INDEX, else all others. */
static void
refuse(struct lint *l, bool index)
{
	const struct sql_statement *s = l->sql.statements;
	bool open = false;

	for (l->n = 0; l->n < l->sql.count; l->n++) {
		if (s[l->n].kind == SQL_BEGIN)
			open = true;
		else if (s[l->n].kind == SQL_COMMIT ||
		    s[l->n].kind == SQL_ROLLBACK)
			open = s[l->n].chain;
		if (s[l->n].kind != SQL_ALONE ||
		    (strcmp(kind_word(&l->sql, l->n), "create-index") == 0) !=
			index)
			continue;
		if (open)
			lint_tell(l, s[l->n].begin,
			    "it refuses a transaction, and stands between "
			    "BEGIN "
			    "and COMMIT; move it out");
		else if (l->sql.count > 1)
			lint_tell(l, s[l->n].begin,
			    "it refuses a transaction, and Prisma sends a "
			    "script as one; give it a migration of its own");
	}
}
