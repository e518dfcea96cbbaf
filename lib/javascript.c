#include "javascript.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "utf8.h"

/* Where reading stands; open holds the tokens of brackets not yet closed. */
struct reading {
	struct javascript *js;
	size_t at;
	bool newline;
	size_t *open;
	size_t depth;
};

static void read_all(struct reading *);
static bool skip_blanks(struct reading *);
static bool skip_comment(struct reading *);
static bool read_token(struct reading *);
static bool read_number(struct reading *);
static bool read_string(struct reading *, char);
static bool read_escape(struct reading *);
static bool read_template(struct reading *, bool);
static bool read_regex(struct reading *);
static bool read_mark(struct reading *);
static bool read_bracket(struct reading *, char);
static void push(struct reading *, size_t);
static int slash(const struct javascript *);
static int slash_behind_word(const struct javascript *, size_t);
static struct javascript_token *add(
    struct reading *, enum javascript_kind, size_t);
static bool fail(struct reading *, size_t, const char *);
static char peek(const struct reading *, size_t);
static bool is_name(char);
static bool is_digit(char);

enum { DIVIDES, BEGINS_REGEX, UNCLEAR };

int
javascript_read(struct javascript *js, const char *text, size_t len)
{
	struct reading r = { .js = js };
	size_t i;

	*js = (struct javascript){ .text = text, .len = len };
	i = utf8_invalid(text, len);
	if (i < len)
		fail(&r, i, "not UTF-8");
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

	return i < js->count && t->kind != JAVASCRIPT_STRING &&
	    t->end - t->begin == len &&
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
		fail(r, js->list[r->open[r->depth - 1]].begin,
		    "this bracket is not closed");
}

