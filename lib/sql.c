#include "sql.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "token.h"
#include "utf8.h"

static int check_bytes(struct sql *);
static int read_statement(struct sql *, struct tokens *);
static int skip_statement(struct sql *, struct tokens *);
static bool take_routine(struct tokens *);
static bool is_client_copy(const struct sql *, const struct sql_statement *);
static int fail(struct sql *, const char *, size_t);
static int write_reset(char *, size_t, const char *, size_t);
static bool starts_character(char);

int
sql_read(struct sql *sql, const char *text, size_t len)
{
	struct tokens t;

	*sql = (struct sql){ .text = text, .len = len };
	if (check_bytes(sql) == -1)
		return -1;
	token_start(&t, text, 0, len);
	while (t.kind != TOKEN_END)
		if (!token_take(&t, ";") && read_statement(sql, &t) == -1)
			return -1;
	sql->open_comment = t.open_comment;
	return 0;
}

void
sql_free(struct sql *sql)
{
	free(sql->statements);
	*sql = (struct sql){ 0 };
}

struct tokens
sql_tokens(const struct sql *sql, size_t n)
{
	struct tokens t;

	token_start(
	    &t, sql->text, sql->statements[n].begin, sql->statements[n].end);
	return t;
}

bool
sql_begins(const struct sql *sql, size_t n, const char *words)
{
	struct tokens t = sql_tokens(sql, n);
	const char *behind;

	for (; *words != '\0'; words = behind + (*behind == ' ')) {
		behind = strchrnul(words, ' ');
		if (!token_reads(&t, words, (size_t)(behind - words)))
			return false;
		token_step(&t);
	}
	return true;
}

bool
sql_is_set_config(const struct sql *sql, size_t n)
{
	struct tokens t = sql_tokens(sql, n);

	if (!token_take(&t, "SELECT"))
		return false;
	if (token_take(&t, "PG_CATALOG") && !token_take(&t, "."))
		return false;
	return token_take(&t, "SET_CONFIG") && token_is(&t, "(") &&
	    token_skip_list(&t) && t.kind == TOKEN_END;
}

int
sql_setting(const struct sql *sql, size_t n, char *buf, size_t size)
{
	static const struct {
		const char *word, *name;
	} special[] = {
		{ "AUTHORIZATION", "SESSION AUTHORIZATION" },
		{ "NAMES", "client_encoding" },
		{ "ROLE", "ROLE" },
		{ "SCHEMA", "search_path" },
		{ "TIME", "TimeZone" },
		{ "XML", "xmloption" },
	};
	struct tokens t = sql_tokens(sql, n), word;
	size_t i, begin, end;

	if (sql->statements[n].kind != SQL_SESSION || !token_take(&t, "SET"))
		return -1;
	do {
		word = t;
		if (token_take_name(&t, &begin, &end) &&
		    (token_is(&t, "=") || token_is(&t, "TO")))
			return write_reset(
			    buf, size, sql->text + begin, end - begin);
	} while (token_is(&word, "SESSION"));
	for (i = 0; i < sizeof(special) / sizeof(*special); i++)
		if (token_is(&word, special[i].word))
			return write_reset(buf, size, special[i].name,
			    strlen(special[i].name));
	return write_reset(buf, size, "ALL", 3);
}

void
sql_place(
    const char *text, size_t len, size_t offset, size_t *line, size_t *column)
{
	size_t i, start = 0;

	*line = *column = 1;
	for (i = 0; i < offset && i < len; i++)
		if (text[i] == '\n') {
			++*line;
			start = i + 1;
		}
	for (i = start + 1; i <= offset && i < len; i++)
		if (starts_character(text[i]))
			++*column;
}

size_t
sql_offset(const char *text, size_t len, size_t position)
{
	size_t at;

	for (at = 0; at < len; at++)
		if (starts_character(text[at]) && position-- <= 1)
			return at;
	return len;
}

