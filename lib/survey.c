#include "survey.h"

#include <stdbool.h>
#include <stdlib.h>

#include "bookkeeping.h"
#include "cli.h"
#include "mem.h"

/* So that every value has one spelling, and every name is qualified. */
static const char settings[] =
    "SELECT set_config(name, value, false) FROM (VALUES"
    " ('search_path', ''), ('row_security', 'off'),"
    " ('timezone', 'UTC'), ('datestyle', 'ISO'),"
    " ('intervalstyle', 'postgres'), ('extra_float_digits', '3'),"
    " ('bytea_output', 'hex'), ('xmloption', 'content'),"
    " ('lc_monetary', 'C'), ('quote_all_identifiers', 'off'))"
    " AS setting (name, value)";

static const char facts[] =
    "SELECT current_database(), pg_export_snapshot(),"
    " (SELECT count(*) FROM pg_largeobject_metadata),"
    " (SELECT count(*) FROM pg_class"
    "  WHERE oid >= 16384 AND relpersistence <> 't'),"
    " current_setting('max_locks_per_transaction'),"
    " current_setting('max_locks_per_transaction')::bigint"
    "  * (current_setting('max_connections')::bigint"
    "  + current_setting('max_prepared_transactions')::bigint)";

/* With the sequences of their columns, which pg_dump would not leave out. */
static const char excluded[] =
    "WITH bookkeeping AS (SELECT c.oid FROM pg_class c"
    "  JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'r'"
    "  AND (relname = ANY ($1::text[])"
    "  OR nspname IN (" BOOKKEEPING_SCHEMAS "))),"
    " excluded AS (SELECT oid FROM bookkeeping UNION SELECT objid"
    "  FROM pg_depend JOIN bookkeeping b ON refobjid = b.oid"
    "  WHERE refclassid = 'pg_class'::regclass"
    "  AND classid = 'pg_class'::regclass AND deptype IN ('a', 'i'))"
    " SELECT format('%I.%I', nspname, relname) AS name, c.oid"
    " FROM excluded JOIN pg_class c USING (oid)"
    " JOIN pg_namespace n ON n.oid = relnamespace"
    " WHERE relkind IN ('r', 'S') ORDER BY name";

static const char commented[] =
    "SELECT extname FROM pg_extension e"
    " JOIN pg_description d ON d.objoid = e.oid AND objsubid = 0"
    "  AND classoid = 'pg_extension'::regclass"
    " LEFT JOIN pg_available_extensions() a ON a.name = extname"
    " WHERE d.description IS DISTINCT FROM a.comment";

/*
 * What a view reads, its rule depends on, also through other views.  These can
 * be made to read one another, which would go on for ever.
 */
static const char refreshed[] =
    "WITH RECURSIVE reads AS (SELECT DISTINCT ev_class, refobjid"
    "  FROM pg_depend JOIN pg_rewrite r ON r.oid = objid"
    "  WHERE classid = 'pg_rewrite'::regclass"
    "  AND refclassid = 'pg_class'::regclass AND ev_class <> refobjid"
    "  AND rulename = '_RETURN'),"
    " depth AS (SELECT oid, 0 AS depth FROM pg_class WHERE relkind = 'm'"
    "  UNION SELECT ev_class, depth + 1"
    "  FROM depth JOIN reads ON refobjid = depth.oid"
    "  WHERE depth < 100)"
    " SELECT format('%I.%I', nspname, relname) AS name"
    " FROM depth JOIN pg_class c USING (oid)"
    " JOIN pg_namespace n ON n.oid = relnamespace"
    " WHERE relkind = 'm' AND relispopulated AND NOT EXISTS"
    "  (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e'"
    "  AND classid = 'pg_class'::regclass)"
    " GROUP BY nspname, relname"
    " ORDER BY max(depth), nspname COLLATE \"C\", relname COLLATE \"C\"";

