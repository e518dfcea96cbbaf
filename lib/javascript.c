#include <stdlib.h>
#include <string.h>

#include "javascript_private.h"
#include "mem.h"
#include "utf8.h"

static void read_all(struct reading *);
static bool skip_blanks(struct reading *);
static bool skip_comment(struct reading *);
static bool read_token(struct reading *);
static bool read_mark(struct reading *);
static bool read_bracket(struct reading *, char);

int
javascript_read(struct javascript *js, const char *text, size_t len)
{
	struct reading r = { .js = js };
	size_t i;

	*js = (struct javascript){ .text = text, .len = len };
	i = utf8_invalid(text, len);
	if (i < len)
		javascript_fail(&r, i, "not UTF-8");
	else
		read_all(&r);
	/* One that lies in none is in the count, which is known now. */
	for (i = 0; i < js->count; i++)
		if (js->list[i].depth == 0)
			js->list[i].within = js->count;
	free(r.open);
	return js->error == NULL ? 0 : -1;
}

bool
javascript_is(const struct javascript *js, size_t i, const char *text)
{
	const struct javascript_token *t = &js->list[i];
	size_t len = strlen(text);

	return i < js->count && t->end - t->begin == len &&
	    memcmp(js->text + t->begin, text, len) == 0;
}

bool
javascript_is_word(const struct javascript *js, size_t i, const char *word)
{
	return javascript_is(js, i, word) &&
	    (i == 0 ||
		(!javascript_is(js, i - 1, ".") &&
		    !javascript_is(js, i - 1, "?.")));
}

void
javascript_free(struct javascript *js)
{
	free(js->list);
	js->list = NULL;
	js->count = 0;
}

static void
read_all(struct reading *r)
{
	const struct javascript *js = r->js;

	while (skip_blanks(r) && r->at < js->len)
		if (!read_token(r))
			return;
	if (js->error == NULL && r->depth > 0)
		javascript_fail(r, js->list[r->open[r->depth - 1]].begin,
		    "this bracket is not closed");
}

static bool
skip_blanks(struct reading *r)
{
	char c;

	r->newline = r->js->count == 0;
	for (; r->at < r->js->len; r->at++) {
		c = javascript_peek(r, 0);
		if (c == '\n' || c == '\r')
			r->newline = true;
		else if (c == '/' &&
		    (javascript_peek(r, 1) == '/' ||
			javascript_peek(r, 1) == '*')) {
			if (!skip_comment(r))
				return false;
			r->at--;
		} else if (c != ' ' && c != '\t' && c != '\v' && c != '\f')
			break;
	}
	return true;
}

/* A line's ends before its newline. */
static bool
skip_comment(struct reading *r)
{
	size_t begin = r->at;

	if (javascript_peek(r, 1) == '/') {
		while (r->at < r->js->len && javascript_peek(r, 0) != '\n' &&
		    javascript_peek(r, 0) != '\r')
			r->at++;
		return true;
	}
	for (r->at += 2; r->at < r->js->len; r->at++) {
		if (javascript_peek(r, 0) == '*' &&
		    javascript_peek(r, 1) == '/') {
			r->at += 2;
			return true;
		}
		r->newline |= javascript_peek(r, 0) == '\n' ||
		    javascript_peek(r, 0) == '\r';
	}
	return javascript_fail(r, begin, "this comment has no end");
}

static bool
read_token(struct reading *r)
{
	enum javascript_slash kind;
	size_t begin = r->at;
	char c = javascript_peek(r, 0);

	if (javascript_is_digit(c) ||
	    (c == '.' && javascript_is_digit(javascript_peek(r, 1))))
		return javascript_number(r);
	if (javascript_is_name(c)) {
		while (javascript_is_name(javascript_peek(r, 0)))
			r->at++;
		javascript_add(r, JAVASCRIPT_NAME, begin);
		return true;
	}
	if (c == '\'' || c == '"')
		return javascript_string(r, c);
	if (c == '`')
		return javascript_template(r, false);
	if (c == '}' && r->depth > 0 &&
	    r->js->list[r->open[r->depth - 1]].kind == JAVASCRIPT_TEMPLATE)
		return javascript_template(r, true);
	kind = c == '/' ? javascript_slash(r->js) : JAVASCRIPT_DIVIDES;
	if (kind == JAVASCRIPT_BEGINS_REGEX)
		return javascript_regex(r);
	if (kind == JAVASCRIPT_UNCLEAR)
		return javascript_fail(r, begin,
		    "this slash may divide or begin a regular expression; put "
		    "that into parentheses");
	return read_mark(r);
}

