#include "token.h"

#include <string.h>

static bool starts_word(char);
static bool is_digit(char);
static bool is_space(char);
static bool looks_at(const struct tokens *, size_t, const char *);
static size_t skip_blank(struct tokens *, size_t);
static size_t line_comment(const struct tokens *, size_t);
static size_t block_comment(const struct tokens *, size_t);
static void word(struct tokens *);
static void number(struct tokens *);
static void quoted(struct tokens *, size_t);
static void escaped(struct tokens *, size_t);
static size_t continuation(const struct tokens *, size_t);
static void dollar(struct tokens *);
static void mark(struct tokens *);
static void finish(struct tokens *, enum token_kind, size_t);
static void fail(struct tokens *, const char *);

void
token_start(struct tokens *t, const char *text, size_t begin, size_t len)
{
	*t = (struct tokens){ .text = text, .len = len, .end = begin };
	token_step(t);
}

void
token_step(struct tokens *t)
{
	char c;

	if (t->kind == TOKEN_ERROR)
		return;
	t->behind = t->end;
	t->begin = skip_blank(t, t->end);
	if (t->kind == TOKEN_ERROR)
		return;
	if (t->begin == t->len) {
		finish(t, TOKEN_END, t->len);
		return;
	}
	c = t->text[t->begin];
	if (starts_word(c))
		word(t);
	else if (is_digit(c))
		number(t);
	else if (c == '\'' || c == '"')
		quoted(t, t->begin);
	else if (c == '$')
		dollar(t);
	else
		mark(t);
}

bool
token_is(const struct tokens *t, const char *upper)
{
	return token_reads(t, upper, strlen(upper));
}

bool
token_reads(const struct tokens *t, const char *upper, size_t len)
{
	size_t i;

	if (t->end - t->begin != len || t->kind <= TOKEN_ERROR)
		return false;
	for (i = 0; i < len; i++)
		if (token_upper(t->text[t->begin + i]) != upper[i])
			return false;
	return true;
}

bool
token_take(struct tokens *t, const char *upper)
{
	if (!token_is(t, upper))
		return false;
	token_step(t);
	return true;
}

bool
token_next_is(const struct tokens *t, const char *upper)
{
	struct tokens next = *t;

	token_step(&next);
	return token_is(&next, upper);
}

bool
token_skip_list(struct tokens *t)
{
	size_t depth = 0;

	do {
		if (token_is(t, "("))
			depth++;
		else if (depth > 0 && token_is(t, ")"))
			depth--;
		else if (depth == 0)
			return true;
		token_step(t);
	} while (depth > 0 && t->kind > TOKEN_ERROR);
	return depth == 0;
}

bool
token_ends_item(const struct tokens *t)
{
	return t->kind <= TOKEN_ERROR || token_is(t, ",") || token_is(t, ")");
}

void
token_skip_item(struct tokens *t)
{
	while (!token_ends_item(t))
		if (token_is(t, "("))
			(void)token_skip_list(t);
		else
			token_step(t);
}

bool
token_take_name(struct tokens *t, size_t *begin, size_t *end)
{
	*begin = t->begin;
	do {
		if (t->kind != TOKEN_WORD && t->kind != TOKEN_NAME)
			return false;
		token_step(t);
		*end = t->behind;
	} while (token_take(t, "."));
	return true;
}

void
token_content(const struct tokens *t, size_t *begin, size_t *end)
{
	const char *p = t->text + t->begin;
	size_t opening;

	if (*p == '$')
		opening = (size_t)(strchr(p + 1, '$') + 1 - p);
	else
		opening = (size_t)(strchr(p, '\'') + 1 - p);
	*begin = t->begin + opening;
	*end = t->end - (*p == '$' ? opening : 1);
}

static bool
starts_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	    (unsigned char)c >= 0x80;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
looks_at(const struct tokens *t, size_t at, const char *what)
{
	size_t n = strlen(what);

	return t->len - at >= n && memcmp(t->text + at, what, n) == 0;
}

/* Step over whitespace and comments; the kind tells if a comment is open. */
static size_t
skip_blank(struct tokens *t, size_t at)
{
	size_t from;

	for (;;) {
		while (at < t->len && is_space(t->text[at]))
			at++;
		if (at < t->len && looks_at(t, at, "--")) {
			at = line_comment(t, at);
			t->open_comment = at == t->len;
		} else if (at < t->len && looks_at(t, at, "/*")) {
			from = at;
			at = block_comment(t, at);
			if (at > t->len) {
				t->begin = from;
				fail(t, "unterminated comment: no */ ends it");
				return from;
			}
		} else
			return at;
	}
}

/* A carriage return ends it too, even alone. */
static size_t
line_comment(const struct tokens *t, size_t at)
{
	while (at < t->len && t->text[at] != '\n' && t->text[at] != '\r')
		at++;
	return at;
}

/* Comments nest.  Returns more than the length if one stays open. */
static size_t
block_comment(const struct tokens *t, size_t at)
{
	size_t depth = 0;

	while (at < t->len) {
		if (looks_at(t, at, "/*")) {
			depth++;
			at += 2;
		} else if (looks_at(t, at, "*/")) {
			at += 2;
			if (--depth == 0)
				return at;
		} else
			at++;
	}
	return t->len + 1;
}

