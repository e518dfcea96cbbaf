#include "commonjs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commonjs_private.h"
#include "mem.h"
#include "sql.h"

static bool convert(struct conversion *);
static void write(struct commonjs *, const struct conversion *);
static void write_import(FILE *, const struct conversion *);
static size_t blanks_before(const struct conversion *, size_t);
static void put(char **, const char *, bool);
static void free_conversion(struct conversion *);

int
commonjs_convert(struct commonjs *c, const char *text, size_t len)
{
	struct conversion conversion = { .error = NULL };
	bool good;

	*c = (struct commonjs){ 0 };
	if ((good = javascript_read(&conversion.js, text, len) == 0))
		good = convert(&conversion);
	else {
		conversion.error = conversion.js.error;
		conversion.at = conversion.js.at;
	}
	if (good)
		write(c, &conversion);
	else {
		c->error = conversion.error;
		sql_place(text, len, conversion.at, &c->line, &c->column);
	}
	free_conversion(&conversion);
	return good ? 0 : -1;
}

void
commonjs_free(struct commonjs *c)
{
	free(c->text);
	c->text = NULL;
}

bool
commonjs_refuse(struct conversion *c, size_t token, const char *why)
{
	c->error = why;
	c->at = token < c->js.count ? c->js.list[token].begin : c->js.len;
	return false;
}

bool
commonjs_is(const struct conversion *c, size_t token, const char *text)
{
	return javascript_is(&c->js, token, text);
}

bool
commonjs_is_word(const struct conversion *c, size_t token, const char *word)
{
	return javascript_is_word(&c->js, token, word);
}

bool
commonjs_is_kind(
    const struct conversion *c, size_t token, enum javascript_kind kind)
{
	return token < c->js.count && c->js.list[token].kind == kind;
}

bool
commonjs_same(const struct conversion *c, size_t a, size_t b)
{
	const struct javascript_token *x = &c->js.list[a];
	const struct javascript_token *y = &c->js.list[b];

	return x->end - x->begin == y->end - y->begin &&
	    memcmp(c->js.text + x->begin, c->js.text + y->begin,
		x->end - x->begin) == 0;
}

bool
commonjs_is_key(const struct conversion *c, size_t i)
{
	return i > 0 && commonjs_is(c, i + 1, ":") &&
	    (commonjs_is(c, i - 1, "{") || commonjs_is(c, i - 1, ","));
}

/* Where a newline ends a statement, the words before it are at an end. */
bool
commonjs_begins(const struct conversion *c, size_t i)
{
	static const char *const open[] = { "else", "do", "return", "typeof",
		"in", "of", "new", "delete", "void", "throw", "case", "await",
		"yield", "const", "let", "var", "async", "function" };
	const struct javascript *js = &c->js;
	size_t k, paren;

	if (i == 0 || commonjs_is(c, i - 1, ";") || commonjs_is(c, i - 1, "}"))
		return true;
	if (commonjs_is(c, i - 1, "{"))
		return c->bodies[i - 1].kind != COMMONJS_NO_BODY;
	if (!js->list[i].newline)
		return false;
	for (k = 0; k < sizeof(open) / sizeof(*open); k++)
		if (commonjs_is_word(c, i - 1, open[k]))
			return false;
	if (commonjs_is(c, i - 1, ")")) {
		paren = js->list[i - 1].match;
		return paren == 0 ||
		    !(commonjs_is(c, paren - 1, "if") ||
			commonjs_is(c, paren - 1, "for") ||
			commonjs_is(c, paren - 1, "while"));
	}
	if (js->list[i - 1].kind == JAVASCRIPT_TEMPLATE)
		return js->text[js->list[i - 1].end - 1] == '`';
	return js->list[i - 1].kind != JAVASCRIPT_MARK ||
	    commonjs_is(c, i - 1, "]");
}

char *
commonjs_text(const struct conversion *c, size_t token)
{
	const struct javascript_token *t = &c->js.list[token];

	return mem_copy_bytes(c->js.text + t->begin, t->end - t->begin);
}

void
commonjs_drop(struct conversion *c, size_t token)
{
	c->changes[token].drop = c->changes[token].tight = true;
}

void
commonjs_replace(struct conversion *c, size_t token, const char *text)
{
	c->changes[token].drop = true;
	put(&c->changes[token].before, text, true);
}

void
commonjs_put_before(struct conversion *c, size_t token, const char *text)
{
	put(&c->changes[token].before, text, true);
}

void
commonjs_put_after(struct conversion *c, size_t token, const char *text)
{
	put(&c->changes[token].after, text, false);
}

/* What is inside comes last where something comes behind, first before. */
static void
put(char **place, const char *text, bool behind)
{
	char *joined;

	if (*place == NULL) {
		*place = mem_copy(text);
		return;
	}
	joined = behind ? mem_printf("%s%s", *place, text)
			: mem_printf("%s%s", text, *place);
	free(*place);
	*place = joined;
}

static bool
convert(struct conversion *c)
{
	c->object = c->js.count;
	c->changes = mem_alloc((c->js.count + 1) * sizeof(*c->changes));
	c->bodies = mem_alloc((c->js.count + 1) * sizeof(*c->bodies));
	return commonjs_check(c) && commonjs_import(c) && commonjs_export(c) &&
	    commonjs_type(c) && commonjs_declare(c);
}

static void
write(struct commonjs *to, const struct conversion *c)
{
	FILE *out = mem_stream(&to->text, &to->len);
	const struct javascript_token *t;
	const struct change *change;
	size_t i, gap, at = 0;

	if (c->knex)
		write_import(out, c);
	for (i = 0; i < c->js.count; i++) {
		t = &c->js.list[i];
		change = &c->changes[i];
		gap = t->begin - at;
		if (change->tight)
			gap -= blanks_before(c, i);
		fwrite(c->js.text + at, 1, gap, out);
		if (change->before != NULL)
			fputs(change->before, out);
		if (!change->drop)
			fwrite(
			    c->js.text + t->begin, 1, t->end - t->begin, out);
		if (change->after != NULL)
			fputs(change->after, out);
		at = t->end;
	}
	fwrite(c->js.text + at, 1, c->js.len - at, out);
	fclose(out);
}

static void
write_import(FILE *out, const struct conversion *c)
{
	const char *newline = memchr(c->js.text, '\n', c->js.len);
	const char *end = "\n";

	if (newline != NULL && newline > c->js.text && newline[-1] == '\r')
		end = "\r\n";
	fprintf(out, "import type { Knex } from 'knex';%s%s", end,
	    c->first > 0 && !commonjs_is_kind(c, 0, JAVASCRIPT_STRING) ? ""
								       : end);
}

/* That lie between it and the token before, if nothing else does. */
static size_t
blanks_before(const struct conversion *c, size_t i)
{
	size_t at = c->js.list[i].begin;
	size_t end = i == 0 ? 0 : c->js.list[i - 1].end;
	size_t count = 0;

	while (at - count > end &&
	    (c->js.text[at - count - 1] == ' ' ||
		c->js.text[at - count - 1] == '\t'))
		count++;
	return at - count == end ? count : 0;
}

static void
free_conversion(struct conversion *c)
{
	size_t i;

	for (i = 0; c->changes != NULL && i < c->js.count; i++) {
		free(c->changes[i].before);
		free(c->changes[i].after);
	}
	free(c->changes);
	free(c->bodies);
	free(c->exported);
	javascript_free(&c->js);
}
