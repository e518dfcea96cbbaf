#include "catalog_spelling.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "token.h"

/* (ARRAY[first, second])::type[], with where its pieces are. */
struct array {
	size_t begin, end;     /* of all */
	size_t inside;         /* behind the bracket */
	size_t *commas, count; /* which end elements; the last is ] */
	size_t type_begin, type_end;
};

static char *unquote(const char *);
static bool is_key_word(const struct tokens *);
static char *spread(const char *);
static bool find_array(const char *, struct array *);
static bool read_array(struct tokens *, struct array *);
static bool read_elements(struct tokens *, struct array *);
static bool read_type(struct tokens *, struct array *);
static char *write_spread(const char *, const struct array *);

char *
catalog_spelling(const char *text)
{
	char *better = NULL, *next;

	/* Nearly all texts end here; a token costs more than a byte. */
	if (strstr(text, "\"json") != NULL ||
	    strstr(text, "\"merge_action\"") != NULL ||
	    strstr(text, "\"system_user\"") != NULL)
		better = unquote(text);
	if (strstr(text, "(ARRAY[") == NULL)
		return better;
	while ((next = spread(better == NULL ? text : better)) != NULL) {
		free(better);
		better = next;
	}
	return better;
}

static char *
unquote(const char *text)
{
	struct tokens t;
	size_t len, done = 0;
	char *better;
	FILE *out = mem_stream(&better, &len);

	token_start(&t, text, 0, strlen(text));
	for (; t.kind != TOKEN_END && t.kind != TOKEN_ERROR; token_step(&t)) {
		if (!is_key_word(&t))
			continue;
		fwrite(text + done, 1, t.begin - done, out);
		fwrite(text + t.begin + 1, 1, t.end - t.begin - 2, out);
		done = t.end;
	}
	fputs(text + done, out);
	fclose(out);
	return better;
}

/*
 * Those that became other than unreserved between 14 and 18, as
 * pg_get_keywords() tells.
 */
static bool
is_key_word(const struct tokens *t)
{
	static const char *const words[] = { "json", "json_array",
		"json_arrayagg", "json_exists", "json_object", "json_objectagg",
		"json_query", "json_scalar", "json_serialize", "json_table",
		"json_value", "merge_action", "system_user" };
	size_t i, len = t->end - t->begin;

	if (t->kind != TOKEN_NAME || t->text[t->begin] != '"')
		return false;
	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i]) == len - 2 &&
		    memcmp(words[i], t->text + t->begin + 1, len - 2) == 0)
			return true;
	return false;
}

/* With the first such array as ARRAY[(first)::type, (second)::type]. */
static char *
spread(const char *text)
{
	struct array a = { 0 };
	char *better = NULL;

	if (find_array(text, &a))
		better = write_spread(text, &a);
	free(a.commas);
	return better;
}

static bool
find_array(const char *text, struct array *a)
{
	struct tokens t, inner;

	token_start(&t, text, 0, strlen(text));
	for (; t.kind != TOKEN_END && t.kind != TOKEN_ERROR; token_step(&t)) {
		inner = t;
		if (token_is(&t, "(") && token_next_is(&t, "ARRAY") &&
		    read_array(&inner, a))
			return true;
	}
	return false;
}

static bool
read_array(struct tokens *t, struct array *a)
{
	a->begin = t->begin;
	a->count = 0;
	return token_take(t, "(") && token_take(t, "ARRAY") &&
	    read_elements(t, a) && token_take(t, ")") && token_take(t, ":") &&
	    token_take(t, ":") && read_type(t, a);
}

/* Arrays in the array are cast in another way. */
static bool
read_elements(struct tokens *t, struct array *a)
{
	int depth = 0;

	a->inside = t->end;
	if (!token_take(t, "[") || token_is(t, "ARRAY"))
		return false;
	for (; t->kind != TOKEN_END && t->kind != TOKEN_ERROR; token_step(t)) {
		if (depth == 0 && (token_is(t, ",") || token_is(t, "]"))) {
			a->commas =
			    mem_grow(a->commas, a->count, sizeof(*a->commas));
			a->commas[a->count++] = t->begin;
			if (token_take(t, "]"))
				return true;
		}
		depth += token_is(t, "(") || token_is(t, "[");
		depth -= token_is(t, ")") || token_is(t, "]");
	}
	return false;
}

/* A name, which may have numbers in parentheses behind it or within. */
static bool
read_type(struct tokens *t, struct array *a)
{
	a->type_begin = t->begin;
	while (t->kind == TOKEN_WORD || t->kind == TOKEN_NAME ||
	    t->kind == TOKEN_NUMBER || token_is(t, ".") || token_is(t, ",") ||
	    token_is(t, "(") || token_is(t, ")"))
		token_step(t);
	a->type_end = t->begin;
	if (!token_take(t, "["))
		return false;
	a->end = t->end;
	return token_is(t, "]");
}

static char *
write_spread(const char *text, const struct array *a)
{
	size_t i, begin, len;
	char *better;
	FILE *out = mem_stream(&better, &len);

	fwrite(text, 1, a->begin, out);
	fputs("ARRAY[", out);
	for (i = 0, begin = a->inside; i < a->count; i++) {
		begin += strspn(text + begin, " \n");
		fprintf(out, "%s(%.*s)::%.*s", i == 0 ? "" : ", ",
		    (int)(a->commas[i] - begin), text + begin,
		    (int)(a->type_end - a->type_begin), text + a->type_begin);
		begin = a->commas[i] + 1;
	}
	fprintf(out, "]%s", text + a->end);
	fclose(out);
	return better;
}
