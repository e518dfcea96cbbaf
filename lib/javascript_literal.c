#include "javascript_private.h"

static bool read_escape(struct reading *);

bool
javascript_number(struct reading *r)
{
	size_t begin = r->at;

	if (javascript_peek(r, 0) == '0' &&
	    javascript_is_digit(javascript_peek(r, 1)))
		return javascript_fail(r, begin,
		    "an octal number as strict mode does "
		    "not have it; write 0o before it");
	while (javascript_is_name(javascript_peek(r, 0)) ||
	    javascript_peek(r, 0) == '.' ||
	    ((javascript_peek(r, 0) == '+' || javascript_peek(r, 0) == '-') &&
		(r->js->text[r->at - 1] | 0x20) == 'e' &&
		(r->js->text[begin + 1] | 0x20) != 'x'))
		r->at++;
	javascript_add(r, JAVASCRIPT_NUMBER, begin);
	return true;
}

bool
javascript_string(struct reading *r, char quote)
{
	size_t begin = r->at++;

	for (; r->at < r->js->len && javascript_peek(r, 0) != quote; r->at++) {
		if (javascript_peek(r, 0) == '\n' ||
		    javascript_peek(r, 0) == '\r')
			break;
		if (javascript_peek(r, 0) == '\\' && !read_escape(r))
			return false;
	}
	if (r->at >= r->js->len || javascript_peek(r, 0) != quote)
		return javascript_fail(r, begin, "this string has no end");
	r->at++;
	javascript_add(r, JAVASCRIPT_STRING, begin);
	return true;
}

/* Stays on the last byte of what it escapes. */
static bool
read_escape(struct reading *r)
{
	char c = javascript_peek(r, 1);

	if ((c >= '1' && c <= '9') ||
	    (c == '0' && javascript_is_digit(javascript_peek(r, 2))))
		return javascript_fail(r, r->at,
		    "an octal escape, which strict mode "
		    "does not have; write \\x");
	r->at += c == '\r' && javascript_peek(r, 2) == '\n' ? 2 : 1;
	return true;
}

bool
javascript_template(struct reading *r, bool behind)
{
	size_t begin = r->at++, top;

	for (; r->at < r->js->len && javascript_peek(r, 0) != '`'; r->at++) {
		if (javascript_peek(r, 0) == '$' &&
		    javascript_peek(r, 1) == '{')
			break;
		if (javascript_peek(r, 0) == '\\' && !read_escape(r))
			return false;
	}
	if (r->at >= r->js->len)
		return javascript_fail(r, begin, "this template has no end");
	if (behind) {
		top = r->open[--r->depth];
		if (javascript_peek(r, 0) == '`')
			r->js->list[top].match = r->js->count;
	}
	r->at += javascript_peek(r, 0) == '`' ? 1 : 2;
	javascript_add(r, JAVASCRIPT_TEMPLATE, begin);
	if (behind)
		r->js->list[r->js->count - 1].match = top;
	if (r->js->text[r->at - 1] == '{')
		javascript_push(r, behind ? top : r->js->count - 1);
	return true;
}

bool
javascript_regex(struct reading *r)
{
	size_t begin = r->at++;
	bool class = false;

	for (; r->at < r->js->len; r->at++) {
		char c = javascript_peek(r, 0);

		if (c == '\n' || c == '\r' || (c == '/' && !class))
			break;
		if (c == '[')
			class = true;
		else if (c == ']')
			class = false;
		else if (c == '\\' && javascript_peek(r, 1) != '\n' &&
		    javascript_peek(r, 1) != '\r')
			r->at++;
	}
	if (r->at >= r->js->len || javascript_peek(r, 0) != '/')
		return javascript_fail(
		    r, begin, "this regular expression has no end");
	for (r->at++; javascript_is_name(javascript_peek(r, 0));)
		r->at++;
	javascript_add(r, JAVASCRIPT_REGEX, begin);
	return true;
}
