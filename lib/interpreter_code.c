#include <string.h>

#include "interpreter_private.h"
#include "javascript.h"

static bool is_quoted(
    const struct javascript *, const struct javascript_token *, const char *);

bool
interpreter_is_node(const char *path)
{
	static const char *const ends[] = { ".ts", ".js", ".mjs", ".cjs" };
	const char *slash = strrchr(path, '/');
	const char *end = strrchr(slash == NULL ? path : slash, '.');
	size_t n;

	for (n = 0; n < sizeof(ends) / sizeof(*ends) && end != NULL; n++)
		if (strcmp(end, ends[n]) == 0)
			return true;
	return false;
}

bool
interpreter_exports_down(const char *path, const char *text)
{
	return interpreter_is_node(path) && interpreter_has_word(text, "up") &&
	    interpreter_has_word(text, "down") &&
	    (interpreter_has_word(text, "export") ||
		interpreter_has_word(text, "exports"));
}

bool
interpreter_has_word(const char *text, const char *word)
{
	struct javascript js;
	bool has = false;
	size_t i;

	if (javascript_read(&js, text, strlen(text)) == -1)
		has = strstr(text, word) != NULL;
	for (i = 0; i < js.count && js.error == NULL && !has; i++)
		has = javascript_is(&js, i, word) ||
		    is_quoted(&js, &js.list[i], word);
	javascript_free(&js);
	return has;
}

static bool
is_quoted(const struct javascript *js, const struct javascript_token *t,
    const char *word)
{
	size_t len = strlen(word);

	return t->kind == JAVASCRIPT_STRING && t->end - t->begin == len + 2 &&
	    memcmp(js->text + t->begin + 1, word, len) == 0;
}
