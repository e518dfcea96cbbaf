#include <string.h>

#include "commonjs_private.h"

/* What a function is to who calls it. */
enum role { OTHER, MIGRATES, HELPER, CALLBACK };

struct function {
	enum commonjs_body kind;
	size_t first; /* its first token, async among them */
	size_t open;  /* the bracket of its parameters, or their one name */
	size_t name;  /* or the count */
	enum role role;
};

static bool take_function(struct conversion *, size_t);
static bool is_in_block(const struct conversion *, const struct function *);
static bool take_arrow(struct conversion *, size_t);
static bool take_method(struct conversion *, size_t);
static bool take_catch(struct conversion *, size_t);
static size_t before_async(const struct conversion *, size_t);
static enum role find_role(const struct conversion *, const struct function *);
static enum role role_of_name(const struct conversion *, size_t, enum role);
static size_t callee(const struct conversion *, size_t);
static bool annotate(struct conversion *, const struct function *);
static bool annotate_one(
    struct conversion *, const struct function *, size_t, bool);
static const char *first_type(
    const struct conversion *, const struct function *);
static bool check_this(struct conversion *, size_t);

bool
commonjs_type(struct conversion *c)
{
	size_t i;

	for (i = 0; i < c->js.count; i++)
		if (!take_function(c, i) || !take_arrow(c, i) ||
		    !take_method(c, i) || !take_catch(c, i))
			return false;
	for (i = 0; i < c->js.count; i++)
		if (commonjs_is_word(c, i, "this") && !commonjs_is_key(c, i) &&
		    !check_this(c, i))
			return false;
	return true;
}

static bool
take_function(struct conversion *c, size_t i)
{
	struct function f = { .kind = COMMONJS_FUNCTION, .name = c->js.count };
	size_t k = i + 1;

	if (!commonjs_is_word(c, i, "function") || commonjs_is_key(c, i))
		return true;
	if (commonjs_is(c, k, "*"))
		k++;
	if (commonjs_is_kind(c, k, JAVASCRIPT_NAME))
		f.name = k++;
	if (!commonjs_is(c, k, "("))
		return commonjs_refuse(c, k, "a function without parameters");
	f.first = before_async(c, i);
	f.open = k;
	f.role = find_role(c, &f);
	if (is_in_block(c, &f))
		return commonjs_refuse(c, i,
		    "a function in a block is seen from elsewhere only in "
		    "sloppy mode; make it a const");
	return annotate(c, &f);
}

/* A declaration, and not in the body of a function. */
static bool
is_in_block(const struct conversion *c, const struct function *f)
{
	size_t within = c->js.list[f->first].within;

	return f->name < c->js.count && within < c->js.count &&
	    commonjs_is(c, within, "{") &&
	    c->bodies[within].kind == COMMONJS_NO_BODY &&
	    (f->first == within + 1 || commonjs_begins(c, f->first));
}

static bool
take_arrow(struct conversion *c, size_t i)
{
	struct function f = { .kind = COMMONJS_ARROW, .name = c->js.count };

	if (!commonjs_is(c, i, "=>"))
		return true;
	f.open = i - 1;
	if (i > 0 && commonjs_is(c, i - 1, ")"))
		f.open = c->js.list[i - 1].match;
	else if (i == 0 || !commonjs_is_kind(c, i - 1, JAVASCRIPT_NAME))
		return commonjs_refuse(c, i, "an arrow without parameters");
	f.first = before_async(c, f.open);
	f.role = find_role(c, &f);
	return annotate(c, &f);
}

/* { name(…) { … } }; a block can begin like that only with a newline in it. */
static bool
take_method(struct conversion *c, size_t i)
{
	struct function f = { .kind = COMMONJS_METHOD, .name = i };
	size_t body;

	if ((!commonjs_is_kind(c, i, JAVASCRIPT_NAME) &&
		!commonjs_is_kind(c, i, JAVASCRIPT_STRING) &&
		!commonjs_is(c, i, "]")) ||
	    !commonjs_is(c, i + 1, "(") || i == 0)
		return true;
	if (!commonjs_is(c, i - 1, "{") && !commonjs_is(c, i - 1, ",") &&
	    !commonjs_is(c, i - 1, "async") && !commonjs_is(c, i - 1, "*"))
		return true;
	body = c->js.list[i + 1].match + 1;
	if (!commonjs_is(c, body, "{") || commonjs_is(c, i, "if") ||
	    commonjs_is(c, i, "for") || commonjs_is(c, i, "while") ||
	    commonjs_is(c, i, "switch") || commonjs_is(c, i, "function"))
		return true;
	if (c->js.list[body].newline)
		return commonjs_refuse(c, body,
		    "this may be a method or a block; put { on the line "
		    "before");
	f.first = i;
	f.open = i + 1;
	f.role = c->js.list[i].within == c->object &&
		(commonjs_is(c, i, "up") || commonjs_is(c, i, "down"))
	    ? MIGRATES
	    : OTHER;
	return annotate(c, &f);
}

