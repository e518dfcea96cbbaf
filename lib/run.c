#include "run.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "clock.h"
#include "dispatch.h"
#include "duplicate.h"
#include "explain.h"
#include "leftover.h"
#include "lock.h"
#include "mem.h"
#include "resume.h"
#include "utf8.h"
#include "watch.h"

enum { PAUSE_FIRST = 250, PAUSE_LAST = 10000 }; /* milliseconds */

struct run_private {
	struct dispatch dispatch;
	struct watch watch;
	long tries;    /* of the migration that did not get its locks */
	size_t trying; /* which one */
	long end;      /* of the patience with another's turn; 0: it is ours */
	unsigned turns;
};

static int pass(struct run *);
static int fly(struct run *, size_t);
static int fly_alone(struct run *);
static int read_script(struct run *, struct job *);
static void landed(void *, const struct flight_item *);
static int settle(struct run *);
static int tidy(struct db *, const char *);
static bool again(struct run *, int);
static bool refuses_transaction(struct run *);
static bool unlocked(struct run *);
static bool waited(struct run *);
static bool retried(struct run *);
static void tell_retry(struct run *, long);
static bool lacked_lock(const struct run *);
static bool clear_failed(struct run *);
static int read_failed(struct run *);
static void note_failure(struct run *);
static int report(struct run *, int);
static int report_wait(struct run *);
static char *describe_failure(struct run *);
static char *describe_statement(struct run *);

int
run(struct run *r)
{
	struct run_private *p = mem_alloc(sizeof(*p));
	struct flight *flight = &p->dispatch.flight;
	int status;

	run_free(r);
	r->finished = 0;
	r->stale = r->lost = false;
	r->private = p;
	p->dispatch.history = r->history;
	p->dispatch.script.plain = r->plain;
	history_sql_make(&p->dispatch.sql, r->history);
	*flight = (struct flight){ .db = r->db, .landed = landed, .arg = r };
	p->watch = (struct watch){ .flight = flight, .notice = r->notice };
	p->watch.patience = r->db->options->lock_timeout * (r->retries + 1);
	watch_begin(&p->watch);
	turn_begin(&p->dispatch.turn, r->history);
	do
		status = pass(r);
	while (again(r, status));
	if (status != CLI_OK)
		status = report(r, status);
	watch_end(&p->watch);
	return status;
}

void
run_free(struct run *r)
{
	struct dispatch *d;

	free(r->error);
	r->error = NULL;
	if (r->private == NULL)
		return;
	d = &r->private->dispatch;
	history_sql_free(&d->sql);
	script_free(&d->script);
	turn_free(&d->turn);
	flight_free(&d->flight);
	free(r->private);
	r->private = NULL;
}

/* From the first job that is not finished to the end, or to a failure. */
static int
pass(struct run *r)
{
	int status;

	if (!r->db->pooled)
		status = fly(r, r->count);
	else
		do
			status = fly_alone(r);
		while (status == CLI_OK && r->finished < r->count &&
		    !r->private->dispatch.flight.failed && r->error == NULL &&
		    db_signal() == 0);
	return status == CLI_OK ? settle(r) : status;
}

/* All jobs up to the end, in one pipeline. */
static int
fly(struct run *r, size_t end)
{
	struct dispatch *d = &r->private->dispatch;
	struct flight *f = &d->flight;

	f->job = r->finished;
	if (flight_begin(f) != CLI_OK)
		return CLI_SYSTEM;
	dispatch_begin(d);
	for (; f->job < end && !f->stopped; f->job++) {
		if (read_script(r, &r->jobs[f->job]) == -1)
			break;
		dispatch_job(d, &r->jobs[f->job], f->job + 1 == r->count);
	}
	flight_end(f);
	return CLI_OK;
}

/* The next job; what is believed afterwards is only what came about. */
static int
fly_alone(struct run *r)
{
	struct dispatch *d = &r->private->dispatch;
	const struct job *job = &r->jobs[r->finished];
	struct turn before = d->turn;
	bool opened = job->opened;
	char *logs;
	int status;

	d->turn.logs = before.logs == NULL ? NULL : mem_copy(before.logs);
	status = fly(r, r->finished + 1);
	if (status == CLI_OK && job->finished) {
		turn_free(&before);
		return CLI_OK;
	}
	turn_free(&d->turn);
	d->turn = before;
	if (job->opened && r->error == NULL) {
		logs = resume_logs(&d->script, job->done, NULL);
		if (opened)
			turn_notes(&d->turn, logs);
		else
			turn_opens(&d->turn, logs);
		free(logs);
	}
	return status;
}

static int
read_script(struct run *r, struct job *job)
{
	struct script *s = &r->private->dispatch.script;

	if (script_read(s, job->migration) == -1)
		r->error = mem_copy(s->error);
	else if (strcmp(s->checksum, job->checksum) != 0)
		r->error = mem_printf("%s: it changed while it was to be run; "
				      "run again",
		    s->path);
	if (r->error != NULL)
		return -1;
	if (job->alone)
		plan_make_alone(&s->plan);
	job->steps = s->plan.count;
	return 0;
}

