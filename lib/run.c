#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "mem.h"
#include "resume.h"
#include "run_private.h"

static int pass(struct run *);
static int fly_on(struct run *);
static size_t next_script(const struct run *);
static int fly(struct run *, size_t);
static int fly_alone(struct run *);
static int read_script(struct run *, struct job *);
static void landed(void *, const struct flight_item *);
static int settle(struct run *);
static int tidy(struct db *, const char *);
static void note_failure(struct run *);

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
	while (run_again(r, status));
	if (status != CLI_OK)
		status = run_report(r, status);
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

	do
		status = r->db->pooled ? fly_alone(r) : fly_on(r);
	while (status == CLI_OK && r->finished < r->count &&
	    !r->private->dispatch.flight.failed && r->error == NULL &&
	    db_signal() == 0);
	return status == CLI_OK ? settle(r) : status;
}

/* A script, or all that comes before the next one, in one pipeline. */
static int
fly_on(struct run *r)
{
	size_t end = next_script(r);

	return end == r->finished ? run_script(r) : fly(r, end);
}

static size_t
next_script(const struct run *r)
{
	size_t i = r->finished;

	while (i < r->count && !job_is_script(&r->jobs[i]))
		i++;
	return i;
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
	struct turn before;
	bool opened = job->opened;
	char *logs;
	int status;

	if (d->turn.id != job->id)
		turn_takes(&d->turn, job->id,
		    job->row == NULL ? NULL : job->row->logs);
	before = d->turn;
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

	if (job_read(job, s) == -1)
		r->error = mem_copy(s->error);
	else if (strcmp(s->checksum, job->checksum) != 0)
		r->error = mem_printf("%s: it changed while it was to be run; "
				      "run again",
		    s->path);
	if (r->error != NULL)
		return -1;
	if (job->alone)
		plan_make_alone(&s->plan);
	job->steps = job->way == JOB_RUN ? s->plan.count : 0;
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
	struct flight *f = &r->private->dispatch.flight;
	size_t i, count = r->db->pooled ? 0 : sizeof(clean) / sizeof(*clean);

	if (r->finished == r->count)
		return CLI_OK;
	if (f->error.lost)
		return CLI_SYSTEM;
	if (db_in_transaction(r->db))
		(void)tidy(r->db, "ROLLBACK");
	for (i = 0; i < count; i++)
		if (tidy(r->db, clean[i]) == -1) {
			flight_lose(f);
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
	    run_read_failed(r) == -1)
		return;
	logs = resume_logs(&d->script, job->done, d->flight.error.sqlstate);
	values[1] = logs;
	(void)db_query(r->db, d->sql.note, 2, values);
	free(logs);
}
