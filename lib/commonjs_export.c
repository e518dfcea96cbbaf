#include <stdlib.h>
#include <string.h>

#include "commonjs_private.h"
#include "mem.h"

const char commonjs_understood[] =
    "exports are understood as exports.up = …, module.exports.up = … and "
    "module.exports = { … }, each a statement of its own";

static bool convert_at(struct conversion *, size_t);
static bool convert_name(struct conversion *, size_t, size_t);
static void export_name(struct conversion *, size_t, size_t);
static bool is_way(const struct conversion *, size_t);

bool
commonjs_export(struct conversion *c)
{
	size_t i;

	for (i = 0; i < c->js.count; i++) {
		if (commonjs_is_key(c, i) ||
		    (!commonjs_is_word(c, i, "exports") &&
			!commonjs_is_word(c, i, "module")))
			continue;
		if (c->js.list[i].depth > 0 || !commonjs_begins(c, i))
			return commonjs_refuse(c, i, commonjs_understood);
		if (!convert_at(c, i))
			return false;
	}
	if (!c->up)
		return commonjs_refuse(c, c->js.count,
		    "it exports no up, so it is no migration of knex");
	return true;
}

/* exports.NAME =, module.exports.NAME = or module.exports = */
static bool
convert_at(struct conversion *c, size_t i)
{
	size_t k = i;

	if (commonjs_is(c, i, "module")) {
		if (!commonjs_is(c, i + 1, ".") ||
		    !commonjs_is(c, i + 2, "exports"))
			return commonjs_refuse(c, i, commonjs_understood);
		k = i + 2;
		if (commonjs_is(c, k + 1, "=") && commonjs_is(c, k + 2, "{"))
			return commonjs_object(c, i, k + 2);
	}
	if (!commonjs_is(c, k + 1, ".") ||
	    !commonjs_is_kind(c, k + 2, JAVASCRIPT_NAME) ||
	    !commonjs_is(c, k + 3, "="))
		return commonjs_refuse(c, i, commonjs_understood);
	return convert_name(c, i, k + 2);
}

/* exports.NAME = …: the tokens from i up to the name become a declaration. */
static bool
convert_name(struct conversion *c, size_t i, size_t name)
{
	size_t value = name + 2, end = value + 1;

	if (value >= c->js.count || c->object < c->js.count)
		return commonjs_refuse(c, i, commonjs_understood);
	commonjs_replace(c, i, "");
	for (i++; i < name; i++)
		commonjs_drop(c, i);
	if (!commonjs_is_reference(c, value, end) || !commonjs_ends(c, end))
		end = c->js.count;
	return commonjs_export_value(c, name, value, end);
}

bool
commonjs_export_value(
    struct conversion *c, size_t name, size_t value, size_t end)
{
	if (end < c->js.count || value == name) {
		export_name(c, name, value);
		return commonjs_note(c, name, value);
	}
	if (commonjs_is_declared(c, name))
		return commonjs_refuse(c, name,
		    "this name is declared here, too; export that, or rename "
		    "it");
	commonjs_put_before(c, name, "export const ");
	if (commonjs_is(c, name + 1, ":")) {
		commonjs_replace(c, name + 1, " =");
		c->changes[name + 1].tight = true;
	}
	return commonjs_note(c, name, name);
}

static void
export_name(struct conversion *c, size_t name, size_t value)
{
	char *key = commonjs_text(c, name), *of = commonjs_text(c, value);
	char *text = strcmp(of, key) == 0
	    ? mem_printf("export { %s }", key)
	    : mem_printf("export { %s as %s }", of, key);

	commonjs_replace(c, name, text);
	if (value != name) {
		commonjs_drop(c, name + 1);
		commonjs_drop(c, value);
	}
	free(text);
	free(of);
	free(key);
}

bool
commonjs_is_reference(const struct conversion *c, size_t i, size_t end)
{
	static const char *const words[] = { "async", "function", "new", "null",
		"this", "true", "false", "undefined", "typeof", "void", "await",
		"class" };
	size_t k;

	if (end != i + 1 || !commonjs_is_kind(c, i, JAVASCRIPT_NAME))
		return false;
	for (k = 0; k < sizeof(words) / sizeof(*words); k++)
		if (commonjs_is(c, i, words[k]))
			return false;
	return true;
}

bool
commonjs_is_declared(const struct conversion *c, size_t name)
{
	static const char *const words[] = { "function", "const", "let", "var",
		"*" };
	size_t i, k;

	for (i = 1; i < c->js.count; i++) {
		if (c->js.list[i].depth > 0 || !commonjs_same(c, i, name))
			continue;
		for (k = 0; k < sizeof(words) / sizeof(*words); k++)
			if (commonjs_is(c, i - 1, words[k]) &&
			    (!commonjs_is(c, i - 1, "function") ||
				commonjs_begins(c, i - 1) ||
				(commonjs_is(c, i - 2, "async") &&
				    commonjs_begins(c, i - 2))))
				return true;
	}
	return false;
}

bool
commonjs_ends(const struct conversion *c, size_t i)
{
	if (i >= c->js.count || commonjs_is(c, i, ";"))
		return true;
	return c->js.list[i].newline && !commonjs_is(c, i, "in") &&
	    !commonjs_is(c, i, "instanceof") &&
	    (commonjs_is_kind(c, i, JAVASCRIPT_NAME) ||
		commonjs_is_kind(c, i, JAVASCRIPT_STRING));
}

bool
commonjs_note(struct conversion *c, size_t key, size_t local)
{
	size_t i;

	for (i = 0; i < c->nexported; i++)
		if (commonjs_same(c, c->exported[i].key, key))
			return commonjs_refuse(
			    c, key, "this name is exported already");
	c->exported = mem_grow(c->exported, c->nexported, sizeof(*c->exported));
	c->exported[c->nexported++] =
	    (struct exported){ key, local, is_way(c, key) };
	c->up |= commonjs_is(c, key, "up");
	return true;
}

static bool
is_way(const struct conversion *c, size_t key)
{
	return commonjs_is(c, key, "up") || commonjs_is(c, key, "down");
}
