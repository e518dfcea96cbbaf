#include "keys.h"

#include <stdlib.h>

#include "mem.h"
#include "object.h"

static int read_keys(struct keys *, struct tokens *);
static int read_key(struct keys *, struct tokens *);
static void read_rest(struct keys *, struct tokens *);
static bool veiled(struct tokens);
static bool skip_to(struct tokens *, const char *);

int
keys_read(struct keys *k, const struct sql *sql, size_t n)
{
	struct tokens t = sql_tokens(sql, n);

	*k = (struct keys){ .table = object_table(sql, n),
		.simple = !veiled(t) };
	if (k->table == NULL)
		return -1;
	(void)token_take(&t, "CREATE");
	k->unique = token_is(&t, "UNIQUE");
	if (!skip_to(&t, "ON"))
		return -1;
	while (t.kind > TOKEN_ERROR && !token_is(&t, "("))
		if (token_take(&t, "USING"))
			k->simple = false;
		else
			token_step(&t);
	if (read_keys(k, &t) == -1)
		return -1;
	read_rest(k, &t);
	return 0;
}

void
keys_free(struct keys *k)
{
	size_t i;

	for (i = 0; i < k->count; i++)
		free(k->list[i]);
	free(k->list);
	free(k->table);
	free(k->where);
	*k = (struct keys){ 0 };
}

static int
read_keys(struct keys *k, struct tokens *t)
{
	if (!token_take(t, "("))
		return -1;
	do
		if (read_key(k, t) == -1)
			return -1;
	while (token_take(t, ","));
	return token_take(t, ")") ? 0 : -1;
}

/* A column, a function's call, or an expression in parentheses. */
static int
read_key(struct keys *k, struct tokens *t)
{
	size_t begin = t->begin, first, end;

	if (token_take_name(t, &first, &end))
		k->simple = k->simple && !token_is(t, "(");
	else if (token_is(t, "("))
		k->simple = false;
	else
		return -1;
	(void)token_skip_list(t);
	end = t->behind;
	k->list = mem_grow(k->list, k->count, sizeof(*k->list));
	k->list[k->count++] = mem_copy_bytes(t->text + begin, end - begin);
	/* Its collation, operator class and order. */
	k->simple = k->simple && token_ends_item(t);
	token_skip_item(t);
	return 0;
}

static void
read_rest(struct keys *k, struct tokens *t)
{
	k->simple = k->simple && t->kind == TOKEN_END;
	while (t->kind > TOKEN_ERROR) {
		if (token_take(t, "NULLS"))
			k->nulls_equal = token_is(t, "NOT");
		else if (token_take(t, "WHERE")) {
			k->where = mem_copy_bytes(
			    t->text + t->begin, t->len - t->begin);
			return;
		} else if (token_is(t, "("))
			(void)token_skip_list(t);
		else
			token_step(t);
	}
}

/* Does it hold U&"names", which the server's functions cannot read? */
static bool
veiled(struct tokens t)
{
	for (; t.kind > TOKEN_ERROR; token_step(&t))
		if (t.kind == TOKEN_NAME && t.text[t.begin] != '"')
			return true;
	return false;
}

static bool
skip_to(struct tokens *t, const char *word)
{
	while (t->kind > TOKEN_ERROR)
		if (token_take(t, word))
			return true;
		else
			token_step(t);
	return false;
}
