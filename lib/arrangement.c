#include "arrangement.h"

#include <stdlib.h>

#include "mem.h"

/* The sources of one key, and what is known of them. */
struct parts {
	struct draft_source **list;
	size_t count;
	bool doubtful; /* something else is part of the key, too */
	bool settled;  /* by the server's sequence */
};

static void arrange(struct draft *, const struct blueprint_key *);
static struct parts find_parts(struct draft *, const struct blueprint_key *);
static void add_part(struct parts *, struct draft_source *);
static size_t columns_of(
    const struct draft *, const struct blueprint_key *, int);
static bool is_single(const struct draft *, const struct parts *);
static bool may_run_out(
    struct draft *, const struct blueprint_key *, const struct parts *);
static long long count_through(const struct parts *, long long);
static struct draft_source *next_digit(const struct parts *, long long);

/* Those that leave no choice come first. */
void
arrangement_make(struct draft *d, long long rows)
{
	const struct blueprint_table *t = d->table;
	size_t i, count;

	d->rows = rows;
	d->narrow = NULL;
	d->unsure = false;
	for (i = 0; i < d->nsources; i++)
		d->sources[i].keyed = d->sources[i].open = false;
	for (count = 1; count <= t->ncolumns; count++)
		for (i = 0; i < t->nkeys; i++)
			if (t->keys[i].count == count)
				arrange(d, &t->keys[i]);
}

static void
arrange(struct draft *d, const struct blueprint_key *key)
{
	struct parts parts = find_parts(d, key);
	long long room;
	size_t i;

	if (key->no_nulls)
		for (i = 0; i < key->count; i++)
			d->columns[key->columns[i]].nulls = DRAFT_NEVER;
	if (!key->plain)
		d->unsure = true;
	if (!parts.settled) {
		room = is_single(d, &parts) || may_run_out(d, key, &parts)
		    ? d->rows
		    : count_through(&parts, d->rows);
		if (room < d->rows && key->plain && !parts.doubtful &&
		    parts.count > 0) {
			d->rows = room;
			d->narrow = key->name;
		} else if (room < d->rows)
			d->unsure = true;
	}
	free(parts.list);
}

/* A reference counts only where all of its columns do. */
static struct parts
find_parts(struct draft *d, const struct blueprint_key *key)
{
	struct parts p = { 0 };
	struct draft_source *s;
	size_t i;
	int source;

	for (i = 0; i < key->count; i++) {
		source = d->columns[key->columns[i]].source;
		if (d->table->columns[key->columns[i]].sequence)
			p.settled = true;
		if (source == -1) {
			p.doubtful = true;
			continue;
		}
		s = &d->sources[source];
		if (s->reference == -1 ||
		    columns_of(d, key, source) ==
			d->table->references[s->reference].count)
			add_part(&p, s);
		else
			p.doubtful = true;
	}
	return p;
}

static void
add_part(struct parts *p, struct draft_source *s)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		if (p->list[i] == s)
			return;
	p->list = mem_grow(p->list, p->count, sizeof(struct draft_source *));
	p->list[p->count++] = s;
}

static size_t
columns_of(const struct draft *d, const struct blueprint_key *key, int source)
{
	size_t i, count = 0;

	for (i = 0; i < key->count; i++)
		count += d->columns[key->columns[i]].source == source;
	return count;
}

/* Is there one that has a value of its own for each row, or can have? */
static bool
is_single(const struct draft *d, const struct parts *p)
{
	struct draft_source *best = NULL;
	size_t i;

	for (i = 0; i < p->count; i++) {
		if (p->list[i]->count < d->rows)
			continue;
		if (p->list[i]->keyed && p->list[i]->stride == 1)
			return true;
		if (!p->list[i]->keyed && p->list[i]->reference == -1 &&
		    (best == NULL || best->count < p->list[i]->count))
			best = p->list[i];
	}
	if (best == NULL)
		return false;
	best->keyed = true;
	best->stride = 1;
	return true;
}

/* Where parents are too few, and null is no other row's null. */
static bool
may_run_out(
    struct draft *d, const struct blueprint_key *key, const struct parts *p)
{
	struct draft_source *s = p->count == 1 ? p->list[0] : NULL;

	if (s == NULL || key->no_nulls || s->reference == -1 || s->keyed ||
	    s->count >= d->rows || d->references[s->reference].needed)
		return false;
	s->keyed = s->open = true;
	s->stride = 1;
	return true;
}

/* Returns how many rows there can be before they repeat themselves. */
static long long
count_through(const struct parts *p, long long rows)
{
	struct draft_source *s;
	long long room = 1;

	while (room < rows && (s = next_digit(p, room)) != NULL) {
		s->keyed = true;
		s->stride = room;
		room *= s->count > 0 ? s->count : 1;
	}
	return room;
}

/* One that counts at this place already, or one that is free. */
static struct draft_source *
next_digit(const struct parts *p, long long stride)
{
	struct draft_source *s, *best = NULL;
	size_t i;

	for (i = 0; i < p->count; i++) {
		s = p->list[i];
		if (s->keyed && s->stride == stride && s->count > 1)
			return s;
		if (!s->keyed && (best == NULL || best->count < s->count))
			best = s;
	}
	return best;
}
