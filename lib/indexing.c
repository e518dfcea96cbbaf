#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "clock.h"
#include "indexing_private.h"
#include "lock.h"
#include "mem.h"
#include "sight.h"

enum { TICK = 1000, CANCEL_AGAIN = 100 }; /* milliseconds */

/* The same: when who keeps a build waiting is told. */
enum { SILENCE = 2000, SILENCE_LEAST = 50 };

static void run(struct indexing *);
static void begin_all(struct indexing *);
static bool is_over(struct indexing *);
static struct lane *idle_lane(struct indexing *);
static void begin(struct indexing *, struct lane *, struct task *);
static size_t busy(const struct indexing *);
static bool pauses(const struct indexing *);
static void wait_some(struct indexing *);
static void cancel_all(struct indexing *);
static long silence(const struct indexing *);
static long tick(const struct indexing *);
static void look(struct indexing *);
static void judge(struct indexing *, struct lane *);

int
indexing_check(struct migrate *m, void *arg)
{
	struct indexing *x = arg;
	struct tasks *t;
	int status;

	if (x->state == NULL)
		x->state = mem_alloc(sizeof(*x->state));
	x->state->migrate = m;
	t = &x->state->tasks;
	status = tasks_read(t, &m->pending, x->how);
	if (status != CLI_OK) {
		free(m->error);
		m->error = mem_copy(t->error);
	}
	return status;
}

int
indexing_work(struct migrate *m, void *arg)
{
	struct indexing *x = arg;
	struct indexing_state *s = x->state;
	size_t i;

	if ((s->status = indexing_settle(x, true)) != CLI_OK)
		return s->status;
	db_catch_signals();
	s->lanes = mem_resize(NULL, x->lanes, sizeof(*s->lanes));
	s->created = m->history->exists;
	history_sql_make(&s->sql, m->history);
	/* Those of which all was done but the last note. */
	for (i = 0; i < m->pending.count; i++)
		if (m->pending.jobs[i].done == m->pending.jobs[i].steps)
			indexing_advance(x, &m->pending.jobs[i]);
	run(x);
	indexing_leave(x);
	if (m->progress && !x->records)
		fputs("\r\033[K", stderr);
	indexing_report_rest(x);
	return s->status;
}

void
indexing_free(struct indexing *x)
{
	struct indexing_state *s = x->state;
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->count; i++)
		lane_close(&s->lanes[i]);
	free(s->lanes);
	history_sql_free(&s->sql);
	tasks_free(&s->tasks);
	free(s);
	x->state = NULL;
}

void
indexing_stop(struct indexing *x, int status, char *why)
{
	struct indexing_state *s = x->state;
	struct migrate *m = s->migrate;

	s->stopped = true;
	if (s->status == CLI_OK || s->status == CLI_RETRY)
		s->status = status;
	if (m->error == NULL)
		m->error = why;
	else
		free(why);
}

void
indexing_lose(struct indexing *x)
{
	struct indexing_state *s = x->state;

	s->lost = true;
	indexing_stop(x, CLI_SYSTEM,
	    mem_printf("the history cannot be written: %s",
		s->migrate->db->error.message));
}

static void
run(struct indexing *x)
{
	struct indexing_state *s = x->state;
	bool cancelled = false;

	for (;;) {
		begin_all(x);
		if (busy(x) == 0 && (s->stopped || !pauses(x)))
			break;
		wait_some(x);
		if (db_signal() != 0 && !cancelled) {
			cancelled = true;
			indexing_stop(x, CLI_NO,
			    mem_printf("signal %d came, and what was being "
				       "built is cancelled",
				db_signal()));
		}
		if (db_signal() != 0 || s->lost)
			cancel_all(x);
		else if (clock_ms() >= s->next_look)
			look(x);
	}
}

static void
begin_all(struct indexing *x)
{
	struct indexing_state *s = x->state;
	struct lane *lane;
	size_t n;

	while (!s->stopped && !is_over(x) &&
	    (n = tasks_next(&s->tasks, clock_ms())) < s->tasks.count &&
	    (lane = idle_lane(x)) != NULL)
		if (indexing_examine(x, &s->tasks.list[n]))
			begin(x, lane, &s->tasks.list[n]);
}

static bool
is_over(struct indexing *x)
{
	struct indexing_state *s = x->state;

	if (x->limited && clock_ms() >= x->until) {
		x->over = s->stopped = true;
		if (s->status == CLI_OK)
			s->status = CLI_NO;
	}
	return x->over;
}

