#include "inventory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "inventory_private.h"
#include "mem.h"

static const char facts[] =
    "SELECT current_database(), pg_catalog.pg_encoding_to_char(encoding),"
    " split_part(current_setting('server_version'), ' ', 1),"
    " (SELECT count(*) FROM pg_catalog.pg_largeobject_metadata),"
    " EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'public'),"
    " EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'plpgsql'),"
    " set_config('row_security', 'off', false),"
    " set_config('max_parallel_workers_per_gather', '0', false),"
    " set_config('jit', 'off', false)"
    " FROM pg_catalog.pg_database WHERE datname = current_database()";

/* With those whose ownership is not noted, because they are always there. */
static const char roles[] =
    "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_'"
    " AND (oid = 10 OR oid IN (SELECT refobjid FROM pg_catalog.pg_shdepend"
    "  WHERE refclassid = 'pg_catalog.pg_authid'::regclass AND dbid ="
    "  (SELECT oid FROM pg_catalog.pg_database"
    "   WHERE datname = current_database())))"
    " ORDER BY rolname COLLATE \"C\"";

/* A query for each table. */
static const char counts[] =
    "SELECT format('SELECT %L, pg_catalog.count(*) FROM ONLY %1$s', t.name)"
    " FROM (SELECT format('%I.%I', nspname, relname) AS name"
    "  FROM pg_catalog.pg_class c"
    "  JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace"
    "  WHERE relkind = 'r' AND relpersistence <> 't'"
    "  AND nspname <> 'information_schema' AND nspname !~ '^pg_'"
    "  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend WHERE objid = c.oid"
    "   AND deptype = 'e' AND classid = 'pg_catalog.pg_class'::regclass)) t"
    " ORDER BY name COLLATE \"C\"";

/* The history of the schema that the URL names, or else of any. */
static const char history[] =
    "SELECT format('%I.%I', nspname, relname) FROM pg_catalog.pg_class c"
    " JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace"
    " WHERE relname = '_prisma_migrations' AND relkind = 'r'"
    " AND (SELECT count(*) FROM pg_catalog.pg_attribute"
    "  WHERE attrelid = c.oid AND attname IN ('migration_name',"
    "  'started_at', 'finished_at', 'rolled_back_at')) = 4"
    " ORDER BY nspname = coalesce($1, current_schema()) DESC,"
    " nspname COLLATE \"C\" LIMIT 1";

#define TIME "YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\""

static int read_facts(struct inventory *, struct db *);
static int read_roles(struct inventory *, struct db *);
static int read_tables(struct inventory *, struct db *);
static int send_counts(struct db *, char **, size_t);
static int receive_counts(struct inventory *, struct db *);
static int read_history(struct inventory *, struct db *);
static void take_catalog(struct inventory *, const struct catalog *);
static char *copy(const char *);

int
inventory_count(struct inventory *i, struct db *db)
{
	*i = (struct inventory){ .version = db->version };
	if (read_facts(i, db) == 0 && read_roles(i, db) == 0 &&
	    read_history(i, db) == 0)
		return read_tables(i, db);
	return -1;
}

static int
read_facts(struct inventory *i, struct db *db)
{
	if (db_query(db, facts, 0, NULL) == -1)
		return -1;
	i->database = mem_copy(db_value(db, 0, 0));
	i->encoding = mem_copy(db_value(db, 0, 1));
	i->server = mem_copy(db_value(db, 0, 2));
	i->large_objects = strtoll(db_value(db, 0, 3), NULL, 10);
	i->has_public = db_true(db, 0, 4);
	i->has_plpgsql = db_true(db, 0, 5);
	return 0;
}

static int
read_roles(struct inventory *i, struct db *db)
{
	if (db_query(db, roles, 0, NULL) == -1)
		return -1;
	i->roles = mem_resize(NULL, db->count, sizeof(*i->roles));
	while (i->nroles < db->count) {
		i->roles[i->nroles] = mem_copy(db_value(db, i->nroles, 0));
		i->nroles++;
	}
	return 0;
}

