#include "blueprint_private.h"

#include <stdlib.h>
#include <string.h>

#include "bookkeeping.h"
#include "mem.h"

/* What no longer has a partition is listed, so that it can be told. */
static const char list_tables[] =
    "SELECT c.oid, root.oid, format('%I.%I', n.nspname, c.relname),"
    " n.nspname, c.relname, rn.nspname, root.relname, c.relkind = 'p',"
    " CASE WHEN c.relispartition THEN (SELECT count(*) FROM"
    "  pg_partition_tree(root.oid) WHERE isleaf) ELSE 1 END"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " JOIN pg_class root ON root.oid ="
    "  CASE WHEN c.relispartition THEN pg_partition_root(c.oid)"
    "  ELSE c.oid END"
    " JOIN pg_namespace rn ON rn.oid = root.relnamespace"
    " WHERE (c.relkind = 'r' OR c.relkind = 'p' AND NOT EXISTS"
    "  (SELECT FROM pg_inherits WHERE inhparent = c.oid))"
    " AND c.oid >= 16384 AND c.relpersistence <> 't'"
    " AND n.nspname <> 'information_schema'"
    " AND c.relname <> ALL ($1::text[])"
    " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid"
    "  AND classid = 'pg_class'::regclass AND deptype = 'e')"
    " ORDER BY n.nspname COLLATE \"C\", c.relname COLLATE \"C\"";

enum {
	OID,
	ROOT,
	NAME,
	SCHEMA,
	RELATION,
	ROOT_SCHEMA,
	ROOT_RELATION,
	BARREN,
	PARTS
};

/* A domain's base is not here: it may have another domain below it. */
static const char list_columns[] =
    "SELECT attrelid, attnum, quote_ident(attname), atttypid, atttypmod,"
    " attnotnull OR typnotnull,"
    " attgenerated <> '' OR attidentity <> '' OR given ~ '\\mnextval\\(',"
    " attidentity <> '' OR given ~ '\\mnextval\\(',"
    " CASE attgenerated WHEN '' THEN given END"
    " FROM pg_attribute a JOIN pg_type t ON t.oid = atttypid"
    " LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum,"
    " pg_get_expr(adbin, adrelid) given"
    " WHERE attrelid = ANY ($1::oid[]) AND attnum > 0 AND NOT attisdropped"
    " ORDER BY attrelid, attnum";

enum {
	TABLE,
	NUMBER,
	COLUMN,
	TYPE,
	MODIFIER,
	NOT_NULL,
	LEFT_OUT,
	SEQUENCE,
	OTHERWISE
};

static int read_tables(struct blueprint *, struct db *);
static void add_table(struct blueprint *, const struct db *, size_t);
static char *oids(const struct blueprint *);
static int read_columns(struct blueprint *, struct db *, const char *);
static void add_column(struct blueprint *, const struct db *, size_t);
static void resolve(struct blueprint_column *);
static unsigned long salt(const char *, const char *);
static void free_table(struct blueprint_table *);

int
blueprint_read(struct blueprint *b, struct db *db)
{
	char *all;
	int result;

	*b = (struct blueprint){ 0 };
	if (read_tables(b, db) == -1)
		return -1;
	all = oids(b);
	result = blueprint_read_types(b, db, all);
	if (result == 0)
		result = read_columns(b, db, all);
	if (result == 0)
		result = blueprint_read_parts(b, db, all);
	free(all);
	return result;
}

static int
read_tables(struct blueprint *b, struct db *db)
{
	char *names = db_array(bookkeeping_tables, bookkeeping_count);
	int result =
	    db_query(db, list_tables, 1, (const char *const[]){ names });
	size_t i;

	free(names);
	for (i = 0; result == 0 && i < db->count; i++)
		add_table(b, db, i);
	return result;
}

