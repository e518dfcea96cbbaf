#include <stdlib.h>
#include <string.h>

#include "commonjs_private.h"
#include "mem.h"

static bool convert_one(struct conversion *, size_t *);
static bool convert_declaration(struct conversion *, size_t *);
static size_t find_require(const struct conversion *, size_t);
static bool is_require(const struct conversion *, size_t);
static bool convert_members(struct conversion *, size_t, size_t);
static void convert_member(struct conversion *, size_t, size_t);
static void convert_whole(struct conversion *, size_t, size_t);
static void to_from(struct conversion *, size_t);
static bool is_of_node(const struct conversion *, size_t);
static bool is_whole(const struct conversion *, size_t);

/* Imports come before all else, so requires have to, too. */
bool
commonjs_import(struct conversion *c)
{
	size_t i = 0, k;

	while (commonjs_is_kind(c, i, JAVASCRIPT_STRING) &&
	    commonjs_ends(c, i + 1))
		i += commonjs_is(c, i + 1, ";") ? 2 : 1;
	while (convert_one(c, &i))
		continue;
	if (c->error != NULL)
		return false;
	c->first = i;
	for (k = i; k < c->js.count; k++)
		if (commonjs_is_word(c, k, "require") && !commonjs_is_key(c, k))
			return commonjs_refuse(c, k,
			    "require is understood in front of all else, as "
			    "const NAME = require('…'), one to a declaration");
	return true;
}

/* The statement at *i, if it is nothing but a require. */
static bool
convert_one(struct conversion *c, size_t *i)
{
	if (is_require(c, *i) && commonjs_ends(c, *i + 4)) {
		commonjs_replace(c, *i, "import ");
		commonjs_drop(c, *i + 1);
		commonjs_drop(c, *i + 3);
		*i += 4;
	} else if (!convert_declaration(c, i))
		return false;
	if (commonjs_is(c, *i, ";"))
		(*i)++;
	return true;
}

static bool
convert_declaration(struct conversion *c, size_t *i)
{
	size_t first = *i, require, end;

	if (!commonjs_is(c, first, "const") && !commonjs_is(c, first, "let") &&
	    !commonjs_is(c, first, "var"))
		return false;
	require = find_require(c, first + 1);
	if (!is_require(c, require))
		return false;
	end = require + 4;
	if (commonjs_is(c, end, ".") &&
	    commonjs_is_kind(c, end + 1, JAVASCRIPT_NAME) &&
	    commonjs_is_kind(c, first + 1, JAVASCRIPT_NAME) &&
	    commonjs_ends(c, end + 2)) {
		convert_member(c, first, require);
		*i = end + 2;
		return true;
	}
	if (!commonjs_ends(c, end))
		return false;
	*i = end;
	if (commonjs_is(c, first + 1, "{"))
		return convert_members(c, first, require);
	convert_whole(c, first, require);
	return true;
}

/* Behind NAME = or { … } =; the count if that is not what comes. */
static size_t
find_require(const struct conversion *c, size_t i)
{
	if (i >= c->js.count)
		return c->js.count;
	if (commonjs_is(c, i, "{"))
		i = c->js.list[i].match;
	else if (!commonjs_is_kind(c, i, JAVASCRIPT_NAME))
		return c->js.count;
	return commonjs_is(c, i + 1, "=") ? i + 2 : c->js.count;
}

/* require('…') */
static bool
is_require(const struct conversion *c, size_t i)
{
	return commonjs_is_word(c, i, "require") &&
	    commonjs_is(c, i + 1, "(") &&
	    commonjs_is_kind(c, i + 2, JAVASCRIPT_STRING) &&
	    commonjs_is(c, i + 3, ")");
}

/* const { a, b: c } = require('…') */
static bool
convert_members(struct conversion *c, size_t first, size_t require)
{
	size_t i, close = c->js.list[first + 1].match;

	for (i = first + 2; i < close; i++) {
		if (commonjs_is(c, i, ":")) {
			commonjs_drop(c, i);
			commonjs_put_after(c, i, " as");
		} else if (!commonjs_is(c, i, ",") &&
		    !commonjs_is_kind(c, i, JAVASCRIPT_NAME))
			return commonjs_refuse(c, i,
			    "an import has names, as { a, b: c }, and nothing "
			    "else");
	}
	commonjs_replace(c, first, "import");
	to_from(c, require);
	return true;
}

/* const a = require('…').b */
static void
convert_member(struct conversion *c, size_t first, size_t require)
{
	size_t member = require + 5;
	char *name = commonjs_text(c, first + 1);
	char *key = commonjs_text(c, member);
	char *text = strcmp(name, key) == 0
	    ? mem_printf("{ %s }", name)
	    : mem_printf("{ %s as %s }", key, name);

	commonjs_replace(c, first, "import");
	commonjs_replace(c, first + 1, text);
	to_from(c, require);
	commonjs_drop(c, member - 1);
	commonjs_drop(c, member);
	free(text);
	free(key);
	free(name);
}

/*
 * What a module exports may be a function; import with = then is it, whatever
 * the compiler is told.  Of Node's own it is known what their members are.
 */
static void
convert_whole(struct conversion *c, size_t first, size_t require)
{
	if (!is_of_node(c, require + 2) || is_whole(c, first + 1)) {
		commonjs_replace(c, first, "import");
		return;
	}
	commonjs_replace(c, first, "import * as");
	to_from(c, require);
}

static void
to_from(struct conversion *c, size_t require)
{
	commonjs_replace(c, require - 1, "from ");
	commonjs_drop(c, require);
	commonjs_drop(c, require + 1);
	c->changes[require + 2].tight = true;
	commonjs_drop(c, require + 3);
}

static bool
is_of_node(const struct conversion *c, size_t string)
{
	static const char *const modules[] = { "assert", "buffer",
		"child_process", "crypto", "events", "fs", "fs/promises",
		"http", "https", "os", "path", "perf_hooks", "querystring",
		"readline", "stream", "timers", "timers/promises", "url",
		"util", "zlib" };
	char *quoted = commonjs_text(c, string);
	const char *name = quoted + 1;
	bool found = false;
	size_t i;

	quoted[strlen(quoted) - 1] = '\0';
	if (strncmp(name, "node:", 5) == 0)
		name += 5;
	for (i = 0; i < sizeof(modules) / sizeof(*modules); i++)
		found |= strcmp(name, modules[i]) == 0;
	free(quoted);
	return found;
}

/* Is it used otherwise than for its members? */
static bool
is_whole(const struct conversion *c, size_t name)
{
	size_t i;

	for (i = name + 1; i < c->js.count; i++)
		if (commonjs_is_kind(c, i, JAVASCRIPT_NAME) &&
		    commonjs_same(c, i, name) && !commonjs_is(c, i - 1, ".") &&
		    !commonjs_is_key(c, i) && !commonjs_is(c, i + 1, "."))
			return true;
	return false;
}
