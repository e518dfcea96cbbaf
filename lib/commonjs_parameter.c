#include <string.h>

#include "commonjs_private.h"

static bool annotate_one(
    struct conversion *, const struct function *, size_t, bool);
static bool may_be_left_out(const struct conversion *, const struct function *);
static const char *first_type(
    const struct conversion *, const struct function *);

bool
commonjs_annotate(struct conversion *c, const struct function *f)
{
	const struct javascript_token *open = &c->js.list[f->open];
	size_t i, end = open->match, body;
	bool first = true;

	if (f->kind == COMMONJS_ARROW && !commonjs_is(c, f->open, "(")) {
		commonjs_put_before(c, f->open, "(");
		commonjs_put_after(c, f->open, ")");
		return annotate_one(c, f, f->open, true);
	}
	for (i = f->open + 1; i < end; i++) {
		if (!annotate_one(c, f, i, first))
			return false;
		first = false;
		while (i < end &&
		    (c->js.list[i].depth > open->depth + 1 ||
			!commonjs_is(c, i, ",")))
			i++;
	}
	body = end + (f->kind == COMMONJS_ARROW ? 2 : 1);
	if (commonjs_is(c, body, "{"))
		c->bodies[body] = (struct body){ f->kind, f->open,
			f->role == COMMONJS_CALLBACK };
	return true;
}

/* The parameter that begins at token i. */
static bool
annotate_one(
    struct conversion *c, const struct function *f, size_t i, bool first)
{
	const char *type = first ? first_type(c, f) : ": any";
	bool optional = !first && may_be_left_out(c, f);

	if (commonjs_is(c, i, "...")) {
		type = ": any[]";
		i++;
	}
	if (commonjs_is(c, i, "{") || commonjs_is(c, i, "["))
		i = c->js.list[i].match;
	else if (!commonjs_is_kind(c, i, JAVASCRIPT_NAME))
		return commonjs_refuse(
		    c, i, "this parameter is not understood");
	if (optional && !commonjs_is(c, i + 1, "=") &&
	    strcmp(type, ": any") == 0)
		type = "?: any";
	commonjs_put_after(c, i, type);
	if (strstr(type, "Knex") != NULL)
		c->knex = true;
	return true;
}

/*
 * JavaScript calls a function of its own with fewer; but { } and [ ] are never
 * left out without =, nor is what lies before them.
 */
static bool
may_be_left_out(const struct conversion *c, const struct function *f)
{
	const struct javascript_token *open = &c->js.list[f->open];
	size_t i;

	if (f->role != COMMONJS_HELPER && f->role != COMMONJS_MIGRATES)
		return false;
	for (i = f->open + 1; i < open->match; i++)
		if (c->js.list[i].depth == open->depth + 1 &&
		    c->js.list[i].match > i &&
		    (commonjs_is(c, i - 1, "(") ||
			commonjs_is(c, i - 1, ",")) &&
		    !commonjs_is(c, c->js.list[i].match + 1, "="))
			return false;
	return true;
}

static const char *
first_type(const struct conversion *c, const struct function *f)
{
	static const struct {
		const char *method, *type;
	} builders[] = {
		{ "createTable", ": Knex.CreateTableBuilder" },
		{ "createTableIfNotExists", ": Knex.CreateTableBuilder" },
		{ "alterTable", ": Knex.AlterTableBuilder" },
		{ "table", ": Knex.AlterTableBuilder" },
		{ "transaction", ": Knex.Transaction" },
	};
	size_t i, name;

	if (f->role == COMMONJS_MIGRATES)
		return ": Knex";
	if (f->role != COMMONJS_CALLBACK)
		return ": any";
	name = commonjs_callee(c, f->first);
	if (name > 0 && commonjs_is(c, name - 1, "."))
		for (i = 0; i < sizeof(builders) / sizeof(*builders); i++)
			if (commonjs_is(c, name, builders[i].method))
				return builders[i].type;
	return ": any";
}

size_t
commonjs_callee(const struct conversion *c, size_t i)
{
	size_t open = c->js.list[i].within;

	if (open == c->js.count || open == 0 || !commonjs_is(c, open, "(") ||
	    !commonjs_is_kind(c, open - 1, JAVASCRIPT_NAME))
		return c->js.count;
	return open - 1;
}