static void
word(struct tokens *t)
{
	size_t at = t->begin;
	char first = t->text[at], c;

	do
		at++;
	while (at < t->len &&
	    (starts_word(c = t->text[at]) || is_digit(c) || c == '$'));
	if (at == t->begin + 1 && at < t->len) {
		/* One letter may be the prefix of a constant or a name. */
		if (strchr("eE", first) != NULL && t->text[at] == '\'') {
			escaped(t, at);
			return;
		}
		if (strchr("uU", first) != NULL &&
		    (looks_at(t, at, "&'") || looks_at(t, at, "&\""))) {
			quoted(t, at + 1);
			return;
		}
	}
	finish(t, TOKEN_WORD, at);
}

/* No dollar belongs to a number: in 1$$ a string begins. */
static void
number(struct tokens *t)
{
	size_t at = t->begin;
	char c;

	do
		at++;
	while (at < t->len &&
	    (starts_word(c = t->text[at]) || is_digit(c) || c == '.'));
	finish(t, TOKEN_NUMBER, at);
}

/* A string or a name without escapes; the quote is at the offset. */
static void
quoted(struct tokens *t, size_t at)
{
	const char *end = t->text + t->len, *p = t->text + at;
	char quote = *p;

	for (;;) {
		p = memchr(p + 1, quote, (size_t)(end - p - 1));
		if (p == NULL) {
			fail(t,
			    quote == '"' ? "unterminated name: no \" ends it"
					 : "unterminated string: no ' ends it");
			return;
		}
		if (++p == end || *p != quote)
			break;
	}
	finish(
	    t, quote == '"' ? TOKEN_NAME : TOKEN_STRING, (size_t)(p - t->text));
}

/* An E'string', in which a backslash protects the quote behind it. */
static void
escaped(struct tokens *t, size_t at)
{
	size_t further;

	for (at++; at < t->len; at++) {
		if (t->text[at] == '\\')
			at++;
		else if (t->text[at] == '\'') {
			if ((further = continuation(t, at + 1)) == 0) {
				finish(t, TOKEN_STRING, at + 1);
				return;
			}
			at = further;
		}
	}
	fail(t, "unterminated string: no ' ends it");
}

/*
 * Where the constant whose quote has just been closed opens it again: at
 * once, or behind whitespace that holds a newline, with line comments but no
 * others.  Only for E'strings' does it matter, because the part behind obeys
 * backslashes too.  0 if the constant is over.
 */
static size_t
continuation(const struct tokens *t, size_t at)
{
	bool newline = false;

	if (at < t->len && t->text[at] == '\'')
		return at;
	for (; at < t->len; at++) {
		if (looks_at(t, at, "--")) {
			if ((at = line_comment(t, at)) == t->len)
				break;
		} else if (!is_space(t->text[at]))
			return newline && t->text[at] == '\'' ? at : 0;
		if (t->text[at] == '\n' || t->text[at] == '\r')
			newline = true;
	}
	return 0;
}

static void
dollar(struct tokens *t)
{
	const char *opening = t->text + t->begin, *closing;
	size_t at = t->begin + 1, n;

	if (at < t->len && is_digit(t->text[at])) {
		while (at < t->len && is_digit(t->text[at]))
			at++;
		finish(t, TOKEN_NUMBER, at);
		return;
	}
	while (
	    at < t->len && (starts_word(t->text[at]) || is_digit(t->text[at])))
		at++;
	if (at == t->len || t->text[at] != '$') {
		mark(t);
		return;
	}
	at++;
	n = at - t->begin;
	closing = memmem(t->text + at, t->len - at, opening, n);
	if (closing == NULL)
		fail(t,
		    "unterminated dollar quote: its tag does not come again");
	else
		finish(t, TOKEN_STRING, (size_t)(closing - t->text) + n);
}

/* Operators come in single characters: a comment can begin within one. */
static void
mark(struct tokens *t)
{
	static const char *const conflicts[] = { "<<<<<<<", "|||||||",
		"=======", ">>>>>>>" };
	size_t at = t->begin, i;

	if (t->text[at] == '\\') {
		fail(t,
		    "a psql command, which the server does not know; "
		    "only SQL can stand here");
		return;
	}
	if (at == 0 || t->text[at - 1] == '\n' || t->text[at - 1] == '\r')
		for (i = 0; i < sizeof(conflicts) / sizeof(*conflicts); i++)
			if (looks_at(t, at, conflicts[i])) {
				fail(t,
				    "the mark of a merge conflict; "
				    "resolve it first");
				return;
			}
	finish(t, TOKEN_MARK, at + 1);
}

static void
finish(struct tokens *t, enum token_kind kind, size_t end)
{
	t->kind = kind;
	t->end = end;
}

static void
fail(struct tokens *t, const char *error)
{
	t->kind = TOKEN_ERROR;
	t->end = t->begin;
	t->error = error;
}
