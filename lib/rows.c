#include "rows.h"

#include <fnmatch.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "insert.h"
#include "mem.h"
#include "sequence.h"

/*
 * A query is planned with the usual search_path, for a function that an index
 * calls may trust it, and the planner looks into its body; but when it runs,
 * with an empty one, so that values such as a regclass are written in full.
 */
#define USUAL_PATH "SET LOCAL search_path TO DEFAULT"
#define EMPTY_PATH \
	"(SELECT set_config('search_path', '', true)) AS mg_path (mg_path)"

struct rows_table {
	char *oid;
	char *name;   /* qualified and quoted, as are the columns */
	char *insert; /* the statement up to its first row */
	char *kinds;  /* a letter for each column */
	char *select;
};

/*
 * A partition's rows belong to the table that it is a part of, which finds
 * them their place again.  An extension's tables are its own, but for those
 * that it says hold the user's rows.  By the primary key: a name's order must
 * not depend on the locale.
 */
static const char list_tables[] =
    "SELECT c.oid, nspname, relname, format('%I.%I', nspname, relname),"
    " a.columns, a.values, a.kinds, a.identity,"
    " CASE relkind WHEN 'p' THEN '' ELSE 'ONLY ' END,"
    " extcondition[array_position(extconfig, c.oid)],"
    " coalesce(k.columns, '(mg.*)::text COLLATE \"C\"')"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
    " LEFT JOIN pg_depend d ON d.objid = c.oid AND d.deptype = 'e'"
    "  AND d.classid = 'pg_class'::regclass"
    " LEFT JOIN pg_extension e ON e.oid = d.refobjid"
    " CROSS JOIN LATERAL (SELECT"
    "  string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns,"
    "  string_agg('mg.' || quote_ident(attname) ||"
    "   CASE atttypid WHEN 'money'::regtype THEN '::numeric' ELSE '' END,"
    "   ', ' ORDER BY attnum) AS values,"
    "  string_agg(CASE WHEN atttypid = 'bool'::regtype THEN 'b'"
    "   WHEN atttypid IN ('int2'::regtype, 'int4'::regtype,"
    "    'int8'::regtype, 'money'::regtype) THEN 'n' ELSE 't' END,"
    "   '' ORDER BY attnum) AS kinds,"
    "  bool_or(attidentity = 'a') AS identity"
    "  FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0"
    "  AND NOT attisdropped AND attgenerated = '') AS a"
    " CROSS JOIN LATERAL (SELECT"
    "  string_agg('mg.' || quote_ident(attname) ||"
    "   CASE attcollation WHEN 0 THEN '' ELSE ' COLLATE \"C\"' END,"
    "   ', ' ORDER BY at) AS columns"
    "  FROM pg_index i, pg_attribute,"
    "   unnest(indkey::int2[]) WITH ORDINALITY AS key (attribute, at)"
    "  WHERE indrelid = c.oid AND indisprimary AND at <= indnkeyatts"
    "  AND attrelid = c.oid AND attnum = attribute) AS k"
    " WHERE relkind IN ('r', 'p') AND NOT relispartition AND c.oid >= 16384"
    " AND relpersistence <> 't' AND c.oid <> ALL ($1::oid[])"
    " AND (d.objid IS NULL OR c.oid = ANY (extconfig))"
    " ORDER BY nspname COLLATE \"C\", relname COLLATE \"C\"";

enum {
	OID,
	SCHEMA,
	RELATION,
	NAME,
	COLUMNS,
	VALUES,
	KINDS,
	IDENTITY,
	ONLY,
	CONDITION,
	ORDER
};

static int read_tables(struct rows *, struct db *);
static int check_patterns(struct rows *, bool *);
static bool matches(const struct rows *, const struct db *, size_t, bool *);
static void add_table(struct rows *, const struct db *, size_t);
static int fetch(struct rows *, struct db *, FILE *);
static int write_sequences(struct rows *, struct db *, FILE *);
static int fail(struct rows *, const char *, const struct db *);

int
rows_write(struct rows *r, struct db *db, FILE *out)
{
	int status = read_tables(r, db);

	if (status == CLI_OK)
		status = fetch(r, db, out);
	if (status == CLI_OK)
		status = write_sequences(r, db, out);
	return status;
}

void
rows_free(struct rows *r)
{
	size_t i;

	for (i = 0; i < r->ntables; i++) {
		free(r->tables[i].oid);
		free(r->tables[i].name);
		free(r->tables[i].insert);
		free(r->tables[i].kinds);
		free(r->tables[i].select);
	}
	free(r->tables);
	free(r->error);
	*r = (struct rows){ 0 };
}

