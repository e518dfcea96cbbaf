#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "clock.h"
#include "explain.h"
#include "lock.h"
#include "mem.h"
#include "undo_private.h"

/* How long a server that broke off may take to come back, in milliseconds. */
enum { COMES_BACK = 5000 };

/* Whatever is the default: under the lock the history is read as it is. */
static const char begin[] = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

static int prepare(struct undo *);
static int take_lock(struct undo *);
static int set_up(struct db *);
static int run_steps(struct undo *);
static int run_script(struct undo *, const struct undo_step *);
static int run_statement(struct db *, const struct script *, size_t);
static int reset(struct db *);
static int forget(struct undo *, const char *);
static int commit(struct undo *);
static int look_back(struct undo *);
static int see_rows(struct undo *, struct db *);
static int give_up(struct undo *, int);
static int verdict(const struct db_error *);

int
undo_run(struct undo *u)
{
	int status;

	db_catch_signals();
	if ((status = prepare(u)) == CLI_OK && u->count > 0 &&
	    (status = run_steps(u)) == CLI_OK)
		return commit(u);
	return give_up(u, status);
}

/* Who had the lock may have changed what there is to undo. */
static int
prepare(struct undo *u)
{
	struct db *db = u->db;
	int status;

	if (db_query(db, begin, 0, NULL) == -1 || set_up(db) == -1)
		return undo_fail(
		    u, db_error_status(&db->error), "%s", db->error.message);
	if ((status = take_lock(u)) != CLI_OK)
		return status;
	if (history_read(u->history, db) == -1)
		return undo_fail(u, db_error_status(&db->error),
		    "the history cannot be read: %s", db->error.message);
	return undo_choose(u);
}

/* Behind a transaction pooler it is the transaction's. */
static int
take_lock(struct undo *u)
{
	char *holder = NULL;
	int status = lock_take(u->db, u->lock_wait, &holder);

	if (status == CLI_SYSTEM)
		return undo_fail(
		    u, status, "the migration lock: %s", u->db->error.message);
	if (status == CLI_RETRY)
		(void)undo_fail(u, status, "%s", holder);
	free(holder);
	return status;
}

/* What the session or, behind a pooler, the transaction has to have. */
static int
set_up(struct db *db)
{
	if (db->local != NULL && db_query(db, db->local, 0, NULL) == -1)
		return -1;
	return db->strings && !db->pooled ? db_query(db, DB_STRINGS, 0, NULL)
					  : 0;
}

static int
run_steps(struct undo *u)
{
	struct undo_step *step;
	long before;
	int status;

	for (u->failed = 0; u->failed < u->count; u->failed++) {
		step = &u->steps[u->failed];
		before = clock_ms();
		if ((status = run_script(u, step)) != CLI_OK)
			return status;
		if (forget(u, step->migration->name) == -1)
			return verdict(&u->db->error);
		step->ms = (double)(clock_ms() - before);
	}
	return CLI_OK;
}

static int
run_script(struct undo *u, const struct undo_step *step)
{
	const struct script *s = &step->script;
	const struct plan_step *all = s->plan.steps;
	size_t n;

	for (n = all->first; n < all->first + all->count; n++) {
		if (plan_skips(&s->sql, n))
			continue;
		if (db_signal() != 0)
			return undo_fail(u, CLI_NO, "interrupted");
		if (run_statement(u->db, s, n) == -1) {
			u->error = explain_statement(s, n, &u->db->error, NULL);
			return verdict(&u->db->error);
		}
	}
	if (!s->plan.resets || reset(u->db) == 0)
		return CLI_OK;
	u->error = explain_own(step->down.path, "end", &u->db->error);
	return verdict(&u->db->error);
}

/* In a pipeline, for that is what a signal interrupts. */
static int
run_statement(struct db *db, const struct script *s, size_t n)
{
	const struct sql_statement *statement = &s->sql.statements[n];
	char *text = mem_copy_bytes(s->file.bytes + statement->begin,
	    statement->end - statement->begin);
	enum db_outcome outcome = DB_DONE;
	int result = 0;

	if (db_pipeline(db) == -1 || db_send(db, text, 0, NULL) == -1 ||
	    db_sync(db) == -1)
		result = -1;
	while (result == 0 && outcome != DB_FAILED && outcome != DB_SYNC)
		outcome = db_next(db);
	if (outcome == DB_FAILED)
		result = -1;
	while (outcome != DB_SYNC && !db->error.lost)
		outcome = db_next(db);
	db_pipeline_end(db);
	free(text);
	return result;
}

