/*
 * commonjs_private - what the parts of commonjs share; for nobody else
 */
#ifndef MG_COMMONJS_PRIVATE_H
#define MG_COMMONJS_PRIVATE_H

#include "javascript.h"

enum commonjs_body {
	COMMONJS_NO_BODY,
	COMMONJS_FUNCTION, /* this is its own */
	COMMONJS_METHOD,
	COMMONJS_ARROW,
};

/* Of a token: that its bytes go, and what comes before or in their place. */
struct change {
	bool drop;
	bool tight; /* the blanks before it go, too */
	char *before;
	char *after;
};

/* Of a bracket that a body begins with. */
struct body {
	enum commonjs_body kind;
	size_t parameters; /* their bracket */
	bool callback;
};

struct exported {
	size_t key;    /* the token of its name */
	size_t local;  /* that of what it is called here, maybe the same */
	bool migrates; /* it is up or down */
};

struct conversion {
	struct javascript js;
	struct change *changes; /* as long as the tokens, as is the next */
	struct body *bodies;
	struct exported *exported; /* what is exported by its name */
	size_t nexported;
	size_t object; /* the bracket of module.exports = {, or the count */
	size_t first;  /* the token behind directives and requires */
	bool knex;     /* its types are used */
	bool up;       /* it is exported */
	const char *error;
	size_t at; /* the byte to blame */
};

/* Each of these returns false where it refuses. */
bool commonjs_check(struct conversion *c);
bool commonjs_import(struct conversion *c);
bool commonjs_export(struct conversion *c);
bool commonjs_type(struct conversion *c);
bool commonjs_declare(struct conversion *c);

/* Refuses, because of that token. */
bool commonjs_refuse(struct conversion *c, size_t token, const char *why);

bool commonjs_is(const struct conversion *c, size_t token, const char *text);
bool commonjs_is_word(
    const struct conversion *c, size_t token, const char *word);
bool commonjs_is_kind(
    const struct conversion *c, size_t token, enum javascript_kind kind);
bool commonjs_same(const struct conversion *c, size_t a, size_t b);

/* A key of an object, not a name. */
bool commonjs_is_key(const struct conversion *c, size_t token);

/* Does a statement begin here? */
bool commonjs_begins(const struct conversion *c, size_t token);

/* Is one at its end before this token?  Where lines end, only if it is clear.
 */
bool commonjs_ends(const struct conversion *c, size_t token);

/* From begin to end lies a name alone, that is no word of the language. */
bool commonjs_is_reference(
    const struct conversion *c, size_t begin, size_t end);

/* Is it declared at the top? */
bool commonjs_is_declared(const struct conversion *c, size_t name);

/* How exports are understood, to be said where they are not. */
extern const char commonjs_understood[];

/* module.exports = {: the token module, and the bracket. */
bool commonjs_object(struct conversion *c, size_t token, size_t open);

/*
 * Export what is called so, with = or : behind it unless that is the value
 * itself; end is where a value ends that is nothing but a name, or the count.
 */
bool commonjs_export_value(
    struct conversion *c, size_t name, size_t value, size_t end);

/* Each name is exported once. */
bool commonjs_note(struct conversion *c, size_t key, size_t local);

/* What a function is to who calls it. */
enum commonjs_role {
	COMMONJS_OTHER,
	COMMONJS_MIGRATES,
	COMMONJS_HELPER,
	COMMONJS_CALLBACK
};

struct function {
	enum commonjs_body kind;
	size_t first; /* its first token, async among them */
	size_t open;  /* the bracket of its parameters, or their one name */
	size_t name;  /* or the count */
	enum commonjs_role role;
};

/* Give its parameters types, and know its body. */
bool commonjs_annotate(struct conversion *c, const struct function *f);

/* The name of what is called with the token as an argument, or the count. */
size_t commonjs_callee(const struct conversion *c, size_t token);

/* The token's text; the caller's to free. */
char *commonjs_text(const struct conversion *c, size_t token);

void commonjs_drop(struct conversion *c, size_t token);
void commonjs_replace(struct conversion *c, size_t token, const char *text);
void commonjs_put_before(struct conversion *c, size_t token, const char *text);
void commonjs_put_after(struct conversion *c, size_t token, const char *text);

#endif
