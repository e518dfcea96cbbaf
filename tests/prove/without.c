/*
 * without - leave one statement of an SQL text out
 *
 *	without 7 <script    the script without its seventh statement
 *	without <script      a line for each statement: its number, its text
 *
 * Fails if there is no such statement.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "file.h"
#include "mem.h"
#include "sql.h"
#include "utf8.h"

static void list(const struct sql *);
static void leave_out(const struct sql *, size_t);

int
main(int argc, char *argv[])
{
	struct file script = { 0 };
	struct sql sql;
	size_t n;

	if (file_read_open(&script, STDIN_FILENO) == -1)
		err(1, "stdin");
	if (sql_read(&sql, script.bytes, script.len) == -1)
		errx(1, "%s", sql.error);
	if (argc < 2)
		list(&sql);
	else {
		n = strtoul(argv[1], NULL, 10);
		if (n < 1 || n > sql.count)
			errx(1, "%s: there are %zu statements", argv[1],
			    sql.count);
		leave_out(&sql, n - 1);
	}
	sql_free(&sql);
	file_free(&script);
	return fclose(stdout) == 0 ? 0 : 1;
}

static void
list(const struct sql *sql)
{
	const struct sql_statement *s = sql->statements;
	char *bytes;
	size_t i;

	for (i = 0; i < sql->count; i++) {
		bytes = mem_copy_bytes(
		    sql->text + s[i].begin, s[i].end - s[i].begin);
		printf("%zu %s\n", i + 1, utf8_visible(bytes));
		free(bytes);
	}
}

static void
leave_out(const struct sql *sql, size_t n)
{
	const struct sql_statement *s = &sql->statements[n];

	fwrite(sql->text, 1, s->begin, stdout);
	fwrite(sql->text + s->next, 1, sql->len - s->next, stdout);
}
