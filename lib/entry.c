#include "entry.h"

#include <string.h>

#include "token.h"

static bool names(const struct tokens *, const char *);
static bool changes_after(const struct sql *, size_t);
static struct tokens tokens_of(const struct sql *, size_t);

bool
entry_reads(const struct sql *sql, size_t i, const char *text)
{
	const struct sql_statement *s = &sql->statements[i];
	size_t len = strlen(text);

	return s->end - s->begin == len &&
	    strncmp(sql->text + s->begin, text, len) == 0;
}

bool
entry_sets(const struct sql *sql, size_t i, const char *name)
{
	struct tokens t = tokens_of(sql, i);
	size_t len = strlen(name);

	return token_take(&t, "SET") && t.end - t.begin == len &&
	    strncmp(sql->text + t.begin, name, len) == 0;
}

bool
entry_comments(const struct sql *sql, size_t i, const char *extension)
{
	struct tokens t = tokens_of(sql, i);

	return token_take(&t, "COMMENT") && token_take(&t, "ON") &&
	    token_take(&t, "EXTENSION") && names(&t, extension);
}

bool
entry_follows_rows(const struct sql *sql, size_t i)
{
	static const char *const kinds[] = { "CREATE INDEX",
		"CREATE UNIQUE INDEX", "ALTER INDEX", "CREATE TRIGGER",
		"CREATE CONSTRAINT TRIGGER", "CREATE RULE", "CREATE POLICY",
		"CREATE STATISTICS", "CREATE PUBLICATION", "ALTER PUBLICATION",
		"CREATE OR REPLACE VIEW", "ALTER DEFAULT PRIVILEGES" };
	size_t n;

	for (n = 0; n < sizeof(kinds) / sizeof(*kinds); n++)
		if (sql_begins(sql, i, kinds[n]))
			return true;
	return changes_after(sql, i);
}

/* Is the token this name, quoted or not? */
static bool
names(const struct tokens *t, const char *name)
{
	const char *p = t->text + t->begin, *end = t->text + t->end;
	bool quoted = t->kind == TOKEN_NAME;

	if (quoted) {
		p++;
		end--;
	}
	for (; p < end && *p == *name; p++, name++)
		if (quoted && *p == '"')
			p++;
	return p == end && *name == '\0';
}

/* ALTER of a table or domain that adds a constraint, or turns something on. */
static bool
changes_after(const struct sql *sql, size_t i)
{
	struct tokens t = tokens_of(sql, i);

	if (!token_take(&t, "ALTER"))
		return false;
	if (!token_take(&t, "TABLE") && !token_take(&t, "DOMAIN"))
		return false;
	(void)token_take(&t, "ONLY");
	do
		token_step(&t);
	while (token_take(&t, "."));
	return token_is(&t, "ENABLE") || token_is(&t, "DISABLE") ||
	    token_is(&t, "CLUSTER") ||
	    (token_is(&t, "ADD") && token_next_is(&t, "CONSTRAINT"));
}

static struct tokens
tokens_of(const struct sql *sql, size_t i)
{
	struct tokens t;

	token_start(
	    &t, sql->text, sql->statements[i].begin, sql->statements[i].end);
	return t;
}
