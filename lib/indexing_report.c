#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "indexing_private.h"
#include "kind.h"
#include "mem.h"
#include "sight.h"
#include "utf8.h"

static void report_open(const struct indexing *, const struct job *);
static const char *error_of(const struct indexing *, const struct job *);
static void write_plan(const struct tasks *, const struct job *);
static const char *plan_of(const struct task *);

int
indexing_plan(struct migrate *m, void *arg)
{
	struct indexing *x = arg;
	struct tasks *t = &x->state->tasks;
	size_t i;
	int status = indexing_settle(x, false);

	if (status != CLI_OK)
		return status;
	tasks_plan(t, x->lanes);
	for (i = 0; i < m->pending.count; i++)
		write_plan(t, &m->pending.jobs[i]);
	return CLI_OK;
}

void
indexing_report(
    const struct indexing *x, const struct job *job, const char *error)
{
	struct json_t *record = job->migration->object;

	record_set_string(
	    record, "state", error == NULL ? "applied" : "failed");
	if (error == NULL && job->ms >= 0)
		record_set_real(record, "ms", job->ms);
	if (error != NULL)
		record_set_string(record, "error", error);
	record_set_integer(record, "steps", (long long)job->steps);
	if (x->state->migrate->progress && !x->records)
		sight_clear();
	record_set_integer(
	    record, "found", (long long)indexing_count(x, job, TASK_FOUND));
	record_write(record, stdout);
	/* A run is long, and who reads it waits. */
	fflush(stdout);
}

void
indexing_report_rest(const struct indexing *x)
{
	const struct indexing_state *s = x->state;
	const struct pending *p = &s->migrate->pending;
	size_t i;

	for (i = 0; i < p->count; i++)
		if (!p->jobs[i].finished)
			report_open(x, &p->jobs[i]);
	if (s->finished == p->count)
		return;
	if (s->migrate->error != NULL)
		warnx("%s", s->migrate->error);
	if (x->over)
		warnx("the time is over, and nothing more is begun");
	warnx("%s%zu of %zu pending migrations were applied",
	    s->lost ? "as far as is known " : "", s->finished, p->count);
	for (i = 0; i < p->count; i++)
		if (!p->jobs[i].finished && indexing_remains(x, &p->jobs[i]))
			warnx("%s: %zu of its %zu steps are done; run again",
			    utf8_visible(p->jobs[i].migration->name),
			    indexing_count(x, &p->jobs[i], TASK_DONE) +
				indexing_count(x, &p->jobs[i], TASK_FOUND),
			    p->jobs[i].steps);
	free(s->migrate->error);
	s->migrate->error = NULL;
}

/* Those that were never begun only where time was too short for them. */
static void
report_open(const struct indexing *x, const struct job *job)
{
	const char *error = error_of(x, job);

	if (error != NULL)
		indexing_report(x, job, error);
	else if (indexing_remains(x, job))
		indexing_report(x, job, "it is half done; run again");
	else if (x->over) {
		record_set_string(job->migration->object, "state", "pending");
		record_write(job->migration->object, stdout);
	}
}

static const char *
error_of(const struct indexing *x, const struct job *job)
{
	const struct tasks *t = &x->state->tasks;
	size_t i;

	for (i = 0; i < t->count; i++)
		if (t->list[i].job == job && t->list[i].state == TASK_FAILED)
			return t->list[i].error;
	return NULL;
}

static void
write_plan(const struct tasks *t, const struct job *job)
{
	struct json_t *record = job->migration->object, *element;
	const struct task *task;
	size_t i;

	record_set_string(record, "state", "pending");
	for (i = 0; i < t->count; i++) {
		task = &t->list[i];
		if (task->job != job || task_is_done(task))
			continue;
		element = record_new();
		record_set_string(element, "kind",
		    kind_word(&task->script->sql, task->number));
		if (task->index != NULL)
			record_set_string(element, "index", task->index);
		if (task->table != NULL)
			record_set_string(element, "table", task->table);
		record_set_string(element, "plan", plan_of(task));
		record_set_integer(element, "wave", (long long)task->wave);
		record_append(record, "statements", element);
	}
	record_write(record, stdout);
}

static const char *
plan_of(const struct task *task)
{
	if (task->twin)
		return "found";
	if (task->spelling.concurrent)
		return "concurrent";
	return task->build ? "plain" : "in order";
}
