#include "refusal.h"

#include <string.h>

static bool turns_strings_off(const struct sql *, size_t);
static bool mentions(const struct sql *, size_t, const char *);

const char *
refusal_of(const struct sql *sql, size_t n, bool inside)
{
	enum sql_kind kind = sql->statements[n].kind;

	if (kind == SQL_PREPARE)
		return "PREPARE TRANSACTION leaves a transaction behind that "
		       "no history row can belong to; use COMMIT";
	if (kind == SQL_ALONE && inside)
		return "this statement refuses a transaction, and stands "
		       "between BEGIN and COMMIT; move it out";
	if (sql_begins(sql, n, "DISCARD ALL"))
		return "DISCARD ALL would give up the migration lock; leave "
		       "it out: what a script sets is reset behind it";
	if (turns_strings_off(sql, n))
		return "with standard_conforming_strings off the script "
		       "means something else than it says; use E'' strings";
	return NULL;
}

/* standard_conforming_strings, set to off or false. */
static bool
turns_strings_off(const struct sql *sql, size_t i)
{
	if (!sql_begins(sql, i, "SET STANDARD_CONFORMING_STRINGS") &&
	    !sql_begins(sql, i, "SET SESSION STANDARD_CONFORMING_STRINGS"))
		return false;
	return mentions(sql, i, "off") || mentions(sql, i, "false");
}

static bool
mentions(const struct sql *sql, size_t i, const char *word)
{
	const struct sql_statement *s = &sql->statements[i];
	size_t at, len = strlen(word);

	for (at = s->begin; at + len <= s->end; at++)
		if (strncasecmp(sql->text + at, word, len) == 0)
			return true;
	return false;
}
