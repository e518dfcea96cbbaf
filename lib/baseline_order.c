#include <stdlib.h>
#include <string.h>

#include "baseline_private.h"
#include "mem.h"

static size_t put_moved(
    struct baselines *, const size_t *, size_t, size_t, size_t, bool);

/* Before the first that is newer than the newest that it replaces. */
void
baseline_run_early(struct decision *d, struct baseline *top)
{
	const struct migration *list = d->b->migrations->list;
	const char *name, *newest = NULL;
	size_t i;

	for (i = 0; i < d->count; i++) {
		name = d->b->names.list[d->all[i]].name;
		if (d->b->names.list[d->all[i]].count == 0 &&
		    (newest == NULL || strcmp(name, newest) > 0))
			newest = name;
	}
	for (i = 0; newest != NULL && i < top->before; i++)
		if (strcmp(list[i].name, newest) > 0)
			top->before = i;
}

void
baseline_put_in_order(struct baselines *b)
{
	size_t i, n = 0, nmoved = 0, count = b->migrations->count;
	size_t *moved = mem_resize(NULL, count, sizeof(*moved));

	for (i = 0; i < count; i++)
		if (b->list[i].behind > i || b->list[i].before < i)
			moved[nmoved++] = i;
	for (i = 0; i < count; i++) {
		n = put_moved(b, moved, nmoved, n, i, true);
		if (b->list[i].behind <= i && b->list[i].before >= i)
			b->order[n++] = i;
		n = put_moved(b, moved, nmoved, n, i, false);
	}
	free(moved);
}

/* Those that come just before or behind position i of the stream. */
static size_t
put_moved(struct baselines *b, const size_t *moved, size_t nmoved, size_t n,
    size_t i, bool before)
{
	const struct baseline *one;
	size_t k;

	for (k = 0; k < nmoved; k++) {
		one = &b->list[moved[k]];
		if (before ? one->before == i && moved[k] > i
			   : one->behind == i && moved[k] < i)
			b->order[n++] = moved[k];
	}
	return n;
}
