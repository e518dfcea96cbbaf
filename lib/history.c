#include "history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "mem.h"
#include "raising.h"

/* The SQLSTATE where there is no such table. */
#define NO_TABLE "42P01"

/* $1 is the schema of the URL, or null. */
static const char facts[] =
    "WITH home AS (SELECT coalesce($1, current_schema()) AS schema),"
    " here AS (SELECT c.oid, n.nspname FROM pg_catalog.pg_class c"
    "  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    "  WHERE c.oid = CASE WHEN $1 IS NULL"
    "   THEN to_regclass('_prisma_migrations')"
    "   ELSE to_regclass(format('%I._prisma_migrations', $1)) END),"
    " others AS (SELECT n.nspname, c.relname FROM pg_catalog.pg_class c"
    "  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace, home"
    "  WHERE n.nspname IN (home.schema, coalesce($1, 'public'))"
    "   AND c.relkind = 'r' AND c.oid NOT IN (SELECT oid FROM here))"
    " SELECT coalesce((SELECT nspname FROM here), home.schema),"
    "  (SELECT format('%I.%I', coalesce((SELECT nspname FROM here),"
    "    home.schema, ''), '_prisma_migrations')),"
    "  EXISTS (SELECT FROM here),"
    "  EXISTS (SELECT FROM others WHERE lower(relname) NOT IN"
    "   ('_prisma_migrations', 'knex_migrations', 'knex_migrations_lock',"
    "   'spatial_ref_sys', 'geometry_columns',"
    "   'geography_columns', 'raster_columns', 'raster_overviews')),"
    "  pg_is_in_recovery(),"
    "  (SELECT min(nspname) FROM others WHERE relname = '_prisma_migrations'),"
    "  pg_backend_pid()"
    " FROM home";

/* %s is the schema of the URL with a point, or nothing. */
#define ROWS                                                                 \
	"SELECT id, migration_name, checksum, logs,"                         \
	" CASE WHEN finished_at IS NULL THEN to_char("                       \
	"  started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')" \
	" END, finished_at IS NOT NULL, rolled_back_at IS NOT NULL"          \
	" FROM %s_prisma_migrations"                                         \
	" ORDER BY started_at, migration_name COLLATE \"C\""

/* Without what costs a new session most, and tells little: times, the order. */
#define NAMES                                                       \
	"SELECT migration_name, checksum, finished_at IS NOT NULL," \
	" rolled_back_at IS NOT NULL, pg_backend_pid()"             \
	" FROM %s_prisma_migrations ORDER BY started_at"

/* What Prisma's schema engine creates, column by column. */
#define TABLE                                               \
	"IF to_regclass('_prisma_migrations') IS NULL THEN" \
	" CREATE TABLE _prisma_migrations ("                \
	" id varchar(36) PRIMARY KEY NOT NULL,"             \
	" checksum varchar(64) NOT NULL,"                   \
	" finished_at timestamptz,"                         \
	" migration_name varchar(255) NOT NULL,"            \
	" logs text,"                                       \
	" rolled_back_at timestamptz,"                      \
	" started_at timestamptz NOT NULL DEFAULT now(),"   \
	" applied_steps_count integer NOT NULL DEFAULT 0); END IF;"

#define GONE                                                                  \
	RAISE("55000",                                                        \
	    "'another has removed or settled it; look with mg-status, settle" \
	    " it with mg-mark, then run again: ', count(*), ' rows'")

/* Not less than one: the row may be gone, or a trigger keep it away. */
#define ONE_ROW                                                       \
	" SELECT CASE count(*) WHEN 1 THEN max(ms) ELSE " GONE " END" \
	" FROM row"

/* With ?schema=, search_path is that name alone, quoted (db.h). */
#define SCHEMA                                     \
	"IF current_schema() IS NULL THEN EXECUTE" \
	" 'CREATE SCHEMA ' || current_setting('search_path'); END IF;"

