#include <stdlib.h>

#include "knex_private.h"
#include "mem.h"

/* As knex creates them; knex_private.h says what %1 and its like mean. */
static const char create[] =
    "DO $$ BEGIN IF to_regclass(%3) IS NULL THEN CREATE TABLE %1 ("
    " id serial PRIMARY KEY, name varchar(255), batch integer,"
    " migration_time timestamptz); END IF;"
    " IF to_regclass(%4) IS NULL THEN CREATE TABLE %2 ("
    " index serial PRIMARY KEY, is_locked integer); END IF;"
    " INSERT INTO %2 (is_locked) SELECT 0"
    "  WHERE NOT EXISTS (SELECT FROM %2); END $$";

static const char exists[] = "SELECT to_regclass(%3) IS NOT NULL";

static const char listed[] = "SELECT name, NULL FROM %1";

static const char placed[] =
    "SELECT name, (SELECT count(*) FROM %5 WHERE started_at <= migration_time)"
    " FROM %1 ORDER BY id";

/* $1 is the names that it may have. */
static const char is_known[] = "SELECT 1 FROM %1 WHERE name = ANY($1::text[])";

static const char forget[] = "DELETE FROM %1 WHERE name = ANY($1::text[])";

/*
 * $1 names that knex has, in order, $2 those of what was compiled, or '': these
 * are written where such ones are there, and no source's.
 */
static const char insert[] =
    "INSERT INTO %1 (name, batch, migration_time)"
    " SELECT CASE WHEN EXISTS (SELECT FROM %1 AS k"
    "   WHERE substring(k.name FROM '[.][cm]?js$')"
    "    = substring(g.compiled FROM '[.][cm]?js$'))"
    "  AND NOT EXISTS (SELECT FROM %1 AS k WHERE right(k.name, 3) = '.ts')"
    "  THEN g.compiled ELSE g.name END,"
    " (SELECT coalesce(max(batch), 0) + 1 FROM %1), clock_timestamp()"
    " FROM unnest($1::text[], $2::text[])"
    "  WITH ORDINALITY AS g (name, compiled, n)"
    " WHERE NOT EXISTS"
    "  (SELECT FROM %1 AS k WHERE k.name IN (g.name, g.compiled))"
    " ORDER BY g.n";

static int run_named(struct db *, const struct migration *, const char *);

bool
knex_name_read(struct knex_name *n, const struct json_t *object)
{
	n->source = record_string(object, "knex");
	n->compiled = record_string(object, "knex_compiled");
	if (n->compiled == NULL)
		n->compiled = "";
	return n->source != NULL;
}

void
knex_arrays(const struct knex_name *names, size_t count, char *arrays[2])
{
	const char **of = mem_resize(NULL, 2 * count, sizeof(*of));
	size_t i;

	for (i = 0; i < count; i++) {
		of[i] = names[i].source;
		of[count + i] = names[i].compiled;
	}
	arrays[0] = db_array(of, count);
	arrays[1] = db_array(of + count, count);
	free(of);
}

char *
knex_create_text(const char *table, struct db *db)
{
	return knex_text(db, table, create, NULL);
}

char *
knex_insert_text(const char *table, struct db *db)
{
	return knex_text(db, table, insert, NULL);
}

int
knex_exists(const char *table, struct db *db)
{
	return knex_run(db, table, exists, NULL) == -1 ? -1 : db_true(db, 0, 0);
}

int
knex_create(const char *table, struct db *db)
{
	return knex_run(db, table, create, NULL);
}

int
knex_names(const char *table, struct db *db, const char *history)
{
	char *sql =
	    knex_text(db, table, history == NULL ? listed : placed, history);
	int result = db_query(db, sql, 0, NULL);

	free(sql);
	return result;
}

int
knex_insert(const char *table, struct db *db, const struct knex_name *list,
    size_t count)
{
	char *arrays[2], *sql = knex_text(db, table, insert, NULL);
	int result;

	knex_arrays(list, count, arrays);
	result = db_query(db, sql, 2, (const char *const *)arrays);
	free(arrays[0]);
	free(arrays[1]);
	free(sql);
	return result;
}

int
knex_knows(const struct migration *m, struct db *db)
{
	int is = knex_exists(knex_table_of(m), db);

	return is == 1 ? knex_has_row(m, db) : is;
}

int
knex_has_row(const struct migration *m, struct db *db)
{
	return run_named(db, m, is_known) == -1 ? -1 : db->count > 0;
}

int
knex_forget(const struct migration *m, struct db *db)
{
	return run_named(db, m, forget);
}

/* One whose value is the names that knex may know it by. */
static int
run_named(struct db *db, const struct migration *m, const char *format)
{
	const char *of[2];
	struct knex_name name;
	char *array;
	int result;

	(void)knex_name_read(&name, m->object);
	of[0] = name.source;
	of[1] = name.compiled;
	array = db_array(of, 2);
	result = knex_run(db, knex_table_of(m), format, array);
	free(array);
	return result;
}
