#include "mark.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "clock.h"
#include "history.h"
#include "lock.h"
#include "mem.h"
#include "utf8.h"

/* SQLSTATEs of our own, of a class that neither SQL nor PostgreSQL uses. */
#define NO_ROW "MG011"  /* Prisma's P3011 */
#define APPLIED "MG012" /* Prisma's P3012 */
#define BUSY "55P03"    /* lock_not_available */

static const char guard[] =
    "DO $$ BEGIN IF NOT pg_try_advisory_xact_lock(" LOCK_KEY ") THEN"
    " RAISE EXCEPTION USING ERRCODE = '" BUSY "',"
    " MESSAGE = 'the migration lock is held'; END IF; END $$";

/*
 * For the DO block, which takes no parameters: $1 is an array's text.  It is
 * not sent back, which would come while we still have something to say.
 */
static const char give_names[] =
    "SELECT set_config('mg.names', $1, true) IS NULL";

static const char check_rolled_back[] =
    "DO $$ DECLARE r record; BEGIN FOR r IN"
    " SELECT name, count(id) AS rows, count(id) FILTER (WHERE finished_at IS"
    "  NULL AND rolled_back_at IS NULL) AS failed, count(id) FILTER (WHERE"
    "  finished_at IS NOT NULL AND rolled_back_at IS NULL) AS applied"
    " FROM unnest(current_setting('mg.names')::text[]) AS g (name)"
    " LEFT JOIN _prisma_migrations ON migration_name = name GROUP BY name"
    " LOOP IF r.rows = 0 THEN RAISE EXCEPTION USING ERRCODE = '" NO_ROW "',"
    "  MESSAGE = r.name; END IF; IF r.failed = 0 AND r.applied > 0 THEN RAISE"
    "  EXCEPTION USING ERRCODE = '" APPLIED "', MESSAGE = r.name; END IF;"
    " END LOOP; END $$";

static const char write_rolled_back[] =
    "UPDATE _prisma_migrations SET rolled_back_at = now()"
    " WHERE migration_name = ANY ($1::text[]) AND finished_at IS NULL"
    " AND rolled_back_at IS NULL RETURNING migration_name";

/* The statements of one try, in order; the rows come from the last. */
struct batch {
	const char *sql[5];
	const char *values[5][3];
	size_t nvalues[5];
	size_t count;
};

static int perform(struct mark *, struct db *, const struct batch *);
static int attempt(struct mark *, struct db *, const struct batch *);
static void begin(struct batch *, const struct db *);
static void add(struct batch *, const char *, size_t, const char *const[]);
static int send_all(struct db *, const struct batch *, bool);
static int receive_all(struct mark *, struct db *, size_t);
static void take_names(struct mark *, const struct db *);
static int refusal(struct mark *, const struct db_error *);

int
mark_applied(struct mark *m, struct db *db)
{
	char *names = db_array(m->names, m->count);
	char *checksums = db_array(m->checksums, m->count);
	char *times = m->times == NULL ? NULL : db_array(m->times, m->count);
	char *sql = history_mark("_prisma_migrations", times != NULL, true);
	const char *values[] = { names, checksums, times };
	struct batch b = { 0 };
	int status;

	begin(&b, db);
	add(&b, history_create(db), 0, NULL);
	add(&b, sql, times == NULL ? 2 : 3, values);
	status = perform(m, db, &b);
	free(sql);
	free(names);
	free(checksums);
	free(times);
	return status;
}

int
mark_rolled_back(struct mark *m, struct db *db)
{
	char *names = db_array(m->names, m->count);
	const char *values[] = { names };
	struct batch b = { 0 };
	int status;

	begin(&b, db);
	add(&b, give_names, 1, values);
	add(&b, check_rolled_back, 0, NULL);
	add(&b, write_rolled_back, 1, values);
	status = perform(m, db, &b);
	free(names);
	return status;
}

void
mark_free(struct mark *m)
{
	free(m->marked);
	free(m->error);
	m->marked = NULL;
	m->error = NULL;
}

