#include <stdlib.h>

#include "cli.h"
#include "indexing_private.h"
#include "leftover.h"
#include "mem.h"
#include "resume.h"
#include "twin.h"
#include "utf8.h"

static int settle_rows(struct indexing *);
static int settle_row(struct indexing *, struct job *, struct script *);
static int clear_leftovers(struct indexing *);
static int look_for_twins(struct indexing *);
static int look_for_twin(struct indexing *, struct task *);

int
indexing_settle(struct indexing *x, bool locked)
{
	struct indexing_state *s = x->state;
	struct migrate *m = s->migrate;
	int status = CLI_OK;

	if (locked && (status = settle_rows(x)) != CLI_OK)
		return status;
	if ((status = tasks_look(&s->tasks, m->db)) != CLI_OK)
		return indexing_fail(m, status, mem_copy(s->tasks.error));
	if (locked && (status = clear_leftovers(x)) != CLI_OK)
		return status;
	return look_for_twins(x);
}

static int
settle_rows(struct indexing *x)
{
	struct indexing_state *s = x->state;
	struct pending *p = &s->migrate->pending;
	int status = CLI_OK;
	size_t i;

	for (i = 0; i < p->count && status == CLI_OK; i++)
		if (p->jobs[i].row != NULL)
			status =
			    settle_row(x, &p->jobs[i], &s->tasks.scripts[i]);
	return status;
}

/*
 * An earlier run may have died between a statement and the note of it.  Of
 * indexes that have a name the catalog will tell.
 */
static int
settle_row(struct indexing *x, struct job *job, struct script *script)
{
	struct migrate *m = x->state->migrate;
	struct tasks *t = &x->state->tasks;
	struct resume resume = { 0 };
	int status = CLI_OK;
	char *text;
	size_t i;

	(void)resume_read(&resume, job->row, script);
	for (i = 0; i < t->count; i++)
		if (t->list[i].job == job && t->list[i].number == job->done &&
		    !t->list[i].build &&
		    (status = resume_settle(&resume, m->db, script)) == CLI_OK)
			t->list[i].state =
			    resume.done > job->done ? TASK_DONE : TASK_WAITING;
	if (status != CLI_OK)
		(void)indexing_fail(m, status, mem_copy(resume.error));
	job->done = resume.done;
	resume_free(&resume);
	if (status == CLI_OK && job->done > 0 && m->notice != NULL) {
		text = mem_printf("%s: was left half done and goes on behind "
				  "step %zu of %zu",
		    utf8_visible(job->migration->name), job->done, job->steps);
		m->notice(text);
		free(text);
	}
	return status;
}

/* Others may be building on the same table, as mg-apply does. */
static int
clear_leftovers(struct indexing *x)
{
	struct migrate *m = x->state->migrate;
	struct tasks *t = &x->state->tasks;
	struct leftover leftover = { 0 };
	int status;
	size_t i;

	for (i = 0; i < t->count; i++)
		if (!task_is_done(&t->list[i]))
			leftover_add_one(&leftover, &t->list[i].script->sql,
			    t->list[i].number);
	status = leftover_clear(&leftover, m->db);
	if (status != CLI_OK)
		(void)indexing_fail(m, status, mem_copy(leftover.error));
	leftover_free(&leftover);
	return status;
}

/* Before anything is begun, so that nothing runs if one has another's name. */
static int
look_for_twins(struct indexing *x)
{
	struct tasks *t = &x->state->tasks;
	int status = CLI_OK;
	size_t i;

	for (i = 0; i < t->count && status == CLI_OK; i++)
		if (t->list[i].build && !task_is_done(&t->list[i]) &&
		    !tasks_waits(t, i))
			status = look_for_twin(x, &t->list[i]);
	return status;
}

static int
look_for_twin(struct indexing *x, struct task *task)
{
	struct migrate *m = x->state->migrate;
	struct twin twin;
	int status = CLI_OK;

	if (twin_find(&twin, m->db, &task->script->sql, task->number) == -1)
		status = indexing_fail(
		    m, CLI_SYSTEM, mem_copy(m->db->error.message));
	else if (twin.kind == TWIN_OTHER)
		status = indexing_fail(m, CLI_NO, indexing_other(task, &twin));
	task->twin = twin.kind == TWIN_SAME;
	task->looked = twin.kind != TWIN_INVALID;
	twin_free(&twin);
	return status;
}