static int
check_bytes(struct sql *sql)
{
	size_t bad = utf8_invalid(sql->text, sql->len);

	if (sql->len >= 3 && memcmp(sql->text, "\xef\xbb\xbf", 3) == 0)
		return fail(sql,
		    "a byte order mark, which the server refuses; "
		    "save the file without it",
		    0);
	if (bad == sql->len)
		return 0;
	return fail(sql,
	    sql->text[bad] == '\0'
		? "a NUL byte, at which the server stops reading; remove it"
		: "not UTF-8; convert the file, as with iconv -t UTF-8",
	    bad);
}

static int
read_statement(struct sql *sql, struct tokens *t)
{
	struct sql_statement s = { .begin = t->begin };

	if (skip_statement(sql, t) == -1)
		return -1;
	s.end = t->behind;
	s.closed = token_is(t, ";");
	s.next = t->end;
	/* Before its data is taken for SQL. */
	if (is_client_copy(sql, &s))
		return fail(sql,
		    "COPY from stdin or to stdout cannot run here; "
		    "load rows with INSERT",
		    s.begin);
	statement_look(sql->text, &s);
	sql->statements =
	    mem_grow(sql->statements, sql->count, sizeof(*sql->statements));
	sql->statements[sql->count++] = s;
	return 0;
}

/*
 * To the semicolon that ends the statement, or the end of the text.  Others
 * stand in parentheses, as in CREATE RULE, or in the body of a routine: BEGIN
 * ATOMIC … END.  There END ends the body only where a statement can begin,
 * for none begins so; elsewhere it is CASE's, or a name.
 */
static int
skip_statement(struct sql *sql, struct tokens *t)
{
	size_t bodies = 0, body = 0, begin;
	bool routine = take_routine(t), first;

	while (t->kind > TOKEN_ERROR && (bodies > 0 || !token_is(t, ";"))) {
		begin = t->begin;
		first = false;
		if (token_is(t, ")"))
			return fail(sql, "unbalanced ): no ( opened it", begin);
		if (token_is(t, "(")) {
			if (!token_skip_list(t) && t->kind == TOKEN_END)
				return fail(
				    sql, "unbalanced (: no ) closes it", begin);
		} else if (routine && token_is(t, "BEGIN") &&
		    token_next_is(t, "ATOMIC")) {
			token_step(t);
			token_step(t);
			if (bodies++ == 0)
				body = begin;
			first = true;
		} else {
			first = token_is(t, ";");
			token_step(t);
		}
		if (first && token_take(t, "END"))
			bodies--;
		else if (first)
			routine = take_routine(t);
	}
	if (t->kind == TOKEN_ERROR)
		return fail(sql, t->error, t->begin);
	if (bodies > 0)
		return fail(
		    sql, "unterminated BEGIN ATOMIC: no END ends it", body);
	return 0;
}

static bool
take_routine(struct tokens *t)
{
	if (!token_take(t, "CREATE"))
		return false;
	if (token_take(t, "OR"))
		(void)token_take(t, "REPLACE");
	return token_take(t, "FUNCTION") || token_take(t, "PROCEDURE");
}

/* The grammar lets either word stand behind either. */
static bool
is_client_copy(const struct sql *sql, const struct sql_statement *s)
{
	struct tokens t;

	token_start(&t, sql->text, s->begin, s->end);
	if (!token_take(&t, "COPY"))
		return false;
	while (t.kind != TOKEN_END)
		if (token_is(&t, "("))
			(void)token_skip_list(&t);
		else if (!token_take(&t, "FROM") && !token_take(&t, "TO"))
			token_step(&t);
		else if (token_is(&t, "STDIN") || token_is(&t, "STDOUT"))
			return true;
	return false;
}

static int
fail(struct sql *sql, const char *error, size_t at)
{
	sql->error = error;
	sql->at = at;
	return -1;
}

static int
write_reset(char *buf, size_t size, const char *name, size_t len)
{
	static const char reset[] = "RESET ";

	if (sizeof(reset) + len > size) {
		name = "ALL";
		len = 3;
	}
	if (sizeof(reset) + len > size)
		return -1;
	memcpy(buf, reset, sizeof(reset) - 1);
	memcpy(buf + sizeof(reset) - 1, name, len);
	buf[sizeof(reset) - 1 + len] = '\0';
	return 0;
}

static bool
starts_character(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}
