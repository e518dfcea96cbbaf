/* What is in no schema: extensions, publications, servers; schemas. */
#include "catalog_sql.h"

/* It would take the SQL to pieces. */
/* clang-format off */

/*
 * The schema public as initdb makes it, of which 14 says otherwise than 15,
 * and its comment, are nobody's doing.
 */
#define PUBLIC_OWNER \
	"n.nspname = 'public'" \
	" AND CASE WHEN current_setting('server_version_num')::int < 150000" \
	" THEN n.nspowner = 10 ELSE pg_get_userbyid(n.nspowner) =" \
	" 'pg_database_owner' END"

#define PUBLIC_GRANTS \
	"acldefault('n', n.nspowner) || (CASE WHEN" \
	" current_setting('server_version_num')::int < 150000 THEN '=UC/'" \
	" ELSE '=U/' END || quote_ident(pg_get_userbyid(n.nspowner)))::aclitem"

static const char schemas[] =
    SCHEMAS
    "SELECT 'schema' AS kind, s.name,"
    " CASE WHEN " PUBLIC_OWNER " THEN NULL ELSE pg_get_userbyid(n.nspowner)"
    " END AS owner,"
    " " GRANTS("coalesce(n.nspacl, acldefault('n', n.nspowner))",
	"CASE WHEN " PUBLIC_OWNER " THEN " PUBLIC_GRANTS " ELSE"
	" acldefault('n', n.nspowner) END") " AS privileges,"
    " (SELECT d.description FROM pg_description d WHERE d.objoid = n.oid AND"
    " d.classoid = 'pg_namespace'::regclass AND NOT (n.nspname = 'public' AND"
    " d.description = 'standard public schema')) AS comment"
    " FROM schema s"
    " JOIN pg_namespace n ON n.oid = s.oid"
    " WHERE " NO_MEMBER("pg_namespace", "n.oid");

static const char extensions[] =
    "SELECT 'extension' AS kind, (" NAME("x.extname") ") AS name,"
    " " NAME("n.nspname") " AS schema, x.extversion AS version,"
    " " COMMENT("pg_extension", "x.oid") " FROM pg_extension x"
    " JOIN pg_namespace n ON n.oid = x.extnamespace"
    " WHERE " GLOBAL;

/* Those of 14 publish whole tables, and no schemas. */
#define PUBLICATION_TABLES(facts) \
	"SELECT 'publication-table' AS kind," \
	" (" NAME("p.pubname") ") || '.' || " QUALIFIED("n", "c.relname") \
	" AS name," \
	" (" NAME("p.pubname") ") AS publication " facts " FROM" \
	" pg_publication_rel x" \
	" JOIN pg_publication p ON p.oid = x.prpubid" \
	" JOIN pg_class c ON c.oid = x.prrelid" \
	" JOIN pg_namespace n ON n.oid = c.relnamespace" \
	" WHERE " GLOBAL " AND " NO_MEMBER("pg_publication", "p.oid")

static const char publications[] =
    "SELECT 'publication' AS kind, (" NAME("p.pubname") ") AS name,"
    " " FLAG("p.puballtables") " AS all_tables,"
    " concat_ws(',', CASE WHEN pubinsert THEN 'insert' END, CASE WHEN"
    " pubupdate THEN 'update' END, CASE WHEN pubdelete THEN 'delete' END, CASE"
    " WHEN pubtruncate THEN 'truncate' END) AS publish,"
    " " FLAG("p.pubviaroot") " AS via_root,"
    " nullif(to_jsonb(p) ->> 'pubgencols', 'n') AS generated_columns,"
    " " OWNER("p.pubowner") ","
    " " COMMENT("pg_publication", "p.oid") " FROM pg_publication p"
    " WHERE " GLOBAL;

static const char publication_tables_14[] =
    PUBLICATION_TABLES("");

static const char publication_tables[] =
    PUBLICATION_TABLES(
        ","
        " (SELECT json_agg(a.attname ORDER BY a.attname) FROM pg_attribute a"
        " WHERE a.attrelid = x.prrelid AND a.attnum = ANY (x.prattrs)) AS"
        " columns,"
        " pg_get_expr(x.prqual, x.prrelid) AS \"where\"");

