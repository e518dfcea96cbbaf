#include "object.h"

#include <stdlib.h>

#include "mem.h"

static bool take_index(struct tokens *);
static char *take_name(struct tokens *);

char *
object_index(const struct sql *sql, size_t n)
{
	struct tokens t = sql_tokens(sql, n);

	return take_index(&t) && !token_is(&t, "ON") ? take_name(&t) : NULL;
}

char *
object_table(const struct sql *sql, size_t n)
{
	struct tokens t = sql_tokens(sql, n);
	size_t begin, end;

	if (!token_is(&t, "CREATE") || !take_index(&t))
		return NULL;
	if (!token_is(&t, "ON"))
		(void)token_take_name(&t, &begin, &end);
	if (!token_take(&t, "ON"))
		return NULL;
	(void)token_take(&t, "ONLY");
	return take_name(&t);
}

const char *
object_reindexed(const struct sql *sql, size_t n, char **name)
{
	static const char *const kinds[] = { "INDEX", "TABLE", "SCHEMA",
		"DATABASE", "SYSTEM" };
	struct tokens t = sql_tokens(sql, n);
	size_t i;

	*name = NULL;
	if (!token_take(&t, "REINDEX"))
		return NULL;
	(void)token_skip_list(&t);
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (token_take(&t, kinds[i])) {
			(void)token_take(&t, "CONCURRENTLY");
			*name = take_name(&t);
			return kinds[i];
		}
	return NULL;
}

char *
object_detached(const struct sql *sql, size_t n, char **parent)
{
	struct tokens t = sql_tokens(sql, n);

	*parent = NULL;
	if (!sql->statements[n].concurrent || !token_take(&t, "ALTER") ||
	    !token_take(&t, "TABLE"))
		return NULL;
	if (token_next_is(&t, "EXISTS") && token_take(&t, "IF"))
		(void)token_take(&t, "EXISTS");
	(void)token_take(&t, "ONLY");
	*parent = take_name(&t);
	(void)token_take(&t, "*");
	if (*parent != NULL && token_take(&t, "DETACH") &&
	    token_take(&t, "PARTITION"))
		return take_name(&t);
	free(*parent);
	*parent = NULL;
	return NULL;
}

/* To the name of the index, or where it would stand. */
static bool
take_index(struct tokens *t)
{
	if (token_take(t, "CREATE"))
		(void)token_take(t, "UNIQUE");
	else if (token_take(t, "REINDEX"))
		(void)token_skip_list(t);
	else if (!token_take(t, "DROP"))
		return false;
	if (!token_take(t, "INDEX"))
		return false;
	(void)token_take(t, "CONCURRENTLY");
	if (token_next_is(t, "NOT") || token_next_is(t, "EXISTS")) {
		(void)token_take(t, "IF");
		(void)token_take(t, "NOT");
		(void)token_take(t, "EXISTS");
	}
	return true;
}

static char *
take_name(struct tokens *t)
{
	struct tokens first = *t;
	size_t begin, end;

	if (!token_take_name(t, &begin, &end))
		return NULL;
	for (; first.begin < end; token_step(&first))
		if (first.kind == TOKEN_NAME && t->text[first.begin] != '"')
			return NULL;
	return mem_copy_bytes(t->text + begin, end - begin);
}