static bool
skip_blanks(struct reading *r)
{
	char c;

	r->newline = r->js->count == 0;
	for (; r->at < r->js->len; r->at++) {
		c = peek(r, 0);
		if (c == '\n' || c == '\r')
			r->newline = true;
		else if (c == '/' && (peek(r, 1) == '/' || peek(r, 1) == '*')) {
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

	if (peek(r, 1) == '/') {
		while (r->at < r->js->len && peek(r, 0) != '\n' &&
		    peek(r, 0) != '\r')
			r->at++;
		return true;
	}
	for (r->at += 2; r->at < r->js->len; r->at++) {
		if (peek(r, 0) == '*' && peek(r, 1) == '/') {
			r->at += 2;
			return true;
		}
		r->newline |= peek(r, 0) == '\n' || peek(r, 0) == '\r';
	}
	return fail(r, begin, "this comment has no end");
}

static bool
read_token(struct reading *r)
{
	size_t begin = r->at;
	char c = peek(r, 0);

	if (is_digit(c) || (c == '.' && is_digit(peek(r, 1))))
		return read_number(r);
	if (is_name(c)) {
		while (is_name(peek(r, 0)))
			r->at++;
		add(r, JAVASCRIPT_NAME, begin);
		return true;
	}
	if (c == '\'' || c == '"')
		return read_string(r, c);
	if (c == '`')
		return read_template(r, false);
	if (c == '}' && r->depth > 0 &&
	    r->js->list[r->open[r->depth - 1]].kind == JAVASCRIPT_TEMPLATE)
		return read_template(r, true);
	if (c == '/')
		switch (slash(r->js)) {
		case BEGINS_REGEX:
			return read_regex(r);
		case UNCLEAR:
			return fail(r, begin,
			    "this slash may divide or begin a regular "
			    "expression; put that into parentheses");
		}
	return read_mark(r);
}

static bool
read_number(struct reading *r)
{
	size_t begin = r->at;

	if (peek(r, 0) == '0' && is_digit(peek(r, 1)))
		return fail(r, begin,
		    "an octal number as strict mode does "
		    "not have it; write 0o before it");
	while (is_name(peek(r, 0)) || peek(r, 0) == '.' ||
	    ((peek(r, 0) == '+' || peek(r, 0) == '-') &&
		(r->js->text[r->at - 1] | 0x20) == 'e' &&
		(r->js->text[begin + 1] | 0x20) != 'x'))
		r->at++;
	add(r, JAVASCRIPT_NUMBER, begin);
	return true;
}

static bool
read_string(struct reading *r, char quote)
{
	size_t begin = r->at++;

	for (; r->at < r->js->len && peek(r, 0) != quote; r->at++) {
		if (peek(r, 0) == '\n' || peek(r, 0) == '\r')
			break;
		if (peek(r, 0) == '\\' && !read_escape(r))
			return false;
	}
	if (r->at >= r->js->len || peek(r, 0) != quote)
		return fail(r, begin, "this string has no end");
	r->at++;
	add(r, JAVASCRIPT_STRING, begin);
	return true;
}

/* Stays on the last byte of what it escapes. */
static bool
read_escape(struct reading *r)
{
	char c = peek(r, 1);

	if ((c >= '1' && c <= '9') || (c == '0' && is_digit(peek(r, 2))))
		return fail(r, r->at,
		    "an octal escape, which strict mode "
		    "does not have; write \\x");
	r->at += c == '\r' && peek(r, 2) == '\n' ? 2 : 1;
	return true;
}

/* Whole, up to the next ${, or from a } behind one. */
static bool
read_template(struct reading *r, bool behind)
{
	size_t begin = r->at++, top;

	for (; r->at < r->js->len && peek(r, 0) != '`'; r->at++) {
		if (peek(r, 0) == '$' && peek(r, 1) == '{')
			break;
		if (peek(r, 0) == '\\' && !read_escape(r))
			return false;
	}
	if (r->at >= r->js->len)
		return fail(r, begin, "this template has no end");
	if (behind) {
		top = r->open[--r->depth];
		if (peek(r, 0) == '`')
			r->js->list[top].match = r->js->count;
	}
	r->at += peek(r, 0) == '`' ? 1 : 2;
	add(r, JAVASCRIPT_TEMPLATE, begin);
	if (behind)
		r->js->list[r->js->count - 1].match = top;
	if (r->js->text[r->at - 1] == '{')
		push(r, behind ? top : r->js->count - 1);
	return true;
}

static bool
read_regex(struct reading *r)
{
	size_t begin = r->at++;
	bool class = false;

	for (; r->at < r->js->len; r->at++) {
		char c = peek(r, 0);

		if (c == '\n' || c == '\r' || (c == '/' && !class))
			break;
		if (c == '[')
			class = true;
		else if (c == ']')
			class = false;
		else if (c == '\\' && peek(r, 1) != '\n' && peek(r, 1) != '\r')
			r->at++;
	}
	if (r->at >= r->js->len || peek(r, 0) != '/')
		return fail(r, begin, "this regular expression has no end");
	for (r->at++; is_name(peek(r, 0));)
		r->at++;
	add(r, JAVASCRIPT_REGEX, begin);
	return true;
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
	char c = peek(r, 0);

	if (strchr("(){}[]", c) != NULL && c != '\0')
		return read_bracket(r, c);
	if (strchr("<>=!+-*/%&|^~?:;,.", c) == NULL || c == '\0')
		return fail(r, begin, "not understood here");
	for (i = 0; i < sizeof(marks) / sizeof(*marks) && len == 1; i++)
		if (strncmp(r->js->text + begin, marks[i], strlen(marks[i])) ==
		    0)
			len = strlen(marks[i]);
	if (c == '?' && peek(r, 1) == '.' && is_digit(peek(r, 2)))
		len = 1;
	if (strncmp(r->js->text + begin, "<!--", 4) == 0 ||
	    (r->newline && strncmp(r->js->text + begin, "-->", 3) == 0))
		return fail(r, begin, "a comment as HTML has it; write //");
	r->at += len;
	add(r, JAVASCRIPT_MARK, begin);
	return true;
}

static bool
read_bracket(struct reading *r, char c)
{
	static const char pairs[] = "()[]{}";
	size_t begin = r->at, top;

	if (c == '(' || c == '[' || c == '{') {
		r->at++;
		add(r, JAVASCRIPT_MARK, begin);
		push(r, r->js->count - 1);
		return true;
	}
	if (r->depth == 0)
		return fail(r, begin, "this bracket closes nothing");
	top = r->open[r->depth - 1];
	if (r->js->text[r->js->list[top].begin] != strchr(pairs, c)[-1])
		return fail(r, begin, "this bracket closes another one");
	r->depth--;
	r->at++;
	add(r, JAVASCRIPT_MARK, begin)->match = top;
	r->js->list[top].match = r->js->count - 1;
	return true;
}

static void
push(struct reading *r, size_t token)
{
	r->open = mem_resize(r->open, r->depth + 1, sizeof(*r->open));
	r->open[r->depth++] = token;
}

/* What a slash is behind the last token. */
static int
slash(const struct javascript *js)
{
	size_t last = js->count - 1, open;

	if (js->count == 0)
		return BEGINS_REGEX;
	switch (js->list[last].kind) {
	case JAVASCRIPT_NAME:
		return slash_behind_word(js, last);
	case JAVASCRIPT_TEMPLATE:
		return js->text[js->list[last].end - 1] == '`' ? DIVIDES
							       : BEGINS_REGEX;
	case JAVASCRIPT_MARK:
		break;
	default:
		return DIVIDES;
	}
	if (javascript_is(js, last, "}") || javascript_is(js, last, "++") ||
	    javascript_is(js, last, "--"))
		return UNCLEAR;
	if (javascript_is(js, last, "]"))
		return DIVIDES;
	if (!javascript_is(js, last, ")"))
		return BEGINS_REGEX;
	open = js->list[last].match;
	if (open > 0 &&
	    (javascript_is(js, open - 1, "if") ||
		javascript_is(js, open - 1, "for") ||
		javascript_is(js, open - 1, "while")))
		return UNCLEAR;
	return DIVIDES;
}

static int
slash_behind_word(const struct javascript *js, size_t i)
{
	static const char *const before[] = { "return", "typeof", "instanceof",
		"in", "new", "delete", "void", "throw", "case", "do", "else",
		"await" };
	size_t k;

	for (k = 0; k < sizeof(before) / sizeof(*before); k++)
		if (javascript_is_word(js, i, before[k]))
			return BEGINS_REGEX;
	if (javascript_is_word(js, i, "of") ||
	    javascript_is_word(js, i, "yield"))
		return UNCLEAR;
	return DIVIDES;
}

static struct javascript_token *
add(struct reading *r, enum javascript_kind kind, size_t begin)
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

static bool
fail(struct reading *r, size_t at, const char *why)
{
	r->js->error = why;
	r->js->at = at;
	return false;
}

/* NUL behind the end; a text with NUL in it is not UTF-8 (utf8.h). */
static char
peek(const struct reading *r, size_t ahead)
{
	return ahead < r->js->len - r->at ? r->js->text[r->at + ahead] : '\0';
}

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    is_digit(c) || c == '_' || c == '$';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}
