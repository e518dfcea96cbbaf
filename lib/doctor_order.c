#include <stdlib.h>
#include <string.h>

#include "doctor_private.h"
#include "legacy.h"
#include "mem.h"
#include "utf8.h"

static size_t last_applied(const struct doctor *, size_t);
static bool is_index(const struct migration *);
static bool is_pending(const struct doctor *, size_t);
static void tell_late(struct doctor *, const struct migration *, const char *);
static void add_way_behind(struct doctor *, const struct migration *);
static void fetch_rest(struct doctor *, const struct baseline *);

/* In the order in which mg-apply goes; each track has its own. */
void
doctor_order(struct doctor *d)
{
	const struct migrations *m = d->migrations;
	const size_t *order = d->baselines.order;
	size_t n, last;

	for (n = 0; n < m->count; n++)
		if (is_pending(d, order[n]) &&
		    (last = last_applied(d, n)) < m->count)
			tell_late(d, &m->list[order[n]], m->list[last].name);
}

/* Behind that one, in its track; or the count of all. */
static size_t
last_applied(const struct doctor *d, size_t place)
{
	const struct migrations *m = d->migrations;
	const size_t *order = d->baselines.order;
	const struct history_row *row;
	size_t n;

	for (n = m->count; n-- > place + 1;)
		if (history_state(&d->history, m->list[order[n]].name, &row) ==
			HISTORY_APPLIED &&
		    is_index(&m->list[order[n]]) ==
			is_index(&m->list[order[place]]))
			return order[n];
	return m->count;
}

static bool
is_index(const struct migration *m)
{
	const char *track = record_string(m->object, "track");

	return track != NULL && strcmp(track, "index") == 0;
}

static bool
is_pending(const struct doctor *d, size_t i)
{
	const struct history_row *row;
	enum history_state state =
	    history_state(&d->history, d->migrations->list[i].name, &row);

	return d->baselines.list[i].fate == BASELINE_NONE &&
	    (state == HISTORY_NONE || state == HISTORY_ROLLED_BACK);
}

static void
tell_late(struct doctor *d, const struct migration *m, const char *last)
{
	diagnosis_add(&d->found, "out-of-order", m->name,
	    mem_printf("it is pending and comes before %s, which is applied: "
		       "it runs all the same, behind that, and on a new "
		       "database before it",
		utf8_visible(last)));
	diagnosis_way(&d->found, "if it does without what came between");
	diagnosis_command(&d->found, "mg-apply <%s", d->records);
	if (m->path != NULL)
		add_way_behind(d, m);
}

/* Its folder, or its file where it has none, gets a timestamp of now. */
static void
add_way_behind(struct doctor *d, const struct migration *m)
{
	char *at = NULL, *p, *old = mem_copy(m->path), *dir, *rest, *word;
	size_t len = strlen(m->name);

	for (p = old; (p = strstr(p, m->name)) != NULL; p++)
		if (p == old || p[-1] == '/')
			at = p;
	if (at != NULL) {
		at[len + strcspn(at + len, "/")] = '\0';
		dir = mem_copy_bytes(old, (size_t)(at - old));
		rest = mem_printf("_%s", legacy_title(at));
		diagnosis_way(&d->found,
		    "if it needs that, to have it come "
		    "behind all others");
		word = diagnosis_quote(old);
		old = (free(old), word);
		word = diagnosis_quote(rest);
		rest = (free(rest), word);
		word = *dir == '\0' ? mem_copy("") : diagnosis_quote(dir);
		diagnosis_command(&d->found,
		    "mv %s %s\"$(date -u +%%Y%%m%%d%%H%%M%%S)\"%s", old, word,
		    rest);
		free(word);
		free(rest);
		free(dir);
	}
	free(old);
}

void
doctor_baselines(struct doctor *d)
{
	const struct baseline *b;
	size_t i;

	for (i = 0; i < d->migrations->count; i++) {
		b = &d->baselines.list[i];
		if (b->reason == NULL)
			continue;
		diagnosis_add(&d->found,
		    b->fate == BASELINE_RECORDED ? "baseline-partly"
						 : "baseline-refused",
		    d->migrations->list[i].name, mem_copy(b->reason));
		fetch_rest(d, b);
	}
}

/* What it replaces and nobody has. */
static void
fetch_rest(struct doctor *d, const struct baseline *b)
{
	const struct replaced *names = &d->baselines.names;
	size_t i, count, *all = replaced_all(names, b->place, &count);
	const struct replaced_name *n;

	for (i = 0; i < count; i++) {
		n = &names->list[all[i]];
		if (n->count == 0 && n->at == d->migrations->count &&
		    history_find(&d->history, n->name) == NULL)
			doctor_fetch(d, n->name, "/*");
	}
	free(all);
}
