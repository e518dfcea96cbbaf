#include "dispatch_private.h"

#include <stdlib.h>
#include <string.h>

#include "built.h"

static bool may_prepare(const struct dispatch *);
static void send_record(struct dispatch *, const struct job *, bool);
static void send_step(struct dispatch *, const struct job *, size_t);
static void send_alone(struct dispatch *, const struct job *, size_t);
static void send_guard(struct dispatch *, size_t);
static bool is_hurried(const struct dispatch *, size_t);
static void send_statements(struct dispatch *, const struct plan_step *);

void
dispatch_begin(struct dispatch *d)
{
	struct db *db = d->flight.db;

	/* What is finished of this run has made it. */
	d->created = d->history->exists || d->flight.job > 0;
	d->lifted = false;
	d->part = FLIGHT_STATEMENT;
	d->prepares = !db->pooled && !d->unplanned;
	prepared_begin(&d->prepared);
	if (db->pooled && d->created)
		return;
	dispatch_transaction(d, NULL);
	if (!db->pooled)
		dispatch_settings(d);
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
	d->prepares = may_prepare(d);
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
	dispatch_finish(d, job, last);
}

/*
 * What fails as the script dropped it is run again, which must not be behind
 * what was not rolled back: a procedure may commit, and drop.
 */
static bool
may_prepare(const struct dispatch *d)
{
	const struct script *s = &d->script;
	const struct plan_step *step = s->plan.steps;

	for (; step < s->plan.steps + s->plan.count; step++)
		if (step->kind == PLAN_ALONE &&
		    !s->sql.statements[step->first].concurrent)
			return false;
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
	dispatch_commit(d, job, last);
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
		dispatch_note(d, job, i + 1);
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
		dispatch_note(d, job, i);
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
		dispatch_note(d, job, i + 1);
	}
}

/* What raises if the step has not built the index that it names. */
static void
send_guard(struct dispatch *d, size_t i)
{
	size_t n = d->script.plan.steps[i].first;
	char *names[2];
	const struct prepared_statement guard = { DISPATCH_GUARD, BUILT_GUARD,
		2, (const char *const *)names };

	if (built_names(&d->script, i, names) == -1)
		return;
	dispatch_often(d, FLIGHT_STATEMENT, n, &guard);
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
