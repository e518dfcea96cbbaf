/*
 * statements - show what the module sql sees in standard input
 *
 * A line for each statement: its kind, what else is known of it, a bar, and
 * its text.  An error is one line too: place, colon, what it says.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "file.h"
#include "mem.h"
#include "object.h"
#include "sql.h"
#include "utf8.h"

static void show(const struct sql *, size_t);
static void show_objects(const struct sql *, size_t);
static void show_object(const char *, char *);
static void show_bytes(const char *, const struct sql *, size_t, size_t);

int
main(void)
{
	struct sql sql;
	struct file script = { 0 };
	size_t i, line, column;
	int got;

	if (file_read_open(&script, STDIN_FILENO) == -1)
		err(2, "stdin");
	if ((got = sql_read(&sql, script.bytes, script.len)) == 0)
		for (i = 0; i < sql.count; i++)
			show(&sql, i);
	else {
		sql_place(script.bytes, script.len, sql.at, &line, &column);
		printf("%zu:%zu: %s\n", line, column, sql.error);
	}
	if (sql.open_comment)
		puts("open comment");
	sql_free(&sql);
	file_free(&script);
	return got == 0 ? 0 : 1;
}

static void
show(const struct sql *sql, size_t n)
{
	static const char *const kinds[] = {
		[SQL_PLAIN] = "plain",
		[SQL_BEGIN] = "begin",
		[SQL_COMMIT] = "commit",
		[SQL_ROLLBACK] = "rollback",
		[SQL_SAVEPOINT] = "savepoint",
		[SQL_PREPARE] = "prepare",
		[SQL_ALONE] = "alone",
		[SQL_SESSION] = "session",
		[SQL_OPAQUE] = "opaque",
	};
	const struct sql_statement *s = &sql->statements[n];
	size_t line, column;
	char reset[80];

	fputs(kinds[s->kind], stdout);
	if (s->chain)
		fputs(" chain", stdout);
	if (s->secret)
		fputs(" secret", stdout);
	if (s->concurrent)
		fputs(" concurrent", stdout);
	if (!s->closed)
		fputs(" open", stdout);
	if (s->concurrently != 0)
		show_bytes("drop", sql, s->concurrently, s->concurrently + 12);
	if (s->body != 0) {
		sql_place(sql->text, sql->len, s->body, &line, &column);
		printf(" body=%zu:%zu", line, column);
	}
	if (sql_setting(sql, n, reset, sizeof(reset)) == 0)
		printf(" undo=%s", utf8_visible(reset));
	show_objects(sql, n);
	show_bytes("|", sql, s->begin, s->end);
	putchar('\n');
}

static void
show_objects(const struct sql *sql, size_t n)
{
	char *name, *parent, *partition = object_detached(sql, n, &parent);
	const char *what = object_reindexed(sql, n, &name);

	show_object("index", object_index(sql, n));
	show_object("table", object_table(sql, n));
	show_object("partition", partition);
	show_object("parent", parent);
	if (what != NULL)
		printf(" reindex=%s", what);
	show_object("name", name);
}

static void
show_object(const char *what, char *name)
{
	if (name != NULL)
		printf(" %s=%s", what, utf8_visible(name));
	free(name);
}

static void
show_bytes(const char *what, const struct sql *sql, size_t begin, size_t end)
{
	char *bytes = mem_copy_bytes(sql->text + begin, end - begin);

	if (*what == '|')
		printf("|%s", utf8_visible(bytes));
	else
		printf(" %s=%s", what, utf8_visible(bytes));
	free(bytes);
}
