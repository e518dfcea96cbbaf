/*
 * javascript_private - what the parts of javascript share; for nobody else
 */
#ifndef MG_JAVASCRIPT_PRIVATE_H
#define MG_JAVASCRIPT_PRIVATE_H

#include "javascript.h"

/* Where reading stands; open holds the tokens of brackets not yet closed. */
struct reading {
	struct javascript *js;
	size_t at;
	bool newline;
	size_t *open;
	size_t depth;
};

/* Each of these reads a token that begins here; false where it refuses. */
bool javascript_number(struct reading *r);
bool javascript_string(struct reading *r, char quote);
/* Whole, up to the next ${, or from a } behind one. */
bool javascript_template(struct reading *r, bool behind);
bool javascript_regex(struct reading *r);

/* What a slash is behind the last token. */
enum javascript_slash {
	JAVASCRIPT_DIVIDES,
	JAVASCRIPT_BEGINS_REGEX,
	JAVASCRIPT_UNCLEAR,
};

enum javascript_slash javascript_slash(const struct javascript *js);

/* The token from begin up to here. */
struct javascript_token *javascript_add(
    struct reading *r, enum javascript_kind kind, size_t begin);

/* From now on in the bracket that is this token. */
void javascript_push(struct reading *r, size_t token);

/* Refuses, because of that byte; returns false. */
bool javascript_fail(struct reading *r, size_t at, const char *why);

/* A byte ahead, or NUL behind the end, which no UTF-8 here has (utf8.h). */
char javascript_peek(const struct reading *r, size_t ahead);

bool javascript_is_name(char c);
bool javascript_is_digit(char c);

#endif
