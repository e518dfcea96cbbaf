#include "rows.h"

#include <fnmatch.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "mem.h"

/* Of one INSERT. */
enum { MOST_ROWS = 1000, MOST_BYTES = 65536 };

struct rows_table {
	char *oid;
	char *name;   /* qualified and quoted, as are the columns */
	char *insert; /* the statement up to its first row */
	char *kinds;  /* a letter for each column */
	char *select;
};

struct rows_sequence {
	char *name;  /* qualified and quoted */
	char *start; /* the value that it gives first */
	char *select;
};

/*
 * A partition's rows belong to the table that it is a part of, which finds
 * them their place again.  An extension's tables are its own, but for those
 * that it says hold the user's rows.  By the primary key: a name's order must
 * not depend on the locale.
 */
static const char list_tables[] =
    "SELECT c.oid, nspname, relname,"
    " format('%I.%I', nspname, relname),"
    " (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum)"
    "  FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0"
    "  AND NOT attisdropped AND attgenerated = ''),"
    " (SELECT string_agg(quote_ident(attname) ||"
    "   CASE atttypid WHEN 'money'::regtype THEN '::numeric' ELSE '' END,"
    "   ', ' ORDER BY attnum)"
    "  FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0"
    "  AND NOT attisdropped AND attgenerated = ''),"
    " (SELECT string_agg(CASE"
    "   WHEN atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype,"
    "    'money'::regtype) THEN 'n'"
    "   WHEN atttypid = 'bool'::regtype THEN 'b' ELSE 't' END,"
    "   '' ORDER BY attnum)"
    "  FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0"
    "  AND NOT attisdropped AND attgenerated = ''),"
    " EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid"
    "  AND attidentity = 'a' AND NOT attisdropped),"
    " CASE relkind WHEN 'p' THEN '' ELSE 'ONLY ' END,"
    " CASE WHEN d.objid IS NULL THEN NULL"
    "  ELSE extcondition[array_position(extconfig, c.oid)] END,"
    " coalesce((SELECT string_agg(quote_ident(attname) ||"
    "   CASE attcollation WHEN 0 THEN '' ELSE ' COLLATE \"C\"' END,"
    "   ', ' ORDER BY k.n)"
    "  FROM pg_index i,"
    "   unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, n)"
    "   JOIN pg_attribute a USING (attnum)"
    "  WHERE indrelid = c.oid AND indisprimary AND n <= indnkeyatts"
    "  AND attrelid = c.oid), '(mg.*)::text COLLATE \"C\"')"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
    " LEFT JOIN pg_depend d ON d.objid = c.oid AND d.deptype = 'e'"
    "  AND d.classid = 'pg_class'::regclass"
    " LEFT JOIN pg_extension e ON e.oid = d.refobjid"
    " WHERE relkind IN ('r', 'p') AND NOT relispartition AND c.oid >= 16384"
    " AND relpersistence <> 't' AND c.oid <> ALL ($1::oid[])"
    " AND (d.objid IS NULL OR c.oid = ANY (extconfig))"
    " ORDER BY nspname COLLATE \"C\", relname COLLATE \"C\"";

static const char list_sequences[] =
    "SELECT format('%I.%I', nspname, relname), seqstart, o.refobjid"
    " FROM pg_sequence JOIN pg_class c ON c.oid = seqrelid"
    " JOIN pg_namespace n ON n.oid = relnamespace"
    " LEFT JOIN pg_depend o ON o.objid = c.oid AND o.deptype IN ('a', 'i')"
    "  AND o.classid = 'pg_class'::regclass"
    "  AND o.refclassid = 'pg_class'::regclass"
    " LEFT JOIN pg_depend d ON d.objid = c.oid AND d.deptype = 'e'"
    "  AND d.classid = 'pg_class'::regclass"
    " LEFT JOIN pg_extension e ON e.oid = d.refobjid"
    " WHERE c.oid >= 16384 AND relpersistence <> 't'"
    " AND c.oid <> ALL ($1::oid[])"
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
static int read_sequences(struct rows *, struct db *);
static bool wants_sequence(const struct rows *, const char *);
static int fetch(struct rows *, struct db *, FILE *);
static int fail(struct rows *, const char *, const struct db *);
static void write_rows(const struct rows_table *, const struct db *, FILE *);
static size_t write_row(const char *, const struct db *, size_t, FILE *);
static size_t write_value(char, const char *, FILE *);
static void write_sequence(
    const struct rows_sequence *, const struct db *, FILE *);

int
rows_write(struct rows *r, struct db *db, FILE *out)
{
	int status = read_tables(r, db);

	if (status == CLI_OK)
		status = read_sequences(r, db);
	if (status == CLI_OK)
		status = fetch(r, db, out);
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
	for (i = 0; i < r->nsequences; i++) {
		free(r->sequences[i].name);
		free(r->sequences[i].start);
		free(r->sequences[i].select);
	}
	free(r->tables);
	free(r->sequences);
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
	t->select = mem_printf("SELECT %s FROM %s%s AS mg %s ORDER BY %s",
	    values == NULL ? "" : values, db_value(db, row, ONLY), name,
	    condition == NULL ? "" : condition, db_value(db, row, ORDER));
}

