#include "commonjs_private.h"

static bool take_function(struct conversion *, size_t);
static bool is_in_block(const struct conversion *, const struct function *);
static bool take_arrow(struct conversion *, size_t);
static bool take_method(struct conversion *, size_t);
static bool take_catch(struct conversion *, size_t);
static size_t before_async(const struct conversion *, size_t);
static enum commonjs_role find_role(
    const struct conversion *, const struct function *);
static enum commonjs_role role_of_name(
    const struct conversion *, size_t, enum commonjs_role);
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
	return commonjs_annotate(c, &f);
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
	return commonjs_annotate(c, &f);
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
	    ? COMMONJS_MIGRATES
	    : COMMONJS_OTHER;
	return commonjs_annotate(c, &f);
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

static enum commonjs_role
find_role(const struct conversion *c, const struct function *f)
{
	size_t i = f->first - 1;

	if (f->kind == COMMONJS_FUNCTION && f->name < c->js.count &&
	    commonjs_begins(c, f->first))
		return role_of_name(c, f->name, COMMONJS_HELPER);
	if (f->first < 2)
		return COMMONJS_OTHER;
	if (commonjs_is(c, i, "=") || commonjs_is(c, i, ":"))
		return role_of_name(c, i - 1,
		    commonjs_is(c, i - 2, "const") ||
			    commonjs_is(c, i - 2, "let") ||
			    commonjs_is(c, i - 2, "var")
			? COMMONJS_HELPER
			: COMMONJS_OTHER);
	if (commonjs_is(c, i, "(") || commonjs_is(c, i, ","))
		return commonjs_callee(c, f->first) < c->js.count
		    ? COMMONJS_CALLBACK
		    : COMMONJS_OTHER;
	return COMMONJS_OTHER;
}

/* At the top, what is exported as up or down. */
static enum commonjs_role
role_of_name(
    const struct conversion *c, size_t name, enum commonjs_role otherwise)
{
	size_t i;

	if (c->js.list[name].depth > 0 && c->js.list[name].within != c->object)
		return otherwise;
	for (i = 0; i < c->nexported; i++)
		if (c->exported[i].migrates &&
		    commonjs_same(c, c->exported[i].local, name))
			return COMMONJS_MIGRATES;
	return otherwise;
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
