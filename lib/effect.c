#include "effect.h"

#include <string.h>

#include "alteration.h"
#include "kind.h"
#include "mention.h"

static bool cascades(const struct sql *, size_t);
static bool is_one_of(const char *, const char *const *);
static bool holds(const struct sql *, size_t, const char *, const char *);
static bool mentions(const struct sql *, size_t, uint64_t);
static const char *on_name(const struct sql *, size_t);
static const char *on_table(const struct waiting *, const struct sql *, size_t);
static bool needs_key(const struct waiting *, const struct sql *, size_t);
static bool is_key(const struct waiting *, struct tokens *);

enum effect_kind
effect_of(const struct sql *sql, size_t n)
{
	static const char *const look[] = { "alter-index", "alter-table",
		"alter-materialized-view", "comment", "create-index",
		"create-table", "drop-index", "drop-table",
		"drop-materialized-view", "refresh", "reindex", NULL };
	static const char *const change[] = { "alter-domain", "alter-extension",
		"alter-function", "alter-type", "drop-domain", "drop-extension",
		"drop-function", "drop-type", "other", NULL };
	static const char *const any[] = { "alter-schema", "call", "do",
		"drop-schema", NULL };
	const char *word = kind_word(sql, n);

	if (is_one_of(word, any) || sql_begins(sql, n, "DROP OWNED") ||
	    cascades(sql, n) ||
	    (strcmp(word, "select") == 0 && holds(sql, n, "(", NULL)) ||
	    (strcmp(word, "other") == 0 &&
		sql->statements[n].kind == SQL_OPAQUE))
		return EFFECT_ANY;
	if (strcmp(word, "insert") == 0)
		return holds(sql, n, "ON", "CONFLICT") ? EFFECT_LOOK
						       : EFFECT_NONE;
	if (is_one_of(word, look))
		return EFFECT_LOOK;
	if (strcmp(word, "alter-type") == 0 && holds(sql, n, "ADD", "VALUE"))
		return EFFECT_NONE;
	if (is_one_of(word, change) ||
	    sql_begins(sql, n, "CREATE OR REPLACE FUNCTION"))
		return EFFECT_CHANGE;
	return EFFECT_NONE;
}

const char *
effect_on(const struct waiting *x, const struct sql *sql, size_t n)
{
	if (mentions(sql, n, x->name))
		return on_name(sql, n);
	return mentions(sql, n, x->table) ? on_table(x, sql, n) : NULL;
}

bool
effect_is_kin(const struct sql *sql, size_t n)
{
	static const char *const words[] = { "TEMP", "TEMPORARY", "PARTITION",
		"INHERITS", "INHERIT" };
	struct tokens t = sql_tokens(sql, n);
	size_t i;

	if (!sql_begins(sql, n, "CREATE") && !sql_begins(sql, n, "ALTER TABLE"))
		return false;
	for (; t.kind > TOKEN_ERROR; token_step(&t))
		for (i = 0; i < sizeof(words) / sizeof(*words); i++)
			if (token_is(&t, words[i]))
				return true;
	return false;
}

/* Does it drop what depends on what it drops?  Not ON DELETE CASCADE. */
static bool
cascades(const struct sql *sql, size_t n)
{
	struct tokens t = sql_tokens(sql, n);

	if (!token_is(&t, "DROP") && !token_is(&t, "ALTER"))
		return false;
	while (t.kind > TOKEN_ERROR)
		if (token_take(&t, "DELETE") || token_take(&t, "UPDATE"))
			(void)token_take(&t, "CASCADE");
		else if (token_take(&t, "CASCADE"))
			return true;
		else
			token_step(&t);
	return false;
}

static bool
is_one_of(const char *word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

/* Does the statement hold this word, and the next one behind it? */
static bool
holds(const struct sql *sql, size_t n, const char *word, const char *next)
{
	struct tokens t = sql_tokens(sql, n);

	for (; t.kind > TOKEN_ERROR; token_step(&t))
		if (token_is(&t, word) &&
		    (next == NULL || token_next_is(&t, next)))
			return true;
	return false;
}

static bool
mentions(const struct sql *sql, size_t n, uint64_t key)
{
	struct tokens t = sql_tokens(sql, n);

	for (; t.kind > TOKEN_ERROR; token_step(&t))
		if (mention_key(&t) == key)
			return true;
	return false;
}

static const char *
on_name(const struct sql *sql, size_t n)
{
	if (holds(sql, n, "REPLICA", "IDENTITY"))
		return "it becomes the replica identity";
	if (holds(sql, n, "USING", "INDEX"))
		return "a constraint takes it with USING INDEX";
	if (sql_begins(sql, n, "DROP"))
		return "it is dropped";
	return "a statement names it";
}

static const char *
on_table(const struct waiting *x, const struct sql *sql, size_t n)
{
	const char *word = kind_word(sql, n);

	if (x->unique && strcmp(word, "insert") == 0)
		return holds(sql, n, "ON", "CONFLICT") ? "ON CONFLICT needs it"
						       : NULL;
	if (x->unique && strcmp(word, "refresh") == 0)
		return holds(sql, n, "CONCURRENTLY", NULL)
		    ? "REFRESH CONCURRENTLY needs it"
		    : NULL;
	if (x->unique && needs_key(x, sql, n))
		return "a foreign key needs it";
	if (strcmp(word, "create-index") == 0)
		return holds(sql, n, "INDEX", "ON") ||
			holds(sql, n, "CONCURRENTLY", "ON")
		    ? "an index without a name is made there"
		    : NULL;
	if (strcmp(word, "create-table") == 0)
		return holds(sql, n, "LIKE", NULL) ? "its table is copied"
						   : NULL;
	if (strcmp(word, "alter-table") == 0)
		return alteration_concerns(x, sql, n)
		    ? "its table or column changes"
		    : NULL;
	if (strcmp(word, "drop-table") == 0 ||
	    strcmp(word, "drop-materialized-view") == 0)
		return "its table is dropped";
	return strcmp(word, "alter-materialized-view") == 0
	    ? "its table or column changes"
	    : NULL;
}

/* REFERENCES table (columns), just those of the index in any order. */
static bool
needs_key(const struct waiting *x, const struct sql *sql, size_t n)
{
	struct tokens t = sql_tokens(sql, n);
	size_t begin, end;

	while (t.kind > TOKEN_ERROR)
		if (!token_take(&t, "REFERENCES"))
			token_step(&t);
		else if (token_take_name(&t, &begin, &end) &&
		    mention_key_of(sql->text, begin, end) == x->table &&
		    is_key(x, &t))
			return true;
	return false;
}

static bool
is_key(const struct waiting *x, struct tokens *t)
{
	size_t i, count = 0;

	while (token_take(t, "(") || token_take(t, ",")) {
		for (i = 0; i < x->ncolumns; i++)
			if (x->columns[i] == mention_key(t))
				break;
		if (i == x->ncolumns)
			return false;
		count++;
		token_step(t);
	}
	return count == x->ncolumns;
}
