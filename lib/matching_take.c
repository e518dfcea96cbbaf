#include <stdlib.h>
#include <string.h>

#include "matching_private.h"
#include "mem.h"
#include "utf8.h"

static void take_baseline(struct matching *, size_t);
static size_t last_row(struct matching *, size_t);
static const struct candidate *find(const struct matching *, const char *);
static void put(struct matching *, size_t, size_t, bool);
static void sort(struct matching *);
static int by_row(const void *, const void *);
static int by_place(const void *, const void *);

void
matching_take(struct matching *m)
{
	const struct candidate *c;
	size_t i;

	for (c = m->candidates; c < m->candidates + m->ncandidates; c++)
		if (c->row < m->foreign->count && c->at < m->migrations->count)
			put(m, c->at, c->row, false);
	for (i = 0; i < m->replaced->count && m->error == NULL; i++)
		if (m->replaced->list[i].count > 0 &&
		    m->replaced->list[i].at < m->migrations->count)
			take_baseline(m, i);
	sort(m);
}

static void
take_baseline(struct matching *m, size_t top)
{
	size_t row = last_row(m, top);

	if (row < m->foreign->count && m->error == NULL)
		put(m, m->replaced->list[top].at, row, true);
}

/* Of what a baseline stands for; the count of rows if nothing is there. */
static size_t
last_row(struct matching *m, size_t top)
{
	const struct replaced_name *names = m->replaced->list;
	size_t i, count, none = m->foreign->count, row = none;
	size_t *all = replaced_all(m->replaced, top, &count);
	const struct candidate *c;
	const char *missing = NULL;

	for (i = 0; i < count; i++) {
		if (names[all[i]].count > 0)
			continue;
		c = find(m, names[all[i]].name);
		if (c == NULL || c->row == none)
			missing = names[all[i]].name;
		else if (row == none || c->row > row)
			row = c->row;
	}
	if (row < none && missing != NULL)
		m->error = mem_printf(
		    "%s: %s has some of what it replaces, and not %s; apply "
		    "the rest with %s first",
		    utf8_visible(names[top].name),
		    utf8_visible(m->foreign->table), utf8_visible(missing),
		    m->foreign->tool);
	free(all);
	return row;
}

static const struct candidate *
find(const struct matching *m, const char *name)
{
	const struct candidate *c;

	for (c = m->candidates; c < m->candidates + m->ncandidates; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

static void
put(struct matching *m, size_t at, size_t row, bool baseline)
{
	m->list = mem_grow(m->list, m->count, sizeof(*m->list));
	m->list[m->count++] =
	    (struct match){ .at = at, .row = row, .baseline = baseline };
}

static void
sort(struct matching *m)
{
	if (m->count > 0)
		qsort(m->list, m->count, sizeof(*m->list),
		    m->foreign->timed ? by_row : by_place);
}

static int
by_row(const void *a, const void *b)
{
	const struct match *x = a, *y = b;

	if (x->row != y->row)
		return (x->row > y->row) - (x->row < y->row);
	if (x->baseline != y->baseline)
		return x->baseline - y->baseline;
	return by_place(a, b);
}

static int
by_place(const void *a, const void *b)
{
	const struct match *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}
