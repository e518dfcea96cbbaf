#include "evidence.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "trace.h"
#include "veil.h"

/*
 * $1 the kind, $2 the schema or '', $3 the name, $4 its part, $5 is it where
 * new things are made?  Null: it is a part of what is not there.
 */
static const char ask[] =
    "WITH p AS (SELECT n, kind, CASE WHEN schema <> ''"
    "   THEN ARRAY[schema::name] WHEN made THEN ARRAY[current_schema()]"
    "   ELSE current_schemas(false) END AS places,"
    "  name::name AS name, part::name AS part, part AS label"
    "  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bool[])"
    "   WITH ORDINALITY AS g (kind, schema, name, part, made, n)),"
    " r AS (SELECT p.*, (SELECT c.oid FROM pg_catalog.pg_class c"
    "   JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace"
    "   WHERE c.relname = p.name AND s.nspname = ANY (p.places)"
    "   ORDER BY array_position(p.places, s.nspname) LIMIT 1) AS oid,"
    "  (SELECT t.oid FROM pg_catalog.pg_type t"
    "   JOIN pg_catalog.pg_namespace s ON s.oid = t.typnamespace"
    "   WHERE t.typname = p.name AND s.nspname = ANY (p.places)"
    "   ORDER BY array_position(p.places, s.nspname) LIMIT 1) AS type"
    "  FROM p)"
    " SELECT CASE r.kind"
    "  WHEN 'relation' THEN r.oid IS NOT NULL"
    "  WHEN 'type' THEN r.type IS NOT NULL"
    "  WHEN 'schema' THEN EXISTS (SELECT FROM pg_catalog.pg_namespace"
    "   WHERE nspname = r.name)"
    "  WHEN 'extension' THEN EXISTS (SELECT FROM pg_catalog.pg_extension"
    "   WHERE extname = r.name)"
    "  WHEN 'routine' THEN EXISTS (SELECT FROM pg_catalog.pg_proc f"
    "   JOIN pg_catalog.pg_namespace s ON s.oid = f.pronamespace"
    "   WHERE f.proname = r.name AND s.nspname = ANY (r.places))"
    "  WHEN 'value' THEN CASE WHEN r.type IS NOT NULL THEN EXISTS ("
    "   SELECT FROM pg_catalog.pg_enum WHERE enumtypid = r.type"
    "    AND enumlabel = r.label) END"
    "  ELSE CASE WHEN r.oid IS NOT NULL THEN CASE r.kind"
    "   WHEN 'column' THEN EXISTS (SELECT FROM pg_catalog.pg_attribute"
    "    WHERE attrelid = r.oid AND attname = r.part AND attnum > 0"
    "    AND NOT attisdropped)"
    "   WHEN 'not null' THEN (SELECT attnotnull FROM"
    "    pg_catalog.pg_attribute WHERE attrelid = r.oid AND attname = r.part"
    "    AND attnum > 0 AND NOT attisdropped)"
    "   WHEN 'constraint' THEN EXISTS (SELECT FROM"
    "    pg_catalog.pg_constraint WHERE conrelid = r.oid AND conname = r.part)"
    "   WHEN 'trigger' THEN EXISTS (SELECT FROM pg_catalog.pg_trigger"
    "    WHERE tgrelid = r.oid AND tgname = r.part AND NOT tgisinternal)"
    "   WHEN 'policy' THEN EXISTS (SELECT FROM pg_catalog.pg_policy"
    "    WHERE polrelid = r.oid AND polname = r.part)"
    "   WHEN 'index' THEN EXISTS (SELECT FROM pg_catalog.pg_index i"
    "    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
    "    WHERE i.indrelid = r.oid AND c.relname = r.part"
    "    AND (i.indisvalid OR c.relkind = 'I')) END END END"
    " FROM r ORDER BY n";

enum { COLUMNS = 5 };

static int look(struct db *, const struct traces *);
static void fill(const struct traces *, const char **[COLUMNS]);
static void judge(struct evidence *, const struct script *,
    const struct traces *, const struct db *);
static bool is_spoiled(const struct traces *, size_t);
static enum evidence_of verdict(
    const struct trace *, const struct db *, size_t, bool);
static enum evidence_of both(enum evidence_of, enum evidence_of);
static enum evidence_sum add_up(const struct evidence *);

int
evidence_read(struct evidence *e, struct db *db, const struct script *s)
{
	struct traces traces = { 0 };
	size_t i;
	int result;

	*e = (struct evidence){ .count = s->sql.count };
	for (i = 0; i < s->sql.count; i++)
		traces_add(&traces, &s->sql, i);
	if ((result = look(db, &traces)) == 0) {
		e->list = mem_alloc((e->count + 1) * sizeof(*e->list));
		judge(e, s, &traces, db);
		for (i = 0; i < e->count; i++)
			e->number[e->list[i]]++;
		e->sum = add_up(e);
	}
	traces_free(&traces);
	return result;
}