static const char publication_schemas[] =
    "SELECT 'publication-schema' AS kind,"
    " (" NAME("p.pubname") ") || '.' || (" NAME("n.nspname") ") AS name,"
    " (" NAME("p.pubname") ") AS publication"
    " FROM pg_publication_namespace x"
    " JOIN pg_publication p ON p.oid = x.pnpubid"
    " JOIN pg_namespace n ON n.oid = x.pnnspid"
    " WHERE " GLOBAL;

/* Where it connects to is a secret, and not for everybody to read. */
#define SUBSCRIPTIONS(facts) \
	"SELECT 'subscription' AS kind, (" NAME("s.subname") ") AS name," \
	" CASE WHEN NOT s.subenabled THEN false END AS enabled," \
	" " FLAG("s.subbinary") " AS binary," \
	" nullif(left(s.substream::text, 1), 'f') AS streaming," \
	" s.subslotname AS slot, s.subsynccommit AS synchronous_commit," \
	" (SELECT json_agg(n ORDER BY n COLLATE \"C\") FROM" \
	" unnest(s.subpublications) n) AS publications," \
	" " facts " " OWNER("s.subowner") "," \
	" (SELECT d.description FROM pg_description d WHERE d.objoid = s.oid" \
	" AND d.classoid = 'pg_subscription'::regclass) AS" \
	" comment" \
	" FROM pg_subscription s" \
	" WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname =" \
	" current_database())" \
	" AND " GLOBAL

#define SINCE_15 \
	"nullif(s.subtwophasestate = 'd', true) AS two_phase," \
	" " FLAG("s.subdisableonerr") " AS disable_on_error,"

#define SINCE_16 \
	"nullif(s.suborigin, 'any') AS origin," \
	" nullif(s.subpasswordrequired, true) AS password_required," \
	" " FLAG("s.subrunasowner") " AS run_as_owner,"

static const char subscriptions_14[] =
    SUBSCRIPTIONS("");
static const char subscriptions_15[] =
    SUBSCRIPTIONS(SINCE_15);
static const char subscriptions_16[] =
    SUBSCRIPTIONS(SINCE_15 SINCE_16);
static const char subscriptions_17[] =
    SUBSCRIPTIONS(SINCE_15 SINCE_16 " " FLAG("s.subfailover") " AS failover,");

static const char event_triggers[] =
    "SELECT 'event-trigger' AS kind, (" NAME("t.evtname") ") AS name,"
    " t.evtevent AS event,"
    " (SELECT json_agg(g ORDER BY g COLLATE \"C\") FROM unnest(t.evttags) g)"
    " AS tags,"
    " t.evtfoid::regprocedure::text AS function, " ENABLED("t.evtenabled") ","
    " " OWNER("t.evtowner") ","
    " " COMMENT("pg_event_trigger", "t.oid") " FROM pg_event_trigger t"
    " WHERE " GLOBAL " AND " NO_MEMBER("pg_event_trigger", "t.oid");

static const char wrappers[] =
    "SELECT 'foreign-data-wrapper' AS kind, (" NAME("w.fdwname") ") AS name,"
    " nullif(w.fdwhandler::regprocedure::text, '-') AS handler,"
    " nullif(w.fdwvalidator::regprocedure::text, '-') AS validator,"
    " " SAFE_OPTIONS("w.fdwoptions") " AS options, " OWNER("w.fdwowner") ","
    " " PRIVILEGES("w.fdwacl", "F", "w.fdwowner") ","
    " " COMMENT("pg_foreign_data_wrapper", "w.oid") " FROM"
    " pg_foreign_data_wrapper w"
    " WHERE " GLOBAL " AND " NO_MEMBER("pg_foreign_data_wrapper", "w.oid");

static const char servers[] =
    "SELECT 'server' AS kind, (" NAME("s.srvname") ") AS name,"
    " " NAME("w.fdwname") " AS wrapper, s.srvtype AS type,"
    " s.srvversion AS server_version,"
    " " SAFE_OPTIONS("s.srvoptions") " AS options, " OWNER("s.srvowner") ","
    " " PRIVILEGES("s.srvacl", "S", "s.srvowner") ","
    " " COMMENT("pg_foreign_server", "s.oid") " FROM pg_foreign_server s"
    " JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw"
    " WHERE " GLOBAL " AND " NO_MEMBER("pg_foreign_server", "s.oid");

