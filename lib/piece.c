#include "piece.h"

static size_t end_of(const struct sql *, size_t);
static size_t newline(const char *, size_t, size_t);
static bool has(const char *, size_t, size_t, const char *);

size_t
piece_count(const struct sql *sql)
{
	return sql->count == 0 && sql->len > 0 ? 1 : sql->count;
}

void
piece_get(const struct sql *sql, size_t n, size_t *begin, size_t *end)
{
	*begin = n == 0 ? 0 : end_of(sql, n - 1);
	*end = n + 1 < sql->count ? end_of(sql, n) : sql->len;
}

/* Of a piece that is not the last. */
static size_t
end_of(const struct sql *sql, size_t n)
{
	size_t semicolon = sql->statements[n].next;
	size_t next = sql->statements[n + 1].begin;
	size_t at = newline(sql->text, semicolon, next);

	return at == next ? semicolon : at + 1;
}

/*
 * The first newline in text[at .. end), which is nothing but blanks, comments
 * and semicolons; end if there is none, or if a comment spans it.
 */
static size_t
newline(const char *text, size_t at, size_t end)
{
	size_t depth = 0;
	bool line = false;

	for (; at < end && (depth == 0 || text[at] != '\n'); at++)
		if (text[at] == '\n')
			return at;
		else if (text[at] == '\r')
			line = false;
		else if (line)
			continue;
		else if (has(text, at, end, "/*")) {
			depth++;
			at++;
		} else if (depth == 0)
			line = has(text, at, end, "--");
		else if (has(text, at, end, "*/")) {
			depth--;
			at++;
		}
	return end;
}

static bool
has(const char *text, size_t at, size_t end, const char *two)
{
	return end - at >= 2 && text[at] == two[0] && text[at + 1] == two[1];
}
