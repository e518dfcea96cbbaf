#include <stdlib.h>

#include "baseline_private.h"
#include "mem.h"
#include "utf8.h"

static char *refuse_rest(const struct decision *, const char *, const char *);
static void need_list(struct decision *, size_t, FILE *);
static void need(struct decision *, size_t, FILE *);

char *
baseline_need_rest(struct decision *d, struct baseline *top)
{
	const struct replaced_name *names = d->b->names.list;
	char *text, *reason = NULL;
	size_t i, len;
	FILE *missing = mem_stream(&text, &len);

	top->behind = names[top->place].at;
	need_list(d, top->place, missing);
	fclose(missing);
	for (i = 0; i < d->count; i++)
		if (d->had[d->all[i]].needed &&
		    names[d->all[i]].at > top->behind)
			top->behind = names[d->all[i]].at;
	if (len > 0)
		reason = refuse_rest(d, names[top->place].name, text);
	free(text);
	return reason;
}

static char *
refuse_rest(const struct decision *d, const char *top, const char *missing)
{
	const char *who = "neither it nor the stream has";
	const char *step = "give mg-scan the folder with the rest, too";

	if (d->given != NULL) {
		who = "its history lacks";
		step = "let mg-apply run the rest, or mark it, too, if the "
		       "database has it";
	}
	return mem_printf(
	    "%s: the database has only some of what it replaces, and %s%s; %s",
	    utf8_visible(top), who, missing, step);
}

/* Baselines first: they may spare the rest. */
static void
need_list(struct decision *d, size_t place, FILE *missing)
{
	const struct replaced_name *names = d->b->names.list;
	const struct replaced_name *n = &names[place];
	size_t i;

	for (i = 0; i < n->count; i++)
		if (names[n->list[i]].count > 0)
			need(d, n->list[i], missing);
	for (i = 0; i < n->count; i++)
		if (names[n->list[i]].count == 0)
			need(d, n->list[i], missing);
}

static void
need(struct decision *d, size_t place, FILE *missing)
{
	bool baseline = d->b->names.list[place].count > 0;

	if (d->had[place].covered)
		return;
	if (baseline_can_run(d, place) &&
	    !(baseline && baseline_is_begun(d, place))) {
		d->had[place].needed = true;
		baseline_cover(d, place);
	} else if (baseline)
		need_list(d, place, missing);
	else
		fprintf(missing, "%s%s", ftell(missing) > 0 ? ", " : " ",
		    utf8_visible(d->b->names.list[place].name));
	d->had[place].covered = true;
}
