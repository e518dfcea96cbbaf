#include "duplicate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "mem.h"
#include "utf8.h"

enum { SHOWN = 10 };

static int look_up(struct db *, const struct keys *);
static char *query_for(const struct keys *);
static void write_all(FILE *, const char *, const char *, const struct keys *);
static char *list_groups(const struct db *, const struct keys *);
static void write_group(FILE *, const struct db *, const struct keys *, size_t);

char *
duplicate_list(struct db *db, const struct script *s, size_t n,
    const struct db_error *error)
{
	struct keys keys = { 0 };
	char *text = NULL;

	if (strcmp(error->sqlstate, "23505") == 0 &&
	    !s->sql.statements[n].secret && keys_read(&keys, &s->sql, n) == 0 &&
	    keys.unique && script_means(s, n, keys.table) &&
	    db_query(db, "BEGIN READ ONLY", 0, NULL) == 0) {
		if (look_up(db, &keys) == 0)
			text = list_groups(db, &keys);
		(void)db_query(db, "ROLLBACK", 0, NULL);
	}
	keys_free(&keys);
	return text;
}

static int
look_up(struct db *db, const struct keys *keys)
{
	char *query = query_for(keys);
	int result;

	if (db_query(db, "SET LOCAL statement_timeout = '5s'", 0, NULL) == -1 ||
	    db_query(db, "SET LOCAL lock_timeout = '1s'", 0, NULL) == -1)
		result = -1;
	else
		result = db_query(db, query, 0, NULL);
	free(query);
	return result == 0 && db->count > 0 ? 0 : -1;
}

/* Made of the script's own text; each key is an expression of one group. */
static char *
query_for(const struct keys *keys)
{
	char *text;
	size_t len, i;
	FILE *out = mem_stream(&text, &len);

	fputs("SELECT count(*)", out);
	write_all(out, ", left((", ")::text, 60)", keys);
	fprintf(out, " FROM %s WHERE true", keys->table);
	if (keys->where != NULL)
		fprintf(out, " AND (%s)", keys->where);
	if (!keys->nulls_equal)
		write_all(out, " AND (", ") IS NOT NULL", keys);
	fprintf(out, " GROUP BY (%s)", keys->list[0]);
	for (i = 1; i < keys->count; i++)
		fprintf(out, ", (%s)", keys->list[i]);
	fputs(" HAVING count(*) > 1 ORDER BY 1 DESC", out);
	for (i = 0; i < keys->count; i++)
		fprintf(out, ", %zu", i + 2);
	fprintf(out, " LIMIT %d", SHOWN + 1);
	fclose(out);
	return text;
}

static void
write_all(
    FILE *out, const char *before, const char *behind, const struct keys *keys)
{
	size_t i;

	for (i = 0; i < keys->count; i++)
		fprintf(out, "%s%s%s", before, keys->list[i], behind);
}

static char *
list_groups(const struct db *db, const struct keys *keys)
{
	char *text;
	size_t len, i;
	FILE *out = mem_stream(&text, &len);

	fputs("\n  duplicates:", out);
	for (i = 0; i < db->count && i < SHOWN; i++)
		write_group(out, db, keys, i);
	if (i < db->count)
		fputs("\n    and others", out);
	fclose(out);
	return text;
}

/* As the server's detail has it: (a, b)=(1, 2) */
static void
write_group(FILE *out, const struct db *db, const struct keys *keys, size_t row)
{
	const char *value;
	size_t i;

	for (i = 0; i < keys->count; i++)
		fprintf(out, "%s%s", i == 0 ? "\n    (" : ", ",
		    utf8_visible(keys->list[i]));
	for (i = 0; i < keys->count; i++) {
		value = db_value(db, row, (int)i + 1);
		fprintf(out, "%s%s", i == 0 ? ")=(" : ", ",
		    value == NULL ? "null" : utf8_visible(value));
	}
	fprintf(out, ") %s times", db_value(db, row, 0));
}
