/*
 * Any bytes: commonjs refuses them at a place in them, or makes a text of which
 * the tokens are again tokens.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "commonjs.h"
#include "javascript.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void check_tokens(const struct javascript *);
static void check_converted(const struct commonjs *);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A copy of just this size: then a byte read behind it is noticed. */
	char *text = malloc(size + 1);
	struct javascript js;
	struct commonjs c;

	assert(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	if (javascript_read(&js, text, size) == -1)
		assert(js.error != NULL && js.at <= size);
	else
		check_tokens(&js);
	javascript_free(&js);
	javascript_free(&js);

	if (commonjs_convert(&c, text, size) == -1)
		assert(c.error != NULL && c.line > 0 && c.column > 0);
	else
		check_converted(&c);
	commonjs_free(&c);
	commonjs_free(&c);
	free(text);
	return 0;
}

static void
check_tokens(const struct javascript *js)
{
	const struct javascript_token *t;
	size_t i, at = 0;

	for (i = 0; i < js->count; i++) {
		t = &js->list[i];
		assert(
		    at <= t->begin && t->begin < t->end && t->end <= js->len);
		assert(t->match < js->count && t->within <= js->count);
		assert((t->depth == 0) == (t->within == js->count));
		at = t->end;
	}
}

static void
check_converted(const struct commonjs *c)
{
	struct javascript js;

	assert(c->text != NULL && strlen(c->text) == c->len);
	assert(strstr(c->text, "export") != NULL);
	(void)javascript_read(&js, c->text, c->len);
	javascript_free(&js);
}
