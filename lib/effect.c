#include "effect.h"

#include <stdlib.h>
#include <string.h>

#include "kind.h"
#include "mem.h"
#include "mention.h"
#include "object.h"

static bool is_one_of(const char *, const char *const *);
static bool holds(const struct sql *, size_t, const char *, const char *);
static void read_columns(struct effect_index *, struct tokens *);
static bool mentions(const struct sql *, size_t, uint64_t);
static const char *on_name(const struct sql *, size_t);
static const char *on_table(
    const struct effect_index *, const struct sql *, size_t);
static bool needs_key(const struct effect_index *, const struct sql *, size_t);
static bool is_key(const struct effect_index *, struct tokens *);
static bool alters(const struct effect_index *, const struct sql *, size_t);
static bool action_alters(const struct effect_index *, struct tokens *);
static bool column_is_in(const struct effect_index *, struct tokens *);
static bool has_word(const struct effect_index *, uint64_t);
static bool adds_unnamed(struct tokens);
static bool is_list_end(const struct tokens *);
static void skip_action(struct tokens *);

enum effect_kind
effect_of(const struct sql *sql, size_t n)
{
	static const char *const look[] = { "alter-index", "alter-table",
		"alter-materialized-view", "comment", "create-index",
		"create-table", "drop-index", "drop-table",
		"drop-materialized-view", "insert", "refresh", "reindex",
		NULL };
	static const char *const change[] = { "alter-domain", "alter-extension",
		"alter-function", "alter-type", "drop-domain", "drop-extension",
		"drop-function", "drop-type", "other", NULL };
	static const char *const any[] = { "alter-schema", "call", "do",
		"drop-schema", NULL };
	const char *word = kind_word(sql, n);

	if (is_one_of(word, any) || sql_begins(sql, n, "DROP OWNED") ||
	    (strncmp(word, "drop-", 5) == 0 &&
		holds(sql, n, "CASCADE", NULL)) ||
	    (strcmp(word, "alter-table") == 0 &&
		holds(sql, n, "CASCADE", NULL) &&
		!holds(sql, n, "CONSTRAINT", NULL)) ||
	    (strcmp(word, "select") == 0 && holds(sql, n, "(", NULL)) ||
	    (strcmp(word, "other") == 0 &&
		sql->statements[n].kind == SQL_OPAQUE))
		return EFFECT_ANY;
	if (is_one_of(word, look))
		return EFFECT_LOOK;
	if (strcmp(word, "alter-type") == 0 && holds(sql, n, "ADD", "VALUE"))
		return EFFECT_NONE;
	if (is_one_of(word, change) ||
	    sql_begins(sql, n, "CREATE OR REPLACE FUNCTION"))
		return EFFECT_CHANGE;
	return EFFECT_NONE;
}

int
effect_read(struct effect_index *x, const struct sql *sql, size_t n)
{
	struct tokens t = sql_tokens(sql, n);
	size_t begin, end;
	uint64_t key;

	*x = (struct effect_index){ 0 };
	if (strcmp(kind_word(sql, n), "create-index") != 0)
		return -1;
	if (kind_object(sql, n, &begin, &end))
		x->name = mention_key_of(sql->text, begin, end);
	for (; t.kind > TOKEN_ERROR; token_step(&t)) {
		key = mention_key(&t);
		x->veiled = x->veiled || (key == 0 && t.kind == TOKEN_NAME);
		if (key == 0)
			continue;
		x->words = mem_grow(x->words, x->count, sizeof(*x->words));
		x->words[x->count++] = key;
	}
	t = sql_tokens(sql, n);
	x->unique = token_next_is(&t, "UNIQUE");
	while (t.kind > TOKEN_ERROR && !token_take(&t, "ON"))
		token_step(&t);
	x->only = token_take(&t, "ONLY");
	if (!token_take_name(&t, &begin, &end))
		return -1;
	x->table = mention_key_of(sql->text, begin, end);
	read_columns(x, &t);
	return 0;
}

const char *
effect_on(const struct effect_index *x, const struct sql *sql, size_t n)
{
	if (mentions(sql, n, x->name))
		return on_name(sql, n);
	return mentions(sql, n, x->table) ? on_table(x, sql, n) : NULL;
}

