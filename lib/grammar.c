#include "grammar.h"

#include <pg_query.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "mem.h"
#include "sql.h"
#include "token.h"
#include "utf8.h"

/*
 * libpg_query writes trees by recursion and does not look at its stack: below
 * this depth it needs less than 2 MB.  What jansson reads is less deep still.
 */
enum { DEPTH = 8000, BYTES = 1 << 20 };

/* What is open at one level of parentheses. */
struct level {
	size_t tokens; /* since the last comma */
	size_t chain;  /* UNION and JOIN, which no comma ends */
};

static bool too_deep(const char *, size_t);
static size_t step(struct level *, size_t *, const struct tokens *);
static int read_tree(struct grammar *, const char *);
static void refuse(struct grammar *, const char *);

int
grammar_read(struct grammar *g, const char *text, size_t len)
{
	char *copy;
	PgQueryParseResult result;

	*g = (struct grammar){ 0 };
	if (len > BYTES) {
		refuse(g, "longer than 1 MiB");
		return -1;
	}
	if (too_deep(text, len)) {
		refuse(g, "nested too deeply");
		return -1;
	}
	copy = mem_copy_bytes(text, len);
	result = pg_query_parse(copy);
	if (result.error != NULL) {
		/* It may cut a character in two. */
		g->error = mem_copy(utf8_visible(result.error->message));
		g->at = sql_offset(text, len, (size_t)result.error->cursorpos);
	} else
		(void)read_tree(g, result.parse_tree);
	pg_query_free_parse_result(result);
	free(copy);
	return g->tree == NULL ? -1 : 0;
}

int
grammar_version(void)
{
	return PG_VERSION_NUM / 10000;
}

void
grammar_free(struct grammar *g)
{
	json_decref(g->tree);
	free(g->error);
	*g = (struct grammar){ 0 };
}

/*
 * No tree is deeper than there are tokens that can be open at once: those of
 * an element end at its comma, all others with their parentheses.
 */
static bool
too_deep(const char *text, size_t len)
{
	struct level *levels = mem_resize(NULL, DEPTH + 2, sizeof(*levels));
	struct tokens t;
	size_t top = 0, depth = 0;

	levels[0] = (struct level){ 0 };
	for (token_start(&t, text, 0, len);
	     t.kind > TOKEN_ERROR && depth <= DEPTH; token_step(&t))
		depth += step(levels, &top, &t);
	free(levels);
	return depth > DEPTH;
}

/* By how much the token deepens what is open; the sum may go down. */
static size_t
step(struct level *levels, size_t *top, const struct tokens *t)
{
	struct level *level = &levels[*top];
	size_t closed;

	if (token_is(t, ",") || token_is(t, ";")) {
		closed = level->tokens;
		level->tokens = 0;
		return (size_t)0 - closed;
	}
	if ((token_is(t, ")") || token_is(t, "]")) && *top > 0) {
		--*top;
		return (size_t)0 - level->tokens - level->chain;
	}
	if (token_is(t, "UNION") || token_is(t, "INTERSECT") ||
	    token_is(t, "EXCEPT") || token_is(t, "JOIN"))
		level->chain++;
	else
		level->tokens++;
	if (token_is(t, "(") || token_is(t, "["))
		levels[++*top] = (struct level){ 0 };
	return 1;
}

/* The tree of the statement, out of the list that the text is to the parser. */
static int
read_tree(struct grammar *g, const char *text)
{
	json_error_t error;
	json_t *all = json_loads(text, 0, &error), *tree = NULL;

	if (all == NULL) {
		refuse(g,
		    json_error_code(&error) == json_error_stack_overflow
			? "nested too deeply"
			: "its tree cannot be read");
		return -1;
	}
	if (json_unpack(all, "{s:[{s:o}]}", "stmts", "stmt", &tree) == 0)
		g->tree = json_incref(tree);
	else
		refuse(g, "not one statement");
	json_decref(all);
	return 0;
}

static void
refuse(struct grammar *g, const char *why)
{
	g->refused = true;
	g->error = mem_copy(why);
}
