#include "mention.h"

#include <stdlib.h>

#include "mem.h"

enum { NAME_BYTES = 63 /* that the server keeps of a name */ };

struct mention {
	uint64_t key;
	size_t statement;
};

static void add(struct mention_list *, uint64_t, size_t);
static int compare(const void *, const void *);
static size_t find(const struct mention_list *, uint64_t, size_t);
static uint64_t hash_byte(uint64_t, char);
static char lower(char);

void
mention_add(struct mention_list *m, const struct sql *sql, size_t n)
{
	struct tokens t = sql_tokens(sql, n);

	for (; t.kind > TOKEN_ERROR; token_step(&t))
		add(m, mention_key(&t), n);
}

void
mention_sort(struct mention_list *m)
{
	if (m->count > 0)
		qsort(m->list, m->count, sizeof(*m->list), compare);
}

/* The hash of FNV-1a. */
uint64_t
mention_key(const struct tokens *t)
{
	uint64_t key = 0xcbf29ce484222325;
	size_t at = t->begin, end = t->end, bytes = 0;
	char quote = '\0';

	if (t->kind == TOKEN_STRING)
		token_content(t, &at, &end);
	else if (t->kind == TOKEN_NAME) {
		quote = t->text[at++];
		end--;
		if (quote != '"')
			return 0;
	} else if (t->kind != TOKEN_WORD)
		return 0;
	for (; at < end && bytes < NAME_BYTES; at++, bytes++) {
		if (quote == '"' && t->text[at] == '"')
			at++;
		key = hash_byte(key,
		    t->kind == TOKEN_WORD ? lower(t->text[at]) : t->text[at]);
	}
	return key;
}

uint64_t
mention_key_of(const char *text, size_t begin, size_t end)
{
	uint64_t key = 0;
	struct tokens t;

	for (token_start(&t, text, begin, end); t.kind > TOKEN_ERROR;
	     token_step(&t))
		if (t.kind != TOKEN_MARK)
			key = mention_key(&t);
	return key;
}

size_t
mention_next(const struct mention_list *m, uint64_t key, size_t n)
{
	return find(m, key, n + 1);
}

size_t
mention_first(const struct mention_list *m, uint64_t key)
{
	return find(m, key, 0);
}

void
mention_free(struct mention_list *m)
{
	free(m->list);
	*m = (struct mention_list){ 0 };
}

static void
add(struct mention_list *m, uint64_t key, size_t n)
{
	if (key == 0)
		return;
	m->list = mem_grow(m->list, m->count, sizeof(*m->list));
	m->list[m->count++] = (struct mention){ key, n };
}

static int
compare(const void *a, const void *b)
{
	const struct mention *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->statement > y->statement) - (x->statement < y->statement);
}

/* The first statement from n on that mentions it, or their count. */
static size_t
find(const struct mention_list *m, uint64_t key, size_t n)
{
	const struct mention wanted = { key, n };
	size_t low = 0, high = m->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare(&m->list[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < m->count && m->list[low].key == key
	    ? m->list[low].statement
	    : m->statements;
}

static uint64_t
hash_byte(uint64_t key, char c)
{
	return (key ^ (unsigned char)c) * 0x100000001b3;
}

/* Of ASCII letters only, whatever the locale. */
static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}
