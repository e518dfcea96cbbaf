#include "waiting.h"

#include <stdlib.h>
#include <string.h>

#include "kind.h"
#include "mem.h"
#include "mention.h"

static void read_words(struct waiting *, struct tokens);
static bool is_reserved(const struct tokens *);
static void read_columns(struct waiting *, struct tokens *);

int
waiting_read(struct waiting *x, const struct sql *sql, size_t n)
{
	struct tokens t = sql_tokens(sql, n);
	size_t begin, end;

	*x = (struct waiting){ 0 };
	if (strcmp(kind_word(sql, n), "create-index") != 0)
		return -1;
	if (kind_object(sql, n, &begin, &end)) {
		x->name = mention_key_of(sql->text, begin, end);
		token_start(&t, sql->text, begin, sql->statements[n].end);
	}
	read_words(x, t);
	t = sql_tokens(sql, n);
	x->unique = token_next_is(&t, "UNIQUE");
	while (t.kind > TOKEN_ERROR && !token_take(&t, "ON"))
		token_step(&t);
	x->only = token_take(&t, "ONLY");
	if (!token_take_name(&t, &begin, &end))
		return -1;
	x->table = mention_key_of(sql->text, begin, end);
	read_columns(x, &t);
	return 0;
}

bool
waiting_holds(const struct waiting *x, uint64_t key)
{
	size_t i;

	for (i = 0; i < x->count; i++)
		if (x->words[i] == key)
			return true;
	return false;
}

void
waiting_free(struct waiting *x)
{
	free(x->words);
	free(x->columns);
	*x = (struct waiting){ 0 };
}

static void
read_words(struct waiting *x, struct tokens t)
{
	uint64_t key;

	for (; t.kind > TOKEN_ERROR; token_step(&t)) {
		key = mention_key(&t);
		x->veiled = x->veiled || (key == 0 && t.kind == TOKEN_NAME);
		if (key == 0 || is_reserved(&t))
			continue;
		x->words = mem_grow(x->words, x->count, sizeof(*x->words));
		x->words[x->count++] = key;
	}
}

/* Is it a word that comes in many indexes and names nothing? */
static bool
is_reserved(const struct tokens *t)
{
	static const char *const words[] = { "AND", "ASC", "COLLATE", "DESC",
		"FALSE", "IN", "IS", "NOT", "NULL", "ON", "ONLY", "OR", "TRUE",
		"USING", "WHERE", "WITH" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (token_is(t, words[i]))
			return true;
	return false;
}

static void
read_columns(struct waiting *x, struct tokens *t)
{
	while (t->kind > TOKEN_ERROR && !token_is(t, "("))
		token_step(t);
	while (token_take(t, "(") || token_take(t, ",")) {
		x->columns =
		    mem_grow(x->columns, x->ncolumns, sizeof(*x->columns));
		x->columns[x->ncolumns++] =
		    token_next_is(t, "(") ? 0 : mention_key(t);
		token_skip_item(t);
	}
}
