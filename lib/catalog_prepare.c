#include "catalog_prepare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bookkeeping.h"
#include "mem.h"

/* What is changed while we read stays as it was when we began. */
static const char begin[] = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

/*
 * What the deparsers' and the rows' text depends on; JIT would take longer
 * than all the rest.  The catalog is in memory, where a look-up by index costs
 * little, and our joins are written in the order in which they are best made.
 */
static const char settings[] =
    "SELECT set_config('search_path', 'pg_catalog', true),"
    " set_config('quote_all_identifiers', 'off', true),"
    " set_config('standard_conforming_strings', 'on', true),"
    " set_config('DateStyle', 'ISO, YMD', true),"
    " set_config('IntervalStyle', 'postgres', true),"
    " set_config('TimeZone', 'UTC', true),"
    " set_config('extra_float_digits', '1', true),"
    " set_config('bytea_output', 'hex', true),"
    " set_config('lc_monetary', 'C', true),"
    " set_config('xmlbinary', 'base64', true),"
    " set_config('xmloption', 'content', true),"
    " set_config('row_security', 'off', true),"
    " set_config('jit', 'off', true),"
    " set_config('random_page_cost', '1', true),"
    " set_config('join_collapse_limit', '1', true),"
    " set_config('mg.bookkeeping', $1, true),"
    " set_config('mg.schemas', $2, true)";

static char *like_patterns(const struct catalog_options *);
static char *like_pattern(const char *);
static int set_snapshot(struct db *, const char *);

int
catalog_prepare(struct db *db, const struct catalog_options *options)
{
	char *schemas = like_patterns(options);
	char *tables = db_array(bookkeeping_tables, bookkeeping_count);
	const char *values[] = { tables, schemas };
	int result = db_send(db, begin, 0, NULL);

	if (result == 0 && options->snapshot != NULL)
		result = set_snapshot(db, options->snapshot);
	if (result == 0)
		result = db_send(db, settings, 2, values);
	free(tables);
	free(schemas);
	return result;
}

/* An array of them for SQL; "" for all. */
static char *
like_patterns(const struct catalog_options *options)
{
	char **patterns = mem_resize(NULL, options->nschemas, sizeof(char *));
	char *array;
	size_t i;

	for (i = 0; i < options->nschemas; i++)
		patterns[i] = like_pattern(options->schemas[i]);
	array = options->nschemas == 0
	    ? mem_copy("")
	    : db_array((const char *const *)patterns, options->nschemas);
	for (i = 0; i < options->nschemas; i++)
		free(patterns[i]);
	free(patterns);
	return array;
}

static char *
like_pattern(const char *pattern)
{
	char *like;
	size_t len;
	FILE *out = mem_stream(&like, &len);

	for (; *pattern != '\0'; pattern++) {
		if (strchr("%_\\", *pattern) != NULL)
			fputc('\\', out);
		fputc(*pattern == '*'     ? '%'
			: *pattern == '?' ? '_'
					  : *pattern,
		    out);
	}
	fclose(out);
	return like;
}

/* It is a name that the server made, of digits and hyphens. */
static int
set_snapshot(struct db *db, const char *snapshot)
{
	char *sql = mem_printf("SET TRANSACTION SNAPSHOT '%s'", snapshot);
	int result = db_send(db, sql, 0, NULL);

	free(sql);
	return result;
}