static void
add_table(struct blueprint *b, const struct db *db, size_t row)
{
	b->tables = mem_grow(b->tables, b->count, sizeof(*b->tables));
	b->tables[b->count++] = (struct blueprint_table){
		.oid = mem_copy(db_value(db, row, OID)),
		.root = mem_copy(db_value(db, row, ROOT)),
		.name = mem_copy(db_value(db, row, NAME)),
		.schema = mem_copy(db_value(db, row, SCHEMA)),
		.relation = mem_copy(db_value(db, row, RELATION)),
		.root_schema = mem_copy(db_value(db, row, ROOT_SCHEMA)),
		.root_relation = mem_copy(db_value(db, row, ROOT_RELATION)),
		.barren = db_true(db, row, BARREN),
		.parts = strtol(db_value(db, row, PARTS), NULL, 10),
	};
}

static char *
oids(const struct blueprint *b)
{
	const char **list = mem_resize(NULL, b->count, sizeof(*list));
	char *array;
	size_t i;

	for (i = 0; i < b->count; i++)
		list[i] = b->tables[i].oid;
	array = db_array(list, b->count);
	free(list);
	return array;
}

struct blueprint_table *
blueprint_table(const struct blueprint *b, const char *oid)
{
	size_t i;

	for (i = 0; i < b->count; i++)
		if (strcmp(b->tables[i].oid, oid) == 0)
			return &b->tables[i];
	return NULL;
}

int
blueprint_position(const struct blueprint_table *t, const char *number)
{
	size_t i;

	for (i = 0; i < t->ncolumns; i++)
		if (t->columns[i].number == strtol(number, NULL, 10))
			return (int)i;
	return -1;
}

static int
read_columns(struct blueprint *b, struct db *db, const char *all)
{
	size_t i;

	if (db_query(db, list_columns, 1, &all) == -1)
		return -1;
	for (i = 0; i < db->count; i++)
		add_column(b, db, i);
	return 0;
}

static void
add_column(struct blueprint *b, const struct db *db, size_t row)
{
	struct blueprint_table *t =
	    blueprint_table(b, db_value(db, row, TABLE));
	const char *otherwise = db_value(db, row, OTHERWISE);
	struct blueprint_column *c;

	t->columns = mem_grow(t->columns, t->ncolumns, sizeof(*t->columns));
	c = &t->columns[t->ncolumns++];
	*c = (struct blueprint_column){
		.number = (int)strtol(db_value(db, row, NUMBER), NULL, 10),
		.name = mem_copy(db_value(db, row, COLUMN)),
		.type = blueprint_type(b, db_value(db, row, TYPE)),
		.modifier = strtol(db_value(db, row, MODIFIER), NULL, 10),
		.not_null = db_true(db, row, NOT_NULL),
		.left_out = db_true(db, row, LEFT_OUT),
		.sequence = db_true(db, row, SEQUENCE),
		.otherwise = otherwise == NULL ? NULL : mem_copy(otherwise),
	};
	c->salt = salt(t->name, c->name);
	resolve(c);
}

/* To the type below all domains, as far as it is known. */
static void
resolve(struct blueprint_column *c)
{
	while (c->type->kind == BLUEPRINT_DOMAIN) {
		if (c->modifier == -1)
			c->modifier = c->type->modifier;
		c->type = c->type->inner;
	}
}

/* FNV-1a: the same in each database, as oids are not. */
static unsigned long
salt(const char *table, const char *column)
{
	const char *parts[] = { table, ".", column };
	unsigned long hash = 2166136261;
	const char *p;
	size_t i;

	for (i = 0; i < 3; i++)
		for (p = parts[i]; *p != '\0'; p++)
			hash = ((hash ^ (unsigned char)*p) * 16777619) &
			    0xffffffff;
	return hash;
}

void
blueprint_free(struct blueprint *b)
{
	size_t i;

	for (i = 0; i < b->count; i++)
		free_table(&b->tables[i]);
	free(b->tables);
	blueprint_free_types(b);
	*b = (struct blueprint){ 0 };
}

static void
free_table(struct blueprint_table *t)
{
	size_t i;

	for (i = 0; i < t->ncolumns; i++) {
		free(t->columns[i].name);
		free(t->columns[i].otherwise);
	}
	free(t->columns);
	blueprint_free_parts(t);
	free(t->oid);
	free(t->root);
	free(t->name);
	free(t->schema);
	free(t->relation);
	free(t->root_schema);
	free(t->root_relation);
}