/* Again and again while another holds the lock. */
static int
perform(struct mark *m, struct db *db, const struct batch *b)
{
	long end = clock_ms() + m->lock_wait, pause;
	unsigned tries;
	int status;

	mark_free(m);
	m->marked = mem_alloc(m->count * sizeof(*m->marked));
	for (tries = 0; (status = attempt(m, db, b)) == CLI_RETRY; tries++) {
		pause = lock_pause(tries);
		if (clock_ms() + pause > end) {
			m->error = lock_holder(db);
			return CLI_RETRY;
		}
		clock_pause(pause);
	}
	return status;
}

static int
attempt(struct mark *m, struct db *db, const struct batch *b)
{
	int result = -1;

	if (db_pipeline(db) == 0 && send_all(db, b, m->dry_run) == 0)
		result = receive_all(m, db, b->count);
	db_pipeline_end(db);
	if (result == 0)
		return CLI_OK;
	result = refusal(m, &db->error);
	if (!db->error.lost && db_in_transaction(db) &&
	    db_query(db, "ROLLBACK", 0, NULL) == -1)
		return CLI_SYSTEM;
	return result;
}

static void
begin(struct batch *b, const struct db *db)
{
	if (db->local != NULL)
		add(b, db->local, 0, NULL);
	if (!lock_disabled())
		add(b, guard, 0, NULL);
}

static void
add(struct batch *b, const char *sql, size_t nvalues,
    const char *const values[])
{
	size_t i;

	b->sql[b->count] = sql;
	for (i = 0; i < nvalues; i++)
		b->values[b->count][i] = values[i];
	b->nvalues[b->count++] = nvalues;
}

static int
send_all(struct db *db, const struct batch *b, bool dry_run)
{
	size_t i;

	if (db_send(db, "BEGIN", 0, NULL) == -1)
		return -1;
	for (i = 0; i < b->count; i++)
		if (db_send(db, b->sql[i], b->nvalues[i], b->values[i]) == -1)
			return -1;
	if (db_send(db, dry_run ? "ROLLBACK" : "COMMIT", 0, NULL) == -1)
		return -1;
	return db_sync(db);
}

/* BEGIN, the batch, COMMIT, the sync. */
static int
receive_all(struct mark *m, struct db *db, size_t count)
{
	enum db_outcome outcome;
	size_t i;
	int result = 0;

	for (i = 0; (outcome = db_next(db)) != DB_SYNC; i++) {
		if (outcome == DB_FAILED)
			result = -1;
		if (outcome == DB_FAILED && db->error.lost)
			break;
		if (outcome == DB_DONE && i == count)
			take_names(m, db);
	}
	return result;
}

/* They mostly come in the order they were given in. */
static void
take_names(struct mark *m, const struct db *db)
{
	size_t row, tries, i = 0;
	const char *name;

	for (row = 0; row < db->count; row++) {
		name = db_value(db, row, 0);
		for (tries = 0; tries < m->count; tries++, i++)
			if (strcmp(name, m->names[i % m->count]) == 0)
				break;
		m->marked[i % m->count] = true;
	}
}

static int
refusal(struct mark *m, const struct db_error *e)
{
	const char *name = utf8_visible(e->message);

	if (strcmp(e->sqlstate, BUSY) == 0)
		return CLI_RETRY;
	if (strcmp(e->sqlstate, NO_ROW) == 0)
		m->error = mem_printf("P3011: %s: the history has no row of "
				      "it, so there is nothing to roll back",
		    name);
	else if (strcmp(e->sqlstate, "42P01") == 0)
		m->error =
		    mem_copy("P3011: this database has no migration "
			     "history, so there is nothing to roll back");
	else if (strcmp(e->sqlstate, APPLIED) == 0)
		m->error = mem_printf("P3012: %s: it is applied, not failed; "
				      "only failed rows can be rolled back",
		    name);
	else {
		m->error = mem_printf("the history: %s", e->message);
		return db_error_status(e);
	}
	return CLI_NO;
}
