#include "blueprint_private.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

/*
 * A row for each of their columns.  An index of an expression depends on the
 * columns that it reads; so does a partial one, in its condition, which does
 * not count.
 */
static const char list_keys[] =
    "SELECT indrelid, indexrelid, quote_ident(relname), attnum,"
    " indpred IS NULL AND indexprs IS NULL AND NOT indisexclusion,"
    " indimmediate, coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::bool,"
    "  false) OR indisprimary, indisexclusion"
    " FROM pg_index i JOIN pg_class ON oid = indexrelid,"
    " LATERAL (SELECT attnum FROM unnest(indkey::int2[]) WITH ORDINALITY"
    "   AS k (attnum, at) WHERE attnum > 0 AND at <= indnkeyatts"
    "  UNION SELECT refobjsubid FROM pg_depend"
    "   WHERE classid = 'pg_class'::regclass AND objid = indexrelid"
    "   AND refobjid = indrelid AND refobjsubid > 0"
    "   AND indexprs IS NOT NULL AND indpred IS NULL) AS k"
    " WHERE indrelid = ANY ($1::oid[]) AND (indisunique OR indisexclusion)"
    " AND indislive"
    " ORDER BY indrelid, indisprimary DESC, relname COLLATE \"C\", attnum";

/* Of one that refers to a partitioned table the server keeps copies. */
static const char list_references[] =
    "SELECT r.conrelid, r.oid, quote_ident(r.conname), child.attnum,"
    " r.confrelid, r.confrelid::regclass, quote_ident(a.attname),"
    " r.confrelid = r.conrelid"
    " FROM pg_constraint r LEFT JOIN pg_constraint above"
    "  ON above.oid = r.conparentid,"
    " unnest(r.conkey, r.confkey) WITH ORDINALITY"
    "  AS child (attnum, parent, at), pg_attribute a"
    " WHERE r.contype = 'f' AND r.conrelid = ANY ($1::oid[])"
    " AND above.conrelid IS DISTINCT FROM r.conrelid"
    " AND a.attrelid = r.confrelid AND a.attnum = parent"
    " ORDER BY r.conrelid, r.conname COLLATE \"C\", at";

/* Those of its columns' domains and of its being a partition as well. */
static const char list_checks[] =
    "WITH RECURSIVE domain (relation, attnum, name, oid) AS ("
    " SELECT attrelid, attnum, attname, atttypid FROM pg_attribute"
    "  WHERE attrelid = ANY ($1::oid[]) AND attnum > 0 AND NOT attisdropped"
    " UNION ALL SELECT relation, attnum, name, typbasetype FROM domain"
    "  JOIN pg_type t ON t.oid = domain.oid AND typtype = 'd')"
    " SELECT conrelid AS relation, oid::text, quote_ident(conname) AS name,"
    "  attnum, pg_get_expr(conbin, conrelid)"
    " FROM pg_constraint, unnest(conkey) AS attnum"
    " WHERE contype = 'c' AND conrelid = ANY ($1::oid[])"
    " UNION ALL SELECT relation, c.oid || ':' || attnum,"
    "  quote_ident(conname), attnum,"
    "  format('(SELECT %s FROM (SELECT %I AS value) AS mg_domain)',"
    "   pg_get_expr(conbin, 0), domain.name)"
    " FROM domain JOIN pg_constraint c ON contypid = domain.oid"
    "  AND contype = 'c'"
    " UNION ALL SELECT c.oid, 'partition', quote_ident(c.relname), a.attnum,"
    "  pg_get_partition_constraintdef(c.oid)"
    " FROM pg_class c, pg_partition_ancestors(c.oid) above"
    "  JOIN pg_partitioned_table ON partrelid = above.relid,"
    "  unnest(partattrs::int2[]) AS part (attnum)"
    "  JOIN pg_attribute parent ON parent.attnum = part.attnum,"
    "  pg_attribute a"
    " WHERE c.oid = ANY ($1::oid[]) AND c.relispartition"
    " AND parent.attrelid = above.relid AND a.attrelid = c.oid"
    " AND a.attname = parent.attname"
    " AND pg_get_partition_constraintdef(c.oid) IS NOT NULL"
    " ORDER BY relation, 2, attnum";

/* What all of them begin with, and then their own. */
enum { TABLE, OID, NAME, COLUMN, PLAIN, IMMEDIATE, NO_NULLS, EXCLUSION };
enum { PARENT_OID = 4, PARENT, KEY, TO_ITSELF };
enum { SQL = 4 };

static int each_row(struct blueprint *, struct db *, const char *, const char *,
    void (*)(struct blueprint_table *, const struct db *, size_t, bool));
