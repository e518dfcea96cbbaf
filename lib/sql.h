/*
 * sql - where the statements of an SQL text begin and end, what each one is
 *
 * Statements are cut where PostgreSQL's own parser cuts them; no server and
 * no grammar is needed.  Whether they are correct only the server can tell.
 *
 *	if (sql_read(&sql, text, len) == -1) {
 *		sql_place(text, len, sql.at, &line, &column);
 *		errx(CLI_INPUT, "%zu:%zu: %s", line, column, sql.error);
 *	}
 *	for (i = 0; i < sql.count; i++)
 *		if (sql.statements[i].kind == SQL_ALONE)
 *			...
 *	sql_free(&sql);
 */
#ifndef MG_SQL_H
#define MG_SQL_H

#include <stdbool.h>
#include <stddef.h>

#include "statement.h"
#include "token.h"

struct sql {
	const char *text; /* borrowed until sql_free */
	size_t len;
	struct sql_statement *statements; /* empty ones are left out */
	size_t count;
	bool open_comment; /* the text ends in a -- comment, no newline */
	const char *error; /* why sql_read returned -1; static text */
	size_t at;         /* and the byte that is to blame */
};

/*
 * Returns 0, or -1 if the text is not UTF-8, not whole (an open quote,
 * comment or parenthesis), or not only SQL (psql commands, COPY from or to
 * the client, marks of a merge conflict).  sql_free is due after either.
 */
int sql_read(struct sql *sql, const char *text, size_t len);

void sql_free(struct sql *sql);

/* Standing on the first token of statement n. */
struct tokens sql_tokens(const struct sql *sql, size_t n);

/*
 * Whether statement n is SELECT set_config(…) and nothing else, so that it
 * may be repeated.
 */
bool sql_is_set_config(const struct sql *sql, size_t n);

/* Whether statement n begins with these words, in upper case: "ALTER TYPE". */
bool sql_begins(const struct sql *sql, size_t n, const char *words);

/*
 * Write to buf the statement that undoes the SET statement n, such as "RESET
 * lock_timeout"; "RESET ALL" where it cannot be told or would not fit.
 * Returns 0, or -1 if statement n is no SET that outlives its transaction.
 */
int sql_setting(const struct sql *sql, size_t n, char *buf, size_t size);

/* Line and column of a byte, both from 1; the column counts characters. */
void sql_place(
    const char *text, size_t len, size_t offset, size_t *line, size_t *column);

/*
 * The byte at which a character begins, counted from 1 as the server's
 * positions are; len if there are not so many.
 */
size_t sql_offset(const char *text, size_t len, size_t position);

#endif
