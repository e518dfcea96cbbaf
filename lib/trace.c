#include "trace.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "trace_private.h"

static void read_create(struct traces *, struct trace, struct tokens);
static void read_relation(struct traces *, struct trace, struct tokens *);
static void read_index(struct traces *, struct trace, struct tokens *);
static void read_attached(struct traces *, struct trace, struct tokens *);
static void read_drop(struct traces *, struct trace, struct tokens);
static bool same_name(const struct trace *, const struct trace *);
static bool holds(const struct trace *, const struct trace *);

/* What CREATE and DROP are about. */
static const struct {
	const char *word;
	enum trace_kind kind;
} kinds[] = {
	{ "TABLE", TRACE_RELATION },
	{ "VIEW", TRACE_RELATION },
	{ "SEQUENCE", TRACE_RELATION },
	{ "INDEX", TRACE_INDEX },
	{ "TYPE", TRACE_TYPE },
	{ "DOMAIN", TRACE_TYPE },
	{ "SCHEMA", TRACE_SCHEMA },
	{ "EXTENSION", TRACE_EXTENSION },
	{ "FUNCTION", TRACE_ROUTINE },
	{ "PROCEDURE", TRACE_ROUTINE },
	{ "TRIGGER", TRACE_TRIGGER },
	{ "POLICY", TRACE_POLICY },
};

void
traces_add(struct traces *t, const struct sql *sql, size_t n)
{
	struct tokens tokens = sql_tokens(sql, n);
	struct trace trace = { .statement = n };

	if (token_take(&tokens, "CREATE"))
		read_create(t, trace, tokens);
	else if (token_take(&tokens, "DROP"))
		read_drop(t, trace, tokens);
	else if (token_take(&tokens, "ALTER"))
		trace_alter(t, trace, tokens);
}

bool
trace_spoils(const struct trace *a, const struct trace *b)
{
	return same_name(a, b) || (b->gone && holds(b, a));
}

const char *
trace_word(enum trace_kind kind)
{
	static const char *const words[] = { "relation", "index", "column",
		"not null", "constraint", "trigger", "policy", "type", "value",
		"routine", "schema", "extension" };

	return words[kind];
}

void
traces_free(struct traces *t)
{
	size_t i;

	for (i = 0; i < t->count; i++) {
		free(t->list[i].schema);
		free(t->list[i].name);
		free(t->list[i].part);
	}
	free(t->list);
	*t = (struct traces){ 0 };
}

void
trace_put(struct traces *t, const struct trace *trace,
    const struct trace_name *name, const char *part)
{
	struct trace *to;

	t->list = mem_grow(t->list, t->count, sizeof(*t->list));
	to = &t->list[t->count++];
	*to = *trace;
	to->schema = mem_copy(name->schema);
	to->name = mem_copy(name->name);
	to->part = mem_copy(part);
}

bool
trace_take_kind(struct tokens *t, enum trace_kind *kind)
{
	size_t i;

	(void)(token_take(t, "FOREIGN") || token_take(t, "MATERIALIZED"));
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (token_take(t, kinds[i].word)) {
			*kind = kinds[i].kind;
			return true;
		}
	return false;
}

bool
trace_take_if(struct tokens *t)
{
	if (!token_next_is(t, "EXISTS") && !token_next_is(t, "NOT"))
		return false;
	if (!token_take(t, "IF"))
		return false;
	(void)token_take(t, "NOT");
	(void)token_take(t, "EXISTS");
	return true;
}