static void add_key(struct blueprint_table *, const struct db *, size_t, bool);
static void add_reference(
    struct blueprint_table *, const struct db *, size_t, bool);
static void add_check(
    struct blueprint_table *, const struct db *, size_t, bool);
static int *add_column(
    int *, size_t, const struct blueprint_table *, const struct db *, size_t);

int
blueprint_read_parts(struct blueprint *b, struct db *db, const char *oids)
{
	if (each_row(b, db, list_keys, oids, add_key) == -1 ||
	    each_row(b, db, list_references, oids, add_reference) == -1)
		return -1;
	return each_row(b, db, list_checks, oids, add_check);
}

/* The function is told whether the row begins another of its kind. */
static int
each_row(struct blueprint *b, struct db *db, const char *sql, const char *oids,
    void (*add)(struct blueprint_table *, const struct db *, size_t, bool))
{
	bool first;
	size_t i;

	if (db_query(db, sql, 1, &oids) == -1)
		return -1;
	for (i = 0; i < db->count; i++) {
		first = i == 0 ||
		    strcmp(db_value(db, i, OID), db_value(db, i - 1, OID)) !=
			0 ||
		    strcmp(db_value(db, i, TABLE),
			db_value(db, i - 1, TABLE)) != 0;
		add(blueprint_table(b, db_value(db, i, TABLE)), db, i, first);
	}
	return 0;
}

static void
add_key(struct blueprint_table *t, const struct db *db, size_t row, bool first)
{
	struct blueprint_key *k;

	if (first) {
		t->keys = mem_grow(t->keys, t->nkeys, sizeof(*t->keys));
		t->keys[t->nkeys++] = (struct blueprint_key){
			.name = mem_copy(db_value(db, row, NAME)),
			.plain = db_true(db, row, PLAIN),
			.immediate = db_true(db, row, IMMEDIATE),
			.no_nulls = db_true(db, row, NO_NULLS),
			.exclusion = db_true(db, row, EXCLUSION),
		};
	}
	k = &t->keys[t->nkeys - 1];
	k->columns = add_column(k->columns, k->count++, t, db, row);
}

static void
add_reference(
    struct blueprint_table *t, const struct db *db, size_t row, bool first)
{
	struct blueprint_reference *r;

	if (first) {
		t->references = mem_grow(
		    t->references, t->nreferences, sizeof(*t->references));
		t->references[t->nreferences++] = (struct blueprint_reference){
			.name = mem_copy(db_value(db, row, NAME)),
			.parent_oid = mem_copy(db_value(db, row, PARENT_OID)),
			.parent = mem_copy(db_value(db, row, PARENT)),
			.to_itself = db_true(db, row, TO_ITSELF),
		};
	}
	r = &t->references[t->nreferences - 1];
	r->keys = mem_grow(r->keys, r->count, sizeof(*r->keys));
	r->keys[r->count] = mem_copy(db_value(db, row, KEY));
	r->columns = add_column(r->columns, r->count++, t, db, row);
}

static void
add_check(
    struct blueprint_table *t, const struct db *db, size_t row, bool first)
{
	struct blueprint_check *c;

	if (first) {
		t->checks = mem_grow(t->checks, t->nchecks, sizeof(*t->checks));
		t->checks[t->nchecks++] = (struct blueprint_check){
			.name = mem_copy(db_value(db, row, NAME)),
			.sql = mem_copy(db_value(db, row, SQL)),
		};
	}
	c = &t->checks[t->nchecks - 1];
	c->columns = add_column(c->columns, c->count++, t, db, row);
}

static int *
add_column(int *columns, size_t count, const struct blueprint_table *t,
    const struct db *db, size_t row)
{
	columns = mem_grow(columns, count, sizeof(*columns));
	columns[count] = blueprint_position(t, db_value(db, row, COLUMN));
	return columns;
}

void
blueprint_free_parts(struct blueprint_table *t)
{
	struct blueprint_reference *r;
	size_t i;

	for (i = 0; i < t->nkeys; i++) {
		free(t->keys[i].name);
		free(t->keys[i].columns);
	}
	for (i = 0; i < t->nreferences; i++) {
		r = &t->references[i];
		while (r->count > 0)
			free(r->keys[--r->count]);
		free(r->keys);
		free(r->columns);
		free(r->name);
		free(r->parent_oid);
		free(r->parent);
	}
	for (i = 0; i < t->nchecks; i++) {
		free(t->checks[i].name);
		free(t->checks[i].sql);
		free(t->checks[i].columns);
	}
	free(t->keys);
	free(t->references);
	free(t->checks);
}
