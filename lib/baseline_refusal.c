#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "baseline_private.h"
#include "file.h"
#include "hash.h"
#include "mem.h"
#include "utf8.h"

static char *refuse_shared(const struct decision *, size_t);
static bool replaces(const struct decision *, size_t, size_t);
static char *refuse_failed(const struct decision *, size_t);
static char *refuse_edited(const struct decision *, size_t);
static char *refuse_script(const struct decision *, size_t, size_t);
static bool is_same(const struct decision *, size_t);
static char *refuse_unknown(const struct decision *, size_t);
static size_t last_order(const struct decision *);

char *
baseline_refuse(const struct decision *d, size_t top)
{
	char *reason = refuse_shared(d, top);

	if (reason == NULL)
		reason = refuse_failed(d, top);
	if (reason == NULL)
		reason = refuse_edited(d, top);
	if (reason == NULL && d->given == NULL)
		reason = refuse_unknown(d, top);
	return reason;
}

/* Two that make the same are two that cannot both run. */
static char *
refuse_shared(const struct decision *d, size_t top)
{
	const struct baselines *b = d->b;
	const char *name = b->names.list[top].name;
	size_t i, k;

	for (i = 0; i < b->names.list[top].at; i++) {
		if (!b->list[i].top ||
		    d->had[b->list[i].place].state == HISTORY_APPLIED)
			continue;
		for (k = 0; k < d->count; k++)
			if (replaces(d, b->list[i].place, d->all[k]))
				return mem_printf(
				    "%s: it and %s both replace %s; give one "
				    "of the two",
				    utf8_visible(name),
				    utf8_visible(b->migrations->list[i].name),
				    utf8_visible(
					b->names.list[d->all[k]].name));
	}
	return NULL;
}

static bool
replaces(const struct decision *d, size_t top, size_t place)
{
	size_t i, count, *all = replaced_all(&d->b->names, top, &count);
	bool found = false;

	for (i = 0; i < count; i++)
		found |= all[i] == place;
	free(all);
	return found;
}

static char *
refuse_failed(const struct decision *d, size_t top)
{
	const struct replaced_name *names = d->b->names.list;
	size_t i;

	for (i = 0; i < d->count; i++)
		if (d->had[d->all[i]].state == HISTORY_FAILED &&
		    !d->had[d->all[i]].half)
			return mem_printf(
			    "P3009: %s: it replaces %s, which the history has "
			    "as failed; settle that first, with mg-mark",
			    utf8_visible(names[top].name),
			    utf8_visible(names[d->all[i]].name));
	return NULL;
}

static char *
refuse_edited(const struct decision *d, size_t top)
{
	char *reason = NULL;
	size_t i;

	for (i = 0; i < d->count && reason == NULL; i++)
		reason = refuse_script(d, top, d->all[i]);
	return reason;
}

static char *
refuse_script(const struct decision *d, size_t top, size_t place)
{
	const struct replaced_name *names = d->b->names.list;
	const char *who = "another baseline";
	const char *step = "make the baseline again with make consolidate, of "
			   "the script that was applied";

	if (!names[place].disputed) {
		if (is_same(d, place))
			return NULL;
		who = "the history";
		if (d->had[place].state != HISTORY_APPLIED) {
			who = "the stream";
			step = "bring the script back as it was, or make the "
			       "baseline again with make consolidate";
		}
	}
	return mem_printf("%s: it replaces %s, but not as %s has it: the "
			  "checksum differs; %s",
	    utf8_visible(names[top].name), utf8_visible(names[place].name), who,
	    step);
}

/*
 * Is what was applied, or else what would run, the script that was replaced?
 * Where that script is at hand, other line ends are no difference.
 */
static bool
is_same(const struct decision *d, size_t place)
{
	const struct replaced_name *n = &d->b->names.list[place];
	const struct history_row *row = d->had[place].row;
	const struct migration *m = NULL;
	struct file file = { 0 };
	bool same, here;

	if (n->checksum == NULL)
		return true;
	if (n->at < d->b->migrations->count)
		m = &d->b->migrations->list[n->at];
	here = m != NULL && m->checksum != NULL &&
	    strcmp(m->checksum, n->checksum) == 0;
	if (d->had[place].state != HISTORY_APPLIED || row == NULL)
		return !d->had[place].needed || m == NULL ||
		    m->checksum == NULL || here;
	if (strcmp(row->checksum, n->checksum) == 0)
		return true;
	same = here && m->path != NULL && file_read(&file, m->path) == 0 &&
	    hash_matches(row->checksum, file.bytes, file.len);
	file_free(&file);
	return same;
}

/*
 * What ran among those that were replaced may have had a part in what they
 * made, and a database that has had anything is not a new one.
 */
static char *
refuse_unknown(const struct decision *d, size_t top)
{
	const struct history_row *row = d->history->rows;
	const struct history_row *end = row + d->history->count;
	size_t last = last_order(d);

	for (; row < end; row++)
		if (row->state == HISTORY_APPLIED && row->order < last &&
		    replaced_find(&d->b->names, row->name) ==
			d->b->names.count &&
		    migrations_find(d->b->migrations, row->name) ==
			d->b->migrations->count)
			return mem_printf(
			    "%s: the history has %s, which neither it nor "
			    "the stream knows; what that made is not in it: "
			    "give mg-scan the folder that has it, too",
			    utf8_visible(d->b->names.list[top].name),
			    utf8_visible(row->name));
	return NULL;
}

/* Of the rows of what is replaced; none is behind all. */
static size_t
last_order(const struct decision *d)
{
	const struct history_row *row;
	size_t i, last = 0;
	bool any = false;

	for (i = 0; i < d->count; i++) {
		row = d->had[d->all[i]].row;
		if (d->had[d->all[i]].state != HISTORY_APPLIED || row == NULL)
			continue;
		any = true;
		if (row->order > last)
			last = row->order;
	}
	return any ? last : SIZE_MAX;
}
