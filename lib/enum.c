#include "enum.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "token.h"

static bool take_added(struct tokens *, struct enum_value *);
static void add_all(struct enum_added *, struct tokens);
static bool runs_body(const struct sql *, size_t);
static bool uses(const struct enum_added *, struct tokens, bool);
static bool reads_like(
    const struct enum_added *, const char *, const struct enum_value *);
static bool lists(
    const struct enum_added *, const char *, const struct enum_value *);
static struct tokens within(const struct tokens *);

void
enum_add(struct enum_added *a, const struct sql *sql, size_t n)
{
	struct tokens t = sql_tokens(sql, n);

	if (token_take(&t, "DO")) {
		while (t.kind != TOKEN_END && t.kind != TOKEN_STRING)
			token_step(&t);
		if (t.kind == TOKEN_STRING)
			add_all(a, within(&t));
	} else if (token_take(&t, "ALTER") && token_is(&t, "TYPE"))
		add_all(a, t);
}

bool
enum_uses(const struct enum_added *a, const struct sql *sql, size_t n)
{
	/* These only name values, and are allowed to. */
	if (a->count == 0 || sql_begins(sql, n, "ALTER TYPE") ||
	    sql_begins(sql, n, "CREATE TYPE") || sql_begins(sql, n, "COMMENT"))
		return false;
	return uses(a, sql_tokens(sql, n), runs_body(sql, n));
}

void
enum_forget(struct enum_added *a)
{
	free(a->values);
	*a = (struct enum_added){ 0 };
}

/* ADD VALUE [IF NOT EXISTS] 'new' [BEFORE | AFTER 'old'] */
static bool
take_added(struct tokens *t, struct enum_value *value)
{
	if (!token_take(t, "ADD") || !token_take(t, "VALUE"))
		return false;
	if (token_take(t, "IF") && token_take(t, "NOT"))
		(void)token_take(t, "EXISTS");
	if (t->kind != TOKEN_STRING)
		return false;
	token_content(t, &value->begin, &value->end);
	token_step(t);
	if (token_take(t, "BEFORE") || token_take(t, "AFTER"))
		token_step(t);
	return true;
}

static void
add_all(struct enum_added *a, struct tokens t)
{
	struct enum_value value;

	while (t.kind > TOKEN_ERROR)
		if (take_added(&t, &value)) {
			a->values =
			    mem_grow(a->values, a->count, sizeof(value));
			a->values[a->count++] = value;
		} else
			token_step(&t);
}

/* Is a string in it SQL that the server reads at once? */
static bool
runs_body(const struct sql *sql, size_t n)
{
	struct tokens t = sql_tokens(sql, n);

	if (token_is(&t, "DO"))
		return true;
	if (!token_is(&t, "CREATE"))
		return false;
	while (t.kind > TOKEN_ERROR)
		if (!token_take(&t, "LANGUAGE"))
			token_step(&t);
		else if (token_is(&t, "SQL") || token_is(&t, "'SQL'"))
			return true;
	return false;
}

static bool
uses(const struct enum_added *a, struct tokens t, bool bodies)
{
	struct enum_value value;

	while (t.kind > TOKEN_ERROR) {
		if (take_added(&t, &value))
			continue;
		if (t.kind == TOKEN_STRING) {
			token_content(&t, &value.begin, &value.end);
			if (reads_like(a, t.text, &value) ||
			    lists(a, t.text, &value) ||
			    (bodies && uses(a, within(&t), false)))
				return true;
		}
		token_step(&t);
	}
	return false;
}

static bool
reads_like(const struct enum_added *a, const char *text,
    const struct enum_value *value)
{
	size_t i, len = value->end - value->begin;

	for (i = 0; i < a->count; i++)
		if (a->values[i].end - a->values[i].begin == len &&
		    memcmp(text + a->values[i].begin, text + value->begin,
			len) == 0)
			return true;
	return false;
}

/* Is it an array, {a,b} or {"a b"}, with one of them in it? */
static bool
lists(const struct enum_added *a, const char *text,
    const struct enum_value *string)
{
	struct enum_value item = *string;

	if (item.begin == item.end || text[item.begin] != '{')
		return false;
	for (item.end = item.begin; item.end < string->end; item.end++) {
		if (strchr("{},\"", text[item.end]) == NULL)
			continue;
		if (reads_like(a, text, &item))
			return true;
		item.begin = item.end + 1;
	}
	return false;
}

/* The tokens in the string that it stands on. */
static struct tokens
within(const struct tokens *t)
{
	struct tokens body;
	size_t begin, end;

	token_content(t, &begin, &end);
	token_start(&body, t->text, begin, end);
	return body;
}
