#include "retention.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "db.h"
#include "mem.h"

enum { DAY = 24 * 60 * 60 };

static bool may_go(
    const struct retention *, const struct backup_list *, size_t, size_t);
static size_t newer(const struct backup_list *, size_t);
static bool same(const struct backup_list *, size_t, size_t);
static int spare_last(struct retention *, struct backup_list *, size_t);
static bool is_good(struct backup *);

int
retention_choose(struct retention *r, struct backup_list *l)
{
	int status = CLI_OK;
	size_t i;

	r->goes = mem_alloc(l->count * sizeof(*r->goes) + 1);
	for (i = 0; i < l->count; i++)
		r->goes[i] = may_go(r, l, i, newer(l, i));
	for (i = 0; i < l->count && status == CLI_OK; i++)
		if (l->list[i].error == NULL && newer(l, i) == 0)
			status = spare_last(r, l, i);
	return status;
}

static bool
may_go(const struct retention *r, const struct backup_list *l, size_t i,
    size_t rank)
{
	const struct backup *b = &l->list[i];

	if (b->error != NULL ||
	    (r->label != NULL && strcmp(r->label, b->label) != 0))
		return false;
	if (r->keep >= 0 && rank < (size_t)r->keep)
		return false;
	return r->days < 0 || b->taken < r->now - r->days * DAY;
}

/* How many whole ones of its label are newer? */
static size_t
newer(const struct backup_list *l, size_t i)
{
	size_t n, count = 0;

	for (n = 0; n < i; n++)
		if (l->list[n].error == NULL && same(l, n, i))
			count++;
	return count;
}

static bool
same(const struct backup_list *l, size_t a, size_t b)
{
	return strcmp(l->list[a].label, l->list[b].label) == 0;
}

/* Of the label of the first one: does a good one stay? */
static int
spare_last(struct retention *r, struct backup_list *l, size_t first)
{
	bool any = false;
	size_t i;
	int going;

	for (i = first; i < l->count; i++)
		any = any || (r->goes[i] && same(l, first, i));
	/* Those that stay are asked first, then those that would go. */
	for (going = 0; any && going < 2; going++)
		for (i = first; i < l->count; i++) {
			if (!same(l, first, i) || l->list[i].error != NULL ||
			    r->goes[i] != (going == 1))
				continue;
			if (is_good(&l->list[i])) {
				r->goes[i] = false;
				return CLI_OK;
			}
			if (db_signal() != 0)
				return 128 + db_signal();
		}
	/* None is good: a person has to look, and nothing goes. */
	for (i = first; i < l->count; i++)
		if (same(l, first, i))
			r->goes[i] = false;
	return CLI_OK;
}

static bool
is_good(struct backup *b)
{
	return backup_verify(b) == CLI_OK;
}

void
retention_free(struct retention *r)
{
	free(r->goes);
	*r = (struct retention){ 0 };
}