static int
read_sequences(struct rows *r, struct db *db)
{
	struct rows_sequence *s;
	size_t i;

	if (db_query(db, list_sequences, 1, &r->excluded) == -1)
		return fail(r, "the sequences", db);
	r->sequences = mem_resize(NULL, db->count, sizeof(*r->sequences));
	for (i = 0; i < db->count; i++) {
		if (!wants_sequence(r, db_value(db, i, 2)))
			continue;
		s = &r->sequences[r->nsequences++];
		s->name = mem_copy(db_value(db, i, 0));
		s->start = mem_copy(db_value(db, i, 1));
		s->select =
		    mem_printf("SELECT last_value, is_called FROM %s", s->name);
	}
	return CLI_OK;
}

/* Where only some tables are wanted, theirs are. */
static bool
wants_sequence(const struct rows *r, const char *table)
{
	size_t i;

	if (r->npatterns == 0)
		return true;
	for (i = 0; table != NULL && i < r->ntables; i++)
		if (strcmp(r->tables[i].oid, table) == 0)
			return true;
	return false;
}

/* All in one round trip, for there may be hundreds, most of them empty. */
static int
fetch(struct rows *r, struct db *db, FILE *out)
{
	size_t i;

	if (db_pipeline(db) == -1)
		return fail(r, "the rows", db);
	for (i = 0; i < r->ntables; i++)
		if (db_send(db, r->tables[i].select, 0, NULL) == -1)
			return fail(r, r->tables[i].name, db);
	for (i = 0; i < r->nsequences; i++)
		if (db_send(db, r->sequences[i].select, 0, NULL) == -1)
			return fail(r, r->sequences[i].name, db);
	if (db_sync(db) == -1)
		return fail(r, "the rows", db);
	for (i = 0; i < r->ntables; i++) {
		if (db_next(db) != DB_DONE)
			return fail(r, r->tables[i].name, db);
		write_rows(&r->tables[i], db, out);
	}
	for (i = 0; i < r->nsequences; i++) {
		if (db_next(db) != DB_DONE)
			return fail(r, r->sequences[i].name, db);
		write_sequence(&r->sequences[i], db, out);
	}
	(void)db_next(db);
	db_pipeline_end(db);
	return CLI_OK;
}

static int
fail(struct rows *r, const char *what, const struct db *db)
{
	r->error = mem_printf("%s: %s", what, db->error.message);
	return db_error_status(&db->error);
}

static void
write_rows(const struct rows_table *t, const struct db *db, FILE *out)
{
	size_t i, rows = 0, bytes = 0;

	for (i = 0; i < db->count; i++) {
		if (rows == 0)
			fputs(t->insert, out);
		if (*t->kinds != '\0') {
			fputs(rows == 0 ? "\n\t" : ",\n\t", out);
			bytes += write_row(t->kinds, db, i, out);
		}
		rows++;
		if (*t->kinds != '\0' && i + 1 < db->count &&
		    rows < MOST_ROWS && bytes < MOST_BYTES)
			continue;
		fputs(";\n\n", out);
		rows = bytes = 0;
	}
}

static size_t
write_row(const char *kinds, const struct db *db, size_t row, FILE *out)
{
	size_t bytes = 0;
	int i;

	fputc('(', out);
	for (i = 0; kinds[i] != '\0'; i++) {
		if (i > 0)
			fputs(", ", out);
		bytes += write_value(kinds[i], db_value(db, row, i), out);
	}
	fputc(')', out);
	return bytes;
}

static size_t
write_value(char kind, const char *value, FILE *out)
{
	const char *p;
	size_t len;

	if (value == NULL) {
		fputs("NULL", out);
		return 4;
	}
	if (kind == 'b')
		value = *value == 't' ? "true" : "false";
	if (kind != 't') {
		fputs(value, out);
		return strlen(value);
	}
	/* E'' means the same whatever standard_conforming_strings says. */
	fputs(strchr(value, '\\') == NULL ? "'" : "E'", out);
	for (p = value; *p != '\0'; p += len) {
		len = strcspn(p, "'\\");
		fwrite(p, 1, len, out);
		if (p[len] != '\0') {
			fputc(p[len], out);
			fputc(p[len++], out);
		}
	}
	fputc('\'', out);
	return (size_t)(p - value);
}

static void
write_sequence(const struct rows_sequence *s, const struct db *db, FILE *out)
{
	bool called = db_true(db, 0, 1);

	if (!called && strcmp(db_value(db, 0, 0), s->start) == 0)
		return;
	fputs("SELECT pg_catalog.setval(", out);
	(void)write_value('t', s->name, out);
	fprintf(out, ", %s, %s);\n\n", db_value(db, 0, 0),
	    called ? "true" : "false");
}
