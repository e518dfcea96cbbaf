#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "knex_private.h"
#include "lock.h"
#include "mem.h"

/*
 * As knex creates them.  In all of these %1 stands for its table and %2 for
 * that of its lock, as names; %3 and %4 are the same as texts; %5 is our own
 * history.
 */
static const char create[] =
    "DO $$ BEGIN IF to_regclass(%3) IS NULL THEN CREATE TABLE %1 ("
    " id serial PRIMARY KEY, name varchar(255), batch integer,"
    " migration_time timestamptz); END IF;"
    " IF to_regclass(%4) IS NULL THEN CREATE TABLE %2 ("
    " index serial PRIMARY KEY, is_locked integer); END IF;"
    " INSERT INTO %2 (is_locked) SELECT 0"
    "  WHERE NOT EXISTS (SELECT FROM %2); END $$";

static const char wait_for[] =
    "SELECT set_config('lock_timeout', $1 || 'ms', true)";

static const char take[] = "UPDATE %2 SET is_locked = " LOCK_KEY
			   " WHERE is_locked IN (0, " LOCK_KEY ") RETURNING 1";

static const char give[] =
    "UPDATE %2 SET is_locked = 0 WHERE is_locked = " LOCK_KEY;

/* Unless somebody migrates, whose it may be. */
static const char give_left[] = "UPDATE %2 SET is_locked = 0"
				" WHERE is_locked = " LOCK_KEY
				" AND pg_try_advisory_xact_lock(" LOCK_KEY ")";

static const char exists[] = "SELECT to_regclass(%3) IS NOT NULL";

static const char listed[] = "SELECT name, NULL FROM %1";

static const char placed[] =
    "SELECT name, (SELECT count(*) FROM %5 WHERE started_at <= migration_time)"
    " FROM %1 ORDER BY id";

/* $1 is the names that it may have. */
static const char is_known[] = "SELECT 1 FROM %1 WHERE name = ANY($1::text[])";

static const char forget[] = "DELETE FROM %1 WHERE name = ANY($1::text[])";

/*
 * $1 names that knex has, in order, $2 those of what was compiled, or '': these
 * are written where such ones are there, and no source's.
 */
static const char insert[] =
    "INSERT INTO %1 (name, batch, migration_time)"
    " SELECT CASE WHEN EXISTS (SELECT FROM %1 AS k"
    "   WHERE substring(k.name FROM '[.][cm]?js$')"
    "    = substring(g.compiled FROM '[.][cm]?js$'))"
    "  AND NOT EXISTS (SELECT FROM %1 AS k WHERE right(k.name, 3) = '.ts')"
    "  THEN g.compiled ELSE g.name END,"
    " (SELECT coalesce(max(batch), 0) + 1 FROM %1), clock_timestamp()"
    " FROM unnest($1::text[], $2::text[])"
    "  WITH ORDINALITY AS g (name, compiled, n)"
    " WHERE NOT EXISTS"
    "  (SELECT FROM %1 AS k WHERE k.name IN (g.name, g.compiled))"
    " ORDER BY g.n";

static const char *table_of(const struct migration *);
static int run(struct db *, const char *, const char *, const char *);
static int run_named(struct db *, const struct migration *, const char *);
static char *text_for(struct db *, const char *, const char *, const char *);
static char *fill(const char *, char *const *);
static char *quote_text(const char *);

bool
knex_name_read(struct knex_name *n, const struct json_t *object)
{
	n->source = record_string(object, "knex");
	n->compiled = record_string(object, "knex_compiled");
	if (n->compiled == NULL)
		n->compiled = "";
	return n->source != NULL;
}

void
knex_arrays(const struct knex_name *names, size_t count, char *arrays[2])
{
	const char **of = mem_resize(NULL, 2 * count, sizeof(*of));
	size_t i;

	for (i = 0; i < count; i++) {
		of[i] = names[i].source;
		of[count + i] = names[i].compiled;
	}
	arrays[0] = db_array(of, count);
	arrays[1] = db_array(of + count, count);
	free(of);
}

char *
knex_create_text(const char *table, struct db *db)
{
	return text_for(db, table, create, NULL);
}

char *
knex_insert_text(const char *table, struct db *db)
{
	return text_for(db, table, insert, NULL);
}

int
knex_exists(const char *table, struct db *db)
{
	return run(db, table, exists, NULL) == -1 ? -1 : db_true(db, 0, 0);
}

