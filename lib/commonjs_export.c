#include <stdlib.h>
#include <string.h>

#include "commonjs_private.h"
#include "mem.h"

static const char understood[] =
    "exports are understood as exports.up = …, module.exports.up = … and "
    "module.exports = { … }, each a statement of its own";

static bool convert_at(struct conversion *, size_t);
static bool convert_name(struct conversion *, size_t, size_t);
static bool convert_object(struct conversion *, size_t, size_t);
static bool is_list(const struct conversion *, size_t, size_t);
static void convert_list(struct conversion *, size_t, size_t);
static bool convert_members(struct conversion *, size_t);
static bool convert_member(struct conversion *, size_t, size_t);
static size_t member_end(const struct conversion *, size_t, size_t);
static bool export_value(struct conversion *, size_t, size_t, size_t);
static bool export_method(struct conversion *, size_t, size_t);
static bool is_reference(const struct conversion *, size_t, size_t);
static bool is_declared(const struct conversion *, size_t);
static bool ends(const struct conversion *, size_t);
static bool note(struct conversion *, size_t, size_t);
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
			return commonjs_refuse(c, i, understood);
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
			return commonjs_refuse(c, i, understood);
		k = i + 2;
		if (commonjs_is(c, k + 1, "=") && commonjs_is(c, k + 2, "{"))
			return convert_object(c, i, k + 2);
	}
	if (!commonjs_is(c, k + 1, ".") ||
	    !commonjs_is_kind(c, k + 2, JAVASCRIPT_NAME) ||
	    !commonjs_is(c, k + 3, "="))
		return commonjs_refuse(c, i, understood);
	return convert_name(c, i, k + 2);
}

/* exports.NAME = …: the tokens from i up to the name become a declaration. */
static bool
convert_name(struct conversion *c, size_t i, size_t name)
{
	size_t value = name + 2, end = value + 1;

	if (value >= c->js.count || c->object < c->js.count)
		return commonjs_refuse(c, i, understood);
	commonjs_replace(c, i, "");
	for (i++; i < name; i++)
		commonjs_drop(c, i);
	if (!is_reference(c, value, end) || !ends(c, end))
		end = c->js.count;
	return export_value(c, name, value, end);
}

static bool
convert_object(struct conversion *c, size_t i, size_t open)
{
	size_t close = c->js.list[open].match;

	if (c->object < c->js.count || c->nexported > 0 || !ends(c, close + 1))
		return commonjs_refuse(c, i, understood);
	c->object = open;
	if (is_list(c, open, close)) {
		convert_list(c, i, open);
		for (i = open + 1; i < close; i++) {
			if (commonjs_is(c, i, ","))
				continue;
			if (!note(c, i, commonjs_is(c, i + 1, ":") ? i + 2 : i))
				return false;
			if (commonjs_is(c, i + 1, ":"))
				i += 2;
		}
		return true;
	}
	commonjs_replace(c, i, "");
	for (i++; i <= open; i++)
		commonjs_drop(c, i);
	return convert_members(c, open);
}

/* Nothing but names: { up, down: back } */
static bool
is_list(const struct conversion *c, size_t open, size_t close)
{
	size_t i = open + 1;

	while (i < close) {
		if (!commonjs_is_kind(c, i, JAVASCRIPT_NAME))
			return false;
		if (commonjs_is(c, i + 1, ":"))
			i += 2;
		if (!is_reference(c, i, i + 1) ||
		    (i + 1 < close && !commonjs_is(c, i + 1, ",")))
			return false;
		i += 2;
	}
	return true;
}

static void
convert_list(struct conversion *c, size_t i, size_t open)
{
	size_t close = c->js.list[open].match;
	char *key, *name, *text;

	commonjs_replace(c, i, "export");
	for (i++; i < open; i++)
		commonjs_drop(c, i);
	for (i = open + 1; i < close; i++) {
		if (!commonjs_is(c, i, ":"))
			continue;
		key = commonjs_text(c, i - 1);
		name = commonjs_text(c, i + 1);
		text = strcmp(key, name) == 0
		    ? mem_copy(name)
		    : mem_printf("%s as %s", name, key);
		commonjs_replace(c, i - 1, text);
		commonjs_drop(c, i);
		commonjs_drop(c, i + 1);
		free(text);
		free(name);
		free(key);
	}
}

