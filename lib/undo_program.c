#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "clock.h"
#include "execution.h"
#include "knex.h"
#include "mem.h"
#include "undo_private.h"
#include "utf8.h"

static int find(struct undo *, const struct undo_step *, struct interpreter *);
static int open_row(struct undo *, struct undo_step *);
static int take_knex(struct undo *, const struct migration *);
static int break_row(struct undo *, struct undo_step *);
static int execute(
    struct undo *, struct undo_step *, const struct interpreter *);
static void note(
    struct undo *, const struct undo_step *, const struct execution *);
static int close_row(struct undo *, const struct undo_step *);
static int forget(const struct undo *, const struct undo_step *, struct db *);
static int close_elsewhere(const struct undo *, const struct undo_step *);
static int fail(struct undo *, const struct undo_step *, const char *);

int
undo_program(struct undo *u)
{
	struct undo_step *step = &u->steps[u->undone];
	struct interpreter interpreter = { 0 };
	long before = clock_ms();
	int status = find(u, step, &interpreter);

	if (status == CLI_OK)
		status = open_row(u, step);
	if (status == CLI_OK)
		status = execute(u, step, &interpreter);
	if (status == CLI_OK)
		status = close_row(u, step);
	interpreter_free(&interpreter);
	step->ms = (double)(clock_ms() - before);
	return status;
}

/* Again: what ran before it may have changed it. */
static int
find(struct undo *u, const struct undo_step *step, struct interpreter *i)
{
	if (db_signal() != 0)
		return undo_fail(u, CLI_NO, "interrupted");
	if (down_interpreter(&step->down, step->migration, i) == -1)
		return undo_fail(u, CLI_INPUT, "%s", i->error);
	if (i->doubt != NULL && u->notice != NULL)
		u->notice(i->doubt);
	return CLI_OK;
}

/* From now on it has failed, for whoever looks, until it has ended well. */
static int
open_row(struct undo *u, struct undo_step *step)
{
	const struct migration *m = step->migration;
	int status;

	if (undo_begin(u) == -1 ||
	    db_query(u->db, history_create(u->db), 0, NULL) == -1)
		return fail(u, step, "its row cannot be opened");
	if (knex_has(m) && (status = take_knex(u, m)) != CLI_OK)
		return status;
	if (break_row(u, step) == -1)
		return fail(u, step, "its row cannot be opened");
	if (db_query(u->db, "COMMIT", 0, NULL) == -1) {
		u->unknown = u->db->error.lost;
		return fail(u, step, "its row cannot be opened");
	}
	u->broken = true;
	return CLI_OK;
}

/*
 * Its row goes, too: if the way back fails, that must not say that the
 * migration is applied, nor may knex run it, and so the lock stays.
 */
static int
take_knex(struct undo *u, const struct migration *m)
{
	enum knex_lock answer = knex_take_lock(m, u->db, u->lock_wait, true);

	if (answer == KNEX_LOCKED && knex_forget(m, u->db) == 0)
		return CLI_OK;
	if (answer == KNEX_LOCKED || answer == KNEX_ERROR)
		return undo_fail(u, undo_verdict(&u->db->error),
		    "%s: knex's tables: %s", utf8_visible(m->name),
		    u->db->error.message);
	if (answer == KNEX_STALE)
		return undo_fail(u, CLI_NO,
		    "%s: knex has taken it back meanwhile",
		    utf8_visible(m->name));
	return undo_fail(
	    u, CLI_RETRY, "%s: " KNEX_IS_BUSY, utf8_visible(m->name));
}

/* Where knex ran it there is none. */
static int
break_row(struct undo *u, struct undo_step *step)
{
	const char *broken[] = { step->migration->name, UNDO_BEGUN };
	const char *opened[] = { step->id, step->migration->checksum,
		step->migration->name, UNDO_BEGUN };
	int result = db_query(u->db, u->sql.reopen, 2, broken);
	const char *id;

	if (result == 0 && (id = db_value(u->db, 0, 0)) != NULL)
		snprintf(step->id, sizeof(step->id), "%s", id);
	else if (result == 0) {
		history_new_id(step->id);
		result = db_query(u->db, u->sql.open, 4, opened);
	}
	return result;
}

static int
execute(struct undo *u, struct undo_step *step, const struct interpreter *i)
{
	const char *name = step->migration->name;
	struct execution e = { .name = name,
		.command = i->command,
		.timeout = u->script_timeout,
		.notice = u->notice };
	int status;

	if (execution_aim(&e, u->db) == -1)
		return fail(u, step, "its database does not answer");
	status = execution_run(&e);
	if (status != CLI_OK) {
		step->exit = e.status;
		(void)undo_fail(u, status, "%s: its way back %s%s%s",
		    utf8_visible(name), e.how, *e.tail == '\0' ? "" : "\n",
		    e.tail);
		note(u, step, &e);
	}
	execution_free(&e);
	return status;
}

/* For those who look at the history, Prisma among them. */
static void
note(struct undo *u, const struct undo_step *step, const struct execution *e)
{
	char *logs = mem_printf(
	    UNDO_LOGS "%s%s%s", e->how, *e->tail == '\0' ? "" : "\n", e->tail);
	const char *values[] = { step->id, logs };

	(void)db_query(u->db, u->sql.note, 2, values);
	free(logs);
}

static int
close_row(struct undo *u, const struct undo_step *step)
{
	static const char what[] =
	    "its way back ended well, but its row could not be deleted";
	int result = forget(u, step, u->db);
	bool lost = result == -1 && db_is_lost(u->db);

	if (lost)
		result = close_elsewhere(u, step);
	if (result == 1)
		return undo_fail(u, CLI_NO,
		    "%s: %s; another has removed or settled it",
		    utf8_visible(step->migration->name), what);
	if (result == -1)
		return fail(u, step, what);
	u->broken = false;
	u->undone++;
	/* For the rest nobody has the lock any longer. */
	return lost && u->undone < u->count
	    ? undo_fail(
		  u, CLI_SYSTEM, "the connection broke while a script ran")
	    : CLI_OK;
}

/* Returns 1 if its row is not as it was left. */
static int
forget(const struct undo *u, const struct undo_step *step, struct db *db)
{
	const char *values[] = { step->migration->name, step->id };

	if (db_query(db, "BEGIN", 0, NULL) == -1 ||
	    db_query(db, u->sql.forget, 2, values) == -1)
		return -1;
	if (!db_true(db, 0, 0))
		return 1;
	if (knex_has(step->migration) &&
	    knex_give_lock(step->migration, db, false) == -1)
		return -1;
	return db_query(db, "COMMIT", 0, NULL);
}

/* What is known must not be lost with the connection. */
static int
close_elsewhere(const struct undo *u, const struct undo_step *step)
{
	struct db_options options;
	struct db db;
	int result = -1;

	if (undo_open_again(u, &db, &options) == CLI_OK)
		result = forget(u, step, &db);
	db_close(&db);
	return result;
}

static int
fail(struct undo *u, const struct undo_step *step, const char *what)
{
	return undo_fail(u, undo_verdict(&u->db->error), "%s: %s: %s",
	    utf8_visible(step->migration->name), what, u->db->error.message);
}
