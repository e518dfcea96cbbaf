#include <stdio.h>
#include <stdlib.h>

#include "knex_private.h"
#include "mem.h"

static char *fill(const char *, char *const *);
static char *quote_text(const char *);

const char *
knex_table_of(const struct migration *m)
{
	return record_string(m->object, "knex_table");
}

int
knex_run(
    struct db *db, const char *table, const char *format, const char *value)
{
	const char *const values[] = { value };
	char *sql = knex_text(db, table, format, NULL);
	int result = db_query(db, sql, value == NULL ? 0 : 1, values);

	free(sql);
	return result;
}

char *
knex_text(
    struct db *db, const char *table, const char *format, const char *history)
{
	char *lock = mem_printf("%s_lock", table), *sql;
	char *words[5] = { db_quote_name(db, table), db_quote_name(db, lock) };
	size_t i;

	words[2] = quote_text(words[0]);
	words[3] = quote_text(words[1]);
	words[4] = history == NULL ? NULL : mem_copy(history);
	sql = fill(format, words);
	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		free(words[i]);
	free(lock);
	return sql;
}

static char *
fill(const char *format, char *const *words)
{
	char *text;
	size_t len;
	FILE *out = mem_stream(&text, &len);

	for (; *format != '\0'; format++)
		if (*format == '%')
			fputs(words[*++format - '1'], out);
		else
			fputc(*format, out);
	fclose(out);
	return text;
}

static char *
quote_text(const char *name)
{
	char *text;
	size_t len;
	FILE *out = mem_stream(&text, &len);

	fputc('\'', out);
	for (; *name != '\0'; name++) {
		if (*name == '\'')
			fputc('\'', out);
		fputc(*name, out);
	}
	fputc('\'', out);
	fclose(out);
	return text;
}
