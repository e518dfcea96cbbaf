#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "clock.h"
#include "leftover.h"
#include "lock.h"
#include "mem.h"
#include "run_private.h"
#include "utf8.h"

enum {
	PAUSE_FIRST = 250, /* milliseconds */
	PAUSE_LAST = 10000,
	SENT_AWAY = 10 /* times */
};

static bool refuses_transaction(struct run *);
static bool unlocked(struct run *);
static bool forgot(struct run *);
static bool waited(struct run *);
static bool retried(struct run *);
static void tell_retry(struct run *, long);

bool
run_again(struct run *r, int status)
{
	struct run_private *p = r->private;
	struct flight *f = &p->dispatch.flight;

	if (status != CLI_NO || !f->failed || db_signal() != 0)
		return false;
	if (!refuses_transaction(r) && !unlocked(r) && !forgot(r) &&
	    !waited(r) && !retried(r))
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
	if (run_read_failed(r) == -1 ||
	    r->private->dispatch.script.sql.count != 1)
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
	    r->private->sent_away++ < SENT_AWAY &&
	    lock_cancel_waiters(r->db) > 0 && run_clear_failed(r);
}

/*
 * Did the script drop the session's prepared statements, ours included?  Then
 * it has been rolled back, and is run again without any.
 */
static bool
forgot(struct run *r)
{
	struct dispatch *d = &r->private->dispatch;
	const struct flight *f = &d->flight;

	if (d->unplanned || strcmp(f->error.sqlstate, "26000") != 0 ||
	    (f->failure.part != FLIGHT_ROW && f->failure.part != FLIGHT_OWN))
		return false;
	return d->unplanned = true;
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

	if (!run_lacked_lock(r) || p->watch.gave_up)
		return false;
	if (p->trying != r->finished)
		p->tries = 0;
	p->trying = r->finished;
	if (p->tries++ >= r->retries || !run_clear_failed(r))
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

bool
run_clear_failed(struct run *r)
{
	struct run_private *p = r->private;
	const struct flight *f = &p->dispatch.flight;
	struct leftover leftover = { 0 };
	bool cleared;

	if (f->failure.part != FLIGHT_BUILD)
		return true;
	if (run_read_failed(r) == -1)
		return false;
	leftover_add(
	    &leftover, &p->dispatch.script, r->jobs[f->failure.job].done);
	cleared = db_query(r->db, "SET lock_timeout = '2s'", 0, NULL) == 0 &&
	    leftover_clear(&leftover, r->db) == CLI_OK;
	(void)db_query(r->db, "RESET lock_timeout", 0, NULL);
	leftover_free(&leftover);
	return cleared;
}

/*
 * lock_not_available, deadlock_detected, serialization_failure; but what runs
 * outside of a transaction, a procedure, may have committed a part before.
 */
bool
run_lacked_lock(const struct run *r)
{
	const struct flight *f = &r->private->dispatch.flight;
	const char *state = f->error.sqlstate;

	if (f->failure.part == FLIGHT_ALONE)
		return false;
	return strcmp(state, "55P03") == 0 || strcmp(state, "40P01") == 0 ||
	    strcmp(state, "40001") == 0 || r->private->watch.gave_up;
}

int
run_read_failed(struct run *r)
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
