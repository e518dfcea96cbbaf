#include "kind.h"

#include <string.h>

/* Where the name stands, behind the words that tell the kind. */
enum name {
	NAME_NONE,
	NAME_HERE,      /* perhaps behind IF EXISTS, ONLY and the like */
	NAME_COMMENTED, /* behind what kind of object it is */
};

static const struct kind {
	const char *begin; /* the words that it begins with */
	const char *word;
	enum name name;
} kinds[] = {
	{ "ABORT", "rollback", NAME_NONE },
	{ "ANALYSE", "analyze", NAME_HERE },
	{ "ANALYZE", "analyze", NAME_HERE },
	{ "BEGIN", "begin", NAME_NONE },
	{ "CALL", "call", NAME_HERE },
	{ "COMMENT ON", "comment", NAME_COMMENTED },
	{ "COMMIT", "commit", NAME_NONE },
	{ "COPY", "copy", NAME_HERE },
	{ "DELETE FROM", "delete", NAME_HERE },
	{ "DISCARD", "reset", NAME_NONE },
	{ "DO", "do", NAME_NONE },
	{ "END", "commit", NAME_NONE },
	{ "GRANT", "grant", NAME_NONE },
	{ "INSERT INTO", "insert", NAME_HERE },
	{ "LOCK", "lock", NAME_HERE },
	{ "MERGE INTO", "merge", NAME_HERE },
	{ "REFRESH MATERIALIZED VIEW", "refresh", NAME_HERE },
	{ "REINDEX", "reindex", NAME_COMMENTED },
	{ "RELEASE", "savepoint", NAME_NONE },
	{ "RESET", "reset", NAME_NONE },
	{ "REVOKE", "revoke", NAME_NONE },
	{ "ROLLBACK", "rollback", NAME_NONE },
	{ "SAVEPOINT", "savepoint", NAME_NONE },
	{ "SELECT", "select", NAME_NONE },
	{ "SET", "set", NAME_NONE },
	{ "START TRANSACTION", "begin", NAME_NONE },
	{ "TABLE", "select", NAME_NONE },
	{ "TRUNCATE", "truncate", NAME_HERE },
	{ "UPDATE", "update", NAME_HERE },
	{ "VACUUM", "vacuum", NAME_HERE },
	{ "VALUES", "select", NAME_NONE },
};

/* What CREATE, ALTER and DROP are about. */
static const struct object {
	const char *begin, *create, *alter, *drop;
} objects[] = {
	{ "DOMAIN", "create-domain", "alter-domain", "drop-domain" },
	{ "EXTENSION", "create-extension", "alter-extension",
	    "drop-extension" },
	{ "FOREIGN TABLE", "create-table", "alter-table", "drop-table" },
	{ "FUNCTION", "create-function", "alter-function", "drop-function" },
	{ "INDEX", "create-index", "alter-index", "drop-index" },
	{ "MATERIALIZED VIEW", "create-materialized-view",
	    "alter-materialized-view", "drop-materialized-view" },
	{ "POLICY", "create-policy", "alter-policy", "drop-policy" },
	{ "PROCEDURE", "create-procedure", "alter-procedure",
	    "drop-procedure" },
	{ "ROLE", "create-role", "alter-role", "drop-role" },
	{ "SCHEMA", "create-schema", "alter-schema", "drop-schema" },
	{ "SEQUENCE", "create-sequence", "alter-sequence", "drop-sequence" },
	{ "TABLE", "create-table", "alter-table", "drop-table" },
	{ "TRIGGER", "create-trigger", "alter-trigger", "drop-trigger" },
	{ "TYPE", "create-type", "alter-type", "drop-type" },
	{ "VIEW", "create-view", "alter-view", "drop-view" },
};

static const char *look(struct tokens *, enum name *);
static const char *look_at_definition(struct tokens *, enum name *);
static void skip_modifiers(struct tokens *);
static void skip_with(struct tokens *);
static void skip_to_commented(struct tokens *);
static void skip_to_name(struct tokens *);
static bool take_words(struct tokens *, const char *);

const char *
kind_word(const struct sql *sql, size_t n)
{
	struct tokens t = sql_tokens(sql, n);
	enum name name;

	return look(&t, &name);
}

