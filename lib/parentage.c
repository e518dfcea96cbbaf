#include "parentage_private.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "mem.h"

static int assign(struct parentage *, struct draft *, size_t,
    parentage_waiting *, const void *);
static bool is_settled(
    const struct draft *, const struct blueprint_reference *, bool *, size_t *);
static int take_itself(struct parentage *, struct draft *, size_t);
static int give_none(struct parentage *, struct draft *, size_t, const char *);
static void take(
    struct draft *, size_t, const struct draft_parent *, bool *, size_t);
static int column_named(const struct blueprint_table *, const char *);
/* Those that must be come first, and those of more columns. */
int
parentage_assign(struct parentage *p, struct draft *d,
    parentage_waiting *waiting, const void *arg)
{
	const struct blueprint_table *t = d->table;
	size_t i, count;
	int optional, status;

	for (optional = 0; optional < 2; optional++)
		for (count = t->ncolumns; count > 0; count--)
			for (i = 0; i < t->nreferences; i++) {
				if (t->references[i].count != count ||
				    parentage_is_optional(
					t, &t->references[i]) != optional)
					continue;
				status = assign(p, d, i, waiting, arg);
				if (status != CLI_OK)
					return status;
			}
	return CLI_OK;
}

bool
parentage_is_optional(
    const struct blueprint_table *t, const struct blueprint_reference *r)
{
	size_t i;

	for (i = 0; i < r->count; i++)
		if (!t->columns[r->columns[i]].not_null)
			return true;
	return false;
}

static int
assign(struct parentage *p, struct draft *d, size_t n,
    parentage_waiting *waiting, const void *arg)
{
	const struct blueprint_reference *r = &d->table->references[n];
	const struct draft_parent *parent;
	bool *given = mem_alloc(r->count);
	size_t ngiven;

	d->references[n].given = given;
	if (is_settled(d, r, given, &ngiven))
		return CLI_OK;
	if (r->to_itself)
		return take_itself(p, d, n);
	if (waiting(r->parent_oid, arg))
		return give_none(p, d, n, "waits for it in turn");
	if ((parent = parentage_find(p, r, given, ngiven)) == NULL) {
		p->error = mem_printf("%s: %s", r->name, p->db->error.message);
		return CLI_SYSTEM;
	}
	if (parent->count == 0)
		return give_none(p, d, n, "is empty");
	take(d, n, parent, given, ngiven);
	return CLI_OK;
}

/* Nothing is left to choose, or what is null need not match. */
static bool
is_settled(const struct draft *d, const struct blueprint_reference *r,
    bool *given, size_t *ngiven)
{
	const struct draft_column *c;
	size_t i;

	*ngiven = 0;
	for (i = 0; i < r->count; i++) {
		c = &d->columns[r->columns[i]];
		if (c->nulls == DRAFT_ALWAYS ||
		    !draft_gives(d, (size_t)r->columns[i]))
			return true;
		given[i] = c->reference >= 0 || c->copy >= 0;
		*ngiven += given[i];
	}
	return *ngiven == r->count;
}

/* Each row is its own parent, where there has to be one. */
static int
take_itself(struct parentage *p, struct draft *d, size_t n)
{
	const struct blueprint_reference *r = &d->table->references[n];
	size_t i;
	int key;

	if (parentage_is_optional(d->table, r))
		return give_none(p, d, n, "");
	for (i = 0; i < r->count; i++) {
		key = column_named(d->table, r->keys[i]);
		if (key == r->columns[i])
			continue;
		if (!draft_gives(d, (size_t)key)) {
			p->error = mem_printf("its foreign key %s needs rows "
					      "that refer to themselves, and "
					      "the server numbers them",
			    r->name);
			return CLI_NO;
		}
		d->columns[r->columns[i]].copy = key;
	}
	return CLI_OK;
}

static int
column_named(const struct blueprint_table *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->ncolumns; i++)
		if (strcmp(t->columns[i].name, name) == 0)
			return (int)i;
	return -1;
}

static int
give_none(struct parentage *p, struct draft *d, size_t n, const char *why)
{
	const struct blueprint_reference *r = &d->table->references[n];
	struct draft_column *c;
	bool any = false;
	size_t i;

	for (i = 0; i < r->count; i++) {
		c = &d->columns[r->columns[i]];
		if (!d->table->columns[r->columns[i]].not_null &&
		    c->reference == -1 && c->copy == -1) {
			c->nulls = DRAFT_ALWAYS;
			any = true;
		}
	}
	if (any)
		return CLI_OK;
	p->error = mem_printf("its foreign key %s needs rows of %s, which %s",
	    r->name, r->parent, why);
	return CLI_NO;
}

static void
take(struct draft *d, size_t n, const struct draft_parent *parent, bool *given,
    size_t ngiven)
{
	const struct blueprint_reference *r = &d->table->references[n];
	struct draft_reference *mine = &d->references[n];
	struct draft_column *c;
	int source = -1;
	size_t i;

	*mine = (struct draft_reference){ .parent = parent,
		.grouped = ngiven > 0,
		.needed = !parentage_is_optional(d->table, r),
		.given = given };
	if (ngiven == 0)
		source =
		    draft_add_source(d, (int)n, r->columns[0], parent->count);
	for (i = 0; i < r->count; i++) {
		if (given[i])
			continue;
		c = &d->columns[r->columns[i]];
		c->source = source;
		c->reference = (int)n;
		c->place = (int)i;
	}
}
