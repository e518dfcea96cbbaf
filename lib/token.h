/*
 * token - the tokens of an SQL text, as PostgreSQL's scanner cuts them
 *
 * The rules are those of PostgreSQL 12 to 18 with standard_conforming_strings
 * on and a UTF-8 client; they differ between these versions only where a
 * number touches a word.  Whitespace and comments are stepped over.
 *
 *	token_start(&t, text, 0, len);
 *	while (t.kind != TOKEN_END && t.kind != TOKEN_ERROR)
 *		if (!token_take(&t, "CONCURRENTLY"))
 *			token_step(&t);
 */
#ifndef MG_TOKEN_H
#define MG_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
	TOKEN_END,
	TOKEN_ERROR,  /* stepping further stays here */
	TOKEN_WORD,   /* a key word, or a name without quotes */
	TOKEN_NAME,   /* "a name" or U&"one" */
	TOKEN_STRING, /* 'text', E'text', $tag$text$tag$ and their like */
	TOKEN_NUMBER, /* also a parameter, $1 */
	TOKEN_MARK,   /* one character of an operator or punctuation */
};

struct tokens {
	const char *text; /* borrowed */
	size_t len;
	enum token_kind kind; /* of the token this stands on */
	size_t begin, end;    /* and its bytes; of an error, where it began */
	size_t behind;        /* the end of the token before it */
	bool open_comment;    /* the text ends in a -- comment, no newline */
	const char *error;    /* of TOKEN_ERROR, static text */
};

/* Stand on the first token of text[begin .. len). */
void token_start(struct tokens *t, const char *text, size_t begin, size_t len);

void token_step(struct tokens *t);

/*
 * Whether the token reads so, in upper case.  A quoted name never reads like
 * a word, for the quotes are part of it.
 */
bool token_is(const struct tokens *t, const char *upper);

/* The same of the first len bytes of upper. */
bool token_reads(const struct tokens *t, const char *upper, size_t len);

/* If the token reads so, step over it. */
bool token_take(struct tokens *t, const char *upper);

/* Of ASCII letters only, whatever the locale. */
static inline char
token_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Whether the token behind this one reads so. */
bool token_next_is(const struct tokens *t, const char *upper);

/*
 * Step over a list in parentheses, if one begins here.  Returns false if it is
 * not closed.
 */
bool token_skip_list(struct tokens *t);

/* Whether an item of a list ends here, with a comma or with the list. */
bool token_ends_item(const struct tokens *t);

/* Step to the end of an item, over the lists in parentheses that it has. */
void token_skip_item(struct tokens *t);

/* Step over a name, qualified or not, that lies in these bytes then. */
bool token_take_name(struct tokens *t, size_t *begin, size_t *end);

/* What stands between the quotes of a TOKEN_STRING, as it is written. */
void token_content(const struct tokens *t, size_t *begin, size_t *end);

#endif
