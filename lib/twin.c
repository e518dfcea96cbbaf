#include "twin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "object.h"

/*
 * $1 is the table, $2 the index, both as the statement writes them.  An index
 * on ONLY a partitioned table is not valid, and need not be.
 */
static const char find[] =
    "SELECT c.oid, i.indrelid IS NOT DISTINCT FROM t.oid AND k.oid IS NULL,"
    " i.indisvalid OR c.relkind = 'I',"
    " coalesce(pg_get_indexdef(i.indexrelid) || ', of the constraint '"
    "  || quote_ident(k.conname), pg_get_indexdef(i.indexrelid),"
    "  'a relation that is no index')"
    " FROM pg_class t JOIN pg_class c ON c.relnamespace = t.relnamespace"
    " LEFT JOIN pg_index i ON i.indexrelid = c.oid"
    " LEFT JOIN pg_constraint k ON k.conindid = c.oid"
    "  AND k.contype IN ('p', 'u', 'x')"
    " WHERE t.oid = to_regclass($1)"
    " AND c.relname = (parse_ident($2))[1]::name";

/*
 * $1 is the one that is there, $2 the temporary one.  What the server says of
 * an index goes on behind the name of its table, which is not the same.
 */
static const char compare[] =
    "WITH words AS (SELECT i.indexrelid, i.indisunique, d.def,"
    "  substr(d.def, strpos(d.def, format('.%I USING ', c.relname))"
    "   + length(format('.%I', c.relname))) AS rest"
    "  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid,"
    "  LATERAL pg_get_indexdef(i.indexrelid) AS d (def)"
    "  WHERE i.indexrelid IN ($1::oid, $2::oid))"
    " SELECT a.indisunique = b.indisunique AND a.rest = b.rest,"
    " regexp_replace(left(a.def, length(a.def) - length(a.rest)),"
    "  '^CREATE (UNIQUE )?INDEX', CASE WHEN b.indisunique"
    "   THEN 'CREATE UNIQUE INDEX' ELSE 'CREATE INDEX' END) || b.rest"
    " FROM words a, words b"
    " WHERE a.indexrelid = $1::oid AND b.indexrelid = $2::oid";

static int look_up(struct db *, const struct sql *, size_t, char **, char **);
static int judge(struct twin *, struct db *, const struct sql *, size_t,
    const char *, const char *);
static int make_copy(
    struct db *, const struct sql *, size_t, const char *, const char *);
static const char *last_part(const char *);
static char *statement_on(
    const struct sql *, size_t, const char *, const char *);
static int compare_with(struct twin *, struct db *, const char *);

int
twin_find(struct twin *t, struct db *db, const struct sql *sql, size_t n)
{
	char *table, *index;
	int result = look_up(db, sql, n, &table, &index);

	*t = (struct twin){ .kind = TWIN_NONE };
	if (result == 0 && db->count > 0)
		result = judge(t, db, sql, n, table, index);
	free(table);
	free(index);
	return result;
}

int
twin_is_there(struct db *db, const struct sql *sql, size_t n)
{
	char *table, *index;
	int result = look_up(db, sql, n, &table, &index);

	free(table);
	free(index);
	if (result == -1)
		return -1;
	return db->count > 0 && db_true(db, 0, 1) && db_true(db, 0, 2);
}

void
twin_free(struct twin *t)
{
	free(t->there);
	free(t->wanted);
	*t = (struct twin){ 0 };
}

/* Sets table and index, the caller's to free. */
static int
look_up(
    struct db *db, const struct sql *sql, size_t n, char **table, char **index)
{
	const char *values[2];

	values[0] = *table = object_table(sql, n);
	values[1] = *index = object_index(sql, n);
	return db_query(db, find, 2, values);
}

static int
judge(struct twin *t, struct db *db, const struct sql *sql, size_t n,
    const char *table, const char *index)
{
	char *oid = mem_copy(db_value(db, 0, 0));
	bool ours = db_true(db, 0, 1);
	int result = 0;

	t->kind = TWIN_OTHER;
	t->there = mem_copy(db_value(db, 0, 3));
	if (ours && !db_true(db, 0, 2))
		t->kind = TWIN_INVALID;
	else if (ours && make_copy(db, sql, n, table, index) == 0)
		result = compare_with(t, db, oid);
	free(oid);
	if (db_in_transaction(db) && db_query(db, "ROLLBACK", 0, NULL) == -1)
		result = -1;
	return db->error.lost ? -1 : result;
}

/* Of the same name, as an expression may name the table. */
static int
make_copy(struct db *db, const struct sql *sql, size_t n, const char *table,
    const char *index)
{
	const char *name = last_part(table);
	char *copy =
	    mem_printf("CREATE TEMPORARY TABLE %s (LIKE %s)", name, table);
	char *build = statement_on(sql, n, name, index);
	int result = -1;

	if (db_query(db, "BEGIN", 0, NULL) == 0 &&
	    db_query(db, "SET LOCAL lock_timeout = '5s'", 0, NULL) == 0 &&
	    db_query(db, copy, 0, NULL) == 0 &&
	    db_query(db, build, 0, NULL) == 0)
		result = 0;
	free(copy);
	free(build);
	return result;
}

/* Of a name that may be qualified. */
static const char *
last_part(const char *name)
{
	struct tokens t;
	size_t last = 0;

	token_start(&t, name, 0, strlen(name));
	while (t.kind > TOKEN_ERROR) {
		if (t.kind != TOKEN_MARK)
			last = t.begin;
		token_step(&t);
	}
	return name + last;
}

/* The statement, for that temporary table. */
static char *
statement_on(
    const struct sql *sql, size_t n, const char *table, const char *index)
{
	struct tokens t = sql_tokens(sql, n);
	size_t begin, end;
	bool unique;

	(void)token_take(&t, "CREATE");
	unique = token_is(&t, "UNIQUE");
	while (t.kind > TOKEN_ERROR && !token_take(&t, "ON"))
		token_step(&t);
	(void)token_take(&t, "ONLY");
	(void)token_take_name(&t, &begin, &end);
	return mem_printf("CREATE %sINDEX %s ON pg_temp.%s %.*s",
	    unique ? "UNIQUE " : "", index, table,
	    (int)(sql->statements[n].end - end), sql->text + end);
}

static int
compare_with(struct twin *t, struct db *db, const char *oid)
{
	char *made = NULL;
	const char *values[] = { oid, NULL };
	int result = -1;

	if (db_query(db,
		"SELECT max(indexrelid) FROM pg_index WHERE indrelid IN (SELECT"
		" oid FROM pg_class WHERE relnamespace = pg_my_temp_schema())",
		0, NULL) == 0) {
		made = mem_copy(db_value(db, 0, 0));
		values[1] = made;
		result = db_query(db, compare, 2, values);
	}
	if (result == 0 && db->count > 0) {
		t->kind = db_true(db, 0, 0) ? TWIN_SAME : TWIN_OTHER;
		t->wanted = mem_copy(db_value(db, 0, 1));
	}
	free(made);
	return result;
}
