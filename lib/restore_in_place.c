#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "activity.h"
#include "cli.h"
#include "loading.h"
#include "mem.h"
#include "restore_private.h"

/*
 * All that a dump brings, whatever depends on it, in an order in which event
 * triggers hear of nothing.  pg_restore --clean would leave what is newer than
 * the backup, and fail where that depends on what is older.
 */
static const char clear[] =
    "BEGIN;\n"
    "SET client_min_messages = warning;\n"
    "SET LOCAL lock_timeout = '60s';\n"
    "DO $mg$\n"
    "DECLARE\n"
    "	statements text[];\n"
    "	statement text;\n"
    "BEGIN\n"
    "	SELECT array_agg(s ORDER BY o, s) INTO statements FROM (\n"
    "	SELECT 1, format('DROP EVENT TRIGGER IF EXISTS %I CASCADE', evtname)\n"
    "	 FROM pg_catalog.pg_event_trigger\n"
    "	 WHERE oid NOT IN (SELECT objid FROM pg_catalog.pg_depend\n"
    "	  WHERE classid = 'pg_event_trigger'::regclass AND deptype = 'e')\n"
    "	UNION ALL SELECT 2, format('DROP PUBLICATION IF EXISTS %I', pubname)\n"
    "	 FROM pg_catalog.pg_publication\n"
    "	UNION ALL SELECT 3, format('DROP EXTENSION IF EXISTS %I CASCADE',\n"
    "	 extname) FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql'\n"
    "	UNION ALL SELECT 4, format('DROP SCHEMA IF EXISTS %I CASCADE', "
    "nspname)\n"
    "	 FROM pg_catalog.pg_namespace\n"
    "	 WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'\n"
    "	UNION ALL SELECT 5, format(\n"
    "	 'DROP FOREIGN DATA WRAPPER IF EXISTS %I CASCADE', fdwname)\n"
    "	 FROM pg_catalog.pg_foreign_data_wrapper\n"
    "	UNION ALL SELECT 6, format('DROP CAST IF EXISTS (%s AS %s)',\n"
    "	 castsource::regtype, casttarget::regtype)\n"
    "	 FROM pg_catalog.pg_cast c WHERE c.oid >= 16384\n"
    "	 AND castsource < 16384 AND casttarget < 16384\n"
    "	UNION ALL SELECT 7, format('DROP LANGUAGE IF EXISTS %I CASCADE',\n"
    "	 lanname) FROM pg_catalog.pg_language\n"
    "	 WHERE oid >= 16384 AND lanname <> 'plpgsql'\n"
    "	UNION ALL SELECT 8, format('DROP ACCESS METHOD IF EXISTS %I CASCADE',\n"
    "	 amname) FROM pg_catalog.pg_am WHERE oid >= 16384\n"
    "	UNION ALL SELECT 9, format('SELECT lo_unlink(%s)', oid)\n"
    "	 FROM pg_catalog.pg_largeobject_metadata\n"
    /* They would be granted to all that is created next. */
    "	UNION ALL SELECT o, format('ALTER DEFAULT PRIVILEGES FOR ROLE %I'\n"
    "	 ' %s ON %s %s %s', pg_get_userbyid(defaclrole), act,\n"
    "	 CASE defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES'\n"
    "	 WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES'\n"
    "	 WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END, way,\n"
    "	 CASE whom WHEN 0 THEN 'PUBLIC'\n"
    "	 ELSE quote_ident(pg_get_userbyid(whom)) END)\n"
    "	 FROM pg_catalog.pg_default_acl, LATERAL (\n"
    "	  SELECT 10, 'REVOKE ALL', 'FROM', grantee\n"
    "	  FROM aclexplode(defaclacl)\n"
    "	  UNION SELECT 11, 'GRANT ALL', 'TO', defaclrole\n"
    "	  UNION SELECT 11, 'GRANT ALL', 'TO', 0::oid\n"
    "	  WHERE defaclobjtype IN ('f', 'T')) AS r (o, act, way, whom)\n"
    "	 WHERE defaclnamespace = 0) AS a (o, s);\n"
    "	FOREACH statement IN ARRAY coalesce(statements, '{}') LOOP\n"
    "		EXECUTE statement;\n"
    "	END LOOP;\n"
    "END\n"
    "$mg$;\n";

/* As every new database has it, which a dump takes for granted. */
static const char public[] =
    "CREATE SCHEMA public;\n"
    "COMMENT ON SCHEMA public IS 'standard public schema';\n";
static const char public_since_15[] =
    "ALTER SCHEMA public OWNER TO pg_database_owner;\n"
    "GRANT USAGE ON SCHEMA public TO PUBLIC;\n";
static const char public_before_15[] =
    "DO $mg$ BEGIN EXECUTE format('ALTER SCHEMA public OWNER TO %I',"
    " pg_get_userbyid(10)); END $mg$;\n"
    "GRANT ALL ON SCHEMA public TO PUBLIC;\n";

static char *begin(const struct restore *);
static char *end(const struct restore *);
static void write_check(const struct inventory_table *, FILE *);
static int load(struct restore *, const char *, const char *);

int
restore_in_place(struct restore *r)
{
	char *before = begin(r), *after = end(r);
	int status = CLI_OK;

	if (r->terminate && activity_terminate(&r->server.db, r->name) == -1)
		status = restore_fail_db(r, CLI_SYSTEM, &r->server.db);
	if (status == CLI_OK)
		status = load(r, before, after);
	free(before);
	free(after);
	if (status != CLI_OK)
		return status;
	return restore_judge(r, r->name);
}

static char *
begin(const struct restore *r)
{
	bool since_15 = r->server.db.version >= 150000;

	if (!r->was.has_public)
		return mem_copy(clear);
	return mem_printf("%s%s%s", clear, public,
	    since_15 ? public_since_15 : public_before_15);
}

/* The rows are counted before anything is final. */
static char *
end(const struct restore *r)
{
	char *text;
	size_t i, len;
	FILE *out = mem_stream(&text, &len);

	for (i = 0; i < r->was.ntables; i++)
		write_check(&r->was.tables[i], out);
	fputs("COMMIT;\n", out);
	fclose(out);
	return text;
}

/* What is made a number, and is none, is an error that says it. */
static void
write_check(const struct inventory_table *t, FILE *out)
{
	const char *p;

	fprintf(out, "SELECT CASE WHEN count(*) <> %lld THEN ('", t->rows);
	for (p = t->name; *p != '\0'; p++) {
		if (*p == '\'')
			fputc('\'', out);
		fputc(*p, out);
	}
	fprintf(out,
	    " has ' || count(*) || ' rows, not %lld')::int END"
	    " FROM ONLY %s;\n",
	    t->rows, t->name);
}

static int
load(struct restore *r, const char *before, const char *after)
{
	struct loading l = { .backup = r->backup,
		.database = r->name,
		.version = r->server.db.version,
		.progress = &r->progress,
		.before = before,
		.after = after };
	int status = loading_run(&l);

	if (status != CLI_OK)
		restore_fail(r, status, l.error);
	loading_free(&l);
	return status;
}