/* What is temporary is gone with its session. */
static void
read_create(struct traces *t, struct trace trace, struct tokens tokens)
{
	if (token_take(&tokens, "OR")) {
		(void)token_take(&tokens, "REPLACE");
		trace.lenient = true;
	}
	(void)(token_take(&tokens, "UNLOGGED") ||
	    token_take(&tokens, "UNIQUE") ||
	    token_take(&tokens, "CONSTRAINT") ||
	    token_take(&tokens, "RECURSIVE"));
	if (!trace_take_kind(&tokens, &trace.kind))
		return;
	(void)token_take(&tokens, "CONCURRENTLY");
	trace.lenient |= trace_take_if(&tokens);
	if (trace.kind == TRACE_INDEX)
		read_index(t, trace, &tokens);
	else if (trace.kind == TRACE_TRIGGER || trace.kind == TRACE_POLICY)
		read_attached(t, trace, &tokens);
	else if (!token_is(&tokens, "AUTHORIZATION")) {
		trace.made = true;
		read_relation(t, trace, &tokens);
	}
}

static void
read_relation(struct traces *t, struct trace trace, struct tokens *tokens)
{
	struct trace_name name;

	if (trace_take_name(tokens, &name))
		trace_put(t, &trace, &name, "");
	trace_name_free(&name);
}

/* An index is known by its table, whose schema is its own. */
static void
read_index(struct traces *t, struct trace trace, struct tokens *tokens)
{
	struct trace_name index = { 0 }, table = { 0 };

	if (!token_is(tokens, "ON") && trace_take_name(tokens, &index) &&
	    token_take(tokens, "ON")) {
		(void)token_take(tokens, "ONLY");
		if (trace_take_name(tokens, &table))
			trace_put(t, &trace, &table, index.name);
	}
	trace_name_free(&index);
	trace_name_free(&table);
}

/* NAME … ON TABLE */
static void
read_attached(struct traces *t, struct trace trace, struct tokens *tokens)
{
	struct trace_name own = { 0 }, table = { 0 };

	if (trace_take_name(tokens, &own)) {
		while (tokens->kind > TOKEN_ERROR && !token_take(tokens, "ON"))
			token_step(tokens);
		if (trace_take_name(tokens, &table))
			trace_put(t, &trace, &table, own.name);
	}
	trace_name_free(&own);
	trace_name_free(&table);
}

/* An index that goes is a relation: its table is not named. */
static void
read_drop(struct traces *t, struct trace trace, struct tokens tokens)
{
	trace.gone = true;
	if (!trace_take_kind(&tokens, &trace.kind))
		return;
	if (trace.kind == TRACE_INDEX)
		trace.kind = TRACE_RELATION;
	(void)token_take(&tokens, "CONCURRENTLY");
	trace.lenient = trace_take_if(&tokens);
	if (trace.kind == TRACE_TRIGGER || trace.kind == TRACE_POLICY) {
		read_attached(t, trace, &tokens);
		return;
	}
	do
		read_relation(t, trace, &tokens);
	while (trace.kind != TRACE_ROUTINE && token_take(&tokens, ","));
}

/* An index is a relation, too, under its own name. */
static bool
same_name(const struct trace *a, const struct trace *b)
{
	bool relations = a->kind <= TRACE_INDEX && b->kind <= TRACE_INDEX;

	if (relations)
		return strcmp(a->kind == TRACE_INDEX ? a->part : a->name,
			   b->kind == TRACE_INDEX ? b->part : b->name) == 0;
	return a->kind == b->kind && strcmp(a->name, b->name) == 0 &&
	    strcmp(a->part, b->part) == 0;
}

/* Is the one a part of the other, or may it be one of a column that goes? */
static bool
holds(const struct trace *whole, const struct trace *part)
{
	bool of_table = part->kind >= TRACE_INDEX && part->kind < TRACE_TYPE &&
	    strcmp(whole->name, part->name) == 0;

	switch (whole->kind) {
	case TRACE_RELATION:
		return of_table;
	case TRACE_COLUMN:
		return of_table && !whole->renamed &&
		    whole->statement > part->statement;
	case TRACE_TYPE:
		return part->kind == TRACE_VALUE &&
		    strcmp(whole->name, part->name) == 0;
	default:
		return false;
	}
}
