/* Tables, views, sequences; columns. */
#include "bookkeeping.h"
#include "catalog_sql.h"

/* It would take the SQL to pieces. */
/* clang-format off */

/* Those of a partition or of a table that inherits, in order. */
#define PARENTS \
	"CASE WHEN r.oid IN (SELECT inhrelid FROM pg_inherits) THEN" \
	" (SELECT json_agg(" QUALIFIED("n", "p.relname") " ORDER BY" \
	" h.inhseqno) FROM pg_inherits h JOIN pg_class p ON p.oid =" \
	" h.inhparent JOIN pg_namespace n ON n.oid = p.relnamespace WHERE" \
	" h.inhrelid = r.oid) END"

#define STORAGE(storage) \
	"CASE " storage " WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external'" \
	" WHEN 'm' THEN 'main' ELSE 'extended' END"

#define TABLESPACE \
	"CASE WHEN c.reltablespace <> 0 THEN (SELECT t.spcname FROM" \
	" pg_tablespace t WHERE t.oid = c.reltablespace) END AS tablespace"

/* That of 2 is heap. */
#define ACCESS_METHOD \
	"CASE WHEN c.relam NOT IN (0, 2) THEN (SELECT a.amname FROM pg_am a" \
	" WHERE a.oid = c.relam) END AS access_method"

#define NEW_SCHEMAS \
	"WITH schema AS MATERIALIZED (SELECT n.oid, " NAME("n.nspname") \
	" AS name FROM pg_namespace n WHERE n.nspname !~ '^pg_'" \
	" AND n.nspname NOT IN ('information_schema', " BOOKKEEPING_SCHEMAS ")" \
	" AND (" GLOBAL " OR n.nspname" \
	" LIKE ANY (nullif(current_setting('mg.schemas'), '')::text[]))) "

/* A setting that is an array of what is found. */
#define TELL(setting, column, from) \
	"set_config('" setting "', (SELECT coalesce(array_agg(" column ")," \
	" '{}')::text FROM " from "), true) <> ''"

const char catalog_begin[] =
    NEW_RELATIONS(NEW_SCHEMAS, "'r', 'p', 'f', 'v', 'm'")
    "SELECT " TELL("mg.schema_oids", "oid", "schema") ", "
    TELL("mg.schema_names", "name", "schema") ", "
    TELL("mg.oids", "oid", "relation") ", "
    TELL("mg.names", "name", "relation");

static const char tables[] =
    "SELECT CASE c.relkind WHEN 'f' THEN 'foreign-table' ELSE 'table' END AS"
    " kind,"
    " r.name, " FLAG("c.relpersistence = 'u'") " AS unlogged,"
    " CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(r.oid) END AS"
    " partition_by,"
    " " PARENTS " AS parents,"
    " CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, r.oid) END"
    " AS bound,"
    " (SELECT format_type(c.reloftype, NULL) WHERE c.reloftype <> 0) AS"
    " of_type,"
    " " ACCESS_METHOD ","
    " " TABLESPACE ", " OPTIONS("c.reloptions") " AS options,"
    " (SELECT " OPTIONS("t.reloptions") " FROM pg_class t WHERE t.oid ="
    " c.reltoastrelid) AS toast_options,"
    " " FLAG("c.relrowsecurity") " AS row_security,"
    " " FLAG("c.relforcerowsecurity") " AS force_row_security,"
    " CASE WHEN c.relkind <> 'f' THEN CASE c.relreplident WHEN 'n' THEN"
    " 'nothing' WHEN 'f' THEN 'full' WHEN 'i' THEN 'index' END END AS"
    " replica_identity,"
    " s.srvname AS server, " SAFE_OPTIONS("f.ftoptions") " AS server_options,"
    " " OWNER("c.relowner") ", " PRIVILEGES("c.relacl", "r", "c.relowner") ","
    " " COMMENT("pg_class", "r.oid")
    " FROM " RELATIONS " JOIN pg_class c ON c.oid = r.oid"
    " LEFT JOIN pg_foreign_table f ON f.ftrelid = r.oid"
    " LEFT JOIN pg_foreign_server s ON s.oid = f.ftserver"
    " WHERE c.relkind IN ('r', 'p', 'f')";

static const char views[] =
    "SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized-view' END"
    " AS kind,"
    " r.name,"
    " CASE WHEN c.relispopulated THEN NULL ELSE false END AS populated,"
    " " ACCESS_METHOD ","
    " " TABLESPACE ", " OPTIONS("c.reloptions") " AS options,"
    " pg_get_viewdef(r.oid) AS definition, " OWNER("c.relowner") ","
    " " PRIVILEGES("c.relacl", "r", "c.relowner") ","
    " " COMMENT("pg_class", "r.oid")
    " FROM " RELATIONS " JOIN pg_class c ON c.oid = r.oid"
    " WHERE c.relkind IN ('v', 'm')";

