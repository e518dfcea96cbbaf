/*
 * catalog_sql - the queries that read the catalog, and what they share
 *
 * Each row of an answer is an object: the names of its columns are the keys
 * of its record, in that order, "kind" and "name" first, and a null is a key
 * that the record lacks.  A fact that is as PostgreSQL has it by default is
 * null.  Only mg-catalog(1) knows more of kinds and keys.
 *
 * Settings of the session (catalog.c) make the deparsers qualify each name,
 * and carry arrays: mg.schemas, the LIKE patterns of --schema, which may be
 * empty; mg.bookkeeping, the tables of other tools; mg.schema_oids and
 * mg.schema_names, the schemas that are listed; mg.oids and mg.names, the
 * tables and views.  To find these once, not in each query, is what makes the
 * listing quick.
 */
#ifndef MG_CATALOG_SQL_H
#define MG_CATALOG_SQL_H

#include <stddef.h>

struct catalog_query {
	const char *sql;
	const char *of;   /* FROM: without a row there, it finds none either */
	int since, until; /* major versions of the server; 0: any */
};

struct catalog_queries {
	const struct catalog_query *list;
	size_t count;
};

/* It would take the SQL to pieces. */
/* clang-format off */

/* What initdb did not make: its object identifiers end there. */
#define NEW(catalog) catalog " WHERE oid >= 16384"

#define CATALOG_QUERIES(list) { list, sizeof(list) / sizeof(*(list)) }

/* Tells the session of schemas and relations; all others build on it. */
extern const char catalog_begin[];

/* The queries of the rows, as rows of "query". */
extern const char catalog_rows[];

extern const struct catalog_queries catalog_relations, catalog_parts,
    catalog_types, catalog_routines, catalog_texts, catalog_globals,
    catalog_whole, catalog_column_order, catalog_enum_order;

/*
 * A name, quoted only where it would be misread beside others.  quote_ident()
 * would depend on the server's list of key words.
 */
#define NAME(name) \
	"CASE WHEN " name " ~ '[.\"(), [:cntrl:]]' THEN '\"' || replace(" \
	name ", '\"', '\"\"') || '\"' ELSE " name "::text END"

/* schema.name, with the row of pg_namespace and the name in it. */
#define QUALIFIED(schema, name) \
	"(" NAME(schema ".nspname") ") || '.' || (" NAME(name) ")"

/* Has the listing no need to stay within schemas? */
#define GLOBAL "current_setting('mg.schemas') = ''"

#define NO_BOOKKEEPING(name) \
	name " <> ALL ((SELECT current_setting('mg.bookkeeping'))::text[])"

/* That an object is not part of an extension. */
#define NO_MEMBER(catalog, oid) \
	oid " NOT IN (SELECT part.objid FROM pg_depend part" \
	" WHERE part.refclassid = 'pg_extension'::regclass" \
	" AND part.classid = '" catalog "'::regclass AND part.deptype = 'e')"

/* Begin a query: the schemas that are listed, "schema". */
#define SCHEMAS \
	"WITH schema AS (SELECT * FROM unnest(" \
	"current_setting('mg.schema_oids')::oid[]," \
	" current_setting('mg.schema_names')::text[]) n(oid, name)) "

/* Begin a query: the schemas, and the "relation"s of these kinds. */
#define NEW_RELATIONS(schemas, kinds) \
	schemas ", relation AS (SELECT c.*, s.name || '.' || (" \
	NAME("c.relname") ") AS name FROM pg_class c" \
	" JOIN schema s ON s.oid = c.relnamespace" \
	" WHERE c.relkind IN (" kinds ") AND " NO_BOOKKEEPING("c.relname") \
	" AND " NO_MEMBER("pg_class", "c.oid") ") "

/* The tables and views, as catalog_begin found them. */
#define RELATIONS \
	"unnest(current_setting('mg.oids')::oid[]," \
	" current_setting('mg.names')::text[]) r(oid, name)"

/* A list of options, in an order that does not depend on how it came. */
#define OPTIONS(options) \
	"CASE WHEN " options " IS NOT NULL THEN (SELECT json_agg(o" \
	" ORDER BY o COLLATE \"C\") FROM unnest(" options ") o) END"

/* The same, where a value may be a secret. */
#define SAFE_OPTIONS(options) \
	"CASE WHEN " options " IS NOT NULL THEN (SELECT json_agg(o" \
	" ORDER BY o COLLATE \"C\") FROM (SELECT CASE WHEN" \
	" o ~* '^[^=]*(passw|passfile|secret|token|credential|private|" \
	"api_?key|access_?key)' THEN split_part(o, '=', 1) || ' (set)'" \
	" ELSE regexp_replace(o, '//[^/@]*@', '//(set)@') END" \
	" FROM unnest(" options ") o) s(o)) END"

#define COMMENT(catalog, oid) \
	"(SELECT words.description FROM pg_description words" \
	" WHERE words.objoid = " oid " AND words.objsubid = 0" \
	" AND words.classoid = '" catalog "'::regclass) AS comment"

/* The same for many: "words.description", of a join. */
#define COMMENTS(catalog, oid) \
	" LEFT JOIN pg_description words ON words.objoid = " oid \
	" AND words.classoid = '" catalog "'::regclass AND words.objsubid = 0"

#define OWNER(oid) "pg_get_userbyid(" oid ") AS owner"

/*
 * Who may do what, beside what it would be if nobody had ever granted or
 * revoked anything: catalog_grants.h makes one list of both.
 */
#define GRANTS(acl, otherwise) \
	"json_build_array(to_json((" acl ")::text[]), to_json((" otherwise \
	")::text[]))"

#define PRIVILEGES(acl, type, owner) \
	"CASE WHEN " acl " IS NOT NULL THEN " \
	GRANTS(acl, "acldefault('" type "', " owner ")") " END AS privileges"

/* When a trigger, rule or event trigger fires. */
#define ENABLED(state) \
	"CASE " state " WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica'" \
	" WHEN 'A' THEN 'always' END AS enabled"

/* True or nothing. */
#define FLAG(condition) "CASE WHEN " condition " THEN true END"

/* clang-format on */

#endif
