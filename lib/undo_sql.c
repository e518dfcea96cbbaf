#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "clock.h"
#include "explain.h"
#include "lock.h"
#include "mem.h"
#include "undo_private.h"
#include "utf8.h"

static int run_steps(struct undo *, size_t);
static int run_script(struct undo *, const struct undo_step *);
static int run_statement(struct db *, const struct script *, size_t);
static int reset(struct db *);
static int forget(struct undo *, const char *);
static int commit(struct undo *, size_t);
static int look_back(struct undo *, size_t);
static int see_rows(struct undo *, struct db *);

int
undo_sql(struct undo *u)
{
	size_t end = u->undone;
	int status;

	while (end < u->count && !u->steps[end].down.script)
		end++;
	if (undo_begin(u) == -1)
		return undo_fail(
		    u, undo_verdict(&u->db->error), "%s", u->db->error.message);
	if ((status = run_steps(u, end)) != CLI_OK)
		return status;
	return commit(u, end);
}

static int
run_steps(struct undo *u, size_t end)
{
	struct undo_step *step;
	long before;
	int status;

	for (u->failed = u->undone; u->failed < end; u->failed++) {
		step = &u->steps[u->failed];
		before = clock_ms();
		if ((status = run_script(u, step)) != CLI_OK)
			return status;
		if ((status = forget(u, step->migration->name)) != CLI_OK)
			return status;
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
			return undo_verdict(&u->db->error);
		}
	}
	if (!s->plan.resets || reset(u->db) == 0)
		return CLI_OK;
	u->error = explain_own(step->down.path, "end", &u->db->error);
	return undo_verdict(&u->db->error);
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
	return undo_set_up(db);
}

/* Also the rows of attempts that were rolled back: it was never here. */
static int
forget(struct undo *u, const char *name)
{
	const char *values[] = { name, NULL };

	if (db_query(u->db, u->sql.forget, 2, values) == -1) {
		u->error = explain_own(name, "history row", &u->db->error);
		return undo_verdict(&u->db->error);
	}
	if (db_true(u->db, 0, 0))
		return CLI_OK;
	return undo_fail(u, CLI_NO,
	    "%s: its history row stays, whatever keeps it; a trigger or a "
	    "policy may",
	    utf8_visible(name));
}

static int
commit(struct undo *u, size_t end)
{
	struct db *db = u->db;
	int status = CLI_OK;

	u->failed = u->undone;
	if (db_query(db, "COMMIT", 0, NULL) == -1) {
		u->error = explain_own(
		    u->steps[u->undone].migration->name, "COMMIT", &db->error);
		if (!db->error.lost)
			return undo_verdict(&db->error);
		status = look_back(u, end);
	}
	if (status == CLI_OK)
		u->undone = end;
	return status;
}

/* The COMMIT may have come about although nobody heard of it. */
static int
look_back(struct undo *u, size_t end)
{
	struct db_options options;
	struct db db;
	int status;

	db_drop(u->db);
	status = undo_open_again(u, &db, &options) == CLI_OK ? see_rows(u, &db)
							     : CLI_RETRY;
	db_close(&db);
	u->unknown = status == CLI_RETRY;
	if (status != CLI_OK)
		return CLI_SYSTEM;
	/* For the rest nobody has the lock any longer. */
	if (end < u->count) {
		u->undone = end;
		return CLI_SYSTEM;
	}
	free(u->error);
	u->error = NULL;
	return CLI_OK;
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
		status =
		    history_find(&history, u->steps[u->undone].migration->name)
		    ? CLI_SYSTEM
		    : CLI_OK;
	free(holder);
	history_free(&history);
	return status;
}