static int read_facts(struct history *, struct db *);
static char *schema_of(struct db *);
static void take_facts(struct history *, struct db *);
static void take_rows(struct history *, struct db *);
static void take_names(struct history *, struct db *);
static void keep_rows(struct history *, size_t);
static enum history_state row_state(bool, bool);
static int by_name(const void *, const void *);
static char *copy(const char *);
static void free_rows(struct history *);
static void free_facts(struct history *);

int
history_read(struct history *h, struct db *db)
{
	/*
	 * At first nobody knows whether there is a table; asking for its rows
	 * along with the facts saves a round trip, and only a new database
	 * answers that it has none.
	 */
	if (h->table == NULL || h->exists)
		return history_ask(db, true) == -1
		    ? -1
		    : history_answer(h, db, true);
	if (read_facts(h, db) == -1)
		return -1;
	return h->exists ? history_read(h, db) : 0;
}

int
history_ask(struct db *db, bool whole)
{
	const char *schema[] = { db->schema };
	char *home, *query;
	int result;

	if (db_pipeline(db) == -1)
		return -1;
	home = schema_of(db);
	query = whole ? mem_printf(ROWS, home) : mem_printf(NAMES, home);
	result = whole ? db_send(db, facts, 1, schema) : 0;
	if (result == 0)
		result = db_send(db, query, 0, NULL);
	if (result == 0)
		result = db_sync(db);
	if (result == -1)
		db_pipeline_end(db);
	free(query);
	free(home);
	return result;
}

int
history_answer(struct history *h, struct db *db, bool whole)
{
	int result = 0;

	h->exists = false;
	if (whole && (result = db_next(db) == DB_DONE ? 0 : -1) == 0)
		take_facts(h, db);
	if (db_next(db) == DB_DONE)
		(whole ? take_rows : take_names)(h, db);
	else if (h->exists || strcmp(db->error.sqlstate, NO_TABLE) != 0)
		result = -1;
	while (!db->error.lost && db_next(db) != DB_SYNC)
		continue;
	db_pipeline_end(db);
	return result == 0 && !whole && !h->exists ? read_facts(h, db) : result;
}

void
history_add(
    struct history *h, const char *name, const char *checksum, size_t order)
{
	size_t i;

	for (i = 0; i < h->count; i++)
		h->rows[i].order += h->rows[i].order >= order;
	h->rows = mem_resize(h->rows, h->count + 1, sizeof(*h->rows));
	h->rows[h->count] = (struct history_row){ .id = mem_copy(""),
		.name = mem_copy(name),
		.checksum = mem_copy(checksum == NULL ? "" : checksum),
		.state = HISTORY_APPLIED,
		.order = order };
	h->count++;
	qsort(h->rows, h->count, sizeof(*h->rows), by_name);
}

