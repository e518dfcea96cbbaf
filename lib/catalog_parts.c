/* What hangs on a relation: constraints, indexes, triggers, rules and such. */
#include "catalog_sql.h"

/* It would take the SQL to pieces. */
/* clang-format off */

/*
 * From 18 on a NOT NULL is a constraint as well.  It is left to its column
 * unless it says more than that: a name of its own, NOT VALID, NO INHERIT.
 * Names that would be too long are cut in a way that we do not follow.
 */
#define NAMED_NOT_NULL \
	"(NOT c.convalidated OR c.connoinherit OR (c.conislocal AND" \
	" (SELECT c.conname IS DISTINCT FROM CASE" \
	" WHEN octet_length(t.relname || a.attname) > 53 THEN" \
	" substring(c.conname FROM '.*_not_null[0-9]*$') ELSE" \
	" t.relname || '_' || a.attname || '_not_null' END FROM pg_class t" \
	" JOIN pg_attribute a ON a.attrelid = t.oid WHERE t.oid = r.oid" \
	" AND a.attnum = c.conkey[1])))"

#define CONSTRAINT_TYPE \
	"CASE c.contype WHEN 'c' THEN 'check' WHEN 'f' THEN 'foreign key'" \
	" WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'x' THEN" \
	" 'exclude' WHEN 'n' THEN 'not null' END AS type"

/* The name of the one column of a key. */
#define KEY(relation, key) \
	"(SELECT quote_ident(a.attname) FROM pg_attribute a WHERE a.attrelid = " \
	relation " AND a.attnum = " key "[1])"

#define ACTION(event, action) \
	"CASE " action " WHEN 'a' THEN '' WHEN 'c' THEN ' ON " event \
	" CASCADE' WHEN 'n' THEN ' ON " event " SET NULL' WHEN 'r' THEN ' ON " \
	event " RESTRICT' END"

/*
 * What pg_get_constraintdef() says of a key of one column as most of them are;
 * null of all others, among which are those that are not enforced, as they
 * are not valid.  Asking it would take the most of a listing's time.
 */
#define PLAIN_KEY(plain, distinct) \
	"CASE WHEN c.conkey[2] IS NULL AND NOT c.condeferrable" \
	" AND c.convalidated" plain " THEN CASE c.contype" \
	" WHEN 'p' THEN CASE WHEN i.relnatts = 1 THEN 'PRIMARY KEY (' || " \
	KEY("c.conrelid", "c.conkey") " || ')' END" \
	" WHEN 'u' THEN CASE WHEN i.relnatts = 1" distinct \
	" THEN 'UNIQUE (' || " KEY("c.conrelid", "c.conkey") " || ')' END" \
	" WHEN 'f' THEN CASE WHEN c.confmatchtype = 's' THEN 'FOREIGN KEY (' ||" \
	" " KEY("c.conrelid", "c.conkey") " || ') REFERENCES ' ||" \
	" c.confrelid::regclass || '(' || " KEY("c.confrelid", "c.confkey") \
	" || ')' || " ACTION("UPDATE", "c.confupdtype") " || " \
	ACTION("DELETE", "c.confdeltype") " END END END"

/*
 * A foreign key of a partitioned table has copies, which follow it.  Others
 * of its triggers are internal: only ALTER TABLE DISABLE TRIGGER ALL shows
 * that they exist.
 */
#define CONSTRAINTS(plain, distinct) \
	"SELECT 'constraint' AS kind," \
	" r.name || '.' || (" NAME("c.conname") ") AS name, r.name AS table," \
	" " CONSTRAINT_TYPE ", coalesce(" PLAIN_KEY(plain, distinct) "," \
	" pg_get_constraintdef(c.oid)) AS definition," \
	" CASE WHEN c.contype = 'f' THEN " QUALIFIED("n", "i.relname") " END AS" \
	" references_index," \
	" CASE WHEN c.contype = 'f' AND c.oid IN (SELECT tgconstraint FROM" \
	" pg_trigger WHERE tgenabled <> 'O') THEN (SELECT CASE min(t.tgenabled)" \
	" WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN" \
	" 'always' END FROM pg_trigger t WHERE t.tgconstraint = c.oid" \
	" AND t.tgenabled <> 'O') END AS enabled," \
	" " FLAG("c.coninhcount > 0 AND NOT c.conislocal") " AS inherited," \
	" words.description AS comment FROM " RELATIONS \
	" JOIN pg_constraint c ON c.conrelid = r.oid" \
	" LEFT JOIN pg_class i ON i.oid = c.conindid" \
	" LEFT JOIN pg_namespace n ON n.oid = i.relnamespace" \
	COMMENTS("pg_constraint", "c.oid") \
	" WHERE c.contype <> 't'" \
	" AND (c.conparentid = 0 OR c.contype <> 'f')" \
	" AND CASE WHEN c.contype = 'n' THEN " NAMED_NOT_NULL " ELSE true END"

