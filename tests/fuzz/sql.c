/*
 * Any bytes: what sql says of them must hold together.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "object.h"
#include "sql.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void check_ranges(const struct sql *);
static void check_nothing(const struct sql *, size_t, size_t);
static void check_facts(const struct sql *, size_t);
static void check_alone(const struct sql *, size_t);
static void check_joined(const struct sql *);
static void check_same(const struct sql *, size_t, const struct sql *, size_t);
static size_t put(char *, size_t, const char *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A copy of just this size: then a byte read behind it is noticed. */
	char *text = malloc(size == 0 ? 1 : size);
	size_t i, line, column;
	struct sql sql;

	assert(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	if (sql_read(&sql, text, size) == -1) {
		assert(sql.error != NULL && sql.at < size);
		sql_place(text, size, sql.at, &line, &column);
		assert(line > 0 && column > 0);
	} else {
		check_ranges(&sql);
		for (i = 0; i < sql.count; i++) {
			check_facts(&sql, i);
			check_alone(&sql, i);
		}
		check_joined(&sql);
	}
	sql_free(&sql);
	sql_free(&sql);
	free(text);
	return 0;
}

/* Statements come in order, and no byte between them is one's own. */
static void
check_ranges(const struct sql *sql)
{
	const struct sql_statement *s;
	size_t i, behind = 0;

	for (i = 0; i < sql->count; i++) {
		s = &sql->statements[i];
		assert(behind <= s->begin && s->begin < s->end);
		assert(s->end <= s->next && s->next <= sql->len);
		assert(
		    s->closed || (s->next == sql->len && i + 1 == sql->count));
		assert(!s->closed || sql->text[s->next - 1] == ';');
		check_nothing(sql, behind, s->begin);
		check_nothing(sql, s->end, s->next);
		behind = s->next;
	}
	check_nothing(sql, behind, sql->len);
}

static void
check_nothing(const struct sql *sql, size_t begin, size_t end)
{
	struct sql gap;

	assert(sql_read(&gap, sql->text + begin, end - begin) == 0);
	assert(gap.count == 0);
	sql_free(&gap);
}

static void
check_facts(const struct sql *sql, size_t n)
{
	const struct sql_statement *s = &sql->statements[n];
	char reset[32], *index = object_index(sql, n);
	char *table = object_table(sql, n);
	size_t i, characters = 0;

	if (s->concurrently != 0)
		assert(s->kind == SQL_ALONE && s->begin < s->concurrently &&
		    s->concurrently + strlen("concurrently") <= s->end &&
		    (sql->text[s->concurrently] | 0x20) == 'c');
	if (s->body != 0)
		assert(s->begin < s->body && s->body < s->end);
	if (sql_setting(sql, n, reset, sizeof(reset)) == 0)
		assert(s->kind == SQL_SESSION && strlen(reset) > 6);
	if (index != NULL)
		assert(*index != '\0' && strlen(index) < s->end - s->begin);
	if (table != NULL)
		assert(sql_begins(sql, n, "CREATE") && *table != '\0');
	free(index);
	free(table);
	/* Positions as a server counts them, for a short text only. */
	if (s->begin < 256) {
		for (i = 0; i <= s->begin; i++)
			characters +=
			    ((unsigned char)sql->text[i] & 0xc0) != 0x80;
		assert(sql_offset(sql->text, sql->len, characters) == s->begin);
	}
}

/* A space comes first: at the start of a line a text may mean otherwise. */
static void
check_alone(const struct sql *sql, size_t n)
{
	const struct sql_statement *s = &sql->statements[n];
	size_t len = s->end - s->begin;
	char *text = malloc(len + 1);
	struct sql one;

	assert(text != NULL);
	(void)put(text, put(text, 0, " ", 1), sql->text + s->begin, len);
	assert(sql_read(&one, text, len + 1) == 0 && one.count == 1);
	assert(!one.statements[0].closed && !one.open_comment);
	check_same(sql, n, &one, 0);
	sql_free(&one);
	free(text);
}

static void
check_joined(const struct sql *sql)
{
	static const char between[] = "\n;\n";
	struct sql all;
	size_t i, len = 0;
	char *text = malloc(sql->len + sql->count * strlen(between) + 1);

	assert(text != NULL);
	for (i = 0; i < sql->count; i++) {
		len = put(text, len, " ", 1);
		len = put(text, len, sql->text + sql->statements[i].begin,
		    sql->statements[i].end - sql->statements[i].begin);
		len = put(text, len, between, strlen(between) - 1);
	}
	assert(sql_read(&all, text, len) == 0 && all.count == sql->count);
	for (i = 0; i < sql->count; i++)
		check_same(sql, i, &all, i);
	sql_free(&all);
	free(text);
}

static void
check_same(const struct sql *a, size_t i, const struct sql *b, size_t j)
{
	const struct sql_statement *s = &a->statements[i];
	const struct sql_statement *t = &b->statements[j];

	assert(s->kind == t->kind && s->chain == t->chain);
	assert(s->secret == t->secret);
	assert(s->end - s->begin == t->end - t->begin);
	assert((s->body == 0 ? 0 : s->body - s->begin) ==
	    (t->body == 0 ? 0 : t->body - t->begin));
	assert((s->concurrently == 0 ? 0 : s->concurrently - s->begin) ==
	    (t->concurrently == 0 ? 0 : t->concurrently - t->begin));
}

static size_t
put(char *text, size_t at, const char *bytes, size_t len)
{
	memcpy(text + at, bytes, len);
	return at + len;
}
