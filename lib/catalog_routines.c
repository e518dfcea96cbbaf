/* Functions, aggregates, operators, casts. */
#include "catalog_sql.h"

/* It would take the SQL to pieces. */
/* clang-format off */

#define TYPE_NAMES(types) \
	"array_to_string(ARRAY(SELECT format_type(y, NULL) FROM unnest(" \
	types ") WITH ORDINALITY u(y, i) ORDER BY i), ', ')"

/* Begin a query: the functions of that sort, "p", and their names. */
#define FUNCTIONS(sort, facts, from) \
	SCHEMAS \
	"SELECT " sort " AS kind," \
	" s.name || '.' || (" NAME("p.proname") ") || '(' || " \
	TYPE_NAMES("p.proargtypes") " || ')' AS name," \
	" " facts ", " OWNER("p.proowner") "," \
	" " PRIVILEGES("p.proacl", "f", "p.proowner") "," \
	" " COMMENT("pg_proc", "p.oid") " FROM pg_proc p" \
	" JOIN schema s ON s.oid = p.pronamespace " from " WHERE " \
	NO_MEMBER("pg_proc", "p.oid")

/* A member of an operator class or family, in words. */
#define OPERATORS(family) \
	"(SELECT json_agg(o ORDER BY o COLLATE \"C\") FROM (SELECT" \
	" a.amopstrategy || ' ' || a.amopopr::regoperator::text ||" \
	" coalesce(' FOR ORDER BY ' || (SELECT " QUALIFIED("n", "f.opfname") \
	" FROM pg_opfamily f JOIN pg_namespace n ON n.oid = f.opfnamespace" \
	" WHERE f.oid = a.amopsortfamily), '') FROM pg_amop a WHERE" \
	" a.amopfamily = " family ") x(o))"

#define SUPPORT(family) \
	"(SELECT json_agg(o ORDER BY o COLLATE \"C\") FROM (SELECT" \
	" a.amprocnum || ' (' || format_type(a.amproclefttype, NULL) || ', '" \
	" || format_type(a.amprocrighttype, NULL) || ') ' ||" \
	" a.amproc::regprocedure::text FROM pg_amproc a WHERE a.amprocfamily" \
	" = " family ") x(o))"

static const char functions[] =
    FUNCTIONS("CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END",
        "pg_get_functiondef(p.oid) AS definition", "")
    " AND p.prokind <> 'a'";

static const char aggregates[] =
    FUNCTIONS("'aggregate'",
        "pg_get_function_arguments(p.oid) AS arguments,"
        " pg_get_function_result(p.oid) AS result,"
        " CASE a.aggkind WHEN 'o' THEN 'ordered-set' WHEN 'h' THEN"
        " 'hypothetical-set' END AS sort,"
        " nullif(a.aggnumdirectargs, 0) AS direct,"
        " a.aggtransfn::regprocedure::text AS transition,"
        " format_type(a.aggtranstype, NULL) AS state,"
        " a.agginitval AS initial, nullif(a.aggtransspace, 0) AS space,"
        " nullif(a.aggfinalfn::regprocedure::text, '-') AS final,"
        " " FLAG("a.aggfinalextra") " AS final_extra,"
        " nullif(a.aggfinalmodify, 'r') AS final_modify,"
        " nullif(a.aggcombinefn::regprocedure::text, '-') AS combine,"
        " nullif(a.aggserialfn::regprocedure::text, '-') AS serialize,"
        " nullif(a.aggdeserialfn::regprocedure::text, '-') AS deserialize,"
        " nullif(a.aggmtransfn::regprocedure::text, '-') AS"
        " moving_transition,"
        " nullif(a.aggminvtransfn::regprocedure::text, '-') AS"
        " moving_inverse,"
        " nullif(format_type(a.aggmtranstype, NULL), '-') AS moving_state,"
        " a.aggminitval AS moving_initial,"
        " nullif(a.aggmtransspace, 0) AS moving_space,"
        " nullif(a.aggmfinalfn::regprocedure::text, '-') AS moving_final,"
        " " FLAG("a.aggmfinalextra") " AS moving_final_extra,"
        " nullif(a.aggmfinalmodify, 'r') AS moving_final_modify,"
        " nullif(a.aggsortop::regoperator::text, '0') AS sort_operator,"
        " CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted'"
        " END AS parallel",
        "JOIN pg_aggregate a ON a.aggfnoid = p.oid");

static const char operators[] =
    SCHEMAS
    "SELECT 'operator' AS kind,"
    " s.name || '.' || o.oprname || '(' || CASE WHEN o.oprleft = 0 THEN ''"
    " ELSE format_type(o.oprleft, NULL) || ', ' END || format_type(o.oprright,"
    " NULL) || ')' AS name,"
    " nullif(o.oprcode::regprocedure::text, '-') AS function,"
    " nullif(o.oprcom::regoperator::text, '0') AS commutator,"
    " nullif(o.oprnegate::regoperator::text, '0') AS negator,"
    " nullif(o.oprrest::text, '-') AS restrict,"
    " nullif(o.oprjoin::text, '-') AS join,"
    " " FLAG("o.oprcanhash") " AS hashes, " FLAG("o.oprcanmerge") " AS merges,"
    " " OWNER("o.oprowner") ","
    " " COMMENT("pg_operator", "o.oid") " FROM pg_operator o"
    " JOIN schema s ON s.oid = o.oprnamespace"
    " WHERE " NO_MEMBER("pg_operator", "o.oid");