static const char unreadable[] =
    "SELECT format('%I.%I', nspname, relname) AS name"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
    " WHERE relkind IN ('r', 'p') AND c.oid >= 16384"
    " AND relpersistence <> 't' AND NOT EXISTS"
    "  (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e'"
    "  AND classid = 'pg_class'::regclass)"
    " AND c.oid <> ALL ($1::oid[]) AND NOT ("
    "  has_schema_privilege(n.oid, 'USAGE')"
    "  AND has_table_privilege(c.oid, 'SELECT'))"
    " ORDER BY name LIMIT 1";

static int read_all(struct survey *, struct db *);
static int read_facts(struct survey *, struct db *);
static int read_excluded(struct survey *, struct db *);
static int read_names(struct survey_names *, struct db *, const char *);
static size_t number(const struct db *, int);
static int find_unreadable(struct survey *, struct db *);

int
survey_read(struct survey *s, struct db *db)
{
	*s = (struct survey){ 0 };
	if (read_all(s, db) == 0)
		return find_unreadable(s, db);
	s->error = mem_copy(db->error.message);
	return db_error_status(&db->error);
}

void
survey_free(struct survey *s)
{
	struct survey_names *names[] = { &s->excluded, &s->commented,
		&s->refreshed };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		while (names[i]->count > 0)
			free(names[i]->list[--names[i]->count]);
		free(names[i]->list);
	}
	free(s->database);
	free(s->snapshot);
	free(s->excluded_oids);
	free(s->error);
	*s = (struct survey){ 0 };
}

static int
read_all(struct survey *s, struct db *db)
{
	if (db_query(db, settings, 0, NULL) == -1 ||
	    db_query(db, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", 0,
		NULL) == -1)
		return -1;
	if (read_facts(s, db) == -1 || read_excluded(s, db) == -1)
		return -1;
	if (read_names(&s->commented, db, commented) == -1)
		return -1;
	return read_names(&s->refreshed, db, refreshed);
}

static int
read_facts(struct survey *s, struct db *db)
{
	if (db_query(db, facts, 0, NULL) == -1)
		return -1;
	s->database = mem_copy(db_value(db, 0, 0));
	s->snapshot = mem_copy(db_value(db, 0, 1));
	s->large_objects = number(db, 2);
	s->relations = number(db, 3);
	s->per_slot = number(db, 4);
	s->room = number(db, 5);
	return 0;
}

static size_t
number(const struct db *db, int column)
{
	return strtoul(db_value(db, 0, column), NULL, 10);
}

static int
read_excluded(struct survey *s, struct db *db)
{
	char *names = db_array(bookkeeping_tables, bookkeeping_count);
	const char **oids;
	size_t i;
	int result = db_query(db, excluded, 1, (const char *const[]){ names });

	free(names);
	if (result == -1)
		return -1;
	oids = mem_resize(NULL, db->count, sizeof(*oids));
	s->excluded.list =
	    mem_resize(NULL, db->count, sizeof(*s->excluded.list));
	for (i = 0; i < db->count; i++) {
		s->excluded.list[i] = mem_copy(db_value(db, i, 0));
		oids[i] = db_value(db, i, 1);
	}
	s->excluded.count = db->count;
	s->excluded_oids = db_array(oids, db->count);
	free(oids);
	return 0;
}

static int
read_names(struct survey_names *names, struct db *db, const char *sql)
{
	size_t i;

	if (db_query(db, sql, 0, NULL) == -1)
		return -1;
	names->list = mem_resize(NULL, db->count, sizeof(*names->list));
	for (i = 0; i < db->count; i++)
		names->list[i] = mem_copy(db_value(db, i, 0));
	names->count = db->count;
	return 0;
}

/* pg_dump would stop at the first that it locks, and rows would be missing. */
static int
find_unreadable(struct survey *s, struct db *db)
{
	const char *values[] = { s->excluded_oids };

	if (db_query(db, unreadable, 1, values) == -1) {
		s->error = mem_copy(db->error.message);
		return db_error_status(&db->error);
	}
	if (db->count == 0)
		return CLI_OK;
	s->error = mem_printf("%s: we may not read this table: connect as its "
			      "owner, or GRANT USAGE on its schema and SELECT "
			      "on it",
	    db_value(db, 0, 0));
	return CLI_INPUT;
}
