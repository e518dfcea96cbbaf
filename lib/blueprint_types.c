#include "blueprint_private.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* Few are needed, but those of columns lead to others. */
static const char list_types[] =
    "WITH RECURSIVE used (oid) AS ("
    " SELECT atttypid FROM pg_attribute WHERE attrelid = ANY ($1::oid[])"
    "  AND attnum > 0 AND NOT attisdropped"
    " UNION SELECT i.oid FROM used JOIN pg_type t ON t.oid = used.oid"
    "  LEFT JOIN pg_range r ON t.oid IN (r.rngtypid, r.rngmultitypid),"
    "  unnest(ARRAY[t.typbasetype, t.typelem,"
    "   CASE t.oid WHEN r.rngmultitypid THEN r.rngtypid"
    "    ELSE r.rngsubtype END]) i (oid) WHERE i.oid <> 0)"
    " SELECT t.oid, CASE WHEN typtype = 'b' AND typsubscript ="
    "  'array_subscript_handler'::regproc THEN 'a' ELSE typtype::text END,"
    " typname, format_type(t.oid, -1),"
    " (SELECT quote_literal(array_agg(enumlabel ORDER BY enumsortorder)"
    "  ::text) FROM pg_enum WHERE enumtypid = t.oid),"
    " (SELECT count(*) FROM pg_enum WHERE enumtypid = t.oid),"
    " coalesce(nullif(typbasetype, 0), CASE t.oid WHEN r.rngmultitypid"
    "  THEN r.rngtypid ELSE coalesce(r.rngsubtype, typelem) END),"
    " typtypmod"
    " FROM used JOIN pg_type t USING (oid)"
    " LEFT JOIN pg_range r ON t.oid IN (r.rngtypid, r.rngmultitypid)";

enum { OID, KIND, NAME, SQL, LABELS, NLABELS, INNER, MODIFIER };

static enum blueprint_kind kind(const char *);
static char *copy(const struct db *, size_t, int);

int
blueprint_read_types(struct blueprint *b, struct db *db, const char *oids)
{
	struct blueprint_type *t;
	size_t i;

	if (db_query(db, list_types, 1, &oids) == -1)
		return -1;
	b->types = mem_resize(NULL, db->count, sizeof(*b->types));
	for (i = 0; i < db->count; i++) {
		t = &b->types[b->ntypes++];
		*t = (struct blueprint_type){
			.oid = copy(db, i, OID),
			.kind = kind(db_value(db, i, KIND)),
			.name = copy(db, i, NAME),
			.sql = copy(db, i, SQL),
			.labels = copy(db, i, LABELS),
			.nlabels = strtol(db_value(db, i, NLABELS), NULL, 10),
			.inner_oid = copy(db, i, INNER),
			.modifier = strtol(db_value(db, i, MODIFIER), NULL, 10),
		};
	}
	for (i = 0; i < b->ntypes; i++)
		if (b->types[i].inner_oid != NULL)
			b->types[i].inner =
			    blueprint_type(b, b->types[i].inner_oid);
	return 0;
}

static enum blueprint_kind
kind(const char *letter)
{
	switch (*letter) {
	case 'a':
		return BLUEPRINT_ARRAY;
	case 'b':
		return BLUEPRINT_BASE;
	case 'd':
		return BLUEPRINT_DOMAIN;
	case 'e':
		return BLUEPRINT_ENUM;
	case 'm':
		return BLUEPRINT_MULTIRANGE;
	case 'r':
		return BLUEPRINT_RANGE;
	default:
		return BLUEPRINT_OTHER;
	}
}

static char *
copy(const struct db *db, size_t row, int column)
{
	const char *value = db_value(db, row, column);

	return value == NULL ? NULL : mem_copy(value);
}

const struct blueprint_type *
blueprint_type(const struct blueprint *b, const char *oid)
{
	size_t i;

	for (i = 0; i < b->ntypes; i++)
		if (strcmp(b->types[i].oid, oid) == 0)
			return &b->types[i];
	return NULL;
}

void
blueprint_free_types(struct blueprint *b)
{
	size_t i;

	for (i = 0; i < b->ntypes; i++) {
		free(b->types[i].oid);
		free(b->types[i].name);
		free(b->types[i].sql);
		free(b->types[i].labels);
		free(b->types[i].inner_oid);
	}
	free(b->types);
}
