#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "indexing_private.h"
#include "mem.h"
#include "resume.h"

/* How long a server that broke off may take to come back, in milliseconds. */
enum {
	COMES_BACK = 5000,
	RECOVERS = 60000 /* if it says that it is at that */
};

static void open_row(struct indexing *, struct job *);
static void note(struct indexing *, struct job *, const char *);
static void finish(struct indexing *, struct job *);
static void leave(struct indexing *, struct job *);
static const struct task *next_of(const struct indexing *, const struct job *);
static void look_back(struct indexing *);
static void take(struct indexing *, const struct history *);

void
indexing_open(struct indexing *x)
{
	struct migrate *m = x->state->migrate;
	size_t i;

	if (!m->history->exists &&
	    db_query(m->db, history_create(m->db), 0, NULL) == -1)
		indexing_lose(x);
	for (i = 0; i < m->pending.count && !x->state->lost; i++)
		if (!m->pending.jobs[i].opened)
			open_row(x, &m->pending.jobs[i]);
}

/* The first of its statements begins, of a row that was there before it did. */
void
indexing_start(struct indexing *x, const struct job *job)
{
	struct indexing_state *s = x->state;
	const char *values[] = { job->id };

	if (job->row == NULL && !s->lost &&
	    indexing_count(x, job, TASK_WAITING) == job->steps &&
	    db_query(s->migrate->db, s->sql.start, 1, values) == -1)
		indexing_lose(x);
}

void
indexing_advance(struct indexing *x, struct job *job)
{
	const struct task *next = next_of(x, job);

	if (next == NULL) {
		finish(x, job);
		return;
	}
	if (next->number == job->done)
		return;
	job->done = next->number;
	note(x, job, NULL);
}

void
indexing_tell(struct indexing *x)
{
	struct indexing_state *s = x->state;
	struct task *task = s->tasks.list;
	struct task *end = task + s->tasks.count;

	for (; task < end && !s->lost; task++)
		if (task_is_done(task) && !task->told) {
			task->told = true;
			if (!task->job->finished)
				indexing_advance(x, task->job);
		}
}

/* Nothing runs any longer. */
void
indexing_leave(struct indexing *x)
{
	struct indexing_state *s = x->state;
	struct pending *p = &s->migrate->pending;
	size_t i;

	if (s->lost)
		look_back(x);
	for (i = 0; i < p->count; i++)
		if (p->jobs[i].opened && !p->jobs[i].finished)
			leave(x, &p->jobs[i]);
}

char *
indexing_logs(const struct indexing *x, const struct job *job, size_t done,
    const char *why)
{
	const struct indexing_state *s = x->state;

	return resume_logs(
	    &s->tasks.scripts[job - s->migrate->pending.jobs], done, why);
}

size_t
indexing_count(
    const struct indexing *x, const struct job *job, enum task_state state)
{
	const struct tasks *t = &x->state->tasks;
	size_t i, count = 0;

	for (i = 0; i < t->count; i++)
		count += t->list[i].job == job && t->list[i].state == state;
	return count;
}

bool
indexing_remains(const struct indexing *x, const struct job *job)
{
	const struct tasks *t = &x->state->tasks;
	size_t i;

	for (i = 0; i < t->count; i++)
		if (t->list[i].job == job &&
		    (t->list[i].state == TASK_DONE || t->list[i].left))
			return true;
	return false;
}

static void
open_row(struct indexing *x, struct job *job)
{
	struct indexing_state *s = x->state;
	char *logs = indexing_logs(x, job, 0, NULL);
	const char *values[] = { job->id, job->checksum, job->migration->name,
		logs };

	job->opened = db_query(s->migrate->db, s->sql.open, 4, values) == 0;
	free(logs);
	if (!job->opened)
		indexing_lose(x);
}

static void
note(struct indexing *x, struct job *job, const char *why)
{
	struct indexing_state *s = x->state;
	char *logs = indexing_logs(x, job, job->done, why);
	const char *values[] = { job->id, logs };

	if (!s->lost && db_query(s->migrate->db, s->sql.note, 2, values) == -1)
		indexing_lose(x);
	free(logs);
}

static void
finish(struct indexing *x, struct job *job)
{
	struct indexing_state *s = x->state;
	struct db *db = s->migrate->db;
	const char *values[] = { job->id, job->checksum };

	if (db_query(db, s->sql.finish, 2, values) == -1) {
		indexing_lose(x);
		return;
	}
	job->ms = strtod(db_value(db, 0, 0), NULL);
	job->done = job->steps;
	job->finished = true;
	s->finished++;
	indexing_report(x, job, NULL);
}

/* Without a row, if nothing of it remains; so that it stops nobody else. */
static void
leave(struct indexing *x, struct job *job)
{
	struct indexing_state *s = x->state;
	const struct task *next = next_of(x, job);
	const char *values[] = { job->id };
	const char *why = NULL;

	if (next != NULL && next->state == TASK_FAILED &&
	    *next->sqlstate != '\0')
		why = next->sqlstate;
	if (indexing_remains(x, job)) {
		note(x, job, why);
	} else if (!s->lost) {
		if (db_query(s->migrate->db, s->sql.remove, 1, values) == -1)
			indexing_lose(x);
		else
			job->opened = false;
	}
}

/* The first that is not done, or NULL. */
static const struct task *
next_of(const struct indexing *x, const struct job *job)
{
	const struct tasks *t = &x->state->tasks;
	size_t i;

	for (i = 0; i < t->count; i++)
		if (t->list[i].job == job && !task_is_done(&t->list[i]))
			return &t->list[i];
	return NULL;
}

/* Another connection finds out which rows were finished. */
static void
look_back(struct indexing *x)
{
	struct migrate *m = x->state->migrate;
	struct db_options options = *m->db->options;
	struct history history = { 0 };
	struct db db;

	db_drop(m->db);
	options.notice = NULL;
	options.brief = true;
	if (options.wait < COMES_BACK)
		options.wait = COMES_BACK;
	options.recover = RECOVERS;
	if (db_open(&db, &options) == CLI_OK &&
	    history_read(&history, &db) == 0)
		take(x, &history);
	history_free(&history);
	db_close(&db);
}

static void
take(struct indexing *x, const struct history *h)
{
	struct pending *p = &x->state->migrate->pending;
	size_t i, row;

	for (row = 0; row < h->count; row++)
		for (i = 0; i < p->count; i++)
			if (!p->jobs[i].finished &&
			    h->rows[row].state == HISTORY_APPLIED &&
			    strcmp(h->rows[row].id, p->jobs[i].id) == 0) {
				p->jobs[i].finished = true;
				p->jobs[i].ms = -1;
				x->state->finished++;
				indexing_report(x, &p->jobs[i], NULL);
			}
}
