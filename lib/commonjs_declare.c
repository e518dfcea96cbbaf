#include "commonjs_private.h"

static void annotate_variables(struct conversion *, size_t);
static size_t annotate_variable(struct conversion *, size_t);
static bool is_open(const struct conversion *, size_t);
static size_t next_variable(const struct conversion *, size_t);
static bool continues(const struct conversion *, size_t);

/*
 * A variable has the type of what it begins with; one that begins with nothing
 * or empty is to hold something else later.
 */
bool
commonjs_declare(struct conversion *c)
{
	size_t i;

	for (i = c->first; i < c->js.count; i++) {
		if ((commonjs_is_word(c, i, "const") ||
			commonjs_is_word(c, i, "let") ||
			commonjs_is_word(c, i, "var")) &&
		    !commonjs_is_key(c, i))
			annotate_variables(c, i + 1);
		if (commonjs_is_word(c, i, "new") &&
		    commonjs_is(c, i + 2, "(") &&
		    (commonjs_is(c, i + 1, "Promise") ||
			commonjs_is(c, i + 1, "Set")))
			commonjs_put_after(c, i + 1, "<any>");
	}
	return true;
}

static void
annotate_variables(struct conversion *c, size_t i)
{
	while (i < c->js.count)
		i = annotate_variable(c, i);
}

/* Returns where the next one of the declaration is, or the count. */
static size_t
annotate_variable(struct conversion *c, size_t i)
{
	if (commonjs_is_kind(c, i, JAVASCRIPT_NAME)) {
		if (commonjs_is(c, i + 1, "of") || commonjs_is(c, i + 1, "in"))
			return c->js.count;
		if (!commonjs_is(c, i + 1, "=") || is_open(c, i + 2))
			commonjs_put_after(c, i, ": any");
	}
	return next_variable(c, i);
}

static bool
is_open(const struct conversion *c, size_t i)
{
	return commonjs_is(c, i, "{") || commonjs_is(c, i, "[") ||
	    commonjs_is(c, i, "null") || commonjs_is(c, i, "undefined");
}

static size_t
next_variable(const struct conversion *c, size_t i)
{
	size_t depth = c->js.list[i].depth;

	for (i++; i < c->js.count && c->js.list[i].depth >= depth; i++) {
		if (c->js.list[i].depth > depth)
			continue;
		if (commonjs_is(c, i, ","))
			return i + 1;
		if (commonjs_is(c, i, ";") ||
		    (c->js.list[i].newline && !continues(c, i)))
			break;
	}
	return c->js.count;
}

/* Does the line go on with what the last one began? */
static bool
continues(const struct conversion *c, size_t i)
{
	return commonjs_is_kind(c, i, JAVASCRIPT_MARK) ||
	    (commonjs_is_kind(c, i - 1, JAVASCRIPT_MARK) &&
		!commonjs_is(c, i - 1, ")") && !commonjs_is(c, i - 1, "]") &&
		!commonjs_is(c, i - 1, "}"));
}