static bool
read_mark(struct reading *r)
{
	/* A longer one comes before what it begins with. */
	static const char *const marks[] = { ">>>=", "...",
		"===", "!==", "**=", "<<=", ">>=", ">>>",
		"&&=", "||=", "\?\?=", "=>", "==", "!=", "<=", ">=", "&&", "||",
		"\?\?", "?.", "++", "--",
		"+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<", ">>",
		"**" };
	size_t i, len = 1, begin = r->at;
	char c = javascript_peek(r, 0);

	if (strchr("(){}[]", c) != NULL && c != '\0')
		return read_bracket(r, c);
	if (strchr("<>=!+-*/%&|^~?:;,.", c) == NULL || c == '\0')
		return javascript_fail(r, begin, "not understood here");
	for (i = 0; i < sizeof(marks) / sizeof(*marks) && len == 1; i++)
		if (strncmp(r->js->text + begin, marks[i], strlen(marks[i])) ==
		    0)
			len = strlen(marks[i]);
	if (c == '?' && javascript_peek(r, 1) == '.' &&
	    javascript_is_digit(javascript_peek(r, 2)))
		len = 1;
	if (strncmp(r->js->text + begin, "<!--", 4) == 0 ||
	    (r->newline && strncmp(r->js->text + begin, "-->", 3) == 0))
		return javascript_fail(
		    r, begin, "a comment as HTML has it; write //");
	r->at += len;
	javascript_add(r, JAVASCRIPT_MARK, begin);
	return true;
}

static bool
read_bracket(struct reading *r, char c)
{
	static const char pairs[] = "()[]{}";
	size_t begin = r->at, top;

	if (c == '(' || c == '[' || c == '{') {
		r->at++;
		javascript_add(r, JAVASCRIPT_MARK, begin);
		javascript_push(r, r->js->count - 1);
		return true;
	}
	if (r->depth == 0)
		return javascript_fail(r, begin, "this bracket closes nothing");
	top = r->open[r->depth - 1];
	if (r->js->text[r->js->list[top].begin] != strchr(pairs, c)[-1])
		return javascript_fail(
		    r, begin, "this bracket closes another one");
	r->depth--;
	r->at++;
	javascript_add(r, JAVASCRIPT_MARK, begin)->match = top;
	r->js->list[top].match = r->js->count - 1;
	return true;
}

void
javascript_push(struct reading *r, size_t token)
{
	r->open = mem_resize(r->open, r->depth + 1, sizeof(*r->open));
	r->open[r->depth++] = token;
}

struct javascript_token *
javascript_add(struct reading *r, enum javascript_kind kind, size_t begin)
{
	struct javascript *js = r->js;

	js->list = mem_grow(js->list, js->count, sizeof(*js->list));
	js->list[js->count] = (struct javascript_token){ .kind = kind,
		.begin = begin,
		.end = r->at,
		.newline = r->newline,
		.depth = r->depth,
		.within = r->depth > 0 ? r->open[r->depth - 1] : 0,
		.match = js->count };
	return &js->list[js->count++];
}

bool
javascript_fail(struct reading *r, size_t at, const char *why)
{
	r->js->error = why;
	r->js->at = at;
	return false;
}

char
javascript_peek(const struct reading *r, size_t ahead)
{
	return ahead < r->js->len - r->at ? r->js->text[r->at + ahead] : '\0';
}

bool
javascript_is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    javascript_is_digit(c) || c == '_' || c == '$';
}

bool
javascript_is_digit(char c)
{
	return c >= '0' && c <= '9';
}