/* One more, if there may be; NULL if there is none. */
static struct lane *
idle_lane(struct indexing *x)
{
	struct indexing_state *s = x->state;
	struct lane *lane;
	size_t i;
	int status;

	for (i = 0; i < s->count; i++)
		if (s->lanes[i].task == NULL)
			return &s->lanes[i];
	if (s->count == x->lanes)
		return NULL;
	lane = &s->lanes[s->count];
	*lane = (struct lane){ 0 };
	status = lane_open(lane, s->migrate->db->options, &x->settings);
	if (status == CLI_OK) {
		s->count++;
		return lane;
	}
	/* Fewer will have to do, if there is any. */
	x->lanes = s->count;
	if (s->count == 0)
		indexing_stop(x, status,
		    mem_printf("a connection to build on: %s",
			lane->db.error.message));
	lane_close(lane);
	return NULL;
}

static void
begin(struct indexing *x, struct lane *lane, struct task *task)
{
	struct indexing_state *s = x->state;
	struct job *job = task->job;
	char *logs = NULL;
	const char *values[] = { job->id, NULL };

	if (!job->opened && indexing_open(x, job) == -1)
		return;
	if (!task->build && !task->alone) {
		logs = indexing_logs(x, job, task->number + 1, NULL);
		values[1] = logs;
	}
	lane_send(lane, task, logs == NULL ? NULL : s->sql.note, values);
	task->state = TASK_RUNNING;
	s->next_look = clock_ms() + tick(x);
	free(logs);
}

static size_t
busy(const struct indexing *x)
{
	size_t i, count = 0;

	for (i = 0; i < x->state->count; i++)
		count += x->state->lanes[i].task != NULL;
	return count;
}

/* Does a task wait for its next attempt? */
static bool
pauses(const struct indexing *x)
{
	const struct tasks *t = &x->state->tasks;
	size_t i;

	for (i = 0; i < t->count; i++)
		if (t->list[i].state == TASK_WAITING &&
		    t->list[i].not_until > clock_ms())
			return true;
	return false;
}

/* Until there is an answer, or it is time to look. */
static void
wait_some(struct indexing *x)
{
	struct indexing_state *s = x->state;
	struct db **list = mem_resize(NULL, s->count, sizeof(*list));
	size_t i, ready;

	for (i = 0; i < s->count; i++)
		list[i] = s->lanes[i].task == NULL ? NULL : &s->lanes[i].db;
	ready = db_wait(list, s->count,
	    db_signal() != 0 || s->lost || pauses(x) ? CANCEL_AGAIN : tick(x));
	if (ready < s->count)
		indexing_end(x, &s->lanes[ready]);
	free(list);
}

static void
cancel_all(struct indexing *x)
{
	struct indexing_state *s = x->state;
	size_t i;

	for (i = 0; i < s->count; i++)
		if (s->lanes[i].task != NULL)
			db_cancel(&s->lanes[i].db);
}

/* A lock must be looked at before its timeout lets go of it. */
static long
silence(const struct indexing *x)
{
	long half = x->state->migrate->db->options->lock_timeout / 2;

	if (half == 0 || half > SILENCE)
		return SILENCE;
	return half < SILENCE_LEAST ? SILENCE_LEAST : half;
}

static long
tick(const struct indexing *x)
{
	return silence(x) < TICK ? silence(x) : TICK;
}

static void
look(struct indexing *x)
{
	struct indexing_state *s = x->state;
	struct migrate *m = s->migrate;
	size_t i;

	s->next_look = clock_ms() + tick(x);
	if (busy(x) == 0)
		return;
	if (sight_look(m->db, s->lanes, s->count, silence(x), m->notice) ==
	    -1) {
		if (m->db->error.lost)
			indexing_lose(x);
		return;
	}
	for (i = 0; i < s->count; i++)
		judge(x, &s->lanes[i]);
	if (x->records)
		sight_records(s->lanes, s->count);
	else if (m->progress)
		sight_line(s->lanes, s->count, s->finished, m->pending.count);
}

/*
 * No timeout ends a concurrent build, but patience does.  Who waits for the
 * migration lock inside the server, as Prisma does, would wait for ever, as the
 * build waits for that session's snapshot: it is sent away.
 */
static void
judge(struct indexing *x, struct lane *lane)
{
	const struct migrate *m = x->state->migrate;
	long patience = m->db->options->lock_timeout * (m->retries + 1);

	if (lane->task == NULL || lane->since == 0 ||
	    !lane->task->spelling.concurrent)
		return;
	(void)lock_cancel_waiters(m->db);
	if (patience == 0 || clock_ms() - lane->since < patience)
		return;
	lane->gave_up = true;
	db_cancel(&lane->db);
}
