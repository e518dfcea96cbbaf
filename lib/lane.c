#include "lane.h"

#include <stdlib.h>

#include "cli.h"
#include "clock.h"
#include "lock.h"
#include "mem.h"
#include "session.h"

/* Of two numbers, where the migration lock is of one. */
#define LANES LOCK_KEY ", 1"
#define RUN LOCK_KEY ", 2"

/* $1 memory, $2 workers, $3 whether the user asked for a timeout. */
static const char settings_of[] =
    "SELECT pg_try_advisory_lock_shared(" LANES "),"
    " set_config('maintenance_work_mem', coalesce($1,"
    "  current_setting('maintenance_work_mem')), false),"
    " set_config('max_parallel_maintenance_workers', coalesce($2,"
    "  current_setting('max_parallel_maintenance_workers')), false),"
    " (SELECT count(set_config(name, '0', false)) FROM pg_settings"
    "  WHERE name = 'transaction_timeout'"
    "   OR (name = 'statement_timeout' AND NOT $3::bool)),"
    " (SELECT set_config('client_connection_check_interval', '2s', false)"
    "  WHERE version() LIKE '%linux%')";

/*
 * Both at once, though what is given up again is only looked at: whether any
 * session has the lock of lanes.
 */
static const char try[] =
    "SELECT CASE WHEN NOT pg_try_advisory_lock(" RUN ") THEN false"
    " WHEN pg_try_advisory_lock(" LANES ")"
    " THEN pg_advisory_unlock(" LANES ")"
    " ELSE NOT pg_advisory_unlock(" RUN ") END";

static const char others[] =
    "SELECT string_agg(" SESSION_WORDS ", '; ' ORDER BY a.pid)"
    " FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
    " WHERE l.locktype = 'advisory' AND l.granted"
    "  AND l.classid = " LOCK_KEY " AND l.objid IN (1, 2)"
    "  AND l.objsubid = 2"
    "  AND l.database = (SELECT oid FROM pg_database"
    "   WHERE datname = current_database())";

int
lane_open(struct lane *l, const struct db_options *options,
    const struct lane_settings *settings)
{
	const char *values[] = { settings->memory, settings->workers,
		options->statement_timeout == 0 ? "f" : "t" };
	int status = db_open(&l->db, options);

	l->open = true;
	if (status == CLI_OK && db_query(&l->db, settings_of, 3, values) == -1)
		status = db_error_status(&l->db.error);
	return status;
}

void
lane_send(struct lane *l, struct task *task, const char *note,
    const char *const values[2])
{
	struct db *db = &l->db;

	l->task = task;
	lane_forget(l);
	if (task->spelling.concurrent != l->lifted)
		(void)db_query(db,
		    l->lifted ? "RESET lock_timeout" : "SET lock_timeout = 0",
		    0, NULL);
	l->lifted = task->spelling.concurrent;
	(void)db_pipeline(db);
	if (note != NULL)
		(void)db_send(db, "BEGIN", 0, NULL);
	(void)db_send(db, task->spelling.text, 0, NULL);
	if (note != NULL) {
		(void)db_send(db, note, 2, values);
		(void)db_send(db, "COMMIT", 0, NULL);
	}
	(void)db_sync(db);
}

int
lane_take(struct lane *l)
{
	enum db_outcome outcome;
	int result = 0;

	db_error_free(&l->error);
	while ((outcome = db_next(&l->db)) != DB_SYNC) {
		if (outcome == DB_FAILED && result == 0) {
			db_error_move(&l->error, &l->db.error);
			result = -1;
		}
		if (l->error.lost || l->db.error.lost)
			break;
	}
	db_pipeline_end(&l->db);
	if (result == -1 && db_in_transaction(&l->db))
		(void)db_query(&l->db, "ROLLBACK", 0, NULL);
	return result;
}

int
lane_claim(struct db *db, long wait, char **who)
{
	long end = clock_ms() + wait, pause;
	unsigned attempt;

	for (attempt = 0;; attempt++) {
		if (db_query(db, try, 0, NULL) == -1)
			return CLI_SYSTEM;
		if (db_true(db, 0, 0))
			return CLI_OK;
		pause = lock_pause(attempt);
		if (clock_ms() + pause > end)
			break;
		db_pause(pause);
	}
	if (db_query(db, others, 0, NULL) == -1)
		return CLI_SYSTEM;
	*who = mem_copy(db_value(db, 0, 0) == NULL ? "a session that has ended"
						   : db_value(db, 0, 0));
	return CLI_RETRY;
}

void
lane_forget(struct lane *l)
{
	free(l->phase);
	free(l->blockers);
	l->phase = l->blockers = NULL;
	l->total = 0;
	l->since = 0;
	l->free = clock_ms();
	l->gave_up = false;
}

void
lane_close(struct lane *l)
{
	lane_forget(l);
	db_error_free(&l->error);
	if (l->open)
		db_close(&l->db);
	*l = (struct lane){ 0 };
}