void
effect_free(struct effect_index *x)
{
	free(x->words);
	free(x->columns);
	*x = (struct effect_index){ 0 };
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

static void
read_columns(struct effect_index *x, struct tokens *t)
{
	while (t->kind > TOKEN_ERROR && !token_is(t, "("))
		token_step(t);
	while (token_take(t, "(") || token_take(t, ",")) {
		x->columns =
		    mem_grow(x->columns, x->ncolumns, sizeof(*x->columns));
		x->columns[x->ncolumns++] =
		    token_next_is(t, "(") ? 0 : mention_key(t);
		skip_action(t);
	}
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
on_table(const struct effect_index *x, const struct sql *sql, size_t n)
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
		return alters(x, sql, n) ? "its table or column changes" : NULL;
	if (strcmp(word, "drop-table") == 0 ||
	    strcmp(word, "drop-materialized-view") == 0)
		return "its table is dropped";
	return strcmp(word, "alter-materialized-view") == 0
	    ? "its table or column changes"
	    : NULL;
}

/* REFERENCES table (columns), just those of the index in any order. */
static bool
needs_key(const struct effect_index *x, const struct sql *sql, size_t n)
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
is_key(const struct effect_index *x, struct tokens *t)
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

/* Does ALTER TABLE do more to the index's table than it may not notice? */
static bool
alters(const struct effect_index *x, const struct sql *sql, size_t n)
{
	struct tokens t = sql_tokens(sql, n);
	size_t begin, end;

	if (!kind_object(sql, n, &begin, &end))
		return true;
	if (mention_key_of(sql->text, begin, end) != x->table)
		return holds(sql, n, "RENAME", NULL);
	token_start(&t, sql->text, end, sql->statements[n].end);
	(void)token_take(&t, "*");
	do
		if (action_alters(x, &t))
			return true;
	while (token_take(&t, ","));
	return t.kind != TOKEN_END;
}

/* Steps to the end of the action. */
static bool
action_alters(const struct effect_index *x, struct tokens *t)
{
	static const char *const harmless[] = { "VALIDATE", "ENABLE", "DISABLE",
		"OWNER", "FORCE" };
	struct tokens action = *t;
	size_t i;

	skip_action(t);
	for (i = 0; i < sizeof(harmless) / sizeof(*harmless); i++)
		if (token_is(&action, harmless[i]))
			return false;
	if (token_take(&action, "ADD"))
		return adds_unnamed(action);
	if (token_is(&action, "SET") || token_is(&action, "RESET"))
		return !token_next_is(&action, "(");
	if (token_next_is(&action, "CONSTRAINT"))
		return !token_is(&action, "ALTER") &&
		    !token_is(&action, "DROP") && !token_is(&action, "RENAME");
	if (token_take(&action, "ALTER")) {
		if (!column_is_in(x, &action))
			return false;
		(void)token_take(&action, "SET");
		return token_is(&action, "DATA") || token_is(&action, "TYPE");
	}
	if (token_take(&action, "DROP") || token_take(&action, "RENAME"))
		return column_is_in(x, &action);
	return true;
}

/* Steps over it.  RENAME TO names none, but concerns each. */
static bool
column_is_in(const struct effect_index *x, struct tokens *t)
{
	bool is;

	(void)token_take(t, "COLUMN");
	if (token_take(t, "IF"))
		(void)token_take(t, "EXISTS");
	is = token_is(t, "TO") || mention_key(t) == 0 ||
	    has_word(x, mention_key(t));
	token_step(t);
	return is;
}

static bool
has_word(const struct effect_index *x, uint64_t key)
{
	size_t i;

	for (i = 0; i < x->count; i++)
		if (x->words[i] == key)
			return true;
	return false;
}

/* A constraint without a name gets an index whose name may be ours. */
static bool
adds_unnamed(struct tokens t)
{
	if (token_is(&t, "CONSTRAINT"))
		return false;
	for (; !is_list_end(&t); token_step(&t))
		if (token_is(&t, "UNIQUE") || token_is(&t, "PRIMARY") ||
		    token_is(&t, "EXCLUDE"))
			return true;
	return false;
}

static bool
is_list_end(const struct tokens *t)
{
	return t->kind <= TOKEN_ERROR || token_is(t, ",") || token_is(t, ")");
}

/* To the comma behind it, or the end of the list. */
static void
skip_action(struct tokens *t)
{
	while (!is_list_end(t))
		if (token_is(t, "("))
			(void)token_skip_list(t);
		else
			token_step(t);
}