static void
landed(void *arg, const struct flight_item *item)
{
	struct run *r = arg;
	struct job *job = &r->jobs[item->job];

	if (item->part == FLIGHT_ROW)
		job->ms = strtod(db_value(r->db, 0, 0), NULL);
	if (item->part == FLIGHT_STEP) {
		job->opened = true;
		job->done = item->number;
	}
	if (item->part == FLIGHT_FINISH) {
		job->finished = true;
		r->finished = item->job + 1;
		r->private->end = 0;
		if (r->progress != NULL)
			r->progress(r);
	}
}

/*
 * Leave the session clean and what was done on disk.  A commit that has
 * written nothing waits for nothing, hence the message into the log.
 */
static int
settle(struct run *r)
{
	static const char *const clean[] = { "RESET SESSION AUTHORIZATION",
		"RESET ROLE", "RESET ALL",
		"SELECT pg_logical_emit_message(true, 'mg', '')" };
	struct db_error *error = &r->private->dispatch.flight.error;
	size_t i, count = r->db->pooled ? 0 : sizeof(clean) / sizeof(*clean);

	if (r->finished == r->count)
		return CLI_OK;
	if (error->lost)
		return CLI_SYSTEM;
	if (db_in_transaction(r->db))
		(void)tidy(r->db, "ROLLBACK");
	for (i = 0; i < count; i++)
		if (tidy(r->db, clean[i]) == -1) {
			error->lost = r->db->error.lost;
			return CLI_SYSTEM;
		}
	if (r->error != NULL)
		return CLI_INPUT;
	note_failure(r);
	return CLI_NO;
}

/* A cancel may come late and hit what it was not meant for. */
static int
tidy(struct db *db, const char *sql)
{
	if (db_query(db, sql, 0, NULL) == 0)
		return 0;
	return strcmp(db->error.sqlstate, "57014") == 0
	    ? db_query(db, sql, 0, NULL)
	    : -1;
}

/* Is there reason to believe that the next pass comes further? */
static bool
again(struct run *r, int status)
{
	struct run_private *p = r->private;
	struct flight *f = &p->dispatch.flight;

	if (status != CLI_NO || !f->failed || db_signal() != 0)
		return false;
	if (!refuses_transaction(r) && !unlocked(r) && !waited(r) &&
	    !retried(r))
		return false;
	db_error_free(&f->error);
	watch_forget(&p->watch);
	return true;
}

/*
 * Did the only statement of a script refuse the transaction, though its text
 * did not say so?  REINDEX of a partitioned table does, and a procedure that
 * commits.  Then it is run again on its own.
 */
static bool
refuses_transaction(struct run *r)
{
	struct flight *f = &r->private->dispatch.flight;
	struct job *job = &r->jobs[f->failure.job];

	if (f->failure.part != FLIGHT_STATEMENT || job->alone ||
	    r->db->pooled ||
	    (strcmp(f->error.sqlstate, "25001") != 0 &&
		strcmp(f->error.sqlstate, "2D000") != 0))
		return false;
	if (read_failed(r) == -1 || r->private->dispatch.script.sql.count != 1)
		return false;
	return job->alone = true;
}

/*
 * Was it the victim of a deadlock with those who wait for the migration lock?
 * Then they are sent away, what it left is dropped, and it is run again.
 */
static bool
unlocked(struct run *r)
{
	struct flight *f = &r->private->dispatch.flight;

	return f->failure.part == FLIGHT_BUILD &&
	    strcmp(f->error.sqlstate, "40P01") == 0 &&
	    lock_cancel_waiters(r->db) > 0 && clear_failed(r);
}

/* Is it another's turn?  Then ours will come. */
static bool
waited(struct run *r)
{
	struct run_private *p = r->private;
	long pause;

	if (!turn_is_busy(&p->dispatch.flight.error))
		return false;
	if (p->end == 0) {
		p->end = clock_ms() + r->lock_wait;
		p->turns = 0;
	}
	pause = lock_pause(p->turns++);
	if (clock_ms() + pause > p->end)
		return false;
	db_pause(pause);
	return db_signal() == 0;
}

/* Was a lock not free in time?  Then the others go first, and we try again. */
static bool
retried(struct run *r)
{
	struct run_private *p = r->private;
	long pause = PAUSE_FIRST;
	long i;

	if (!lacked_lock(r) || p->watch.gave_up)
		return false;
	if (p->trying != r->finished)
		p->tries = 0;
	p->trying = r->finished;
	if (p->tries++ >= r->retries || !clear_failed(r))
		return false;
	for (i = 1; i < p->tries && pause < PAUSE_LAST; i++)
		pause *= 2;
	pause = pause / 2 + clock_random((unsigned long)pause);
	tell_retry(r, pause);
	db_pause(pause);
	return db_signal() == 0;
}