/* Each becomes a declaration of its own. */
static bool
convert_members(struct conversion *c, size_t open)
{
	size_t i = open + 1, end, close = c->js.list[open].match;

	while (i < close) {
		end = member_end(c, i, close);
		if (!convert_member(c, i, end))
			return false;
		if (end < close)
			commonjs_replace(c, end, ";");
		else
			commonjs_put_after(c, end - 1, ";");
		i = end + 1;
	}
	commonjs_drop(c, close);
	if (commonjs_is(c, close + 1, ";"))
		commonjs_drop(c, close + 1);
	return true;
}

static size_t
member_end(const struct conversion *c, size_t i, size_t close)
{
	size_t depth = c->js.list[i].depth;

	while (i < close &&
	    (c->js.list[i].depth > depth || !commonjs_is(c, i, ",")))
		i++;
	return i;
}

static bool
convert_member(struct conversion *c, size_t i, size_t end)
{
	if (!commonjs_is_kind(c, i, JAVASCRIPT_NAME))
		return commonjs_refuse(c, i,
		    "an export has a name, and no quotes; … and computed ones "
		    "are not understood");
	if (commonjs_is(c, i + 1, ":"))
		return export_value(c, i, i + 2,
		    is_reference(c, i + 2, end) ? end : c->js.count);
	if (i + 1 == end)
		return export_value(c, i, i, end);
	return export_method(c, i, end);
}

/*
 * A key at name, with = or : behind it unless it is the value itself; end is
 * where a value ends that is nothing but a name, or the count.
 */
static bool
export_value(struct conversion *c, size_t name, size_t value, size_t end)
{
	char *key = commonjs_text(c, name), *of, *text;

	if (end < c->js.count || (value == name && end == c->js.count)) {
		of = commonjs_text(c, value);
		text = strcmp(of, key) == 0
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
		return note(c, name, value);
	}
	free(key);
	if (is_declared(c, name))
		return commonjs_refuse(c, name,
		    "this name is declared here, too; export that, or rename "
		    "it");
	commonjs_put_before(c, name, "export const ");
	if (commonjs_is(c, name + 1, ":")) {
		commonjs_replace(c, name + 1, " =");
		c->changes[name + 1].tight = true;
	}
	return note(c, name, name);
}

/* async up(knex) { … } */
static bool
export_method(struct conversion *c, size_t i, size_t end)
{
	size_t name = commonjs_is(c, i, "async") ? i + 1 : i;

	if (!commonjs_is_kind(c, name, JAVASCRIPT_NAME) ||
	    !commonjs_is(c, name + 1, "(") ||
	    c->js.list[c->js.list[name + 1].match + 1].match + 1 != end)
		return commonjs_refuse(c, i, "this member is not understood");
	if (is_declared(c, name))
		return commonjs_refuse(c, name,
		    "this name is declared here, too; export that, or rename "
		    "it");
	commonjs_put_before(
	    c, name, name == i ? "export function " : "function ");
	if (name != i)
		commonjs_put_before(c, i, "export ");
	return note(c, name, name);
}

/* A name that is no word of the language. */
static bool
is_reference(const struct conversion *c, size_t i, size_t end)
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

static bool
is_declared(const struct conversion *c, size_t name)
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

/* Does a statement end before this token? */
static bool
ends(const struct conversion *c, size_t i)
{
	return i >= c->js.count || commonjs_is(c, i, ";") ||
	    (c->js.list[i].newline && commonjs_is_kind(c, i, JAVASCRIPT_NAME) &&
		!commonjs_is(c, i, "in") && !commonjs_is(c, i, "instanceof"));
}

/* Each name is exported once. */
static bool
note(struct conversion *c, size_t key, size_t local)
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
