#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "clock.h"
#include "indexing_private.h"
#include "lock.h"
#include "mem.h"
#include "sight.h"

enum { CANCEL_AGAIN = 100 }; /* milliseconds */

static void run(struct indexing *);
static void begin_all(struct indexing *);
static bool is_over(struct indexing *);
static struct lane *idle_lane(struct indexing *);
static void make_do(struct indexing *, int, const char *);
static void begin(struct indexing *, struct lane *, struct task *);
static bool pauses(const struct indexing *);
static void wait_some(struct indexing *);
static void cancel_all(struct indexing *);

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
	if (m->db->pooled)
		return indexing_fail(m, CLI_INPUT,
		    mem_copy("indexes cannot be built behind a transaction "
			     "pooler; give the server's own URL in DIRECT_URL "
			     "or with -d"));
	status = tasks_read(t, &m->pending, x->how);
	return status == CLI_OK ? CLI_OK
				: indexing_fail(m, status, mem_copy(t->error));
}

int
indexing_claim(struct migrate *m, void *arg)
{
	char *who = NULL;
	int status = lane_claim(m->db, m->lock_wait, &who);

	(void)arg;
	if (status == CLI_RETRY)
		(void)indexing_fail(m, status,
		    mem_printf("another run is at work: %s; nothing was "
			       "changed, try again",
			who));
	else if (status != CLI_OK)
		(void)indexing_fail(m, status, mem_copy(m->db->error.message));
	free(who);
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
	history_sql_make(&s->sql, m->history);
	indexing_open(x);
	if (!s->lost && lock_give(m->db) == -1)
		indexing_lose(x);
	/* Those that have nothing in them. */
	for (i = 0; i < m->pending.count; i++)
		if (m->pending.jobs[i].steps == 0)
			indexing_advance(x, &m->pending.jobs[i]);
	run(x);
	indexing_leave(x);
	if (m->progress && !x->records)
		sight_clear();
	/* What broke off may have come to its end. */
	if (s->finished == m->pending.count)
		s->status = CLI_OK;
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

int
indexing_fail(struct migrate *m, int status, char *why)
{
	free(m->error);
	m->error = why;
	return status;
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
		/* Now that all lanes have something to do. */
		indexing_tell(x);
		if (indexing_busy(x) == 0 && (s->stopped || !pauses(x)))
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
			indexing_look(x);
	}
}

static void
begin_all(struct indexing *x)
{
	struct indexing_state *s = x->state;
	struct lane *lane;
	size_t n;

	while (!s->stopped &&
	    (n = tasks_next(&s->tasks, clock_ms())) < s->tasks.count &&
	    !is_over(x) && (lane = idle_lane(x)) != NULL)
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
	make_do(x, status, lane->db.error.message);
	lane_close(lane);
	return NULL;
}

/* Fewer lanes will have to do, if there is any. */
static void
make_do(struct indexing *x, int status, const char *why)
{
	struct indexing_state *s = x->state;
	char *text = mem_printf("of %zu connections to build on, %zu came "
				"about: %s",
	    x->lanes, s->count, why);

	x->lanes = s->count;
	if (s->count == 0)
		indexing_stop(x, status, mem_copy(text));
	else if (s->migrate->notice != NULL)
		s->migrate->notice(text);
	free(text);
}

static void
begin(struct indexing *x, struct lane *lane, struct task *task)
{
	struct indexing_state *s = x->state;
	struct job *job = task->job;
	char *logs = NULL;
	const char *values[] = { job->id, NULL };

	indexing_start(x, job);
	/* The notes must come in their order. */
	if (!task->build)
		indexing_tell(x);
	if (!task->build && !task->alone) {
		logs = indexing_logs(x, job, task->number + 1, NULL);
		values[1] = logs;
	}
	lane_send(lane, task, logs == NULL ? NULL : s->sql.note, values);
	task->state = TASK_RUNNING;
	s->next_look = clock_ms() + indexing_tick(x);
	free(logs);
}

size_t
indexing_busy(const struct indexing *x)
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
	    db_signal() != 0 || s->lost || pauses(x) ? CANCEL_AGAIN
						     : indexing_tick(x));
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