#define NULLS_DISTINCT \
	" AND NOT (SELECT x.indnullsnotdistinct FROM pg_index x" \
	" WHERE x.indexrelid = c.conindid)"

static const char constraints_14[] = CONSTRAINTS("", "");
static const char constraints[] =
    CONSTRAINTS(" AND c.confdelsetcols IS NULL", NULLS_DISTINCT);

static const char domain_constraints[] =
    SCHEMAS
    "SELECT 'constraint' AS kind,"
    " s.name || '.' || (" NAME("t.typname") ") || '.' || (" NAME("c.conname")
    ") AS name,"
    " s.name || '.' || (" NAME("t.typname") ") AS domain, " CONSTRAINT_TYPE ","
    " pg_get_constraintdef(c.oid) AS definition,"
    " " COMMENT("pg_constraint", "c.oid") " FROM pg_constraint c"
    " JOIN pg_type t ON t.oid = c.contypid"
    " JOIN schema s ON s.oid = t.typnamespace"
    " WHERE " NO_MEMBER("pg_type", "t.oid") " AND CASE WHEN c.contype = 'n'"
    " THEN c.conname !~ '_not_null[0-9]*$' ELSE true END";

#define NO_NEW_DEFAULT \
	"(SELECT NOT EXISTS (SELECT FROM pg_opclass o JOIN pg_type t" \
	" ON t.oid = o.opcintype WHERE o.oid >= 16384 AND o.opcdefault" \
	" AND o.opcmethod = 403 AND (t.oid < 16384 OR t.typispreferred" \
	" OR t.typtype IN ('e', 'p'))))"

/* Or else the classes of a btree may have options. */
#define NO_NEW_SUPPORT \
	"(SELECT NOT EXISTS (SELECT FROM pg_amproc p WHERE p.oid >= 16384" \
	" AND p.amprocnum = 5 AND p.amprocfamily < 16384))"

/*
 * Begin a query: the "class"es of a btree that are the default of a type.
 * That of enums is, and text's for varchar, if nobody made another one.
 */
#define CLASSES \
	"WITH new AS (SELECT o.oid, o.opcintype AS type FROM pg_opclass o" \
	" WHERE o.oid < 16384 AND o.opcmethod = 403 AND o.opcdefault)," \
	" class AS MATERIALIZED (SELECT * FROM new UNION ALL" \
	" SELECT n.oid, t.oid FROM new n JOIN pg_type t" \
	" ON n.type = 'anyenum'::regtype AND t.typtype = 'e'" \
	" OR n.type = 'text'::regtype AND t.oid = 'varchar'::regtype" \
	" WHERE " NO_NEW_DEFAULT ") "

/* A column of an index, from 0. */
#define COLUMN(n) \
	"(SELECT CASE WHEN i.indcollation[" n "] IN (0, a.attcollation)" \
	" AND (i.indclass[" n "], a.atttypid) IN (SELECT oid, type FROM class)" \
	" THEN quote_ident(a.attname) || CASE i.indoption[" n "]" \
	" WHEN 0 THEN '' WHEN 1 THEN ' DESC NULLS LAST'" \
	" WHEN 2 THEN ' NULLS FIRST' ELSE ' DESC' END END" \
	" FROM pg_attribute a WHERE a.attrelid = i.indrelid" \
	" AND a.attnum = i.indkey[" n "])"

#define NEXT_COLUMN(n) \
	"CASE WHEN i.indnatts > " n " THEN ', ' || " COLUMN(n) " ELSE '' END"

/*
 * What pg_get_indexdef() says of a btree on columns as most of them are; null
 * of all others.  Asking it would take the most of a listing's time.
 */
#define PLAIN_INDEX(nulls) \
	"CASE WHEN c.relkind = 'i' AND c.relam = 403" \
	" AND c.reloptions IS NULL AND i.indexprs IS NULL" \
	" AND i.indpred IS NULL AND i.indnatts = i.indnkeyatts" \
	" AND i.indnatts <= 3" nulls " AND " NO_NEW_SUPPORT " THEN" \
	" 'CREATE ' || CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END ||" \
	" 'INDEX ' || quote_ident(c.relname) || ' ON ' ||" \
	" i.indrelid::regclass || ' USING btree (' || " COLUMN("0") " || " \
	NEXT_COLUMN("1") " || " NEXT_COLUMN("2") " || ')' END"

/*
 * One that belongs to a constraint is all in the constraint's definition.
 * One that is invalid gets what nothing else has, so that no two listings
 * with it are equal, nor two of the same database.
 */
