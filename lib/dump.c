#include "dump.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "entry.h"
#include "mem.h"

/* What the session may have to be told, in the order of dump.settings. */
static const struct {
	const char *name, *usual;
} settings[] = {
	{ "check_function_bodies", NULL }, /* they may refer to later things */
	{ "default_tablespace", "SET default_tablespace = ''" },
	{ "default_table_access_method",
	    "SET default_table_access_method = heap" },
};

enum { FUNCTIONS, SETTINGS = sizeof(settings) / sizeof(*settings) };

struct comments {
	char *const *list;
	size_t count;
};

static void blank_commands(char *, size_t);
static void blank_line(char *);
static char *first_line(char *);
static int explain(struct dump *);
static void choose(struct dump *, const struct comments *);
static bool wanted(struct dump *, size_t, const struct comments *);
static bool wanted_setting(struct dump *, size_t);
static bool wanted_comment(const struct sql *, size_t, const struct comments *);
static void save_settings(const struct dump *, FILE *);
static void write_statement(const struct sql *, size_t, FILE *);
static void restore_settings(const struct dump *, FILE *);

int
dump_read(struct dump *d, char *text, size_t len, char *const *commented,
    size_t ncommented)
{
	struct comments comments = { commented, ncommented };

	*d = (struct dump){ 0 };
	blank_commands(text, len);
	if (sql_read(&d->sql, text, len) == -1)
		return explain(d);
	choose(d, &comments);
	return 0;
}

void
dump_write(const struct dump *d, enum dump_section section, FILE *out)
{
	size_t i;

	if (section == DUMP_BEFORE)
		save_settings(d, out);
	for (i = d->starts[section]; i < d->starts[section + 1]; i++)
		write_statement(&d->sql, d->kept[i], out);
	if (section == DUMP_LAST)
		restore_settings(d, out);
}

void
dump_free(struct dump *d)
{
	sql_free(&d->sql);
	free(d->kept);
	free(d->error);
	*d = (struct dump){ 0 };
}

/*
 * \restrict is the first line that is no comment, \unrestrict the last one.
 * In between a line may begin so in a body or a comment, where it is text.
 */
static void
blank_commands(char *text, size_t len)
{
	static const char first[] = "\\restrict ", last[] = "\n\\unrestrict ";
	char *line = first_line(text), *at = text + len, *key;

	/* Without the first, the last is a part of some string. */
	if (strncmp(line, first, sizeof(first) - 1) != 0)
		return;
	key = mem_copy_bytes(
	    line + sizeof(first) - 1, strcspn(line + sizeof(first) - 1, "\n"));
	blank_line(line);
	while (at > text && strncmp(at, last, sizeof(last) - 1) != 0)
		at--;
	line = at + sizeof(last) - 1;
	if (at > text && strncmp(line, key, strlen(key)) == 0 &&
	    *first_line(line + strlen(key)) == '\0')
		blank_line(at + 1);
	free(key);
}

/* The first one that is neither blank nor a comment. */
static char *
first_line(char *text)
{
	while (*text == '\n' || strncmp(text, "--", 2) == 0) {
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return text;
}

static void
blank_line(char *line)
{
	memset(line, ' ', strcspn(line, "\n"));
}

static int
explain(struct dump *d)
{
	size_t line, column;

	sql_place(d->sql.text, d->sql.len, d->sql.at, &line, &column);
	d->error = mem_printf("what pg_dump wrote cannot be read, line %zu: %s",
	    line, d->sql.error);
	return -1;
}

static void
choose(struct dump *d, const struct comments *comments)
{
	const struct sql *sql = &d->sql;
	enum dump_section section = DUMP_BEFORE;
	size_t i;

	d->kept = mem_resize(NULL, sql->count, sizeof(*d->kept));
	for (i = 0; i < sql->count; i++) {
		if (!wanted(d, i, comments))
			continue;
		if (section < DUMP_LAST &&
		    sql_begins(sql, i, "CREATE EVENT TRIGGER")) {
			if (section == DUMP_BEFORE)
				d->starts[DUMP_AFTER] = d->count;
			section = DUMP_LAST;
			d->starts[section] = d->count;
		} else if (section == DUMP_BEFORE &&
		    entry_follows_rows(sql, i)) {
			section = DUMP_AFTER;
			d->starts[section] = d->count;
		}
		d->kept[d->count++] = i;
	}
	while (section < DUMP_LAST)
		d->starts[++section] = d->count;
	d->starts[DUMP_LAST + 1] = d->count;
}

static bool
wanted(struct dump *d, size_t i, const struct comments *comments)
{
	const struct sql *sql = &d->sql;

	if (sql_begins(sql, i, "CREATE FUNCTION") ||
	    sql_begins(sql, i, "CREATE PROCEDURE"))
		d->settings[FUNCTIONS] = true;
	if (sql_begins(sql, i, "SET"))
		return wanted_setting(d, i);
	if (sql_begins(sql, i, "COMMENT ON EXTENSION"))
		return wanted_comment(sql, i, comments);
	if (sql_begins(sql, i, "SELECT PG_CATALOG . SET_CONFIG"))
		return false;
	/* prisma migrate reset drops that schema and makes it anew. */
	return !entry_reads(sql, i, "COMMENT ON SCHEMA public IS ''") &&
	    !entry_reads(
		sql, i, "COMMENT ON SCHEMA public IS 'standard public schema'");
}

/*
 * pg_dump names the usual value too, before the first table.  The settings of
 * the session come first of all, those of the role only with privileges.
 */
static bool
wanted_setting(struct dump *d, size_t i)
{
	size_t n;

	for (n = FUNCTIONS + 1; n < SETTINGS; n++)
		if (entry_sets(&d->sql, i, settings[n].name)) {
			if (!entry_reads(&d->sql, i, settings[n].usual))
				d->settings[n] = true;
			return d->settings[n];
		}
	return sql_begins(&d->sql, i, "SET SESSION AUTHORIZATION");
}

/*
 * One that the extension brings along is there without us, and only its owner
 * may set it.
 */
static bool
wanted_comment(const struct sql *sql, size_t i, const struct comments *c)
{
	size_t n;

	for (n = 0; n < c->count; n++)
		if (entry_comments(sql, i, c->list[n]))
			return true;
	return false;
}

static void
save_settings(const struct dump *d, FILE *out)
{
	size_t i;

	for (i = 0; i < SETTINGS; i++)
		if (d->settings[i])
			fprintf(out,
			    "SELECT pg_catalog.set_config('mg.%s', "
			    "pg_catalog.current_setting('%s'), false);\n\n",
			    settings[i].name, settings[i].name);
	if (d->settings[FUNCTIONS])
		fputs("SET check_function_bodies = false;\n\n", out);
}

static void
write_statement(const struct sql *sql, size_t i, FILE *out)
{
	const struct sql_statement *s = &sql->statements[i];

	fwrite(sql->text + s->begin, 1, s->end - s->begin, out);
	fputs(";\n\n", out);
}

/* Not RESET: the session may have had a value of its own. */
static void
restore_settings(const struct dump *d, FILE *out)
{
	size_t i;

	for (i = 0; i < SETTINGS; i++)
		if (d->settings[i])
			fprintf(out,
			    "SELECT pg_catalog.set_config('%s', "
			    "pg_catalog.current_setting('mg.%s'), false), "
			    "pg_catalog.set_config('mg.%s', '', false);\n\n",
			    settings[i].name, settings[i].name,
			    settings[i].name);
}
