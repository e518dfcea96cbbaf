#include "javascript_private.h"

static enum javascript_slash slash_behind_word(
    const struct javascript *, size_t);

enum javascript_slash
javascript_slash(const struct javascript *js)
{
	size_t last = js->count - 1, open;

	if (js->count == 0)
		return JAVASCRIPT_BEGINS_REGEX;
	switch (js->list[last].kind) {
	case JAVASCRIPT_NAME:
		return slash_behind_word(js, last);
	case JAVASCRIPT_TEMPLATE:
		return js->text[js->list[last].end - 1] == '`'
		    ? JAVASCRIPT_DIVIDES
		    : JAVASCRIPT_BEGINS_REGEX;
	case JAVASCRIPT_MARK:
		break;
	default:
		return JAVASCRIPT_DIVIDES;
	}
	if (javascript_is(js, last, "}") || javascript_is(js, last, "++") ||
	    javascript_is(js, last, "--"))
		return JAVASCRIPT_UNCLEAR;
	if (javascript_is(js, last, "]"))
		return JAVASCRIPT_DIVIDES;
	if (!javascript_is(js, last, ")"))
		return JAVASCRIPT_BEGINS_REGEX;
	open = js->list[last].match;
	if (open > 0 &&
	    (javascript_is(js, open - 1, "if") ||
		javascript_is(js, open - 1, "for") ||
		javascript_is(js, open - 1, "while")))
		return JAVASCRIPT_UNCLEAR;
	return JAVASCRIPT_DIVIDES;
}

static enum javascript_slash
slash_behind_word(const struct javascript *js, size_t i)
{
	static const char *const before[] = { "return", "typeof", "instanceof",
		"in", "new", "delete", "void", "throw", "case", "do", "else",
		"await" };
	size_t k;

	for (k = 0; k < sizeof(before) / sizeof(*before); k++)
		if (javascript_is_word(js, i, before[k]))
			return JAVASCRIPT_BEGINS_REGEX;
	if (javascript_is_word(js, i, "of") ||
	    javascript_is_word(js, i, "yield"))
		return JAVASCRIPT_UNCLEAR;
	return JAVASCRIPT_DIVIDES;
}
