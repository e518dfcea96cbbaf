#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "flat_private.h"
#include "legacy.h"
#include "utf8.h"

static int check_version(struct flat *, const struct flat_migration *);
static int check_pair(struct flat *, const struct flat_migration *,
    const struct flat_migration *);
static int by_number(const void *, const void *);
static int by_version(const void *, const void *);

int
flat_sort(struct flat *f)
{
	size_t i;
	int status = CLI_OK;

	if (f->count == 0)
		return flat_fail(f, CLI_INPUT, "there is no migration in it");
	for (i = 0; i < f->count && status == CLI_OK; i++)
		status = check_version(f, &f->list[i]);
	if (status != CLI_OK)
		return status;
	qsort(f->list, f->count, sizeof(*f->list), by_number);
	for (i = 1; i < f->count && status == CLI_OK; i++)
		status = check_pair(f, &f->list[i - 1], &f->list[i]);
	return status;
}

static int
check_version(struct flat *f, const struct flat_migration *m)
{
	const char *begin;

	if (legacy_version(m->legacy, &begin) > 0)
		return CLI_OK;
	return flat_fail(f, CLI_INPUT,
	    "%s: its name does not begin with a number, which would tell when "
	    "it comes; rename it",
	    utf8_visible(m->up.path));
}

/* Tools that pair count; the others go by letters, or by one or the other. */
static int
check_pair(struct flat *f, const struct flat_migration *a,
    const struct flat_migration *b)
{
	if (f->kind == FLAT_PAIRS || f->kind == FLAT_FLYWAY) {
		if (by_version(a, b) == 0)
			return flat_fail(f, CLI_INPUT,
			    "%s: it has the version of %s; renumber one",
			    utf8_visible(b->up.path), utf8_visible(a->up.path));
	} else if (strcmp(a->legacy, b->legacy) > 0)
		return flat_fail(f, CLI_INPUT,
		    "%s: by its number it comes before %s, by its letters "
		    "behind; rename one as the tool has run them",
		    utf8_visible(a->up.path), utf8_visible(b->up.path));
	return CLI_OK;
}

static int
by_number(const void *a, const void *b)
{
	const struct flat_migration *x = a, *y = b;
	int order = by_version(a, b);

	return order != 0 ? order : strcmp(x->legacy, y->legacy);
}

static int
by_version(const void *a, const void *b)
{
	const struct flat_migration *x = a, *y = b;
	const char *v, *w;
	size_t vlen = legacy_version(x->legacy, &v);
	size_t wlen = legacy_version(y->legacy, &w);

	return legacy_compare(v, vlen, w, wlen);
}