int
knex_create(const char *table, struct db *db)
{
	return run(db, table, create, NULL);
}

int
knex_names(const char *table, struct db *db, const char *history)
{
	char *sql =
	    text_for(db, table, history == NULL ? listed : placed, history);
	int result = db_query(db, sql, 0, NULL);

	free(sql);
	return result;
}

int
knex_insert(const char *table, struct db *db, const struct knex_name *list,
    size_t count)
{
	char *arrays[2], *sql = text_for(db, table, insert, NULL);
	int result;

	knex_arrays(list, count, arrays);
	result = db_query(db, sql, 2, (const char *const *)arrays);
	free(arrays[0]);
	free(arrays[1]);
	free(sql);
	return result;
}

int
knex_give_left(const char *table, struct db *db)
{
	return run(db, table, give_left, NULL);
}

int
knex_knows(const struct migration *m, struct db *db)
{
	int is = knex_exists(table_of(m), db);

	if (is == 1 && (is = run_named(db, m, is_known)) == 0)
		is = db->count > 0;
	return is;
}

enum knex_lock
knex_take_lock(const struct migration *m, struct db *db, long wait, bool known)
{
	char *ms = mem_printf("%ld", wait > 0 ? wait : 1);
	const char *value[] = { ms }, *table = table_of(m);
	enum knex_lock answer = KNEX_ERROR;

	if (db_query(db, wait_for, 1, value) == 0 &&
	    knex_create(table, db) == 0) {
		if (run(db, table, take, NULL) == -1)
			answer = strcmp(db->error.sqlstate, "55P03") == 0
			    ? KNEX_BUSY
			    : KNEX_ERROR;
		else if (db->count == 0)
			answer = KNEX_BUSY;
		else if (run_named(db, m, is_known) == 0)
			answer =
			    (db->count > 0) == known ? KNEX_LOCKED : KNEX_STALE;
	}
	free(ms);
	return answer;
}

int
knex_give_lock(const struct migration *m, struct db *db, bool done)
{
	struct knex_name name;

	if (done && knex_name_read(&name, m->object) &&
	    knex_insert(table_of(m), db, &name, 1) == -1)
		return -1;
	return run(db, table_of(m), give, NULL);
}

int
knex_forget(const struct migration *m, struct db *db)
{
	return run_named(db, m, forget);
}

static const char *
table_of(const struct migration *m)
{
	return record_string(m->object, "knex_table");
}

/* A statement about that table and its lock; value may be NULL. */
static int
run(struct db *db, const char *table, const char *format, const char *value)
{
	const char *const values[] = { value };
	char *sql = text_for(db, table, format, NULL);
	int result = db_query(db, sql, value == NULL ? 0 : 1, values);

	free(sql);
	return result;
}

/* One whose value is the names that knex may know it by. */
static int
run_named(struct db *db, const struct migration *m, const char *format)
{
	const char *of[2];
	struct knex_name name;
	char *array;
	int result;

	(void)knex_name_read(&name, m->object);
	of[0] = name.source;
	of[1] = name.compiled;
	array = db_array(of, 2);
	result = run(db, table_of(m), format, array);
	free(array);
	return result;
}

/* history may be NULL. */
static char *
text_for(
    struct db *db, const char *table, const char *format, const char *history)
{
	char *lock = mem_printf("%s_lock", table), *sql;
	char *words[5] = { db_quote_name(db, table), db_quote_name(db, lock) };
	size_t i;

	words[2] = quote_text(words[0]);
	words[3] = quote_text(words[1]);
	words[4] = history == NULL ? NULL : mem_copy(history);
	sql = fill(format, words);
	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		free(words[i]);
	free(lock);
	return sql;
}

static char *
fill(const char *format, char *const *words)
{
	char *text;
	size_t len;
	FILE *out = mem_stream(&text, &len);

	for (; *format != '\0'; format++)
		if (*format == '%')
			fputs(words[*++format - '1'], out);
		else
			fputc(*format, out);
	fclose(out);
	return text;
}

static char *
quote_text(const char *name)
{
	char *text;
	size_t len;
	FILE *out = mem_stream(&text, &len);

	fputc('\'', out);
	for (; *name != '\0'; name++) {
		if (*name == '\'')
			fputc('\'', out);
		fputc(*name, out);
	}
	fputc('\'', out);
	fclose(out);
	return text;
}
