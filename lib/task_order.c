#include "task.h"

static bool may_begin(const struct tasks *, size_t);
static bool fits(const struct tasks *, size_t, unsigned, size_t);
static bool keep_order(const struct task *, const struct task *);
static bool exclude(const struct task *, const struct task *);

size_t
tasks_next(const struct tasks *t, long now)
{
	size_t n;

	for (n = 0; n < t->count; n++)
		if (t->list[n].state == TASK_WAITING &&
		    t->list[n].not_until <= now && may_begin(t, n))
			break;
	return n;
}

void
tasks_plan(struct tasks *t, size_t lanes)
{
	unsigned wave;
	size_t i, n;

	for (n = 0; n < t->count; n++) {
		wave = 1;
		for (i = 0; i < n; i++)
			if (keep_order(&t->list[i], &t->list[n]) &&
			    t->list[i].wave >= wave)
				wave = t->list[i].wave + 1;
		while (!fits(t, n, wave, lanes))
			wave++;
		t->list[n].wave = wave;
	}
}

bool
tasks_waits(const struct tasks *t, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!task_is_done(&t->list[i]) &&
		    keep_order(&t->list[i], &t->list[n]))
			return true;
	return false;
}

static bool
may_begin(const struct tasks *t, size_t n)
{
	const struct task *task = &t->list[n], *other;
	size_t i;

	for (i = 0; i < t->count; i++) {
		other = &t->list[i];
		if (i < n && !task_is_done(other) && keep_order(other, task))
			return false;
		if (other->state == TASK_RUNNING && exclude(other, task))
			return false;
	}
	return true;
}

/* Is there room in that wave of those before it? */
static bool
fits(const struct tasks *t, size_t n, unsigned wave, size_t lanes)
{
	size_t i, count = 0;

	for (i = 0; i < n; i++) {
		if (t->list[i].wave != wave)
			continue;
		if (++count == lanes || exclude(&t->list[i], &t->list[n]))
			return false;
	}
	return true;
}

/* Must the first be done before the second begins? */
static bool
keep_order(const struct task *a, const struct task *b)
{
	if (a->barrier || b->barrier)
		return true;
	if (a->build && b->build)
		return a->names[0] == b->names[0];
	if (a->job == b->job || a->oid == b->oid)
		return true;
	return a->names[0] != 0 && a->names[0] == b->names[0];
}

/* May they not run at the same time, in whatever order? */
static bool
exclude(const struct task *a, const struct task *b)
{
	return a->oid == b->oid &&
	    (a->spelling.concurrent || b->spelling.concurrent);
}