/* Those of a left out table's serial columns are left out with it. */
static const char sequences[] =
    NEW_RELATIONS(SCHEMAS, "'S'") "SELECT 'sequence' AS kind,"
    " r.name, " FLAG("r.relpersistence = 'u'") " AS unlogged,"
    " format_type(q.seqtypid, NULL) AS type, q.seqstart::text AS start,"
    " q.seqmin::text AS min, q.seqmax::text AS max,"
    " q.seqincrement::text AS increment, q.seqcache::text AS cache,"
    " " FLAG("q.seqcycle") " AS cycle,"
    " CASE d.deptype WHEN 'a' THEN d.name END AS owned_by,"
    " CASE d.deptype WHEN 'i' THEN d.name END AS identity_of,"
    " " OWNER("r.relowner") ", " PRIVILEGES("r.relacl", "s", "r.relowner") ","
    " " COMMENT("pg_class", "r.oid") " FROM relation r"
    " JOIN pg_sequence q ON q.seqrelid = r.oid"
    " LEFT JOIN (SELECT d.objid, d.deptype, c.relname, "
    QUALIFIED("n", "c.relname") " || '.' || (" NAME("a.attname") ") AS name"
    " FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND"
    " a.attnum = d.refobjsubid JOIN pg_class c ON c.oid = d.refobjid JOIN"
    " pg_namespace n ON n.oid = c.relnamespace WHERE d.classid ="
    " 'pg_class'::regclass AND d.objsubid = 0 AND d.refclassid ="
    " 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN"
    " ('a', 'i')) d ON d.objid = r.oid"
    " WHERE d.relname IS NULL OR " NO_BOOKKEEPING("d.relname");

/* pg_attver: Debian's 15.20 counts there, for itself. */
static const char columns[] =
    "SELECT 'column' AS kind,"
    " r.name || '.' || (" NAME("a.attname") ") AS name, r.name AS table,"
    " format_type(a.atttypid, a.atttypmod) AS type,"
    " " FLAG("a.attnotnull") " AS not_null,"
    " CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, 0) END AS"
    " default,"
    " CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END"
    " AS identity,"
    " CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END"
    " AS generated,"
    " " FLAG("a.attgenerated = 'v'") " AS virtual,"
    " CASE WHEN a.attcollation <> t.typcollation THEN (SELECT "
    QUALIFIED("n", "o.collname") " FROM pg_collation o JOIN pg_namespace n ON"
    " n.oid = o.collnamespace WHERE o.oid = a.attcollation) END AS collation,"
    " CASE WHEN a.attstorage <> t.typstorage THEN " STORAGE("a.attstorage")
    " END AS storage,"
    " CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS"
    " compression,"
    " nullif(a.attstattarget, -1) AS statistics,"
    " CASE WHEN a.attoptions IS NOT NULL THEN (SELECT json_agg(o ORDER BY o"
    " COLLATE \"C\") FROM unnest(a.attoptions) o WHERE o NOT LIKE"
    " 'pg\\_attver=%') END AS options,"
    " " SAFE_OPTIONS("a.attfdwoptions") " AS server_options,"
    " " FLAG("a.attinhcount > 0 AND NOT a.attislocal") " AS inherited,"
    " " PRIVILEGES("a.attacl", "c", "10") ","
    " i.description AS comment"
    " FROM " RELATIONS
    " JOIN pg_attribute a ON a.attrelid = r.oid"
    " JOIN pg_type t ON t.oid = a.atttypid"
    " LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid"
    " AND d.adnum = a.attnum"
    " LEFT JOIN pg_description i ON i.objoid = a.attrelid"
    " AND i.classoid = 'pg_class'::regclass"
    " AND i.objsubid = a.attnum"
    " WHERE a.attnum > 0"
    " AND NOT a.attisdropped";

static const char column_order[] =
    "SELECT 'column-order' AS kind, r.name,"
    " to_json(ARRAY(SELECT a.attname FROM pg_attribute a WHERE"
    " a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " ORDER BY a.attnum)) AS columns"
    " FROM " RELATIONS " JOIN pg_class c ON c.oid = r.oid"
    " WHERE c.relkind IN ('r', 'p', 'f')";

static const struct catalog_query list[] = {
	{ .sql = tables },
	{ .sql = views, .of = NEW("pg_rewrite") },
	{ .sql = sequences, .of = "pg_sequence" },
	{ .sql = columns },
};

static const struct catalog_query order[] = { { .sql = column_order } };

const struct catalog_queries catalog_relations = CATALOG_QUERIES(list);
const struct catalog_queries catalog_column_order = CATALOG_QUERIES(order);