static int
reset(struct db *db)
{
	static const char *const clean[] = { "RESET SESSION AUTHORIZATION",
		"RESET ROLE", "RESET ALL" };
	size_t i;

	for (i = 0; i < sizeof(clean) / sizeof(*clean); i++)
		if (db_query(db, clean[i], 0, NULL) == -1)
			return -1;
	return set_up(db);
}

/* Also the rows of attempts that were rolled back: it was never here. */
static int
forget(struct undo *u, const char *name)
{
	const char *values[] = { name };
	char *sql = mem_printf("WITH row AS (DELETE FROM %s WHERE"
			       " migration_name = $1 RETURNING id)"
			       " SELECT count(*) > 0 FROM row",
	    u->history->table);
	int result = db_query(u->db, sql, 1, values);

	free(sql);
	if (result == -1)
		u->error = explain_own(name, "history row", &u->db->error);
	else if (!db_true(u->db, 0, 0)) {
		u->error = mem_printf("%s: its history row stays, whatever "
				      "keeps it; a trigger or a policy may",
		    name);
		result = -1;
	}
	return result;
}

static int
commit(struct undo *u)
{
	struct db *db = u->db;

	if (db_query(db, "COMMIT", 0, NULL) == 0)
		return CLI_OK;
	u->error =
	    explain_own(u->steps[0].migration->name, "COMMIT", &db->error);
	return db->error.lost ? look_back(u) : give_up(u, verdict(&db->error));
}

/* The COMMIT may have come about although nobody heard of it. */
static int
look_back(struct undo *u)
{
	struct db_options options = *u->db->options;
	char *why = u->error;
	struct db db;
	int status;

	u->error = NULL;
	db_drop(u->db);
	options.notice = NULL;
	if (options.wait < COMES_BACK)
		options.wait = COMES_BACK;
	status =
	    db_open(&db, &options) == CLI_OK ? see_rows(u, &db) : CLI_RETRY;
	if (status == CLI_SYSTEM)
		u->error = mem_printf("%s\nnothing was undone", why);
	else if (status == CLI_RETRY)
		u->error = mem_printf("%s\nwhether it was undone is not known; "
				      "look with mg-status before you do it "
				      "again",
		    why);
	free(why);
	db_close(&db);
	return status == CLI_OK ? CLI_OK : CLI_SYSTEM;
}

/* CLI_OK if they are gone, CLI_SYSTEM if not, CLI_RETRY if nobody can tell. */
static int
see_rows(struct undo *u, struct db *db)
{
	struct history history = { 0 };
	char *holder = NULL;
	int status = CLI_RETRY;

	if (lock_take(db, u->lock_wait, &holder) == CLI_OK &&
	    history_read(&history, db) == 0)
		status = history_find(&history, u->steps[0].migration->name)
		    ? CLI_SYSTEM
		    : CLI_OK;
	free(holder);
	history_free(&history);
	return status;
}

static int
give_up(struct undo *u, int status)
{
	char *why = u->error;

	if (!u->db->error.lost && db_in_transaction(u->db))
		(void)db_query(u->db, "ROLLBACK", 0, NULL);
	if (status == CLI_OK)
		return status;
	u->error = mem_printf("%s\nnothing was undone%s", why,
	    status == CLI_RETRY ? "; try again" : "");
	free(why);
	/* As the shell says it of one that a signal ended. */
	return db_signal() != 0 ? 128 + db_signal() : status;
}

/* A lock that was not free in time, a deadlock; the world; or the script. */
static int
verdict(const struct db_error *e)
{
	static const char *const locks[] = { "55P03", "40P01", "40001" };
	size_t i;

	for (i = 0; i < sizeof(locks) / sizeof(*locks); i++)
		if (strcmp(e->sqlstate, locks[i]) == 0)
			return CLI_RETRY;
	return e->lost || strncmp(e->sqlstate, "53", 2) == 0 ||
		strncmp(e->sqlstate, "58", 2) == 0
	    ? CLI_SYSTEM
	    : CLI_NO;
}