bool
kind_is_index(const struct sql *sql, size_t n)
{
	static const char *const words[] = { "create-index", "alter-index",
		"drop-index", "reindex" };
	const char *word = kind_word(sql, n);
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return sql_begins(sql, n, "COMMENT ON INDEX");
}

bool
kind_object(const struct sql *sql, size_t n, size_t *begin, size_t *end)
{
	struct tokens t = sql_tokens(sql, n);
	enum name name;

	(void)look(&t, &name);
	if (name == NAME_NONE)
		return false;
	if (name == NAME_COMMENTED)
		skip_to_commented(&t);
	else
		skip_to_name(&t);
	/* An index may have no name, and a schema its owner's. */
	if (token_is(&t, "ON") || token_is(&t, "AUTHORIZATION"))
		return false;
	return token_take_name(&t, begin, end);
}

/* Steps behind the words that tell the kind. */
static const char *
look(struct tokens *t, enum name *name)
{
	size_t i;

	*name = NAME_NONE;
	while (token_take(t, "("))
		continue;
	if (token_is(t, "CREATE") || token_is(t, "ALTER") ||
	    token_is(t, "DROP"))
		return look_at_definition(t, name);
	if (token_take(t, "WITH"))
		skip_with(t);
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (take_words(t, kinds[i].begin)) {
			*name = kinds[i].name;
			return kinds[i].word;
		}
	return "other";
}

static const char *
look_at_definition(struct tokens *t, enum name *name)
{
	struct tokens verb = *t;
	const struct object *o;
	size_t i;

	token_step(t);
	if (token_is(&verb, "CREATE"))
		skip_modifiers(t);
	for (i = 0; i < sizeof(objects) / sizeof(*objects); i++) {
		o = &objects[i];
		if (!take_words(t, o->begin))
			continue;
		*name = NAME_HERE;
		if (token_is(&verb, "CREATE"))
			return o->create;
		return token_is(&verb, "ALTER") ? o->alter : o->drop;
	}
	return "other";
}

static void
skip_modifiers(struct tokens *t)
{
	static const char *const words[] = { "OR", "REPLACE", "GLOBAL", "LOCAL",
		"TEMP", "TEMPORARY", "UNLOGGED", "RECURSIVE", "UNIQUE",
		"CONSTRAINT" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		(void)token_take(t, words[i]);
}

/* Over the queries of WITH, to the statement that they are for. */
static void
skip_with(struct tokens *t)
{
	while (t->kind > TOKEN_ERROR && !token_is(t, "SELECT"))
		if (!token_is(t, "("))
			token_step(t);
		else if (token_skip_list(t) && !token_is(t, "AS") &&
		    !token_is(t, ",") && !token_is(t, "SEARCH") &&
		    !token_is(t, "CYCLE"))
			return;
}

/* In MATERIALIZED VIEW v IS, a word is no name if a word or name follows. */
static void
skip_to_commented(struct tokens *t)
{
	struct tokens next;

	for (;;) {
		(void)token_skip_list(t);
		if (t->kind != TOKEN_WORD)
			return;
		next = *t;
		token_step(&next);
		if ((next.kind != TOKEN_WORD && next.kind != TOKEN_NAME) ||
		    token_is(&next, "IS") || token_is(&next, "ON"))
			return;
		*t = next;
	}
}

/* None of these words can be a name, but for IF and TABLE. */
static void
skip_to_name(struct tokens *t)
{
	static const char *const words[] = { "FULL", "FREEZE", "VERBOSE",
		"ANALYZE", "CONCURRENTLY" };
	size_t i;

	(void)token_skip_list(t);
	(void)token_take(t, "TABLE");
	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		(void)token_take(t, words[i]);
	if (token_next_is(t, "EXISTS") || token_next_is(t, "NOT")) {
		(void)token_take(t, "IF");
		(void)token_take(t, "NOT");
		(void)token_take(t, "EXISTS");
	}
	(void)token_take(t, "ONLY");
}

/* All of them, or none. */
static bool
take_words(struct tokens *t, const char *words)
{
	struct tokens at = *t;
	const char *word = words, *p = words;
	size_t i;

	do {
		p = word + strcspn(word, " ");
		for (i = at.begin; i < at.end && word < p; i++, word++)
			if (token_upper(at.text[i]) != *word)
				return false;
		if (i != at.end || word != p || at.kind != TOKEN_WORD)
			return false;
		token_step(&at);
	} while (*word++ != '\0');
	*t = at;
	return true;
}