#define INDEXES(nulls) \
	CLASSES "SELECT 'index' AS kind," \
	" " QUALIFIED("n", "c.relname") " AS name, r.name AS table," \
	" CASE WHEN k.conname IS NULL THEN coalesce(" PLAIN_INDEX(nulls) "," \
	" pg_get_indexdef(c.oid)) END AS" \
	" definition," \
	" k.conname AS constraint," \
	" CASE WHEN c.relispartition THEN (SELECT " \
	QUALIFIED("pn", "p.relname") " FROM pg_inherits h JOIN pg_class p ON" \
	" p.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace" \
	" WHERE h.inhrelid = c.oid) END AS partition_of," \
	" " FLAG("i.indisclustered") " AS clustered," \
	" " FLAG("i.indisreplident") " AS replica_identity," \
	" CASE WHEN c.reltablespace <> 0 THEN (SELECT t.spcname FROM pg_tablespace" \
	" t WHERE t.oid = c.reltablespace) END AS tablespace," \
	" CASE WHEN i.indexprs IS NOT NULL THEN (SELECT json_object_agg(" \
	" a.attname, a.attstattarget ORDER BY a.attnum) FROM pg_attribute a WHERE" \
	" a.attrelid = c.oid AND a.attstattarget >= 0) END AS statistics," \
	" CASE WHEN NOT (i.indisvalid AND i.indisready AND i.indislive) THEN" \
	" gen_random_uuid()::text END AS invalid," \
	" words.description AS comment FROM " RELATIONS \
	" JOIN pg_index i ON i.indrelid = r.oid" \
	" JOIN pg_class c ON c.oid = i.indexrelid" \
	" JOIN pg_namespace n ON n.oid = c.relnamespace" \
	" LEFT JOIN pg_constraint k ON k.conindid = c.oid" \
	" AND k.contype IN ('p', 'u', 'x')" COMMENTS("pg_class", "c.oid")

/* 14 has no NULLS NOT DISTINCT. */
static const char indexes_14[] = INDEXES("");
static const char indexes[] = INDEXES(" AND NOT i.indnullsnotdistinct");

/* Those that a partition has of its parent are internal on 14. */
static const char triggers[] =
    "SELECT 'trigger' AS kind,"
    " r.name || '.' || (" NAME("t.tgname") ") AS name, r.name AS table,"
    " pg_get_triggerdef(t.oid) AS definition, " ENABLED("t.tgenabled") ","
    " " FLAG("t.tgparentid <> 0") " AS inherited,"
    " " COMMENT("pg_trigger", "t.oid") " FROM " RELATIONS
    " JOIN pg_trigger t ON t.tgrelid = r.oid"
    " WHERE NOT t.tgisinternal OR (t.tgparentid <> 0 AND t.tgconstraint = 0)";

static const char rules[] =
    "SELECT 'rule' AS kind,"
    " r.name || '.' || (" NAME("w.rulename") ") AS name, r.name AS table,"
    " pg_get_ruledef(w.oid) AS definition, " ENABLED("w.ev_enabled") ","
    " " COMMENT("pg_rewrite", "w.oid") " FROM " RELATIONS
    " JOIN pg_rewrite w ON w.ev_class = r.oid"
    " WHERE w.rulename <> '_RETURN'";

static const char policies[] =
    "SELECT 'policy' AS kind,"
    " r.name || '.' || (" NAME("p.polname") ") AS name, r.name AS table,"
    " CASE WHEN p.polpermissive THEN NULL ELSE true END AS restrictive,"
    " CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w'"
    " THEN 'update' WHEN 'd' THEN 'delete' ELSE 'all' END AS command,"
    " (SELECT json_agg(n ORDER BY n COLLATE \"C\") FROM (SELECT CASE o WHEN 0"
    " THEN 'PUBLIC' ELSE pg_get_userbyid(o) END FROM unnest(p.polroles) o)"
    " x(n)) AS roles,"
    " pg_get_expr(p.polqual, r.oid) AS \"using\","
    " pg_get_expr(p.polwithcheck, r.oid) AS \"check\","
    " " COMMENT("pg_policy", "p.oid") " FROM " RELATIONS
    " JOIN pg_policy p ON p.polrelid = r.oid";

static const char statistics[] =
    "SELECT 'statistics' AS kind,"
    " " QUALIFIED("n", "x.stxname") " AS name, r.name AS table,"
    " pg_get_statisticsobjdef(x.oid) AS definition,"
    " nullif(x.stxstattarget, -1) AS target, " OWNER("x.stxowner") ","
    " " COMMENT("pg_statistic_ext", "x.oid") " FROM " RELATIONS
    " JOIN pg_statistic_ext x ON x.stxrelid = r.oid"
    " JOIN pg_namespace n ON n.oid = x.stxnamespace";

static const struct catalog_query list[] = {
	{ .sql = constraints_14, .until = 14 },
	{ .sql = constraints, .since = 15 },
	{ .sql = domain_constraints,
	    .of = NEW("pg_type") " AND typtype = 'd'" },
	{ .sql = indexes_14, .until = 14 },
	{ .sql = indexes, .since = 15 },
	{ .sql = triggers,
	    .of = "pg_trigger WHERE NOT tgisinternal OR tgparentid <> 0" },
	{ .sql = rules, .of = NEW("pg_rewrite") " AND rulename <> '_RETURN'" },
	{ .sql = policies, .of = "pg_policy" },
	{ .sql = statistics, .of = "pg_statistic_ext" },
};

const struct catalog_queries catalog_parts = CATALOG_QUERIES(list);
