/* The database as a whole; its rows. */
#include "catalog_sql.h"

/* It would take the SQL to pieces. */
/* clang-format off */

static const char database[] =
    "SELECT 'database' AS kind, 'database' AS name,"
    " pg_encoding_to_char(d.encoding) AS encoding, d.datcollate AS collate,"
    " d.datctype AS ctype,"
    " CASE to_jsonb(d) ->> 'datlocprovider' WHEN 'i' THEN 'icu' WHEN 'b' THEN"
    " 'builtin' ELSE 'libc' END AS provider,"
    " coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') AS"
    " locale,"
    " to_jsonb(d) ->> 'daticurules' AS rules,"
    " nullif(d.datconnlimit, -1) AS connection_limit, " OWNER("d.datdba") ","
    " " PRIVILEGES("d.datacl", "d", "d.datdba") ","
    " shobj_description(d.oid, 'pg_database') AS comment"
    " FROM pg_database d"
    " WHERE d.datname = current_database()";

static const char settings[] =
    "SELECT 'settings' AS kind,"
    " coalesce((" NAME("r.rolname") "), 'database') AS name,"
    " " SAFE_OPTIONS("x.setconfig") " AS settings"
    " FROM pg_db_role_setting x"
    " JOIN pg_database d ON d.oid = x.setdatabase"
    " LEFT JOIN pg_roles r ON r.oid = x.setrole"
    " WHERE d.datname = current_database()";

/*
 * The queries of the rows, a table each: their text does not depend on the
 * order of columns, their sum not on that of rows.
 */
const char catalog_rows[] =
    SCHEMAS "SELECT format('SELECT ''rows'' AS kind, %L AS name,"
    " count(*)::text AS count, coalesce(sum(pg_catalog.hashtextextended(t,"
    " 0)), 0) || '':'' || coalesce(sum(pg_catalog.hashtextextended(t, 1)), 0)"
    " AS checksum FROM (SELECT ROW(%s)::pg_catalog.text COLLATE \"C\" FROM"
    " ONLY %I.%I) x(t)', r.name, (SELECT string_agg(format('%I', a.attname),"
    " ', ' ORDER BY a.attname) FROM pg_attribute a WHERE a.attrelid = r.oid"
    " AND a.attnum > 0 AND NOT a.attisdropped), n.nspname, c.relname) AS query"
    " FROM " RELATIONS " JOIN pg_class c ON c.oid = r.oid"
    " JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind = 'r'"
    " UNION ALL SELECT format('SELECT ''position'' AS kind, %L AS name,"
    " last_value::text AS last_value, is_called FROM %I.%I', (SELECT s.name"
    " FROM schema s WHERE s.oid = c.relnamespace) || '.' || ("
    NAME("c.relname") "), n.nspname, c.relname)"
    " FROM pg_class c"
    " JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind = 'S'"
    " AND c.relnamespace IN (SELECT oid FROM schema)"
    " AND " NO_MEMBER("pg_class", "c.oid") " AND NOT EXISTS (SELECT FROM"
    " pg_depend d JOIN pg_class t ON t.oid = d.refobjid WHERE d.objid = c.oid"
    " AND d.deptype IN ('a', 'i') AND d.classid ="
    " 'pg_class'::regclass AND NOT (" NO_BOOKKEEPING("t.relname") "))";

static const struct catalog_query list[] = {
	{ .sql = database },
	{ .sql = settings },
};

const struct catalog_queries catalog_whole = CATALOG_QUERIES(list);