static int
read_tables(struct rows *r, struct db *db)
{
	bool *used = mem_alloc(r->npatterns + 1);
	int status;
	size_t i;

	if (db_query(db, list_tables, 1, &r->excluded) == -1) {
		free(used);
		return fail(r, "the tables", db);
	}
	for (i = 0; i < db->count; i++)
		if (matches(r, db, i, used))
			add_table(r, db, i);
	status = check_patterns(r, used);
	free(used);
	return status;
}

static bool
matches(const struct rows *r, const struct db *db, size_t row, bool *used)
{
	const char *relation = db_value(db, row, RELATION);
	char *both = mem_printf("%s.%s", db_value(db, row, SCHEMA), relation);
	bool any = r->npatterns == 0;
	size_t i;

	for (i = 0; i < r->npatterns; i++)
		if (fnmatch(r->patterns[i],
			strchr(r->patterns[i], '.') == NULL ? relation : both,
			0) == 0)
			any = used[i] = true;
	free(both);
	return any;
}

static int
check_patterns(struct rows *r, bool *used)
{
	size_t i;

	for (i = 0; i < r->npatterns; i++)
		if (!used[i]) {
			r->error = mem_printf(
			    "%s: there is no such table", r->patterns[i]);
			return CLI_INPUT;
		}
	return CLI_OK;
}

static void
add_table(struct rows *r, const struct db *db, size_t row)
{
	const char *name = db_value(db, row, NAME);
	const char *columns = db_value(db, row, COLUMNS);
	const char *values = db_value(db, row, VALUES);
	const char *kinds = db_value(db, row, KINDS);
	const char *condition = db_value(db, row, CONDITION);
	struct rows_table *t;

	r->tables = mem_grow(r->tables, r->ntables, sizeof(*r->tables));
	t = &r->tables[r->ntables++];
	*t = (struct rows_table){ 0 };
	t->oid = mem_copy(db_value(db, row, OID));
	t->name = mem_copy(name);
	t->kinds = mem_copy(kinds == NULL ? "" : kinds);
	t->insert = columns == NULL
	    ? mem_printf("INSERT INTO %s DEFAULT VALUES", name)
	    : mem_printf("INSERT INTO %s (%s) %sVALUES", name, columns,
		  db_true(db, row, IDENTITY) ? "OVERRIDING SYSTEM VALUE " : "");
	t->select = mem_printf("SELECT %s FROM %s%s AS mg, " EMPTY_PATH
			       " %s ORDER BY %s",
	    values == NULL ? "" : values, db_value(db, row, ONLY), name,
	    condition == NULL ? "" : condition, db_value(db, row, ORDER));
}

/* All in one round trip, for there may be hundreds, most of them empty. */
static int
fetch(struct rows *r, struct db *db, FILE *out)
{
	size_t i;

	if (db_pipeline(db) == -1)
		return fail(r, "the rows", db);
	for (i = 0; i < r->ntables; i++)
		if (db_send(db, USUAL_PATH, 0, NULL) == -1 ||
		    db_send(db, r->tables[i].select, 0, NULL) == -1)
			return fail(r, r->tables[i].name, db);
	if (db_sync(db) == -1)
		return fail(r, "the rows", db);
	for (i = 0; i < r->ntables; i++) {
		if (db_next(db) != DB_DONE || db_next(db) != DB_DONE)
			return fail(r, r->tables[i].name, db);
		insert_write(r->tables[i].insert, r->tables[i].kinds, db, out);
	}
	(void)db_next(db);
	db_pipeline_end(db);
	return CLI_OK;
}

/* Where only some tables are wanted, theirs are. */
static int
write_sequences(struct rows *r, struct db *db, FILE *out)
{
	const char **oids = mem_resize(NULL, r->ntables, sizeof(*oids));
	struct sequence_options options = { .excluded = r->excluded };
	char *tables;
	size_t i;
	int status;

	for (i = 0; i < r->ntables; i++)
		oids[i] = r->tables[i].oid;
	tables = db_array(oids, r->ntables);
	if (r->npatterns > 0)
		options.tables = tables;
	status = sequence_write(&options, db, out, &r->error);
	free(tables);
	free(oids);
	return status;
}

static int
fail(struct rows *r, const char *what, const struct db *db)
{
	r->error = mem_printf("%s: %s", what, db->error.message);
	return db_error_status(&db->error);
}
