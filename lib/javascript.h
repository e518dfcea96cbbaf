/*
 * javascript - the tokens of a JavaScript text
 *
 * As a script of ECMAScript 2023 has them, in ASCII outside of strings,
 * templates, regular expressions and comments.  Where only a grammar could tell
 * what a slash is, the text is refused; so is what strict mode does not have.
 *
 *	if (javascript_read(&js, text, len) == -1)
 *		errx(CLI_INPUT, "%zu: %s", js.at, js.error);
 *	for (i = 0; i < js.count; i++)
 *		use(&js.list[i]);
 *	javascript_free(&js);
 */
#ifndef MG_JAVASCRIPT_H
#define MG_JAVASCRIPT_H

#include <stdbool.h>
#include <stddef.h>

enum javascript_kind {
	JAVASCRIPT_NAME, /* a key word, too */
	JAVASCRIPT_NUMBER,
	JAVASCRIPT_STRING,
	JAVASCRIPT_TEMPLATE, /* or the part of one up to ${, as a bracket */
	JAVASCRIPT_REGEX,
	JAVASCRIPT_MARK, /* a bracket, an operator, punctuation */
};

struct javascript_token {
	enum javascript_kind kind;
	size_t begin, end;
	bool newline;  /* one lies before it, maybe in a comment */
	size_t depth;  /* brackets around it */
	size_t within; /* the one that it is in; the count of tokens if none */
	size_t match;  /* of a bracket, the other one; else itself */
};

struct javascript {
	const char *text; /* borrowed until javascript_free */
	size_t len;
	struct javascript_token *list;
	size_t count;
	const char *error; /* why javascript_read returned -1; static text */
	size_t at;         /* and the byte that is to blame */
};

/* Returns 0 or -1; javascript_free is due after either. */
int javascript_read(struct javascript *js, const char *text, size_t len);

/* Whether token i is there and reads so; a string has its quotes. */
bool javascript_is(const struct javascript *js, size_t i, const char *text);

/* Whether it reads so and is a word of its own, not a member. */
bool javascript_is_word(
    const struct javascript *js, size_t i, const char *word);

/* Harmless on { 0 } and twice. */
void javascript_free(struct javascript *js);

#endif
