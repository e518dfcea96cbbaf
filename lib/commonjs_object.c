#include <stdlib.h>
#include <string.h>

#include "commonjs_private.h"
#include "mem.h"

static bool is_list(const struct conversion *, size_t, size_t);
static void convert_list(struct conversion *, size_t, size_t);
static bool note_list(struct conversion *, size_t, size_t);
static bool convert_members(struct conversion *, size_t);
static bool convert_member(struct conversion *, size_t, size_t);
static size_t member_end(const struct conversion *, size_t, size_t);
static bool export_method(struct conversion *, size_t, size_t);

bool
commonjs_object(struct conversion *c, size_t i, size_t open)
{
	size_t close = c->js.list[open].match;

	if (c->object < c->js.count || c->nexported > 0 ||
	    !commonjs_ends(c, close + 1))
		return commonjs_refuse(c, i, commonjs_understood);
	c->object = open;
	if (is_list(c, open, close)) {
		convert_list(c, i, open);
		return note_list(c, open, close);
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
		if (!commonjs_is_reference(c, i, i + 1) ||
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

static bool
note_list(struct conversion *c, size_t open, size_t close)
{
	size_t i, local;

	for (i = open + 1; i < close; i = local + 2) {
		local = commonjs_is(c, i + 1, ":") ? i + 2 : i;
		if (!commonjs_note(c, i, local))
			return false;
	}
	return true;
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
		return commonjs_export_value(c, i, i + 2,
		    commonjs_is_reference(c, i + 2, end) ? end : c->js.count);
	if (i + 1 == end)
		return commonjs_export_value(c, i, i, end);
	return export_method(c, i, end);
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
	if (commonjs_is_declared(c, name))
		return commonjs_refuse(c, name,
		    "this name is declared here, too; export that, or rename "
		    "it");
	commonjs_put_before(
	    c, name, name == i ? "export function " : "function ");
	if (name != i)
		commonjs_put_before(c, i, "export ");
	return commonjs_note(c, name, name);
}