/* The view hides the options of others, which only a superuser has not. */
static const char mappings[] =
    "SELECT 'user-mapping' AS kind,"
    " (" NAME("m.srvname") ") || '.' || CASE WHEN m.umuser = 0 THEN 'PUBLIC'"
    " ELSE (" NAME("m.usename") ") END AS name,"
    " CASE WHEN NOT (SELECT rolsuper FROM pg_roles WHERE rolname ="
    " current_user) THEN '[\"(hidden)\"]'::json ELSE (SELECT json_agg("
    " split_part(o, '=', 1) || ' (set)' ORDER BY split_part(o, '=', 1) COLLATE"
    " \"C\") FROM unnest(m.umoptions) o) END AS options"
    " FROM pg_user_mappings m"
    " WHERE " GLOBAL;

static const char languages[] =
    "SELECT 'language' AS kind, (" NAME("l.lanname") ") AS name,"
    " nullif(l.lanplcallfoid::regprocedure::text, '-') AS handler,"
    " nullif(l.laninline::regprocedure::text, '-') AS inline,"
    " nullif(l.lanvalidator::regprocedure::text, '-') AS validator,"
    " " FLAG("l.lanpltrusted") " AS trusted, " OWNER("l.lanowner") ","
    " " PRIVILEGES("l.lanacl", "l", "l.lanowner") ","
    " " COMMENT("pg_language", "l.oid") " FROM pg_language l"
    " WHERE l.lanispl"
    " AND " GLOBAL " AND " NO_MEMBER("pg_language", "l.oid");

static const char access_methods[] =
    "SELECT 'access-method' AS kind, (" NAME("m.amname") ") AS name,"
    " CASE m.amtype WHEN 'i' THEN 'index' ELSE 'table' END AS type,"
    " m.amhandler::regprocedure::text AS handler,"
    " " COMMENT("pg_am", "m.oid") " FROM pg_am m"
    " WHERE m.oid >= 16384"
    " AND " GLOBAL " AND " NO_MEMBER("pg_am", "m.oid");

static const char default_privileges[] =
    SCHEMAS
    "SELECT 'default-privileges' AS kind,"
    " (" NAME("r.rolname") ") || coalesce('.' || s.name, '') || ' ' || CASE"
    " d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN"
    " 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE"
    " 'large objects' END AS name,"
    " " GRANTS("d.defaclacl",
	"CASE WHEN d.defaclnamespace = 0 THEN acldefault(CASE d.defaclobjtype"
	" WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole) ELSE '{}'"
	" END") " AS privileges"
    " FROM pg_default_acl d"
    " JOIN pg_roles r ON r.oid = d.defaclrole"
    " LEFT JOIN schema s ON s.oid = d.defaclnamespace"
    " WHERE CASE WHEN d.defaclnamespace = 0 THEN " GLOBAL " ELSE s.oid IS NOT"
    " NULL END";

static const char security_labels[] =
    "SELECT 'security-label' AS kind,"
    " i.type || ' ' || i.identity || ' ' || l.provider AS name, l.label"
    " FROM pg_seclabel l,"
    " pg_identify_object(l.classoid, l.objoid, l.objsubid) i"
    " WHERE " GLOBAL;

static const struct catalog_query list[] = {
	{ .sql = schemas },
	{ .sql = extensions },
	{ .sql = publications, .of = "pg_publication" },
	{ .sql = publication_tables_14, .of = "pg_publication", .until = 14 },
	{ .sql = publication_tables, .of = "pg_publication", .since = 15 },
	{ .sql = publication_schemas, .of = "pg_publication", .since = 15 },
	{ .sql = subscriptions_14, .of = "pg_subscription", .until = 14 },
	{ .sql = subscriptions_15,
	    .of = "pg_subscription", .since = 15, .until = 15 },
	{ .sql = subscriptions_16,
	    .of = "pg_subscription", .since = 16, .until = 16 },
	{ .sql = subscriptions_17, .of = "pg_subscription", .since = 17 },
	{ .sql = event_triggers, .of = "pg_event_trigger" },
	{ .sql = wrappers, .of = "pg_foreign_data_wrapper" },
	{ .sql = servers, .of = "pg_foreign_server" },
	{ .sql = mappings, .of = "pg_foreign_server" },
	{ .sql = languages },
	{ .sql = access_methods, .of = NEW("pg_am") },
	{ .sql = default_privileges, .of = "pg_default_acl" },
	{ .sql = security_labels, .of = "pg_seclabel" },
};

const struct catalog_queries catalog_globals = CATALOG_QUERIES(list);
