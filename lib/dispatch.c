#include "dispatch_private.h"

#include <stdlib.h>
#include <string.h>

#include "built.h"
#include "knex.h"
#include "prune.h"
#include "resume.h"

static void send_row(struct dispatch *);
static bool plans_row(const struct dispatch *);
static void send_record(struct dispatch *, const struct job *, bool);
static void send_step(struct dispatch *, const struct job *, size_t);
static void send_alone(struct dispatch *, const struct job *, size_t);
static void send_guard(struct dispatch *, size_t);
static bool is_hurried(const struct dispatch *, size_t);
static void send_statements(struct dispatch *, const struct plan_step *);
static void send_note(struct dispatch *, const struct job *, size_t);
static void send_finish(struct dispatch *, const struct job *, bool);
static void send_commit(struct dispatch *, const struct job *, bool);
static void send_marks(struct dispatch *, const struct job *);
static void send_knex(struct dispatch *, const struct job *);

void
dispatch_begin(struct dispatch *d)
{
	struct db *db = d->flight.db;

	/* What is finished of this run has made it. */
	d->created = d->history->exists || d->flight.job > 0;
	d->lifted = false;
	d->part = FLIGHT_STATEMENT;
	if (db->pooled && d->created)
		return;
	dispatch_transaction(d, NULL);
	if (!db->pooled)
		dispatch_settings(d);
	if (plans_row(d))
		send_row(d);
	dispatch_own(d, "COMMIT");
}

void
dispatch_job(struct dispatch *d, const struct job *job, bool last)
{
	const struct plan *plan = &d->script.plan;
	size_t i;

	if (job->way != JOB_RUN) {
		send_record(d, job, last);
		return;
	}
	d->opened = job->opened;
	d->noted = job->done;
	dispatch_earlier_settings(d, job);
	for (i = job->done; i < plan->count; i++)
		if (plan->steps[i].kind == PLAN_ALONE)
			send_alone(d, job, i);
		else
			send_step(d, job, i);
	/* Where no last step could hold it. */
	if (job->done == plan->count ||
	    plan->steps[plan->count - 1].kind != PLAN_TRANSACTION) {
		dispatch_transaction(d, NULL);
		if (job->done < plan->count)
			send_guard(d, plan->count - 1);
	}
	send_finish(d, job, last);
}

/*
 * To plan it costs the server more than to run it.  The name is new, as an
 * earlier pass may have left one behind.
 */
static void
send_row(struct dispatch *d)
{
	history_new_id(d->row);
	flight_prepare(&d->flight, d->row, d->sql.insert);
}

static bool
plans_row(const struct dispatch *d)
{
	return !d->flight.db->pooled && !d->unplanned;
}

static void
send_record(struct dispatch *d, const struct job *job, bool last)
{
	const char *values[] = { job->id, job->checksum, job->migration->name };

	dispatch_transaction(d, NULL);
	if (job->way == JOB_RECORD) {
		flight_send(&d->flight, FLIGHT_OWN, 0, d->sql.mark, 3, values);
		turn_finishes(&d->turn, false);
	}
	send_commit(d, job, last);
}

static void
send_step(struct dispatch *d, const struct job *job, size_t i)
{
	const struct plan *plan = &d->script.plan;

	dispatch_transaction(d, &plan->steps[i]);
	send_statements(d, &plan->steps[i]);
	if (plan->steps[i].kind == PLAN_ROLLBACK)
		dispatch_own(d, "ROLLBACK");
	else if (plan->steps[i].kind == PLAN_READ_ONLY)
		dispatch_own(d, "COMMIT");
	else if (i + 1 < plan->count)
		send_note(d, job, i + 1);
}

/*
 * The row must be there before the statement, with a note of what is done so
 * far.  The COMMIT of that note is needed for itself, too: a pipeline is a
 * transaction, for the server, but directly behind a COMMIT.
 */
static void
send_alone(struct dispatch *d, const struct job *job, size_t i)
{
	const struct plan_step *step = &d->script.plan.steps[i];
	bool noted = d->opened && d->noted == i;
	bool hurried = is_hurried(d, step->first);

	if (!noted || hurried)
		dispatch_transaction(d, NULL);
	if (hurried)
		dispatch_own(d, "SET lock_timeout = 0");
	if (!noted)
		send_note(d, job, i);
	else if (hurried)
		dispatch_own(d, "COMMIT");
	d->lifted = hurried;
	/* So that we know where the server is while it is busy with that. */
	flight_flush(&d->flight);
	d->part = d->script.sql.statements[step->first].concurrent
	    ? FLIGHT_BUILD
	    : FLIGHT_ALONE;
	send_statements(d, step);
	d->part = FLIGHT_STATEMENT;
	if (i + 1 < d->script.plan.count) {
		dispatch_transaction(d, NULL);
		send_guard(d, i);
		send_note(d, job, i + 1);
	}
}

/* What raises if the step has not built the index that it names. */
static void
send_guard(struct dispatch *d, size_t i)
{
	size_t n = d->script.plan.steps[i].first;
	char *names[2];

	if (built_names(&d->script, i, names) == -1)
		return;
	flight_send(&d->flight, FLIGHT_STATEMENT, n, BUILT_NAMES, 2,
	    (const char *const *)names);
	flight_send(&d->flight, FLIGHT_STATEMENT, n, BUILT_GUARD, 0, NULL);
	free(names[0]);
	free(names[1]);
}

