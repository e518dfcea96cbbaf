#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "mem.h"
#include "state.h"
#include "undo_private.h"
#include "utf8.h"

static int find_bound(struct undo *, const struct replaced *, size_t *);
static size_t list_rows(
    const struct undo *, const struct replaced *, const struct history_row **);
static int newest_first(const void *, const void *);
static bool is_recorded(
    const struct replaced *, const struct history *, const char *, size_t *);
static int add_step(
    struct undo *, const struct replaced *, const struct history_row *);
static int refuse_baseline(
    struct undo *, const struct replaced *, const char *);
static int refuse_strange(struct undo *, const char *, size_t);
static const char *standing_for(
    const struct replaced *, const struct history *, const char *);
static bool is_live(const struct history *, const char *);

int
undo_list(struct undo *u, const struct replaced *r)
{
	const struct history_row **rows =
	    mem_resize(NULL, u->history->count + 1, sizeof(*rows));
	size_t i, bound = 0, count = list_rows(u, r, rows);
	int status = find_bound(u, r, &bound);

	for (i = 0; i < count && status == CLI_OK; i++) {
		if (u->to != NULL ? rows[i]->order <= bound : u->count > 0)
			break;
		status = add_step(u, r, rows[i]);
	}
	free(rows);
	return status;
}

/* The place in the history of what is to stay. */
static int
find_bound(struct undo *u, const struct replaced *r, size_t *bound)
{
	const struct history *h = u->history;
	const struct history_row *row;
	const char *name = u->to, *baseline;

	if (name == NULL)
		return CLI_OK;
	if (migrations_find(u->migrations, name) == u->migrations->count)
		return undo_fail(u, CLI_INPUT,
		    "--to %s: no such migration in the stream",
		    utf8_visible(name));
	if (!is_live(h, name)) {
		baseline = standing_for(r, h, name);
		if (baseline != NULL)
			return undo_fail(u, CLI_NO,
			    "--to %s: the baseline %s stands for it, which "
			    "cannot be undone in parts",
			    utf8_visible(name), utf8_visible(baseline));
		return undo_fail(u, CLI_NO,
		    "--to %s: it is not applied, so it cannot be the one that "
		    "stays",
		    utf8_visible(name));
	}
	if (is_recorded(r, h, name, bound))
		return CLI_OK;
	for (row = history_find(h, name);
	     row < h->rows + h->count && strcmp(row->name, name) == 0; row++)
		if (row->state == HISTORY_APPLIED)
			*bound = row->order;
	return CLI_OK;
}

/* What is applied, newest first, but for baselines that ran nothing. */
static size_t
list_rows(const struct undo *u, const struct replaced *r,
    const struct history_row **rows)
{
	const struct history *h = u->history;
	size_t i, count = 0, place;

	for (i = 0; i < h->count; i++)
		if (h->rows[i].state == HISTORY_APPLIED &&
		    !is_recorded(r, h, h->rows[i].name, &place))
			rows[count++] = &h->rows[i];
	qsort(rows, count, sizeof(*rows), newest_first);
	return count;
}

static int
newest_first(const void *a, const void *b)
{
	const struct history_row *const *x = a, *const *y = b;

	return ((*x)->order < (*y)->order) - ((*x)->order > (*y)->order);
}

/*
 * A baseline whose row was written where the migrations themselves had run;
 * *place is that of the newest of these, for its own may be behind others.
 */
static bool
is_recorded(const struct replaced *r, const struct history *h, const char *name,
    size_t *place)
{
	size_t top = replaced_find(r, name), count, i;
	const struct history_row *row;
	bool all = true;
	size_t *list;

	if (top == r->count || r->list[top].count == 0)
		return false;
	list = replaced_all(r, top, &count);
	for (*place = i = 0; i < count; i++) {
		if (r->list[list[i]].count > 0)
			continue;
		all &= history_state(h, r->list[list[i]].name, &row) ==
		    HISTORY_APPLIED;
		if (row != NULL && row->order > *place)
			*place = row->order;
	}
	free(list);
	return all;
}

static int
add_step(struct undo *u, const struct replaced *r, const struct history_row *of)
{
	const struct migrations *m = u->migrations;
	size_t at = migrations_find(m, of->name);
	struct undo_step *step;
	int status;

	for (step = u->steps; step < u->steps + u->count; step++)
		if (strcmp(step->migration->name, of->name) == 0)
			return CLI_OK;
	if ((status = refuse_baseline(u, r, of->name)) != CLI_OK ||
	    (status = refuse_strange(u, of->name, at)) != CLI_OK)
		return status;
	u->steps = mem_grow(u->steps, u->count, sizeof(*u->steps));
	step = &u->steps[u->count++];
	*step = (struct undo_step){ .migration = &m->list[at] };
	if (down_find(&step->down, step->migration) == -1)
		return undo_fail(u, CLI_INPUT, "%s", step->down.error);
	return CLI_OK;
}

static int
refuse_baseline(struct undo *u, const struct replaced *r, const char *name)
{
	size_t place = replaced_find(r, name);
	const char *baseline;

	if (place < r->count && r->list[place].count > 0)
		return undo_fail(u, CLI_NO,
		    "%s: it is a baseline, which stands for %zu migrations "
		    "and cannot be undone; restore a backup, or in "
		    "development begin anew with make reset",
		    utf8_visible(name), r->list[place].count);
	if ((baseline = standing_for(r, u->history, name)) != NULL)
		return undo_fail(u, CLI_NO,
		    "%s: the baseline %s stands for it, which cannot be "
		    "undone in parts",
		    utf8_visible(name), utf8_visible(baseline));
	return CLI_OK;
}

/* What is not what was applied. */
static int
refuse_strange(struct undo *u, const char *name, size_t at)
{
	const struct migration *m = &u->migrations->list[at];
	const struct history_row *row;

	if (at == u->migrations->count)
		return undo_fail(u, CLI_NO,
		    "%s: it is applied and not in the stream, so nobody knows "
		    "how to undo it, nor what came before it; give its folder, "
		    "too",
		    utf8_visible(name));
	if (m->path == NULL || m->checksum == NULL)
		return undo_fail(u, CLI_INPUT,
		    "%s: its record needs \"path\" and \"checksum\"; mg-scan "
		    "and mg-hash write them",
		    utf8_visible(name));
	if (state_of(u->history, m, &row) == STATE_MODIFIED)
		return undo_fail(u, CLI_NO,
		    "%s: its script has changed since it was applied, so its "
		    "way back may be for another; bring the old one back",
		    utf8_visible(name));
	return CLI_OK;
}

/* A baseline that is applied, and replaces it; or NULL. */
static const char *
standing_for(
    const struct replaced *r, const struct history *h, const char *name)
{
	size_t place = replaced_find(r, name), top, i, count;
	const char *found = NULL;
	size_t *list;

	for (top = 0; top < r->count && place < r->count && found == NULL;
	     top++) {
		if (r->list[top].count == 0 || !is_live(h, r->list[top].name))
			continue;
		list = replaced_all(r, top, &count);
		for (i = 0; i < count; i++)
			if (list[i] == place)
				found = r->list[top].name;
		free(list);
	}
	return found;
}

static bool
is_live(const struct history *h, const char *name)
{
	const struct history_row *row;

	return history_state(h, name, &row) == HISTORY_APPLIED;
}
