#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "knex_private.h"
#include "lock.h"
#include "mem.h"

/*
 * As knex creates them.  In all of these %1 stands for its table and %2 for
 * that of its lock, as names; %3 and %4 are the same as texts.
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

static const char known[] = "SELECT name FROM %1";

static const char is_known[] = "SELECT 1 FROM %1 WHERE name = $1";

/* $1 names that knex has, in order. */
static const char insert[] =
    "INSERT INTO %1 (name, batch, migration_time)"
    " SELECT g.name, (SELECT coalesce(max(batch), 0) + 1 FROM %1),"
    "  clock_timestamp() FROM unnest($1::text[]) WITH ORDINALITY AS g (name, n)"
    " WHERE NOT EXISTS (SELECT FROM %1 AS k WHERE k.name = g.name)"
    " ORDER BY g.n";

static const char *table_of(const struct migration *);
static int run(struct db *, const char *, const char *, const char *);
static char *text_for(struct db *, const char *, const char *);
static char *fill(const char *, char *const *);
static char *quote_text(const char *);

int
knex_create(const char *table, struct db *db)
{
	return run(db, table, create, NULL);
}

int
knex_names(const char *table, struct db *db)
{
	return run(db, table, known, NULL);
}

int
knex_insert(
    const char *table, struct db *db, const char *const *names, size_t count)
{
	char *array = db_array(names, count);
	int result = run(db, table, insert, array);

	free(array);
	return result;
}

char *
knex_create_text(const char *table, struct db *db)
{
	return text_for(db, table, create);
}

char *
knex_insert_text(const char *table, struct db *db)
{
	return text_for(db, table, insert);
}

enum knex_lock
knex_take_lock(const struct migration *m, struct db *db, long wait)
{
	const char *name[] = { record_string(m->object, "knex") };
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
		else if (run(db, table, is_known, *name) == 0)
			answer = db->count > 0 ? KNEX_STALE : KNEX_LOCKED;
	}
	free(ms);
	return answer;
}

int
knex_give_lock(const struct migration *m, struct db *db, bool done)
{
	const char *name[] = { record_string(m->object, "knex") };

	if (done && knex_insert(table_of(m), db, name, 1) == -1)
		return -1;
	return run(db, table_of(m), give, NULL);
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
	char *sql = text_for(db, table, format);
	int result = db_query(db, sql, value == NULL ? 0 : 1, values);

	free(sql);
	return result;
}

static char *
text_for(struct db *db, const char *table, const char *format)
{
	char *lock = mem_printf("%s_lock", table), *sql;
	char *words[4] = { db_quote_name(db, table), db_quote_name(db, lock) };
	size_t i;

	words[2] = quote_text(words[0]);
	words[3] = quote_text(words[1]);
	sql = fill(format, words);
	for (i = 0; i < 4; i++)
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
