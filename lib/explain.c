#include "explain.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "utf8.h"

enum { EXCERPT = 300 }; /* bytes of a statement that are shown */

static size_t where(const struct script *, const struct sql_statement *,
    const struct db_error *);
static size_t body_line(const struct db_error *);
static size_t line_start(const struct script *, size_t, size_t);
static void write_error(FILE *, const struct db_error *, bool);
static void write_statement(
    FILE *, const struct script *, const struct sql_statement *);
static const char *advice(const struct db_error *);

char *
explain_statement(const struct script *s, size_t n,
    const struct db_error *error, const char *more)
{
	const struct sql_statement *statement = &s->sql.statements[n];
	char *text, *place = script_place(s, where(s, statement, error));
	size_t len;
	FILE *out = mem_stream(&text, &len);

	fprintf(out, "%s: P3018: ", place);
	write_error(out, error, statement->secret);
	if (more != NULL)
		fputs(more, out);
	write_statement(out, s, statement);
	fclose(out);
	free(place);
	return text;
}

char *
explain_own(const char *name, const char *what, const struct db_error *error)
{
	char *text;
	size_t len;
	FILE *out = mem_stream(&text, &len);

	fprintf(out, "%s: its %s: ", utf8_visible(name), what);
	write_error(out, error, false);
	fclose(out);
	return text;
}

/* The byte that the error is about. */
static size_t
where(const struct script *s, const struct sql_statement *statement,
    const struct db_error *error)
{
	size_t line = body_line(error);

	if (error->position > 0)
		return statement->begin +
		    sql_offset(s->file.bytes + statement->begin,
			statement->end - statement->begin, error->position);
	if (line > 1 && statement->body > 0)
		return line_start(s, statement->body, line);
	return statement->begin;
}

/* The line in the body of a DO, from 1; 0 if it is not there that it broke. */
static size_t
body_line(const struct db_error *error)
{
	static const char mark[] = "PL/pgSQL function inline_code_block line ";
	const char *at =
	    error->context == NULL ? NULL : strstr(error->context, mark);

	return at == NULL ? 0 : strtoul(at + strlen(mark), NULL, 10);
}

/* Where a later line starts, its indentation not counted. */
static size_t
line_start(const struct script *s, size_t offset, size_t line)
{
	const char *bytes = s->file.bytes;

	for (; line > 1 && offset < s->file.len; offset++)
		if (bytes[offset] == '\n')
			line--;
	while (offset < s->file.len && isblank((unsigned char)bytes[offset]))
		offset++;
	return offset;
}

static void
write_error(FILE *out, const struct db_error *e, bool secret)
{
	const char *next = advice(e);

	if (secret)
		fputs("the server refused it", out);
	else
		fputs(e->message, out);
	if (*e->sqlstate != '\0')
		fprintf(out, " (SQLSTATE %s)", e->sqlstate);
	if (!secret && e->detail != NULL)
		fprintf(out, "\n  detail: %s", e->detail);
	if (!secret && e->hint != NULL)
		fprintf(out, "\n  hint: %s", e->hint);
	if (next != NULL)
		fprintf(out, "\n  next: %s", next);
}

/* On one line, and not too long a one. */
static void
write_statement(
    FILE *out, const struct script *s, const struct sql_statement *statement)
{
	char text[EXCERPT + 1];
	size_t i, n = 0;
	char c;

	if (statement->secret) {
		fputs(
		    "\n  statement: not shown, as it may hold a password", out);
		return;
	}
	for (i = statement->begin; i < statement->end && n < EXCERPT; i++) {
		c = s->file.bytes[i];
		if (isspace((unsigned char)c))
			c = ' ';
		if (c != ' ' || n == 0 || text[n - 1] != ' ')
			text[n++] = c;
	}
	n = utf8_invalid(text, n);
	text[n] = '\0';
	fprintf(out, "\n  statement: %s%s", utf8_visible(text),
	    i < statement->end ? " ..." : "");
}

/* What to do about errors that are known to puzzle people. */
static const char *
advice(const struct db_error *e)
{
	static const struct {
		const char *sqlstate, *text;
	} known[] = {
		{ "55P04",
		    "a new enum value can be used after COMMIT only: "
		    "put its use into a migration of its own" },
		{ "25001",
		    "what refuses a transaction must stand in a "
		    "migration of its own" },
		{ "42501",
		    "run as the owner, or GRANT the right to this role" },
		{ "55P03", "something else holds the lock: try again" },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcmp(e->sqlstate, known[i].sqlstate) == 0)
			return known[i].text;
	return NULL;
}