/* What was thrown may be anything, and a strict compiler asks. */
static bool
take_catch(struct conversion *c, size_t i)
{
	if (!commonjs_is_word(c, i, "catch") || !commonjs_is(c, i + 1, "(") ||
	    !commonjs_is_kind(c, i + 2, JAVASCRIPT_NAME) ||
	    !commonjs_is(c, i + 3, ")"))
		return true;
	commonjs_put_after(c, i + 2, ": any");
	return true;
}

static size_t
before_async(const struct conversion *c, size_t i)
{
	return i > 0 && commonjs_is_word(c, i - 1, "async") ? i - 1 : i;
}

static enum role
find_role(const struct conversion *c, const struct function *f)
{
	size_t i = f->first - 1;

	if (f->kind == COMMONJS_FUNCTION && f->name < c->js.count &&
	    commonjs_begins(c, f->first))
		return role_of_name(c, f->name, HELPER);
	if (f->first < 2)
		return OTHER;
	if (commonjs_is(c, i, "=") || commonjs_is(c, i, ":"))
		return role_of_name(c, i - 1,
		    commonjs_is(c, i - 2, "const") ||
			    commonjs_is(c, i - 2, "let") ||
			    commonjs_is(c, i - 2, "var")
			? HELPER
			: OTHER);
	if (commonjs_is(c, i, "(") || commonjs_is(c, i, ","))
		return callee(c, f->first) < c->js.count ? CALLBACK : OTHER;
	return OTHER;
}

/* At the top, what is exported as up or down. */
static enum role
role_of_name(const struct conversion *c, size_t name, enum role otherwise)
{
	size_t i;

	if (c->js.list[name].depth > 0 && c->js.list[name].within != c->object)
		return otherwise;
	for (i = 0; i < c->nexported; i++)
		if (c->exported[i].migrates &&
		    commonjs_same(c, c->exported[i].local, name))
			return MIGRATES;
	return otherwise;
}

/* The name of what is called with the token as an argument, or the count. */
static size_t
callee(const struct conversion *c, size_t i)
{
	size_t open = c->js.list[i].within;

	if (open == c->js.count || open == 0 || !commonjs_is(c, open, "(") ||
	    !commonjs_is_kind(c, open - 1, JAVASCRIPT_NAME))
		return c->js.count;
	return open - 1;
}

static bool
annotate(struct conversion *c, const struct function *f)
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
		c->bodies[body] =
		    (struct body){ f->kind, f->open, f->role == CALLBACK };
	return true;
}

/* The parameter that begins at token i. */
static bool
annotate_one(
    struct conversion *c, const struct function *f, size_t i, bool first)
{
	const char *type = first ? first_type(c, f) : ": any";
	bool optional = (f->role == HELPER || f->role == MIGRATES) && !first;

	if (commonjs_is(c, i, "...")) {
		type = ": any[]";
		i++;
	}
	if (commonjs_is(c, i, "{") || commonjs_is(c, i, "[")) {
		i = c->js.list[i].match;
		optional = false;
	} else if (!commonjs_is_kind(c, i, JAVASCRIPT_NAME))
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

	if (f->role == MIGRATES)
		return ": Knex";
	if (f->role != CALLBACK)
		return ": any";
	name = callee(c, f->first);
	if (name > 0 && commonjs_is(c, name - 1, "."))
		for (i = 0; i < sizeof(builders) / sizeof(*builders); i++)
			if (commonjs_is(c, name, builders[i].method))
				return builders[i].type;
	return ": any";
}

/*
 * Called without an object, this is undefined in strict mode; knex calls its
 * callbacks with one.
 */
static bool
check_this(struct conversion *c, size_t i)
{
	size_t at = i, open;
	const struct body *body = NULL;

	do {
		at = c->js.list[at].within;
		body = at < c->js.count ? &c->bodies[at] : NULL;
	} while (body != NULL &&
	    (body->kind == COMMONJS_NO_BODY || body->kind == COMMONJS_ARROW));
	if (body == NULL || body->kind != COMMONJS_FUNCTION || !body->callback)
		return commonjs_refuse(c, i,
		    "this is understood in functions that something is called "
		    "with; give the function a parameter");
	open = body->parameters;
	if (c->changes[open].after == NULL)
		commonjs_put_after(c, open,
		    c->js.list[open].match == open + 1 ? "this: any"
						       : "this: any, ");
	return true;
}
