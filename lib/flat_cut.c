#include <stdbool.h>
#include <string.h>

#include "cli.h"
#include "flat_private.h"
#include "halves.h"
#include "mem.h"
#include "sql.h"
#include "utf8.h"

static int cut_one(struct flat *, struct flat_migration *, bool *, size_t);
static int check(
    struct flat *, const char *, const struct flat_script *, size_t);
static int check_placeholders(
    struct flat *, const char *, const struct flat_script *);

int
flat_cut(struct flat *f)
{
	bool dbmate = false;
	size_t i;
	int status = CLI_OK;

	for (i = 0; i < f->count && status == CLI_OK; i++)
		if (f->list[i].up.path == NULL)
			status = flat_fail(f, CLI_INPUT,
			    "%s: it undoes what no file there does; where is "
			    "%s?",
			    utf8_visible(f->list[i].down.path),
			    utf8_visible(f->list[i].legacy));
		else
			status = cut_one(f, &f->list[i], &dbmate, i);
	return status;
}

static int
cut_one(struct flat *f, struct flat_migration *m, bool *dbmate, size_t n)
{
	struct halves h = { .up_line = 1, .down_line = 1 };
	const char *path = m->up.path;
	int status;

	if (f->kind == FLAT_FILES) {
		if (halves_read(&h, m->up.sql, m->up.len) == -1)
			return flat_fail(f, CLI_INPUT, "%s:%zu: %s",
			    utf8_visible(path), h.line, h.error);
		if (n > 0 && h.dbmate != *dbmate)
			return flat_fail(f, CLI_INPUT,
			    "%s:1: %s \"-- migrate:up\", and %s %s; all or "
			    "none have it",
			    utf8_visible(path),
			    h.dbmate ? "it has" : "it has no",
			    utf8_visible(f->list[0].up.path),
			    h.dbmate ? "has not" : "has");
		*dbmate = h.dbmate;
		m->up.sql = h.up;
		m->up.len = h.up_len;
		m->down.sql = h.down;
		m->down.len = h.down_len;
		m->loose_line = h.loose_line;
	}
	status = check(f, path, &m->up, h.up_line);
	if (status == CLI_OK && m->down.sql != NULL)
		status = check(f, m->down.path == NULL ? path : m->down.path,
		    &m->down, h.down_line);
	return status;
}

/* What no server would take is better known now. */
static int
check(
    struct flat *f, const char *path, const struct flat_script *s, size_t line)
{
	struct sql sql;
	size_t row, column;
	int status = CLI_OK;

	if (sql_read(&sql, s->sql, s->len) == -1) {
		sql_place(s->sql, s->len, sql.at, &row, &column);
		status = flat_fail(f, CLI_INPUT, "%s:%zu:%zu: %s",
		    utf8_visible(path), line + row - 1, column, sql.error);
	}
	sql_free(&sql);
	if (status == CLI_OK && f->kind == FLAT_FLYWAY)
		status = check_placeholders(f, path, s);
	return status;
}

static int
check_placeholders(
    struct flat *f, const char *path, const struct flat_script *s)
{
	const char *found = strstr(s->sql, "${");
	size_t row, column;

	if (found == NULL)
		return CLI_OK;
	sql_place(s->sql, s->len, (size_t)(found - s->sql), &row, &column);
	return flat_fail(f, CLI_INPUT,
	    "%s:%zu:%zu: Flyway puts something else in the place of ${; "
	    "write what that is",
	    utf8_visible(path), row, column);
}
