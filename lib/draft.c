#include "draft.h"

#include <stdlib.h>

#include "mem.h"

void
draft_init(
    struct draft *d, const struct blueprint_table *t, unsigned long long seed)
{
	size_t i;

	*d = (struct draft){ .table = t, .seed = seed };
	d->columns = mem_alloc((t->ncolumns + 1) * sizeof(*d->columns));
	d->references =
	    mem_alloc((t->nreferences + 1) * sizeof(*d->references));
	for (i = 0; i < t->ncolumns; i++)
		d->columns[i] = (struct draft_column){ .source = -1,
			.reference = -1,
			.copy = -1,
			.nulls =
			    t->columns[i].not_null ? DRAFT_NEVER : DRAFT_SOME };
}

void
draft_free(struct draft *d)
{
	size_t i;

	for (i = 0; d->table != NULL && i < d->table->nreferences; i++)
		free(d->references[i].given);
	free(d->columns);
	free(d->references);
	free(d->sources);
	*d = (struct draft){ 0 };
}

int
draft_add_source(struct draft *d, int reference, int column, long long count)
{
	d->sources = mem_grow(d->sources, d->nsources, sizeof(*d->sources));
	d->sources[d->nsources] = (struct draft_source){
		.reference = reference, .column = column, .count = count
	};
	return (int)d->nsources++;
}

void
draft_add_sources(struct draft *d)
{
	struct draft_column *c;
	size_t i;

	for (i = 0; i < d->table->ncolumns; i++) {
		c = &d->columns[i];
		if (draft_gives(d, i) && c->reference == -1 && c->copy == -1 &&
		    c->nulls != DRAFT_ALWAYS)
			c->source = draft_add_source(d, -1, (int)i, 0);
	}
	draft_count_values(d);
}

void
draft_count_values(struct draft *d)
{
	struct draft_source *s;
	size_t i;

	for (i = 0; i < d->nsources; i++) {
		s = &d->sources[i];
		if (s->reference == -1)
			s->count =
			    generator_count(&d->table->columns[s->column],
				&d->columns[s->column].values);
	}
}

bool
draft_gives(const struct draft *d, size_t column)
{
	return !d->table->columns[column].left_out &&
	    !d->columns[column].by_default;
}