const struct history_row *
history_find(const struct history *h, const char *name)
{
	size_t low = 0, high = h->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (strcmp(h->rows[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == h->count || strcmp(h->rows[low].name, name) != 0)
		return NULL;
	return &h->rows[low];
}

enum history_state
history_state(
    const struct history *h, const char *name, const struct history_row **row)
{
	const struct history_row *r = history_find(h, name);
	const struct history_row *end = h->rows + h->count;
	enum history_state state = HISTORY_NONE;

	*row = NULL;
	for (; r != NULL && r < end && strcmp(r->name, name) == 0; r++)
		if (state == HISTORY_NONE || r->state == HISTORY_FAILED ||
		    state == HISTORY_ROLLED_BACK) {
			state = r->state;
			*row = r;
		}
	return state;
}

void
history_free(struct history *h)
{
	free_rows(h);
	free_facts(h);
	*h = (struct history){ 0 };
}

char *
history_mark(const char *table, bool timed, bool told)
{
	return mem_printf(
	    "WITH given AS (SELECT name, min(checksum) AS checksum, min(n) AS "
	    "n,"
	    "  min(at) AS at FROM unnest($1::text[], $2::text[], %s)"
	    "   WITH ORDINALITY AS g (name, checksum, at, n)"
	    "  WHERE NOT EXISTS (SELECT FROM %s"
	    "   WHERE migration_name = name AND finished_at IS NOT NULL"
	    "    AND rolled_back_at IS NULL) GROUP BY name),"
	    " undone AS (UPDATE %s SET rolled_back_at = now()"
	    "  FROM given WHERE migration_name = name AND finished_at IS NULL"
	    "   AND rolled_back_at IS NULL)"
	    " INSERT INTO %s (id, checksum, finished_at, migration_name,"
	    "  logs, rolled_back_at, started_at, applied_steps_count)"
	    " SELECT gen_random_uuid(), checksum, t, name, '', NULL, t, 0"
	    " FROM given, LATERAL (SELECT coalesce('epoch'::timestamptz +"
	    "  at * interval '1 microsecond',"
	    "  now() + n * interval '1 microsecond')) AS c (t) ORDER BY n%s",
	    timed ? "$3::bigint[]" : "NULL::bigint[]", table, table, table,
	    told ? " RETURNING migration_name" : "");
}

void
history_sql_make(struct history_sql *sql, const struct history *h)
{
	static const char took[] = "round((extract(epoch FROM"
				   " clock_timestamp() - started_at)"
				   " * 1000)::numeric, 1)";

	sql->insert = mem_printf(
	    "WITH row AS (INSERT INTO %s (id, checksum, finished_at,"
	    " migration_name, logs, rolled_back_at, started_at,"
	    " applied_steps_count) VALUES ($1, $2, clock_timestamp(), $3, NULL,"
	    " NULL, now(), 1) RETURNING %s AS ms)" ONE_ROW,
	    h->table, took);
	sql->mark = mem_printf(
	    "INSERT INTO %s (id, checksum, finished_at, migration_name, logs,"
	    " rolled_back_at, started_at, applied_steps_count) VALUES ($1, $2,"
	    " now(), $3, '', NULL, now(), 0)",
	    h->table);
	sql->remove = mem_printf("DELETE FROM %s WHERE id = $1", h->table);
	sql->open = mem_printf(
	    "INSERT INTO %s (id, checksum, finished_at, migration_name, logs,"
	    " rolled_back_at, started_at, applied_steps_count) VALUES ($1, $2,"
	    " NULL, $3, $4, NULL, now(), 0)",
	    h->table);
	sql->start =
	    mem_printf("UPDATE %s SET started_at = now() WHERE id = $1"
		       " AND finished_at IS NULL AND rolled_back_at IS NULL",
		h->table);
	sql->note =
	    mem_printf("WITH row AS (UPDATE %s SET logs = $2 WHERE id = $1"
		       " AND finished_at IS NULL AND rolled_back_at IS NULL"
		       " RETURNING 0::numeric AS ms)" ONE_ROW,
		h->table);
	sql->finish = mem_printf(
	    "WITH row AS (UPDATE %s SET checksum = $2, logs = NULL,"
	    " finished_at = clock_timestamp(), applied_steps_count = 1"
	    " WHERE id = $1 AND finished_at IS NULL AND rolled_back_at IS NULL"
	    " RETURNING %s AS ms)" ONE_ROW,
	    h->table, took);
	sql->reopen = mem_printf(
	    "WITH row AS (UPDATE %s SET finished_at = NULL, logs = $2,"
	    " applied_steps_count = 0 WHERE migration_name = $1"
	    " AND finished_at IS NOT NULL AND rolled_back_at IS NULL"
	    " RETURNING id) SELECT min(id) FROM row",
	    h->table);
	sql->forget =
	    mem_printf("WITH row AS (DELETE FROM %s WHERE migration_name = $1"
		       " AND ($2::text IS NULL OR EXISTS (SELECT FROM %s"
		       "  WHERE id = $2 AND finished_at IS NULL"
		       "  AND rolled_back_at IS NULL))"
		       " RETURNING id) SELECT count(*) > 0 FROM row",
		h->table, h->table);
}

void
history_sql_free(struct history_sql *sql)
{
	free(sql->insert);
	free(sql->mark);
	free(sql->remove);
	free(sql->open);
	free(sql->start);
	free(sql->note);
	free(sql->finish);
	free(sql->reopen);
	free(sql->forget);
	*sql = (struct history_sql){ 0 };
}

const char *
history_create(const struct db *db)
{
	if (db->schema == NULL)
		return "DO $$ BEGIN " TABLE " END $$";
	return "DO $$ BEGIN " SCHEMA " " TABLE " END $$";
}

void
history_new_id(char id[static HISTORY_ID])
{
	unsigned char b[16];

	/* Never short, never interrupted: up to 256 bytes (getrandom(2)). */
	(void)!getrandom(b, sizeof(b), 0);
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	snprintf(id, HISTORY_ID,
	    "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
	    "%02x%02x%02x%02x%02x%02x",
	    b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10],
	    b[11], b[12], b[13], b[14], b[15]);
}

static int
read_facts(struct history *h, struct db *db)
{
	const char *schema[] = { db->schema };

	if (db_query(db, facts, 1, schema) == -1)
		return -1;
	take_facts(h, db);
	return 0;
}

static char *
schema_of(struct db *db)
{
	char *name, *text;

	if (db->schema == NULL)
		return mem_copy("");
	name = db_quote_name(db, db->schema);
	text = mem_printf("%s.", name);
	free(name);
	return text;
}

static void
take_facts(struct history *h, struct db *db)
{
	free_facts(h);
	free_rows(h);
	h->schema = copy(db_value(db, 0, 0));
	h->table = copy(db_value(db, 0, 1));
	h->exists = db_true(db, 0, 2);
	h->occupied = db_true(db, 0, 3);
	h->standby = db_true(db, 0, 4);
	h->second = copy(db_value(db, 0, 5));
	db_check_backend(db, strtol(db_value(db, 0, 6), NULL, 10));
}

static void
take_rows(struct history *h, struct db *db)
{
	size_t i;

	h->rows = mem_resize(NULL, db->count, sizeof(*h->rows));
	for (i = 0; i < db->count; i++)
		h->rows[i] = (struct history_row){
			.id = copy(db_value(db, i, 0)),
			.name = copy(db_value(db, i, 1)),
			.checksum = copy(db_value(db, i, 2)),
			.logs = copy(db_value(db, i, 3)),
			.started_at = copy(db_value(db, i, 4)),
			.state =
			    row_state(db_true(db, i, 5), db_true(db, i, 6)),
			.order = i,
		};
	keep_rows(h, db->count);
}

static void
take_names(struct history *h, struct db *db)
{
	size_t i;

	free_facts(h);
	free_rows(h);
	h->rows = mem_resize(NULL, db->count, sizeof(*h->rows));
	for (i = 0; i < db->count; i++)
		h->rows[i] = (struct history_row){
			.id = mem_copy(""),
			.name = copy(db_value(db, i, 0)),
			.checksum = copy(db_value(db, i, 1)),
			.state =
			    row_state(db_true(db, i, 2), db_true(db, i, 3)),
			.order = i,
		};
	keep_rows(h, db->count);
	if (db->count > 0)
		db_check_backend(db, strtol(db_value(db, 0, 4), NULL, 10));
}

static void
keep_rows(struct history *h, size_t count)
{
	h->count = count;
	h->exists = true;
	qsort(h->rows, count, sizeof(*h->rows), by_name);
}

static enum history_state
row_state(bool finished, bool rolled_back)
{
	if (rolled_back)
		return HISTORY_ROLLED_BACK;
	return finished ? HISTORY_APPLIED : HISTORY_FAILED;
}

static int
by_name(const void *a, const void *b)
{
	const struct history_row *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order
			  : (x->order > y->order) - (x->order < y->order);
}

static char *
copy(const char *value)
{
	return value == NULL ? NULL : mem_copy(value);
}

static void
free_rows(struct history *h)
{
	size_t i;

	for (i = 0; i < h->count; i++) {
		free(h->rows[i].id);
		free(h->rows[i].name);
		free(h->rows[i].checksum);
		free(h->rows[i].logs);
		free(h->rows[i].started_at);
	}
	free(h->rows);
	h->rows = NULL;
	h->count = 0;
}

static void
free_facts(struct history *h)
{
	free(h->schema);
	free(h->table);
	free(h->second);
	h->schema = h->table = h->second = NULL;
}
