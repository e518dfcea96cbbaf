#include <string.h>

#include "commonjs_private.h"

static bool check_word(struct conversion *, size_t);
static bool check_delete(struct conversion *, size_t);
static bool check_angle(struct conversion *, size_t);
static bool check_colon(struct conversion *, size_t);

/*
 * What a module has otherwise than a script: it is strict, has no module of its
 * own, and its types are written with < and :.
 */
bool
commonjs_check(struct conversion *c)
{
	size_t i;

	for (i = 0; i < c->js.count; i++) {
		if (c->js.list[i].kind == JAVASCRIPT_NAME &&
		    !commonjs_is_key(c, i) && !check_word(c, i))
			return false;
		if (!check_delete(c, i) || !check_angle(c, i) ||
		    !check_colon(c, i))
			return false;
	}
	return true;
}

static bool
check_word(struct conversion *c, size_t i)
{
	static const struct {
		const char *word, *why;
	} refused[] = {
		{ "__dirname",
		    "a module has no __dirname; write the path "
		    "from where knex runs, process.cwd()" },
		{ "__filename",
		    "a module has no __filename; write the path "
		    "from where knex runs, process.cwd()" },
		{ "with", "strict mode has no with" },
		{ "eval", "eval is not the same in strict mode" },
		{ "arguments",
		    "arguments is not the same in strict mode; "
		    "give the function parameters" },
		{ "class",
		    "a class needs types that only you know; put it "
		    "into a module of its own" },
		{ "super", "super needs the object that it is in" },
		{ "get", "a getter is not understood" },
		{ "set", "a setter is not understood" },
		{ "import", "this is a module already, not CommonJS" },
		{ "export", "this is a module already, not CommonJS" },
		{ "enum", "a word that is reserved" },
		{ "implements", "strict mode reserves this word" },
		{ "interface", "strict mode reserves this word" },
		{ "package", "strict mode reserves this word" },
		{ "private", "strict mode reserves this word" },
		{ "protected", "strict mode reserves this word" },
		{ "public", "strict mode reserves this word" },
		{ "static", "strict mode reserves this word" },
		{ "Knex", "the types of knex have this name; rename yours" },
	};
	size_t k;

	for (k = 0; k < sizeof(refused) / sizeof(*refused); k++) {
		if (!commonjs_is_word(c, i, refused[k].word))
			continue;
		/* Only before a name these two are words of the language. */
		if ((strcmp(refused[k].word, "get") == 0 ||
			strcmp(refused[k].word, "set") == 0) &&
		    !commonjs_is_kind(c, i + 1, JAVASCRIPT_NAME))
			continue;
		return commonjs_refuse(c, i, refused[k].why);
	}
	return true;
}

static bool
check_delete(struct conversion *c, size_t i)
{
	if (!commonjs_is_word(c, i, "delete") || commonjs_is(c, i + 2, ".") ||
	    commonjs_is(c, i + 2, "?.") || commonjs_is(c, i + 2, "["))
		return true;
	return commonjs_refuse(
	    c, i, "only a member, as a.b or a[b], can be deleted");
}

/* f(a < b, c > (d)) would be a call with types. */
static bool
check_angle(struct conversion *c, size_t i)
{
	size_t k;

	if (!commonjs_is(c, i, "<"))
		return true;
	for (k = i + 1; k < c->js.count; k++) {
		if (commonjs_is(c, k, ">") && commonjs_is(c, k + 1, "("))
			return commonjs_refuse(c, i,
			    "this may be read as < and > around types; put "
			    "the comparison into parentheses");
		if (!commonjs_is_kind(c, k, JAVASCRIPT_NAME) &&
		    !commonjs_is(c, k, ",") && !commonjs_is(c, k, ".") &&
		    !commonjs_is(c, k, "[") && !commonjs_is(c, k, "]"))
			break;
	}
	return true;
}

/* a ? (b) : c => d would be a function that returns a c. */
static bool
check_colon(struct conversion *c, size_t i)
{
	size_t arrow = i + 2;

	if (!commonjs_is(c, i, ":") || i == 0 || !commonjs_is(c, i - 1, ")"))
		return true;
	if (commonjs_is(c, i + 1, "("))
		arrow = c->js.list[i + 1].match + 1;
	if (!commonjs_is(c, arrow, "=>"))
		return true;
	return commonjs_refuse(c, i,
	    "this may be read as the type of what a function returns; put "
	    "what is behind it into parentheses");
}