static int
read_history(struct inventory *i, struct db *db)
{
	char *table = inventory_history(db), *sql;
	int result;

	if (table == NULL)
		return 0;
	sql = mem_printf("SELECT migration_name, to_char(started_at"
			 " AT TIME ZONE 'UTC', '" TIME "'), count(*) OVER ()"
			 " FROM %s WHERE " INVENTORY_APPLIED
			 " ORDER BY started_at DESC, migration_name DESC"
			 " LIMIT 1",
	    table);
	result = *table == '\0' ? -1 : db_query(db, sql, 0, NULL);
	if (result == 0 && db->count == 1) {
		i->head = copy(db_value(db, 0, 0));
		i->head_time = copy(db_value(db, 0, 1));
		i->applied = strtoll(db_value(db, 0, 2), NULL, 10);
	}
	free(sql);
	free(table);
	return result;
}

char *
inventory_history(struct db *db)
{
	const char *values[] = { db->schema };

	if (db_query(db, history, 1, values) == -1)
		return mem_copy("");
	return db->count == 0 ? NULL : mem_copy(db_value(db, 0, 0));
}

static int
read_tables(struct inventory *i, struct db *db)
{
	char **queries;
	size_t n, count;
	int result;

	if (db_query(db, counts, 0, NULL) == -1)
		return -1;
	count = db->count;
	queries = mem_resize(NULL, count, sizeof(*queries));
	for (n = 0; n < count; n++)
		queries[n] = mem_copy(db_value(db, n, 0));
	i->tables = mem_resize(NULL, count, sizeof(*i->tables));
	/* In a pipeline, which a signal interrupts. */
	result = db_pipeline(db);
	if (result == 0) {
		result = send_counts(db, queries, count);
		if (receive_counts(i, db) == -1)
			result = -1;
		db_pipeline_end(db);
	}
	for (n = 0; n < count; n++)
		free(queries[n]);
	free(queries);
	inventory_sort(i);
	return result;
}

static int
send_counts(struct db *db, char **queries, size_t count)
{
	size_t n;

	for (n = 0; n < count; n++)
		if (db_send(db, queries[n], 0, NULL) == -1)
			return -1;
	return 0;
}

static int
receive_counts(struct inventory *i, struct db *db)
{
	enum db_outcome outcome;
	int result = 0;

	if (db_sync(db) == -1)
		return -1;
	while ((outcome = db_next(db)) != DB_SYNC) {
		if (outcome == DB_DONE) {
			i->tables[i->ntables].name =
			    mem_copy(db_value(db, 0, 0));
			i->tables[i->ntables++].rows =
			    strtoll(db_value(db, 0, 1), NULL, 10);
		} else
			result = -1;
		if (outcome == DB_FAILED && db->error.lost)
			break;
	}
	return result;
}

int
inventory_catalog(struct inventory *i, struct db *db, const char *snapshot)
{
	static const char *const without[] = { "version" };
	struct catalog_options options = { .column_order = true,
		.enum_order = true,
		.settings = true,
		.snapshot = snapshot,
		.without = { without, 1 } };
	struct catalog c;

	if (catalog_read(&c, db, &options) == -1)
		return -1;
	take_catalog(i, &c);
	catalog_free(&c);
	return 0;
}

/* What the database itself has is no part of a dump. */
static void
take_catalog(struct inventory *i, const struct catalog *c)
{
	static const char *const whole[] = { "{\"kind\":\"database\"",
		"{\"kind\":\"settings\"" };
	struct catalog rest = { .lines = mem_resize(
				    NULL, c->count, sizeof(*rest.lines)) };
	size_t n, len;
	FILE *out = mem_stream(&i->whole, &len);

	for (n = 0; n < c->count; n++)
		if (strncmp(c->lines[n], whole[0], strlen(whole[0])) == 0 ||
		    strncmp(c->lines[n], whole[1], strlen(whole[1])) == 0)
			fprintf(out, "%s\n", c->lines[n]);
		else
			rest.lines[rest.count++] = c->lines[n];
	fclose(out);
	i->objects = rest.count;
	catalog_digest(&rest, i->digest);
	free(rest.lines);
}

void
inventory_free(struct inventory *i)
{
	while (i->ntables > 0)
		free(i->tables[--i->ntables].name);
	while (i->nroles > 0)
		free(i->roles[--i->nroles]);
	free(i->tables);
	free(i->roles);
	free(i->server);
	free(i->database);
	free(i->encoding);
	free(i->head);
	free(i->head_time);
	free(i->whole);
	*i = (struct inventory){ 0 };
}

static char *
copy(const char *text)
{
	return text == NULL ? NULL : mem_copy(text);
}
