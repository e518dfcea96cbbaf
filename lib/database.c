#include "database.h"

#include <stdlib.h>

#include "mem.h"

#define ROW "(pg_catalog.to_jsonb(d) ->> "

/* $1 is the other database, $2 the new one; versions add columns. */
static const char create[] =
    "SELECT format('CREATE DATABASE %I TEMPLATE template0 OWNER %I"
    "  ENCODING %L LC_COLLATE %L LC_CTYPE %L', $2::text,"
    "  pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate,"
    "  datctype)"
    /* To name the default takes a right of its own. */
    " || CASE spcname WHEN 'pg_default' THEN ''"
    "  ELSE format(' TABLESPACE %I', spcname) END"
    " || CASE " ROW "'datlocprovider') WHEN 'c' THEN ' LOCALE_PROVIDER libc'"
    "  WHEN 'i' THEN format(' LOCALE_PROVIDER icu ICU_LOCALE %L',"
    "   coalesce(" ROW "'datlocale'), " ROW "'daticulocale')))"
    "  WHEN 'b' THEN format(' LOCALE_PROVIDER builtin BUILTIN_LOCALE %L',"
    "   " ROW "'datlocale')) ELSE '' END"
    " || coalesce(' ICU_RULES ' || quote_literal(" ROW "'daticurules')), '')"
    " FROM pg_catalog.pg_database d"
    " JOIN pg_catalog.pg_tablespace s ON s.oid = dattablespace"
    " WHERE datname = $1";

static const char create_plain[] =
    "SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING %L',"
    " $1::text, $2::text)";

/*
 * A list is kept as it is to be read by the server's own reader of lists, in
 * which "" is allowed; SQL wants its elements as strings.
 */
#define VALUE                                                                  \
	"CASE WHEN lower(x.name) IN ('local_preload_libraries',"               \
	" 'session_preload_libraries', 'temp_tablespaces')"                    \
	" THEN coalesce((SELECT string_agg(quote_literal("                     \
	"  CASE WHEN m[1] LIKE '\"%' THEN replace(substr(m[1], 2,"             \
	"   length(m[1]) - 2), '\"\"', '\"') ELSE m[1] END), ', ' ORDER BY n)" \
	"  FROM regexp_matches(x.value, '(\"(?:[^\"]|\"\")*\"|[^\", ]+)',"     \
	"   'g') WITH ORDINALITY r (m, n)), '''''')"                           \
	" ELSE quote_literal(x.value) END"

static const char properties[] =
    "WITH d AS (SELECT * FROM pg_catalog.pg_database WHERE datname = $1),"
    " acl AS (SELECT d.datdba, a.* FROM d,"
    "  aclexplode(d.datacl) WITH ORDINALITY AS"
    "  a (grantor, grantee, privilege, grantable, n)),"
    " o AS (SELECT setrole, split_part(o, '=', 1) AS name,"
    "  substr(o, strpos(o, '=') + 1) AS value, row_number() OVER () * 3 AS n"
    "  FROM d JOIN pg_catalog.pg_db_role_setting ON setdatabase = d.oid,"
    "  unnest(setconfig) o),"
    " x AS (SELECT *, name = 'search_path' AS exact FROM o)"
    " SELECT 1, 0, format('ALTER DATABASE %I CONNECTION LIMIT %s', $2::text,"
    "  datconnlimit) FROM d"
    " UNION ALL SELECT 2, 0, format('COMMENT ON DATABASE %I IS %L', $2::text,"
    "  shobj_description(d.oid, 'pg_database')) FROM d"
    " UNION ALL SELECT 3, 0, format('REVOKE ALL ON DATABASE %I FROM PUBLIC,"
    " %I', $2::text, pg_get_userbyid(datdba)) FROM d WHERE datacl IS NOT NULL"
    " UNION ALL SELECT 4, n, format('GRANT %s ON DATABASE %I TO %s%s',"
    "  privilege, $2::text, CASE grantee WHEN 0 THEN 'PUBLIC'"
    "  ELSE quote_ident(pg_get_userbyid(grantee)) END,"
    "  CASE WHEN grantable AND grantee <> datdba"
    "   THEN ' WITH GRANT OPTION' ELSE '' END) FROM acl"
    /* What FROM CURRENT has put there may be spelled as SQL cannot. */
    " UNION ALL SELECT 5, n, format('SELECT pg_catalog.set_config(%L, %L,"
    "  false)', name, value) FROM x WHERE exact"
    " UNION ALL SELECT 5, n + 1, format('ALTER %s SET %I %s',"
    "  CASE setrole WHEN 0 THEN format('DATABASE %I', $2::text)"
    "  ELSE format('ROLE %I IN DATABASE %I', pg_get_userbyid(setrole),"
    "   $2::text) END, name, CASE WHEN exact THEN 'FROM CURRENT'"
    "  ELSE 'TO ' || " VALUE " END) FROM x"
    " UNION ALL SELECT 5, n + 2, 'RESET search_path' FROM x WHERE exact"
    " ORDER BY 1, 2";

static int run_first(struct db *);
static int run_all(struct db *);

int
database_create_like(
    struct db *db, const char *like, const char *name, const char *encoding)
{
	const char *both[] = { like, name }, *plain[] = { name, encoding };

	if (db_query(db, create, 2, both) == -1)
		return -1;
	if (db->count == 0 && db_query(db, create_plain, 2, plain) == -1)
		return -1;
	return run_first(db);
}

static int
run_first(struct db *db)
{
	char *sql = mem_copy(db_value(db, 0, 0));
	int result = db_query(db, sql, 0, NULL);

	free(sql);
	return result;
}

int
database_copy_properties(struct db *db, const char *like, const char *name)
{
	const char *values[] = { like, name };

	if (db_query(db, properties, 2, values) == -1)
		return -1;
	return run_all(db);
}

static int
run_all(struct db *db)
{
	size_t i, count = db->count;
	char **list = mem_resize(NULL, count, sizeof(*list));
	int result = 0;

	for (i = 0; i < count; i++)
		list[i] = mem_copy(db_value(db, i, 2));
	for (i = 0; i < count; i++) {
		if (result == 0)
			result = db_query(db, list[i], 0, NULL);
		free(list[i]);
	}
	free(list);
	return result;
}

int
database_drop_defaults(struct db *db, const struct inventory *was)
{
	if (!was->has_public &&
	    db_query(db, "DROP SCHEMA IF EXISTS public", 0, NULL) == -1)
		return -1;
	if (!was->has_plpgsql &&
	    db_query(db, "DROP EXTENSION IF EXISTS plpgsql", 0, NULL) == -1)
		return -1;
	return 0;
}

int
database_drop(struct db *db, const char *name)
{
	char *quoted = db_quote_name(db, name);
	char *sql =
	    mem_printf("DROP DATABASE IF EXISTS %s WITH (FORCE)", quoted);
	int result = db_query(db, sql, 0, NULL);

	free(quoted);
	free(sql);
	return result;
}
