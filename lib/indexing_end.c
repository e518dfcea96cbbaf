#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "clock.h"
#include "duplicate.h"
#include "explain.h"
#include "indexing_private.h"
#include "leftover.h"
#include "mem.h"
#include "utf8.h"

enum {
	PAUSE_FIRST = 250, /* milliseconds */
	PAUSE_LAST = 10000,
	ENDS_WITHIN = 10000
};

static bool is_lost(const struct db_error *);
static void succeed(struct indexing *, struct task *);
static void break_off(struct indexing *, struct lane *, struct task *);
static void look_back(struct indexing *, struct lane *, struct task *);
static void await_end(struct db *, int);
static bool clear(struct db *, struct task *);
static bool again(struct indexing *, struct lane *, struct task *);
static bool retry(struct indexing *, struct task *, const char *);
static bool lacked_lock(const struct lane *);
static int status_of(const struct lane *);
static char *describe(struct lane *, const struct task *);
static void fail(struct indexing *, struct task *, int, char *);

bool
indexing_examine(struct indexing *x, struct task *task)
{
	struct db *db = x->state->migrate->db;
	struct twin twin = { 0 };
	bool begin = true;

	if (!task->build || (task->looked && !task->lenient && !task->twin))
		return true;
	if (twin_find(&twin, db, &task->script->sql, task->number) == -1) {
		indexing_lose(x);
		return false;
	}
	if (twin.kind == TWIN_OTHER) {
		fail(x, task, CLI_NO, indexing_other(task, &twin));
		begin = false;
	} else if (twin.kind == TWIN_SAME) {
		task->state = TASK_FOUND;
		begin = false;
	} else if (twin.kind == TWIN_INVALID && !clear(db, task)) {
		if (!retry(x, task, "an invalid index is in the way"))
			fail(x, task, CLI_RETRY,
			    mem_printf("%s: an invalid index of that name "
				       "cannot be dropped: %s",
				utf8_visible(task->index), db->error.message));
		begin = false;
	}
	twin_free(&twin);
	return begin;
}

void
indexing_end(struct indexing *x, struct lane *lane)
{
	struct task *task = lane->task;
	int result = lane_take(lane);

	lane->task = NULL;
	if (result == 0)
		succeed(x, task);
	else if (is_lost(&lane->error))
		look_back(x, lane, task);
	else
		break_off(x, lane, task);
}

/* The server says why it leaves before it leaves. */
static bool
is_lost(const struct db_error *error)
{
	return error->lost || strncmp(error->sqlstate, "57P", 3) == 0;
}

char *
indexing_other(const struct task *task, const struct twin *twin)
{
	char *place = script_place(
	    task->script, task->script->sql.statements[task->number].begin);
	char *text = mem_printf(
	    "%s: %s is there already, and it is another\n  there: %s\n"
	    "  wanted: %s",
	    place, utf8_visible(task->index), utf8_visible(twin->there),
	    utf8_visible(
		twin->wanted != NULL ? twin->wanted : task->spelling.text));

	free(place);
	return text;
}

/* IF NOT EXISTS is content with whatever bears the name. */
static void
succeed(struct indexing *x, struct task *task)
{
	struct db *db = x->state->migrate->db;
	int there = 1;

	if (task->build && task->lenient && !x->state->lost)
		there = twin_is_there(db, &task->script->sql, task->number);
	if (there == -1) {
		task->state = TASK_WAITING;
		indexing_lose(x);
		return;
	}
	if (there == 0) {
		fail(x, task, CLI_NO,
		    mem_printf("%s: no valid index %s has come of it",
			utf8_visible(task->job->migration->name),
			utf8_visible(task->index)));
		return;
	}
	task->state = TASK_DONE;
}

static void
break_off(struct indexing *x, struct lane *lane, struct task *task)
{
	char *why;
	int status = status_of(lane);

	task->left = !clear(&lane->db, task);
	lane->lifted = false;
	task->state = TASK_WAITING;
	if (db_signal() != 0 || x->state->lost || again(x, lane, task))
		return;
	memcpy(task->sqlstate, lane->error.sqlstate, sizeof(task->sqlstate));
	why = describe(lane, task);
	fail(x, task, status, why);
}

