#include "swap.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "activity.h"
#include "cli.h"
#include "clock.h"
#include "mem.h"

#define FRESH "_mg_restoring"
#define BEFORE "_before_"
#define STAMP "YYYYMMDD_HHMMSS"

enum {
	NAME = 63,       /* bytes that a name may have */
	TRIES = 3,       /* somebody may come in just before the door shuts */
	PATIENCE = 4000, /* milliseconds; RENAME itself waits for 5000 */
	LOOK_AGAIN = 50
};

#define IN_USE "55006" /* the SQLSTATE */

static char *cut(const char *, size_t);
static int choose_kept(struct swap *, struct db *);
static int try(struct swap *, struct db *, struct db *);
static int rename_old(struct swap *, struct db *, struct db *);
static void terminate(const struct swap *, struct db *);
static char *rename_sql(struct db *, const char *, const char *);
static int fail(struct swap *, struct db *);

char *
swap_prefix(const char *name)
{
	char *begin = cut(name, NAME - strlen(BEFORE) - strlen(STAMP));
	char *prefix = mem_printf("%s" BEFORE, begin);

	free(begin);
	return prefix;
}

char *
swap_fresh(const char *name)
{
	char *begin = cut(name, NAME - strlen(FRESH));
	char *fresh = mem_printf("%s" FRESH, begin);

	free(begin);
	return fresh;
}

/* Not within a character. */
static char *
cut(const char *name, size_t len)
{
	if (strlen(name) <= len)
		return mem_copy(name);
	while (len > 0 && ((unsigned char)name[len] & 0xC0) == 0x80)
		len--;
	return mem_copy_bytes(name, len);
}

int
swap_run(struct swap *s, struct connection *c, const struct db_options *options,
    const char *database)
{
	struct connection other;
	int status = connection_open(&other, options, database), i;

	if (status != CLI_OK)
		s->error = mem_copy(other.db.error.message);
	else if (s->exists && choose_kept(s, &c->db) == -1)
		status = fail(s, &c->db);
	else
		for (i = 0, status = CLI_RETRY;
		     i < (s->terminate ? TRIES : 1) && status == CLI_RETRY; i++)
			status = try(s, &c->db, &other.db);
	connection_close(&other);
	return status;
}

/* A name that there is not. */
static int
choose_kept(struct swap *s, struct db *db)
{
	char *prefix = swap_prefix(s->name), stamp[sizeof(STAMP)];
	const char *values[1];
	time_t at = time(NULL);
	int result;
	struct tm tm;

	do {
		(void)gmtime_r(&at, &tm);
		(void)strftime(stamp, sizeof(stamp), "%Y%m%d_%H%M%S", &tm);
		at++;
		free(s->kept);
		s->kept = mem_printf("%s%s", prefix, stamp);
		values[0] = s->kept;
		result = db_query(db,
		    "SELECT FROM pg_catalog.pg_database WHERE datname = $1", 1,
		    values);
	} while (result == 0 && db->count > 0);
	free(prefix);
	return result;
}

static int
try(struct swap *s, struct db *db, struct db *other)
{
	char *sql = rename_sql(db, s->fresh, s->name);
	int result = db_query(db, "BEGIN", 0, NULL), status = CLI_OK;

	if (result == 0 && s->exists)
		result = rename_old(s, db, other);
	if (result == 0)
		result = db_query(db, sql, 0, NULL);
	if (result == 0)
		result = db_query(db, "COMMIT", 0, NULL);
	free(sql);
	if (result == 0)
		return CLI_OK;
	status = fail(s, db);
	if (db_in_transaction(db))
		(void)db_query(db, "ROLLBACK", 0, NULL);
	return status;
}

/*
 * From the moment it is asked for, nobody new comes in; it waits for those who
 * are there.
 */
static int
rename_old(struct swap *s, struct db *db, struct db *other)
{
	char *sql = rename_sql(db, s->name, s->kept);
	int result = db_send(db, sql, 0, NULL);

	free(sql);
	if (result == -1)
		return -1;
	if (s->terminate)
		terminate(s, other);
	return db_next(db) == DB_DONE ? 0 : -1;
}

static void
terminate(const struct swap *s, struct db *other)
{
	long end = clock_ms() + PATIENCE;

	while (activity_terminate(other, s->name) > 0 && clock_ms() < end)
		clock_pause(LOOK_AGAIN);
}

static char *
rename_sql(struct db *db, const char *from, const char *to)
{
	char *old = db_quote_name(db, from), *new = db_quote_name(db, to);
	char *sql = mem_printf("ALTER DATABASE %s RENAME TO %s", old, new);

	free(old);
	free(new);
	return sql;
}

static int
fail(struct swap *s, struct db *db)
{
	const struct db_error *e = &db->error;

	free(s->error);
	s->error = e->detail == NULL
	    ? mem_copy(e->message)
	    : mem_printf("%s: %s", e->message, e->detail);
	if (strcmp(e->sqlstate, IN_USE) == 0)
		return CLI_RETRY;
	return db_error_status(e);
}

void
swap_free(struct swap *s)
{
	free(s->kept);
	free(s->error);
	*s = (struct swap){ 0 };
}
