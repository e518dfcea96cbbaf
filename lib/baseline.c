#include <stdlib.h>

#include "baseline_private.h"
#include "mem.h"
#include "resume.h"

static void look(struct decision *);
static void find_tops(struct decision *);
static bool is_within(struct decision *, size_t);
static void take_given(struct decision *);
static void cover(struct decision *);
static void decide(struct decision *, struct baseline *);
static void replace(struct decision *);

int
baselines_read(struct baselines *b, const struct migrations *m)
{
	size_t i, at;

	*b = (struct baselines){ .migrations = m };
	if (replaced_read(&b->names, m) == -1)
		return -1;
	b->list = mem_alloc(m->count * sizeof(*b->list));
	b->order = mem_resize(NULL, m->count, sizeof(*b->order));
	for (i = 0; i < m->count; i++)
		b->list[i].before = i;
	for (i = 0; i < b->names.count; i++)
		if ((at = b->names.list[i].at) < m->count)
			b->list[at].place = i;
	return 0;
}

void
baselines_decide(
    struct baselines *b, const struct history *h, size_t end, const bool *given)
{
	struct decision d = { b, h, end, given, NULL, NULL, 0 };
	size_t i;

	d.had = mem_alloc(b->names.count * sizeof(*d.had));
	look(&d);
	find_tops(&d);
	if (given != NULL)
		take_given(&d);
	cover(&d);
	for (i = 0; i < b->migrations->count; i++)
		if (b->list[i].top)
			decide(&d, &b->list[i]);
	baseline_put_in_order(b);
	free(d.had);
}

const char *
baselines_refusal(const struct baselines *b)
{
	size_t i;

	for (i = 0; i < b->migrations->count; i++)
		if (b->list[i].reason != NULL)
			return b->list[i].reason;
	return NULL;
}

void
baselines_free(struct baselines *b)
{
	size_t i;

	for (i = 0; b->list != NULL && i < b->migrations->count; i++)
		free(b->list[i].reason);
	free(b->list);
	free(b->order);
	replaced_free(&b->names);
	*b = (struct baselines){ 0 };
}

bool
baseline_can_run(const struct decision *d, size_t place)
{
	return d->given == NULL && d->b->names.list[place].at < d->end;
}

static void
look(struct decision *d)
{
	const struct replaced *names = &d->b->names;
	struct had *had;
	size_t i;

	for (i = 0; i < names->count; i++) {
		had = &d->had[i];
		had->state =
		    history_state(d->history, names->list[i].name, &had->row);
		had->half = had->state == HISTORY_FAILED &&
		    baseline_can_run(d, i) && resume_is_ours(had->row);
	}
}

static void
find_tops(struct decision *d)
{
	const struct replaced_name *names = d->b->names.list;
	struct baseline *list = d->b->list;
	size_t i, k, count = d->b->migrations->count;
	bool *within = mem_alloc(d->b->names.count * sizeof(*within));

	for (i = 0; i < d->b->names.count; i++) {
		if (names[i].count == 0 || names[i].at == count)
			continue;
		if ((within[i] = is_within(d, i)))
			list[names[i].at].top = true;
		else
			list[names[i].at].fate = BASELINE_BEYOND;
	}
	for (i = 0; i < d->b->names.count; i++) {
		if (!within[i])
			continue;
		d->all = replaced_all(&d->b->names, i, &d->count);
		for (k = 0; k < d->count; k++)
			if (names[d->all[k]].at < count)
				list[names[d->all[k]].at].top = false;
		free(d->all);
	}
	free(within);
}

/* A baseline of the stream that does not reach beyond the end. */
static bool
is_within(struct decision *d, size_t place)
{
	const struct replaced_name *names = d->b->names.list;
	size_t i, total = d->b->migrations->count;
	bool within = names[place].at < d->end;

	if (!within || (d->given != NULL && !d->given[names[place].at]))
		return false;
	d->all = replaced_all(&d->b->names, place, &d->count);
	for (i = 0; i < d->count; i++)
		within &= names[d->all[i]].at < d->end ||
		    names[d->all[i]].at == total;
	free(d->all);
	return within;
}

/* What is about to be marked counts as applied, but for the baselines. */
static void
take_given(struct decision *d)
{
	const struct replaced_name *names = d->b->names.list;
	size_t i, at;

	for (i = 0; i < d->b->names.count; i++) {
		at = names[i].at;
		if (at == d->b->migrations->count || !d->given[at] ||
		    d->b->list[at].top || d->had[i].state == HISTORY_APPLIED)
			continue;
		d->had[i].state = HISTORY_APPLIED;
		d->had[i].row = NULL;
	}
}

/* The database has what it applied, and what an applied baseline replaces. */
static void
cover(struct decision *d)
{
	size_t i;

	for (i = 0; i < d->b->names.count; i++)
		if (d->had[i].state == HISTORY_APPLIED)
			baseline_cover(d, i);
}

void
baseline_cover(struct decision *d, size_t top)
{
	size_t i, count, *all = replaced_all(&d->b->names, top, &count);

	d->had[top].covered = true;
	for (i = 0; i < count; i++)
		d->had[all[i]].covered = true;
	free(all);
}

static void
decide(struct decision *d, struct baseline *top)
{
	const struct had *had = &d->had[top->place];
	bool done = had->state == HISTORY_APPLIED ||
	    (had->state == HISTORY_FAILED && d->given == NULL);
	char *lacks = NULL;

	d->all = replaced_all(&d->b->names, top->place, &d->count);
	if (!done && baseline_is_begun(d, top->place)) {
		top->fate = BASELINE_RECORDED;
		lacks = baseline_need_rest(d, top);
	} else if (!done && d->given == NULL)
		baseline_run_early(d, top);
	if (!done)
		top->reason = baseline_refuse(d, top->place);
	if (top->reason == NULL)
		top->reason = lacks;
	else
		free(lacks);
	if (top->reason == NULL)
		replace(d);
	free(d->all);
}

bool
baseline_is_begun(const struct decision *d, size_t place)
{
	size_t i, count, *all = replaced_all(&d->b->names, place, &count);
	bool begun = false;

	for (i = 0; i < count; i++)
		begun |= d->had[all[i]].covered || d->had[all[i]].half;
	free(all);
	return begun;
}

static void
replace(struct decision *d)
{
	const struct had *had;
	size_t i, at;

	for (i = 0; i < d->count; i++) {
		at = d->b->names.list[d->all[i]].at;
		had = &d->had[d->all[i]];
		if (at < d->b->migrations->count && !had->needed &&
		    (had->state == HISTORY_NONE ||
			had->state == HISTORY_ROLLED_BACK))
			d->b->list[at].fate = BASELINE_REPLACED;
	}
}