static const char classes[] =
    SCHEMAS
    "SELECT 'operator-class' AS kind,"
    " s.name || '.' || (" NAME("o.opcname") ") || '(' || m.amname || ')' AS"
    " name,"
    " format_type(o.opcintype, NULL) AS type,"
    " nullif(format_type(o.opckeytype, NULL), '-') AS storage,"
    " " FLAG("o.opcdefault") " AS default,"
    " " QUALIFIED("n", "f.opfname") " AS family, " OWNER("o.opcowner") ","
    " " COMMENT("pg_opclass", "o.oid") " FROM pg_opclass o"
    " JOIN schema s ON s.oid = o.opcnamespace"
    " JOIN pg_am m ON m.oid = o.opcmethod"
    " JOIN pg_opfamily f ON f.oid = o.opcfamily"
    " JOIN pg_namespace n ON n.oid = f.opfnamespace"
    " WHERE " NO_MEMBER("pg_opclass", "o.oid");

static const char families[] =
    SCHEMAS
    "SELECT 'operator-family' AS kind,"
    " s.name || '.' || (" NAME("f.opfname") ") || '(' || m.amname || ')' AS"
    " name,"
    " " OPERATORS("f.oid") " AS operators, " SUPPORT("f.oid") " AS functions,"
    " " OWNER("f.opfowner") ","
    " " COMMENT("pg_opfamily", "f.oid") " FROM pg_opfamily f"
    " JOIN schema s ON s.oid = f.opfnamespace"
    " JOIN pg_am m ON m.oid = f.opfmethod"
    " WHERE " NO_MEMBER("pg_opfamily", "f.oid");

/* Below 16384 is what initdb made. */
static const char casts[] =
    "SELECT 'cast' AS kind,"
    " '(' || format_type(c.castsource, NULL) || ' AS ' ||"
    " format_type(c.casttarget, NULL) || ')' AS name,"
    " CASE WHEN c.castfunc <> 0 THEN c.castfunc::regprocedure::text END AS"
    " function,"
    " CASE c.castmethod WHEN 'i' THEN 'inout' WHEN 'b' THEN 'binary' ELSE"
    " 'function' END AS method,"
    " CASE c.castcontext WHEN 'a' THEN 'assignment' WHEN 'i' THEN 'implicit'"
    " ELSE 'explicit' END AS context,"
    " " COMMENT("pg_cast", "c.oid") " FROM pg_cast c"
    " WHERE c.oid >= 16384"
    " AND " GLOBAL " AND " NO_MEMBER("pg_cast", "c.oid");

static const char conversions[] =
    SCHEMAS
    "SELECT 'conversion' AS kind,"
    " s.name || '.' || (" NAME("c.conname") ") AS name,"
    " pg_encoding_to_char(c.conforencoding) AS source,"
    " pg_encoding_to_char(c.contoencoding) AS target,"
    " c.conproc::regprocedure::text AS function,"
    " " FLAG("c.condefault") " AS default, " OWNER("c.conowner") ","
    " " COMMENT("pg_conversion", "c.oid") " FROM pg_conversion c"
    " JOIN schema s ON s.oid = c.connamespace"
    " WHERE " NO_MEMBER("pg_conversion", "c.oid");

static const char transforms[] =
    "SELECT 'transform' AS kind,"
    " format_type(t.trftype, NULL) || ' ' || l.lanname AS name,"
    " nullif(t.trffromsql::regprocedure::text, '-') AS from_sql,"
    " nullif(t.trftosql::regprocedure::text, '-') AS to_sql,"
    " " COMMENT("pg_transform", "t.oid") " FROM pg_transform t"
    " JOIN pg_language l ON l.oid = t.trflang"
    " WHERE " GLOBAL " AND " NO_MEMBER("pg_transform", "t.oid");

static const struct catalog_query list[] = {
	{ .sql = functions, .of = NEW("pg_proc") },
	{ .sql = aggregates, .of = "pg_aggregate WHERE aggfnoid >= 16384" },
	{ .sql = operators, .of = NEW("pg_operator") },
	{ .sql = classes, .of = NEW("pg_opclass") },
	{ .sql = families, .of = NEW("pg_opfamily") },
	{ .sql = casts, .of = NEW("pg_cast") },
	{ .sql = conversions, .of = NEW("pg_conversion") },
	{ .sql = transforms, .of = "pg_transform" },
};

const struct catalog_queries catalog_routines = CATALOG_QUERIES(list);
