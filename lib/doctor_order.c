#include <stdlib.h>
#include <string.h>

#include "doctor_private.h"
#include "legacy.h"
#include "mem.h"
#include "utf8.h"

static bool is_index(const struct migration *);
static bool is_pending(const struct doctor *, size_t);
static void tell_late(struct doctor *, const struct migration *, const char *);
static void add_way_behind(struct doctor *, const struct migration *);
static const char *find_name(const struct migration *);
static char *quoted(char *);
static void fetch_rest(struct doctor *, const struct baseline *);

/* In the order in which mg-apply goes; each track has its own. */
void
doctor_order(struct doctor *d)
{
	const struct migrations *m = d->migrations;
	const size_t *order = d->baselines.order;
	const struct migration *late, *behind[2] = { NULL, NULL };
	const struct history_row *row;
	bool *told = mem_alloc((m->count + 1) * sizeof(*told));
	size_t n;

	for (n = m->count; n-- > 0;) {
		late = &m->list[order[n]];
		if (history_state(&d->history, late->name, &row) ==
			HISTORY_APPLIED &&
		    behind[is_index(late)] == NULL)
			behind[is_index(late)] = late;
		told[n] =
		    is_pending(d, order[n]) && behind[is_index(late)] != NULL;
	}
	for (n = 0; n < m->count; n++)
		if (told[n])
			tell_late(d, &m->list[order[n]],
			    behind[is_index(&m->list[order[n]])]->name);
	free(told);
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
	const char *at = find_name(m);
	size_t before, len;
	char *old, *dir, *rest;

	if (at == NULL)
		return;
	before = (size_t)(at - m->path);
	len = strlen(m->name) + strcspn(at + strlen(m->name), "/");
	old = mem_copy_bytes(m->path, before + len);
	dir = quoted(mem_copy_bytes(m->path, before));
	rest = quoted(mem_printf("_%s", legacy_title(old + before)));
	old = quoted(old);
	diagnosis_way(
	    &d->found, "if it needs that, to have it come behind all others");
	diagnosis_command(&d->found,
	    "mv %s %s\"$(date -u +%%Y%%m%%d%%H%%M%%S)\"%s", old, dir, rest);
	free(old);
	free(dir);
	free(rest);
}

/* Where its name stands in its path, in front; or NULL. */
static const char *
find_name(const struct migration *m)
{
	const char *p, *at = NULL;

	for (p = m->path; (p = strstr(p, m->name)) != NULL; p++)
		if (p == m->path || p[-1] == '/')
			at = p;
	return at;
}

/* Takes it over. */
static char *
quoted(char *word)
{
	char *text = diagnosis_quote(word);

	free(word);
	return text;
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
