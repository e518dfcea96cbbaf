/* Types of all kinds. */
#include "catalog_sql.h"

/* It would take the SQL to pieces. */
/* clang-format off */

/* Begin a query: the types of that sort, "t". */
#define TYPES(sort, facts, from) \
	SCHEMAS "SELECT " sort " AS kind, s.name || '.' || (" \
	NAME("t.typname") ") AS name, " facts ", " OWNER("t.typowner") ", " \
	PRIVILEGES("t.typacl", "T", "t.typowner") ", " \
	COMMENT("pg_type", "t.oid") " FROM pg_type t" \
	" JOIN schema s ON s.oid = t.typnamespace " from \
	" WHERE " NO_MEMBER("pg_type", "t.oid")

#define COLLATION(oid) \
	"(SELECT " QUALIFIED("n", "o.collname") " FROM pg_collation o" \
	" JOIN pg_namespace n ON n.oid = o.collnamespace" \
	" WHERE o.oid = " oid ")"

static const char enums[] =
    TYPES("'enum'",
	"to_json(ARRAY(SELECT e.enumlabel FROM pg_enum e"
	" WHERE e.enumtypid = t.oid ORDER BY e.enumlabel)) AS labels", "")
    " AND t.typtype = 'e'";

static const char enum_order[] =
    SCHEMAS
    "SELECT 'enum-order' AS kind,"
    " s.name || '.' || (" NAME("t.typname") ") AS name,"
    " to_json(ARRAY(SELECT e.enumlabel FROM pg_enum e"
    " WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder)) AS labels"
    " FROM pg_type t"
    " JOIN schema s ON s.oid = t.typnamespace"
    " WHERE t.typtype = 'e' AND " NO_MEMBER("pg_type", "t.oid");

static const char domains[] =
    TYPES("'domain'",
	"format_type(t.typbasetype, t.typtypmod) AS type,"
	" " FLAG("t.typnotnull") " AS not_null,"
	" pg_get_expr(t.typdefaultbin, 0) AS default,"
	" CASE WHEN t.typcollation <> b.typcollation THEN "
	COLLATION("t.typcollation") " END AS collation",
	"JOIN pg_type b ON b.oid = t.typbasetype")
    " AND t.typtype = 'd'";

static const char composites[] =
    TYPES("'composite'",
	"(SELECT json_agg((" NAME("a.attname") ") || ' ' || format_type("
	"a.atttypid, a.atttypmod) || coalesce(' COLLATE ' || CASE WHEN"
	" a.attcollation <> (SELECT y.typcollation FROM pg_type y"
	" WHERE y.oid = a.atttypid) THEN " COLLATION("a.attcollation")
	" END, '') ORDER BY a.attnum) FROM pg_attribute a"
	" WHERE a.attrelid = c.oid AND a.attnum > 0"
	" AND NOT a.attisdropped) AS attributes,"
	" (SELECT json_object_agg(a.attname, d.description ORDER BY"
	" a.attname) FROM pg_description d JOIN pg_attribute a"
	" ON a.attrelid = d.objoid AND a.attnum = d.objsubid"
	" WHERE d.objoid = c.oid AND d.classoid = 'pg_class'::regclass"
	" AND d.objsubid > 0) AS comments",
	"JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'");

static const char ranges[] =
    TYPES("'range'",
	"format_type(g.rngsubtype, NULL) AS subtype,"
	" " COLLATION("g.rngcollation") " AS collation,"
	" (SELECT " QUALIFIED("n", "o.opcname") " FROM pg_opclass o"
	" JOIN pg_namespace n ON n.oid = o.opcnamespace"
	" WHERE o.oid = g.rngsubopc) AS operator_class,"
	" nullif(g.rngcanonical::text, '-') AS canonical,"
	" nullif(g.rngsubdiff::text, '-') AS subtype_diff,"
	" format_type(g.rngmultitypid, NULL) AS multirange",
	"JOIN pg_range g ON g.rngtypid = t.oid");

static const char bases[] =
    TYPES("CASE WHEN t.typisdefined THEN 'type' ELSE 'shell-type' END",
	"nullif(t.typinput::text, '-') AS input,"
	" nullif(t.typoutput::text, '-') AS output,"
	" nullif(t.typreceive::text, '-') AS receive,"
	" nullif(t.typsend::text, '-') AS send,"
	" nullif(t.typmodin::text, '-') AS typmod_in,"
	" nullif(t.typmodout::text, '-') AS typmod_out,"
	" nullif(t.typanalyze::text, '-') AS \"analyze\","
	" nullif(t.typsubscript::text, '-') AS subscript,"
	" t.typlen AS length, " FLAG("t.typbyval") " AS by_value,"
	" t.typalign AS alignment, t.typstorage AS storage,"
	" t.typcategory AS category,"
	" " FLAG("t.typispreferred") " AS preferred,"
	" t.typdefault AS default,"
	" nullif(format_type(t.typelem, NULL), '-') AS element,"
	" t.typdelim AS delimiter,"
	" " FLAG("t.typcollation <> 0") " AS collatable", "")
    " AND t.typtype IN ('b', 'p') AND NOT EXISTS (SELECT FROM pg_type e"
    " WHERE e.typarray = t.oid)";

/* Arrays, which each table has, have no arrays. */
#define BASE " AND (typtype = 'p' OR typtype = 'b' AND typarray <> 0)"

static const struct catalog_query list[] = {
	{ .sql = enums, .of = NEW("pg_type") " AND typtype = 'e'" },
	{ .sql = domains, .of = NEW("pg_type") " AND typtype = 'd'" },
	{ .sql = composites, .of = "pg_class WHERE relkind = 'c'" },
	{ .sql = ranges, .of = "pg_range WHERE rngtypid >= 16384" },
	{ .sql = bases, .of = NEW("pg_type") BASE },
};

static const struct catalog_query order[] = {
	{ .sql = enum_order, .of = NEW("pg_type") " AND typtype = 'e'" },
};

const struct catalog_queries catalog_types = CATALOG_QUERIES(list);
const struct catalog_queries catalog_enum_order = CATALOG_QUERIES(order);