static void
tell_retry(struct run *r, long pause)
{
	struct run_private *p = r->private;
	const struct db_error *e = &p->dispatch.flight.error;
	char *text;

	if (r->notice == NULL)
		return;
	text = mem_printf("%s: %s; attempt %ld of %ld follows in %.1f s",
	    utf8_visible(r->jobs[r->finished].migration->name), e->message,
	    p->tries + 1, r->retries + 1, (double)pause / 1000);
	r->notice(text);
	free(text);
}

/* lock_not_available, deadlock_detected, serialization_failure */
static bool
lacked_lock(const struct run *r)
{
	const char *state = r->private->dispatch.flight.error.sqlstate;

	return strcmp(state, "55P03") == 0 || strcmp(state, "40P01") == 0 ||
	    strcmp(state, "40001") == 0 || r->private->watch.gave_up;
}

/*
 * Drop what the failed step left behind, if it is a concurrent build.  What
 * kept it waiting may keep this waiting, too: then the next run will.
 */
static bool
clear_failed(struct run *r)
{
	struct run_private *p = r->private;
	const struct flight *f = &p->dispatch.flight;
	struct leftover leftover = { 0 };
	bool cleared;

	if (f->failure.part != FLIGHT_BUILD)
		return true;
	if (read_failed(r) == -1)
		return false;
	leftover_add(
	    &leftover, &p->dispatch.script, r->jobs[f->failure.job].done);
	cleared = db_query(r->db, "SET lock_timeout = '2s'", 0, NULL) == 0 &&
	    leftover_clear(&leftover, r->db) == CLI_OK;
	(void)db_query(r->db, "RESET lock_timeout", 0, NULL);
	leftover_free(&leftover);
	return cleared;
}

/* Make the script the one that failed; others may have been read since. */
static int
read_failed(struct run *r)
{
	struct dispatch *d = &r->private->dispatch;
	const struct job *job = &r->jobs[d->flight.failure.job];

	if (script_read(&d->script, job->migration) == -1 ||
	    strcmp(d->script.checksum, job->checksum) != 0)
		return -1;
	if (job->alone)
		plan_make_alone(&d->script.plan);
	return 0;
}

/* For the next run, which goes on behind the last step that was done. */
static void
note_failure(struct run *r)
{
	struct dispatch *d = &r->private->dispatch;
	const struct job *job = &r->jobs[d->flight.failure.job];
	const char *values[2] = { job->id };
	char *logs;

	/* Behind a pooler the row may have become another's to write. */
	if (!d->flight.failed || !job->opened || r->db->pooled ||
	    read_failed(r) == -1)
		return;
	logs = resume_logs(&d->script, job->done, d->flight.error.sqlstate);
	values[1] = logs;
	(void)db_query(r->db, d->sql.note, 2, values);
	free(logs);
}

/* Say in r->error what happened, and what it means for the migration. */
static int
report(struct run *r, int status)
{
	struct flight *f = &r->private->dispatch.flight;

	r->broke = f->failed;
	r->lost = f->error.lost;
	if (r->error != NULL)
		return status;
	if (!f->failed && db_signal() != 0) {
		r->error = mem_copy("interrupted between two migrations");
		return CLI_NO;
	}
	if (turn_is_busy(&f->error) || turn_is_stale(&f->error))
		return report_wait(r);
	r->error = describe_failure(r);
	if (r->lost)
		return CLI_SYSTEM;
	(void)(db_signal() == 0 && clear_failed(r));
	return lacked_lock(r) && db_signal() == 0 ? CLI_RETRY : CLI_NO;
}

static int
report_wait(struct run *r)
{
	struct flight *f = &r->private->dispatch.flight;
	char *holder;

	r->broke = false;
	r->stale = turn_is_stale(&f->error);
	if (r->stale) {
		r->error = mem_copy("another has changed the history");
		return CLI_RETRY;
	}
	holder = lock_holder(r->db);
	r->error = mem_printf(
	    "P1002: the migration lock is held by %s; try again", holder);
	free(holder);
	return CLI_RETRY;
}

static char *
describe_failure(struct run *r)
{
	struct run_private *p = r->private;
	const struct flight *f = &p->dispatch.flight;
	enum flight_part part = f->failure.part;
	char *what, *text;

	if ((part == FLIGHT_STATEMENT || part == FLIGHT_BUILD) &&
	    read_failed(r) == 0)
		what = describe_statement(r);
	else
		what = explain_own(r->jobs[f->failure.job].migration->name,
		    part == FLIGHT_STEP || part == FLIGHT_FINISH
			? "COMMIT"
			: "history row",
		    &f->error);
	if (!lacked_lock(r) || p->watch.blockers == NULL)
		return what;
	text = mem_printf(
	    "%s\n  it was kept waiting by %s", what, p->watch.blockers);
	free(what);
	return text;
}

static char *
describe_statement(struct run *r)
{
	const struct dispatch *d = &r->private->dispatch;
	const struct flight *f = &d->flight;
	char *more =
	    duplicate_list(r->db, &d->script, f->failure.number, &f->error);
	char *text =
	    explain_statement(&d->script, f->failure.number, &f->error, more);

	free(more);
	return text;
}