void
evidence_free(struct evidence *e)
{
	free(e->list);
	*e = (struct evidence){ 0 };
}

/* One query for all; its rows are in their order. */
static int
look(struct db *db, const struct traces *t)
{
	const char **columns[COLUMNS];
	char *values[COLUMNS];
	size_t i;
	int result;

	for (i = 0; i < COLUMNS; i++)
		columns[i] =
		    mem_resize(NULL, t->count + 1, sizeof(*columns[i]));
	fill(t, columns);
	for (i = 0; i < COLUMNS; i++)
		values[i] = db_array(columns[i], t->count);
	result = db_query(db, ask, COLUMNS, (const char *const *)values);
	for (i = 0; i < COLUMNS; i++) {
		free(values[i]);
		free(columns[i]);
	}
	return result;
}

static void
fill(const struct traces *t, const char **columns[COLUMNS])
{
	size_t i;

	for (i = 0; i < t->count; i++) {
		columns[0][i] = trace_word(t->list[i].kind);
		columns[1][i] = t->list[i].schema;
		columns[2][i] = t->list[i].name;
		columns[3][i] = t->list[i].part;
		columns[4][i] = t->list[i].made ? "t" : "f";
	}
}

static void
judge(struct evidence *e, const struct script *s, const struct traces *t,
    const struct db *db)
{
	struct veil veil = veil_of(&s->sql);
	enum evidence_of one;
	size_t i = 0, n;

	for (n = 0; n < e->count; n++) {
		veil_follow(&veil, &s->sql, n);
		if (veil_is_silent(&s->sql, n))
			e->list[n] = EVIDENCE_SILENT;
		for (; i < t->count && t->list[i].statement == n; i++) {
			if (veil.all || is_spoiled(t, i) ||
			    (veil.names && *t->list[i].schema == '\0'))
				continue;
			one = verdict(&t->list[i], db, i, n < veil.last);
			e->list[n] = both(e->list[n], one);
		}
	}
}

/* Has the script more to do with that thing? */
static bool
is_spoiled(const struct traces *t, size_t i)
{
	size_t k;

	for (k = 0; k < t->count; k++)
		if (t->list[k].statement != t->list[i].statement &&
		    trace_spoils(&t->list[i], &t->list[k]))
			return true;
	return false;
}

/*
 * Of row i of the answer, which is null for a part of what is not there.  What
 * is not there may have been taken away again by what stands behind and cannot
 * be read; a routine may be another one of that name.
 */
static enum evidence_of
verdict(const struct trace *t, const struct db *db, size_t i, bool veiled)
{
	bool known = db_value(db, i, 0) != NULL, there = db_true(db, i, 0);
	bool unsure = t->kind == TRACE_ROUTINE;

	if (t->gone && (!known || (there && unsure)))
		return EVIDENCE_OPEN;
	if (t->gone && there)
		return EVIDENCE_LACKS;
	if (!t->gone && !there)
		return veiled || (!known && t->lenient) ? EVIDENCE_OPEN
							: EVIDENCE_LACKS;
	if (t->lenient)
		return EVIDENCE_MOOT;
	return !t->gone && unsure ? EVIDENCE_OPEN : EVIDENCE_THERE;
}

/* A statement is done whole or not at all, so one trace of it is enough. */
static enum evidence_of
both(enum evidence_of a, enum evidence_of b)
{
	if (a + b == EVIDENCE_THERE + EVIDENCE_LACKS && a != b)
		return EVIDENCE_OPEN;
	return a > b ? a : b;
}

static enum evidence_sum
add_up(const struct evidence *e)
{
	size_t i, last = 0, first = e->count;

	for (i = 0; i < e->count; i++)
		if (e->list[i] == EVIDENCE_THERE)
			last = i;
		else if (e->list[i] == EVIDENCE_LACKS && first == e->count)
			first = i;
	if (e->number[EVIDENCE_THERE] == 0 && e->number[EVIDENCE_LACKS] == 0)
		return e->number[EVIDENCE_OPEN] == 0 &&
			e->number[EVIDENCE_MOOT] > 0
		    ? EVIDENCE_HARMLESS
		    : EVIDENCE_UNKNOWN;
	if (e->number[EVIDENCE_LACKS] == 0)
		return EVIDENCE_ALL;
	if (e->number[EVIDENCE_THERE] == 0)
		return EVIDENCE_NONE;
	return last < first ? EVIDENCE_PART : EVIDENCE_MIXED;
}
