#include "draft.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* A hash of the row's number that is never negative, and room above it. */
#define HASH "(hashint8extended(%s, %llu) & 4611686018427387903)"

/* What separates the hashes of one column. */
enum { VALUE, NULLS, DEFAULT };

static void write_column(const struct draft *, size_t, FILE *);
static void write_own(const struct draft *, size_t, FILE *);
static char *hash(const struct draft *, int, int, const char *);
static char *number(const struct draft *, const struct draft_source *);
static long long usual_count(const struct draft *, const struct draft_source *);
static bool is_constant(const char *);
static void write_parent(const struct draft *, size_t, FILE *);
static bool may_be_null(const struct draft *, size_t);

void
draft_write(const struct draft *d, long long rows, FILE *out)
{
	const char *comma = "";
	size_t i;

	fputs("SELECT ", out);
	for (i = 0; i < d->table->ncolumns; i++)
		if (draft_gives(d, i)) {
			fputs(comma, out);
			write_column(d, i, out);
			fprintf(out, " AS %s", d->table->columns[i].name);
			comma = ", ";
		}
	fprintf(out, " FROM generate_series(%lld, %lld) AS mg (i)", d->first,
	    d->first + rows - 1);
	for (i = 0; i < d->table->nreferences; i++)
		if (d->references[i].parent != NULL &&
		    !d->references[i].grouped)
			write_parent(d, i, out);
	for (i = 0; i < d->table->nreferences; i++)
		if (d->references[i].grouped)
			write_parent(d, i, out);
}

void
draft_write_names(const struct draft *d, FILE *out)
{
	const char *comma = "";
	size_t i;

	for (i = 0; i < d->table->ncolumns; i++)
		if (draft_gives(d, i)) {
			fprintf(out, "%s%s", comma, d->table->columns[i].name);
			comma = ", ";
		}
}

static void
write_column(const struct draft *d, size_t column, FILE *out)
{
	const struct draft_column *c = &d->columns[column];

	if (c->copy >= 0)
		write_column(d, (size_t)c->copy, out);
	else if (c->reference >= 0)
		fprintf(out, "mg_%d.k%d", c->reference, c->place);
	else if (c->nulls == DRAFT_ALWAYS)
		fprintf(out, "NULL::%s", d->table->columns[column].type->sql);
	else
		write_own(d, column, out);
}

/* One in eight is null where it may be, one in four has its default. */
static void
write_own(const struct draft *d, size_t column, FILE *out)
{
	const struct blueprint_column *b = &d->table->columns[column];
	const struct draft_column *c = &d->columns[column];
	const struct draft_source *s = &d->sources[c->source];
	char *nulls = hash(d, (int)column, NULLS, "mg.i");
	char *otherwise = hash(d, (int)column, DEFAULT, "mg.i");
	char *value = number(d, s);

	fputs("CASE", out);
	if (c->nulls == DRAFT_SOME)
		fprintf(out, " WHEN %s %% 8 = 0 THEN NULL", nulls);
	if (b->otherwise != NULL && c->values.form == GENERATOR_USUAL &&
	    !s->keyed && is_constant(b->otherwise))
		fprintf(
		    out, " WHEN %s %% 4 = 0 THEN %s", otherwise, b->otherwise);
	/* Without the last condition it would need a WHEN before it. */
	fputs(" WHEN true THEN ", out);
	generator_write(b, &c->values, value, out);
	fputs(" END", out);
	free(nulls);
	free(otherwise);
	free(value);
}

static char *
hash(const struct draft *d, int column, int purpose, const char *row)
{
	unsigned long long salt = (d->seed << 34) +
	    d->table->columns[column].salt * 4ULL + (unsigned)purpose;

	return mem_printf(HASH, row, salt & 0x7fffffffffffffff);
}

static char *
number(const struct draft *d, const struct draft_source *s)
{
	char *low, *hashed, *text;

	if (s->open)
		return mem_copy("mg.i");
	if (s->keyed && s->stride == 1)
		return mem_printf("(mg.i %% %lld)", s->count);
	low =
	    s->keyed ? mem_printf("mg.i %% %lld", s->stride) : mem_copy("mg.i");
	hashed = hash(d, s->column, VALUE, low);
	/* The lower digits shift this one, so that all its values occur. */
	if (s->keyed)
		text = mem_printf("((mg.i / %lld + %s) %% %lld)", s->stride,
		    hashed, s->count);
	else
		text = mem_printf("(%s %% %lld)", hashed, usual_count(d, s));
	free(low);
	free(hashed);
	return text;
}

static long long
usual_count(const struct draft *d, const struct draft_source *s)
{
	if (s->reference >= 0)
		return s->count;
	return generator_usual_count(
	    &d->table->columns[s->column], &d->columns[s->column].values);
}

/* Does it stand for itself: a literal, but no call and no clock? */
static bool
is_constant(const char *expression)
{
	return strchr("'-0123456789tfA", *expression) != NULL &&
	    strchr(expression, '(') == NULL;
}

static void
write_parent(const struct draft *d, size_t reference, FILE *out)
{
	const struct blueprint_reference *b = &d->table->references[reference];
	const struct draft_reference *r = &d->references[reference];
	int first = b->columns[0];
	const struct draft_source *s;
	char *text, *nulls = hash(d, first, NULLS, "mg.i");
	size_t i;

	fprintf(out, " %sJOIN pg_temp.%s AS mg_%zu ON ",
	    r->needed ? "" : "LEFT ", r->parent->name, reference);
	if (r->grouped) {
		text = hash(d, first, DEFAULT, "mg.i");
		fprintf(out, "mg_%zu.n = %s %% mg_%zu.m", reference, text,
		    reference);
		for (i = 0; i < b->count; i++)
			if (r->given[i]) {
				fprintf(
				    out, " AND mg_%zu.k%zu = ", reference, i);
				write_column(d, (size_t)b->columns[i], out);
			}
	} else {
		s = &d->sources[d->columns[first].source];
		text = number(d, s);
		fprintf(out, "mg_%zu.n = %s", reference, text);
	}
	if (may_be_null(d, reference))
		fprintf(out, " AND %s %% 8 <> 0", nulls);
	free(nulls);
	free(text);
}

static bool
may_be_null(const struct draft *d, size_t reference)
{
	const struct blueprint_reference *b = &d->table->references[reference];
	size_t i;

	for (i = 0; i < b->count; i++)
		if (!(d->references[reference].grouped &&
			d->references[reference].given[i]) &&
		    d->columns[b->columns[i]].nulls == DRAFT_NEVER)
			return false;
	return true;
}
