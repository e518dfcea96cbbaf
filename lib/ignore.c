#include "ignore.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

static const char mark[] = "mg-lint:";

/* A comment, from behind its dashes to the end of its line. */
struct comment {
	const char *text;
	size_t begin, end;
	size_t statement;
};

static void read_gap(struct ignores *, const struct sql *, size_t, size_t);
static size_t skip_block(const char *, size_t, size_t);
static size_t statement_of(const struct sql *, size_t);
static void read_comment(struct ignores *, struct comment);
static void read_rules(struct ignores *, struct comment *);
static void skip_blanks(struct comment *);
static bool take(struct comment *, const char *);
static void add(struct ignores *, const struct comment *, size_t);

void
ignores_read(struct ignores *list, const struct sql *sql)
{
	struct tokens t;

	*list = (struct ignores){ .statements = sql->count };
	if (memmem(sql->text, sql->len, mark, sizeof(mark) - 1) == NULL)
		return;
	token_start(&t, sql->text, 0, sql->len);
	for (;;) {
		read_gap(list, sql, t.behind, t.begin);
		if (t.kind <= TOKEN_ERROR)
			break;
		token_step(&t);
	}
}

bool
ignores_silence(struct ignores *list, const char *rule, size_t n)
{
	struct ignore *ignore;
	bool silent = false;
	size_t i;

	for (i = 0; i < list->count; i++) {
		ignore = &list->list[i];
		if (ignore->rule == NULL || !ignore->reason ||
		    strcmp(ignore->rule, rule) != 0 ||
		    (n != IGNORE_TEXT && n != ignore->statement))
			continue;
		ignore->used = true;
		silent = true;
	}
	return silent;
}

void
ignores_free(struct ignores *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		free(list->list[i].rule);
	free(list->list);
	*list = (struct ignores){ 0 };
}

/* The comments between two tokens. */
static void
read_gap(struct ignores *list, const struct sql *sql, size_t begin, size_t end)
{
	struct comment c = { .text = sql->text };
	size_t at = begin;

	while (at + 1 < end)
		if (memcmp(sql->text + at, "/*", 2) == 0)
			at = skip_block(sql->text, at, end);
		else if (memcmp(sql->text + at, "--", 2) == 0) {
			c.begin = at + 2;
			c.statement = statement_of(sql, at);
			while (at < end && sql->text[at] != '\n' &&
			    sql->text[at] != '\r')
				at++;
			c.end = at;
			read_comment(list, c);
		} else
			at++;
}

/* Behind a comment that may have others in it. */
static size_t
skip_block(const char *text, size_t at, size_t end)
{
	size_t depth = 0;

	for (; at + 1 < end; at++)
		if (memcmp(text + at, "/*", 2) == 0) {
			depth++;
			at++;
		} else if (memcmp(text + at, "*/", 2) == 0) {
			at++;
			if (--depth == 0)
				return at + 1;
		}
	return end;
}

static size_t
statement_of(const struct sql *sql, size_t at)
{
	const struct sql_statement *s = sql->statements;
	size_t low = 0, high = sql->count, middle;

	/* The first that ends behind it. */
	while (low < high) {
		middle = low + (high - low) / 2;
		if (s[middle].end <= at)
			low = middle + 1;
		else
			high = middle;
	}
	if ((low == sql->count || s[low].begin > at) && low > 0 &&
	    memchr(sql->text + s[low - 1].end, '\n', at - s[low - 1].end) ==
		NULL)
		return low - 1;
	return low;
}

static void
read_comment(struct ignores *list, struct comment c)
{
	size_t i = list->count;
	bool reason;

	skip_blanks(&c);
	if (!take(&c, mark))
		return;
	if (take(&c, "ignore "))
		read_rules(list, &c);
	else
		add(list, &c, 0);
	reason = take(&c, "because ") && c.begin < c.end;
	for (; i < list->count; i++)
		list->list[i].reason = reason;
}

static void
read_rules(struct ignores *list, struct comment *c)
{
	size_t end;

	do {
		for (end = c->begin; end < c->end; end++)
			if (strchr(" \t\r,", c->text[end]) != NULL)
				break;
		add(list, c, end - c->begin);
		c->begin = end;
		skip_blanks(c);
	} while (take(c, ","));
}

static void
skip_blanks(struct comment *c)
{
	while (c->begin < c->end && strchr(" \t\r", c->text[c->begin]) != NULL)
		c->begin++;
}

/* If this comes next, step over it and what is blank behind it. */
static bool
take(struct comment *c, const char *text)
{
	size_t len = strlen(text);

	if (c->end - c->begin < len ||
	    memcmp(c->text + c->begin, text, len) != 0)
		return false;
	c->begin += len;
	skip_blanks(c);
	return true;
}

static void
add(struct ignores *list, const struct comment *c, size_t len)
{
	list->list = mem_grow(list->list, list->count, sizeof(*list->list));
	list->list[list->count++] = (struct ignore){ .at = c->begin,
		.rule =
		    len == 0 ? NULL : mem_copy_bytes(c->text + c->begin, len),
		.statement = c->statement };
}
