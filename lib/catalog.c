#include "catalog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bookkeeping.h"
#include "catalog_line.h"
#include "catalog_sql.h"
#include "mem.h"

enum { MAJOR = 10000 };

/* Queries of the second round trip, which the first one tells. */
struct queries {
	char **list;
	size_t count;
};

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

static int read_objects(struct catalog *, struct db *,
    const struct catalog_options *, struct queries *);
static int send_objects(struct db *, const struct catalog_options *);
static int send_begin(struct db *, const struct catalog_options *);
static char *like_patterns(const struct catalog_options *);
static char *like_pattern(const char *);
static int send_queries(struct db *, const struct catalog_queries *);
static int read_rows(struct catalog *, struct db *,
    const struct catalog_options *, struct queries *);
static int finish(struct catalog *, struct db *, const struct catalog_options *,
    struct queries *);
static void take(struct catalog *, const struct db *,
    const struct catalog_options *, struct queries *);
static int by_bytes(const void *, const void *);

int
catalog_read(
    struct catalog *c, struct db *db, const struct catalog_options *options)
{
	struct queries rows = { 0 };
	size_t i;
	int result;

	*c = (struct catalog){ 0 };
	result = read_objects(c, db, options, &rows);
	if (result == 0 && options->data)
		result = read_rows(c, db, options, &rows);
	for (i = 0; i < rows.count; i++)
		free(rows.list[i]);
	free(rows.list);
	if (result == -1) {
		catalog_free(c);
		if (db_in_transaction(db))
			(void)db_query(db, "ROLLBACK", 0, NULL);
	} else if (c->count > 0)
		qsort(c->lines, c->count, sizeof(*c->lines), by_bytes);
	return result;
}

void
catalog_digest(const struct catalog *c, char text[static HASH_CHECKSUM])
{
	char *all;
	size_t i, len;
	FILE *out = mem_stream(&all, &len);

	for (i = 0; i < c->count; i++)
		fprintf(out, "%s\n", c->lines[i]);
	fclose(out);
	hash_checksum(all, len, text);
	free(all);
}

void
catalog_free(struct catalog *c)
{
	size_t i;

	for (i = 0; i < c->count; i++)
		free(c->lines[i]);
	free(c->lines);
	*c = (struct catalog){ 0 };
}

static int
read_objects(struct catalog *c, struct db *db,
    const struct catalog_options *options, struct queries *rows)
{
	int result = -1;

	if (db_pipeline(db) == 0 && send_objects(db, options) == 0)
		result = finish(c, db, options, rows);
	db_pipeline_end(db);
	return result;
}

static int
send_objects(struct db *db, const struct catalog_options *options)
{
	const struct catalog_queries *const queries[] = { &catalog_relations,
		&catalog_parts, &catalog_types, &catalog_routines,
		&catalog_texts, &catalog_globals,
		options->column_order ? &catalog_column_order : NULL,
		options->enum_order ? &catalog_enum_order : NULL,
		options->settings ? &catalog_whole : NULL,
		options->data ? &catalog_rows : NULL };
	size_t i;

	if (send_begin(db, options) == -1)
		return -1;
	for (i = 0; i < sizeof(queries) / sizeof(*queries); i++)
		if (queries[i] != NULL && send_queries(db, queries[i]) == -1)
			return -1;
	return options->data ? 0 : db_send(db, "COMMIT", 0, NULL);
}

static int
send_begin(struct db *db, const struct catalog_options *options)
{
	char *schemas = like_patterns(options);
	char *tables = db_array(bookkeeping_tables, bookkeeping_count);
	const char *values[] = { tables, schemas };
	int result = db_send(db, begin, 0, NULL);

	if (result == 0)
		result = db_send(db, settings, 2, values);
	if (result == 0)
		result = db_send(db, catalog_begin, 0, NULL);
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

static int
send_queries(struct db *db, const struct catalog_queries *queries)
{
	const struct catalog_query *q = queries->list;
	const struct catalog_query *end = q + queries->count;
	int major = db->version / MAJOR;

	for (; q < end; q++)
		if (major >= q->since && (q->until == 0 || major <= q->until) &&
		    db_send(db, q->sql, 0, NULL) == -1)
			return -1;
	return 0;
}

static int
read_rows(struct catalog *c, struct db *db,
    const struct catalog_options *options, struct queries *rows)
{
	size_t i;
	int result = db_pipeline(db);

	for (i = 0; result == 0 && i < rows->count; i++)
		result = db_send(db, rows->list[i], 0, NULL);
	if (result == 0)
		result = db_send(db, "COMMIT", 0, NULL);
	if (result == 0)
		result = finish(c, db, options, rows);
	db_pipeline_end(db);
	return result;
}

/* End the round trip and take all answers. */
static int
finish(struct catalog *c, struct db *db, const struct catalog_options *options,
    struct queries *rows)
{
	enum db_outcome outcome;
	int result = db_sync(db);

	while (result == 0 && (outcome = db_next(db)) != DB_SYNC)
		if (outcome == DB_DONE)
			take(c, db, options, rows);
		else
			result = -1;
	while (!db->error.lost && result == -1 && db_next(db) != DB_SYNC)
		continue;
	return result;
}

static void
take(struct catalog *c, const struct db *db,
    const struct catalog_options *options, struct queries *rows)
{
	size_t i;

	if (db_columns(db) == 0)
		return;
	if (strcmp(db_column_name(db, 0), "query") == 0)
		for (i = 0; i < db->count; i++) {
			rows->list = mem_grow(
			    rows->list, rows->count, sizeof(*rows->list));
			rows->list[rows->count++] =
			    mem_copy(db_value(db, i, 0));
		}
	if (strcmp(db_column_name(db, 0), "kind") == 0)
		for (i = 0; i < db->count; i++) {
			if (catalog_is_without(
				&options->without, db_value(db, i, 0)))
				continue;
			c->lines =
			    mem_grow(c->lines, c->count, sizeof(*c->lines));
			c->lines[c->count++] =
			    catalog_line(db, i, &options->without);
		}
}

static int
by_bytes(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}