/* Would a lock_timeout that the script knows nothing of cut off a build? */
static bool
is_hurried(const struct dispatch *d, size_t n)
{
	return d->script.sql.statements[n].concurrent &&
	    strcasestr(d->script.file.bytes, "lock_timeout") == NULL;
}

void
dispatch_transaction(struct dispatch *d, const struct plan_step *step)
{
	if (step == NULL || step->begin == PLAN_NONE)
		dispatch_own(d, "BEGIN");
	else
		dispatch_statement(d, step->begin);
	if (d->flight.db->pooled)
		turn_send(&d->turn, &d->flight);
	if (!d->created)
		dispatch_own(d, history_create(d->flight.db));
	d->created = true;
	if (d->lifted)
		dispatch_own(d, "RESET lock_timeout");
	d->lifted = false;
}

static void
send_statements(struct dispatch *d, const struct plan_step *step)
{
	size_t i;

	for (i = step->first; i < step->first + step->count; i++)
		if (!plan_skips(&d->script.sql, i))
			dispatch_statement(d, i);
}

void
dispatch_statement(struct dispatch *d, size_t i)
{
	struct script *s = &d->script;
	char *text = s->file.bytes + s->sql.statements[i].begin;
	char *end = s->file.bytes + s->sql.statements[i].end;
	char kept = *end;

	*end = '\0';
	flight_send(&d->flight, d->part, i, text, 0, NULL);
	*end = kept;
}

/*
 * Note in the row, inside the transaction, that so many steps are done.  A
 * role that the script took on must not stand in the way, and holds for its
 * next step again.
 */
static void
send_note(struct dispatch *d, const struct job *job, size_t done)
{
	char *logs = resume_logs(&d->script, done, NULL);
	const char *opening[] = { job->id, job->checksum, job->migration->name,
		logs };
	const char *noting[] = { job->id, logs };

	if (d->script.plan.resets) {
		dispatch_own(d, "SET LOCAL SESSION AUTHORIZATION DEFAULT");
		dispatch_own(d, "SET LOCAL role TO DEFAULT");
	}
	if (d->opened) {
		flight_send(&d->flight, FLIGHT_OWN, 0, d->sql.note, 2, noting);
		turn_notes(&d->turn, logs);
	} else {
		flight_send(&d->flight, FLIGHT_OWN, 0, d->sql.open, 4, opening);
		turn_opens(&d->turn, logs);
	}
	flight_send(&d->flight, FLIGHT_STEP, done, "COMMIT", 0, NULL);
	d->opened = true;
	d->noted = done;
	free(logs);
}

/* End the migration: the row and the COMMIT that makes all of it certain. */
static void
send_finish(struct dispatch *d, const struct job *job, bool last)
{
	const char *values[] = { job->id, job->checksum, job->migration->name };

	if (d->script.plan.resets)
		dispatch_resets(d);
	if (d->opened)
		flight_send(
		    &d->flight, FLIGHT_ROW, 0, d->sql.finish, 2, values);
	else if (plans_row(d))
		flight_send_prepared(&d->flight, FLIGHT_ROW, d->row, 3, values);
	else
		flight_send(
		    &d->flight, FLIGHT_ROW, 0, d->sql.insert, 3, values);
	turn_finishes(&d->turn, d->opened);
	send_commit(d, job, last);
}

static void
send_commit(struct dispatch *d, const struct job *job, bool last)
{
	if (job->prunes != NULL)
		prune_send(
		    &d->flight, d->history, job->migration->name, job->prunes);
	if (job->marks != NULL)
		send_marks(d, job);
	if (job->way != JOB_PRUNE)
		send_knex(d, job);
	/* It waits for the disk, and so does all before it. */
	if (last && !d->flight.db->pooled)
		dispatch_own(d, "SET LOCAL synchronous_commit TO DEFAULT");
	flight_send(&d->flight, FLIGHT_FINISH, 0, "COMMIT", 0, NULL);
	flight_flush(&d->flight);
}

static void
send_marks(struct dispatch *d, const struct job *job)
{
	const char *values[] = { job->marks, job->marked };
	const char *own[] = { job->id };
	char *sql = history_mark(d->history->table, false, false);

	if (job->way == JOB_RUN)
		flight_send(&d->flight, FLIGHT_OWN, 0, d->sql.remove, 1, own);
	flight_send(&d->flight, FLIGHT_OWN, 0, sql, 2, values);
	free(sql);
}

/* Of a baseline. */
static void
send_knex(struct dispatch *d, const struct job *job)
{
	struct knex_rows rows;

	if (!knex_rows_make(&rows, job->migration, d->flight.db))
		return;
	dispatch_own(d, rows.create);
	flight_send(&d->flight, FLIGHT_OWN, 0, rows.insert, 2,
	    (const char *const *)rows.names);
	knex_rows_free(&rows);
}

void
dispatch_own(struct dispatch *d, const char *sql)
{
	flight_send(&d->flight, FLIGHT_OWN, 0, sql, 0, NULL);
}
