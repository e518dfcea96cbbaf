/* Collations; text search. */
#include "catalog_sql.h"

/* It would take the SQL to pieces. */
/* clang-format off */

/* Columns come and go with the versions: to_jsonb has those there are. */
static const char collations[] =
    SCHEMAS
    "SELECT 'collation' AS kind,"
    " s.name || '.' || (" NAME("c.collname") ") AS name,"
    " CASE c.collprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' WHEN 'b'"
    " THEN 'builtin' ELSE 'default' END AS provider,"
    " CASE WHEN c.collprovider = 'c' THEN c.collcollate END AS collate,"
    " CASE WHEN c.collprovider = 'c' THEN c.collctype END AS ctype,"
    " coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale',"
    " CASE WHEN c.collprovider = 'i' THEN c.collcollate END) AS locale,"
    " to_jsonb(c) ->> 'collicurules' AS rules,"
    " CASE WHEN NOT c.collisdeterministic THEN false END AS deterministic,"
    " CASE WHEN c.collencoding >= 0 THEN pg_encoding_to_char(c.collencoding)"
    " END AS encoding,"
    " " OWNER("c.collowner") ","
    " " COMMENT("pg_collation", "c.oid") " FROM pg_collation c"
    " JOIN schema s ON s.oid = c.collnamespace"
    " WHERE " NO_MEMBER("pg_collation", "c.oid");

static const char configurations[] =
    SCHEMAS
    "SELECT 'text-search-configuration' AS kind,"
    " s.name || '.' || (" NAME("c.cfgname") ") AS name,"
    " " QUALIFIED("n", "p.prsname") " AS parser,"
    " (SELECT json_object_agg(alias, dictionaries ORDER BY alias) FROM (SELECT"
    " y.alias, json_agg(" QUALIFIED("dn", "d.dictname") " ORDER BY m.mapseqno)"
    " FROM pg_ts_config_map m JOIN ts_token_type(c.cfgparser) y ON y.tokid ="
    " m.maptokentype JOIN pg_ts_dict d ON d.oid = m.mapdict JOIN pg_namespace"
    " dn ON dn.oid = d.dictnamespace WHERE m.mapcfg = c.oid GROUP BY y.alias)"
    " x(alias, dictionaries)) AS mappings,"
    " " OWNER("c.cfgowner") ","
    " " COMMENT("pg_ts_config", "c.oid") " FROM pg_ts_config c"
    " JOIN schema s ON s.oid = c.cfgnamespace"
    " JOIN pg_ts_parser p ON p.oid = c.cfgparser"
    " JOIN pg_namespace n ON n.oid = p.prsnamespace"
    " WHERE " NO_MEMBER("pg_ts_config", "c.oid");

static const char dictionaries[] =
    SCHEMAS
    "SELECT 'text-search-dictionary' AS kind,"
    " s.name || '.' || (" NAME("d.dictname") ") AS name,"
    " " QUALIFIED("n", "t.tmplname") " AS template,"
    " d.dictinitoption AS options, " OWNER("d.dictowner") ","
    " " COMMENT("pg_ts_dict", "d.oid") " FROM pg_ts_dict d"
    " JOIN schema s ON s.oid = d.dictnamespace"
    " JOIN pg_ts_template t ON t.oid = d.dicttemplate"
    " JOIN pg_namespace n ON n.oid = t.tmplnamespace"
    " WHERE " NO_MEMBER("pg_ts_dict", "d.oid");

static const char parsers[] =
    SCHEMAS
    "SELECT 'text-search-parser' AS kind,"
    " s.name || '.' || (" NAME("p.prsname") ") AS name,"
    " p.prsstart::text AS start, p.prstoken::text AS token,"
    " p.prsend::text AS end, nullif(p.prsheadline::text, '-') AS headline,"
    " p.prslextype::text AS lextypes,"
    " " COMMENT("pg_ts_parser", "p.oid") " FROM pg_ts_parser p"
    " JOIN schema s ON s.oid = p.prsnamespace"
    " WHERE " NO_MEMBER("pg_ts_parser", "p.oid");

static const char templates[] =
    SCHEMAS
    "SELECT 'text-search-template' AS kind,"
    " s.name || '.' || (" NAME("t.tmplname") ") AS name,"
    " nullif(t.tmplinit::text, '-') AS init, t.tmpllexize::text AS lexize,"
    " " COMMENT("pg_ts_template", "t.oid") " FROM pg_ts_template t"
    " JOIN schema s ON s.oid = t.tmplnamespace"
    " WHERE " NO_MEMBER("pg_ts_template", "t.oid");

static const struct catalog_query list[] = {
	{ .sql = collations, .of = NEW("pg_collation") },
	{ .sql = configurations, .of = NEW("pg_ts_config") },
	{ .sql = dictionaries, .of = NEW("pg_ts_dict") },
	{ .sql = parsers, .of = NEW("pg_ts_parser") },
	{ .sql = templates, .of = NEW("pg_ts_template") },
};

const struct catalog_queries catalog_texts = CATALOG_QUERIES(list);
