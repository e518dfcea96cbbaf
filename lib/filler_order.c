#include "filler_private.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

static size_t next(const struct filler *, bool);
static bool is_ready(const struct filler *, const struct filler_table *, bool);
static double depth(const struct filler *, const struct filler_table *);
static bool holds(const struct blueprint_table *, const char *);

/*
 * A reference that may be null waits as long as there is another table to
 * take.  Where all of a circle must be, the first is taken, and refused.
 */
size_t
filler_sort(struct filler *f)
{
	size_t i, at, count = 0, all = f->blueprint.count;

	f->order = mem_resize(NULL, all, sizeof(*f->order));
	for (i = 0; i < all; i++)
		f->tables[i].waiting = f->tables[i].chosen;
	for (;;) {
		if ((at = next(f, false)) == all && (at = next(f, true)) == all)
			for (at = 0; at < all && !f->tables[at].waiting; at++)
				continue;
		if (at == all)
			break;
		f->tables[at].weight = 1 + depth(f, &f->tables[at]);
		f->tables[at].waiting = false;
		f->order[count++] = at;
	}
	for (i = 0; i < all; i++) {
		f->tables[i].weight /= (double)f->tables[i].blueprint->parts;
		f->tables[i].waiting = f->tables[i].chosen;
	}
	return count;
}

static size_t
next(const struct filler *f, bool hurry)
{
	size_t i;

	for (i = 0; i < f->blueprint.count; i++)
		if (f->tables[i].waiting && is_ready(f, &f->tables[i], hurry))
			break;
	return i;
}

static bool
is_ready(const struct filler *f, const struct filler_table *t, bool hurry)
{
	const struct blueprint_reference *r;
	size_t i;

	for (i = 0; i < t->blueprint->nreferences; i++) {
		r = &t->blueprint->references[i];
		if (!r->to_itself && filler_is_waiting(r->parent_oid, f) &&
		    !(hurry && parentage_is_optional(t->blueprint, r)))
			return false;
	}
	return true;
}

/* Children are more than their parents. */
static double
depth(const struct filler *f, const struct filler_table *t)
{
	const struct blueprint_reference *r;
	double most = 0;
	size_t i, k;

	for (i = 0; i < t->blueprint->nreferences; i++) {
		r = &t->blueprint->references[i];
		for (k = 0; k < f->blueprint.count; k++)
			if (f->tables[k].weight > most &&
			    holds(f->tables[k].blueprint, r->parent_oid))
				most = f->tables[k].weight;
	}
	return most;
}

static bool
holds(const struct blueprint_table *t, const char *oid)
{
	return strcmp(t->oid, oid) == 0 || strcmp(t->root, oid) == 0;
}

bool
filler_is_waiting(const char *oid, const void *filler)
{
	const struct filler *f = filler;
	size_t i;

	for (i = 0; i < f->blueprint.count; i++)
		if (f->tables[i].waiting && holds(f->tables[i].blueprint, oid))
			return true;
	return false;
}