/* Its connection broke, and the server may have come to the end of it. */
static void
look_back(struct indexing *x, struct lane *lane, struct task *task)
{
	struct db *db = x->state->migrate->db;
	char *why = mem_printf("%s: the connection broke: %s",
	    utf8_visible(task->job->migration->name), lane->error.message);
	int there = 0;

	await_end(db, db_backend(&lane->db));
	db_drop(&lane->db);
	if (task->build && !x->state->lost)
		there = twin_is_there(db, &task->script->sql, task->number);
	if (there == 1) {
		task->state = TASK_DONE;
		indexing_stop(x, CLI_SYSTEM, why);
		return;
	}
	task->left = !clear(db, task);
	fail(x, task, CLI_SYSTEM, why);
	if (there == -1)
		indexing_lose(x);
}

static void
await_end(struct db *db, int backend)
{
	static const char query[] =
	    "SELECT FROM pg_stat_activity WHERE pid = $1::int";
	char *pid = mem_printf("%d", backend);
	const char *values[] = { pid };
	long end = clock_ms() + ENDS_WITHIN;

	while (db_query(db, query, 1, values) == 0 && db->count > 0 &&
	    clock_ms() < end && db_signal() == 0)
		db_pause(100);
	free(pid);
}

/* What keeps a build from its locks may keep this from them, too. */
static bool
clear(struct db *db, struct task *task)
{
	struct leftover leftover = { 0 };
	bool cleared;

	leftover_add_one(&leftover, &task->script->sql, task->number);
	cleared = db_query(db, "SET lock_timeout = '1s'", 0, NULL) == 0 &&
	    leftover_clear(&leftover, db) == CLI_OK;
	(void)db_query(db, "RESET lock_timeout", 0, NULL);
	leftover_free(&leftover);
	return cleared;
}

static bool
again(struct indexing *x, struct lane *lane, struct task *task)
{
	/* Another was faster, and may have made the very index. */
	if (strcmp(lane->error.sqlstate, "42P07") == 0 && task->looked) {
		task->looked = false;
		return true;
	}
	/* REINDEX of a partitioned table refuses a transaction. */
	if (strcmp(lane->error.sqlstate, "25001") == 0 && !task->build &&
	    !task->alone)
		return task->alone = true;
	if (task->left)
		return false;
	return lacked_lock(lane) && !lane->gave_up &&
	    retry(x, task, lane->error.message);
}

/* After a pause in which the others get their turn. */
static bool
retry(struct indexing *x, struct task *task, const char *why)
{
	const struct migrate *m = x->state->migrate;
	long pause = PAUSE_FIRST, i;
	char *text;

	if (task->tries++ >= m->retries)
		return false;
	for (i = 1; i < task->tries && pause < PAUSE_LAST; i++)
		pause *= 2;
	pause = pause / 2 + clock_random((unsigned long)pause);
	task->not_until = clock_ms() + pause;
	if (m->notice == NULL)
		return true;
	text = mem_printf("%s: %s; attempt %ld of %ld follows in %.1f s",
	    utf8_visible(task->job->migration->name), why, task->tries + 1,
	    m->retries + 1, (double)pause / 1000);
	m->notice(text);
	free(text);
	return true;
}

/* lock_not_available, deadlock_detected, serialization_failure */
static bool
lacked_lock(const struct lane *l)
{
	const char *state = l->error.sqlstate;

	return strcmp(state, "55P03") == 0 || strcmp(state, "40P01") == 0 ||
	    strcmp(state, "40001") == 0 || l->gave_up;
}

/* Insufficient resources such as a full disk, and system errors. */
static int
status_of(const struct lane *l)
{
	if (strncmp(l->error.sqlstate, "53", 2) == 0 ||
	    strncmp(l->error.sqlstate, "58", 2) == 0)
		return CLI_SYSTEM;
	return lacked_lock(l) ? CLI_RETRY : CLI_NO;
}

static char *
describe(struct lane *lane, const struct task *task)
{
	char *more =
	    duplicate_list(&lane->db, task->script, task->number, &lane->error);
	char *what, *text;

	concurrently_place(&task->spelling, &lane->error);
	what =
	    explain_statement(task->script, task->number, &lane->error, more);
	free(more);
	if (!lacked_lock(lane) || lane->blockers == NULL)
		return what;
	text =
	    mem_printf("%s\n  it was kept waiting by %s", what, lane->blockers);
	free(what);
	return text;
}

static void
fail(struct indexing *x, struct task *task, int status, char *why)
{
	task->state = TASK_FAILED;
	task->error = mem_copy(why);
	indexing_stop(x, status, why);
}
