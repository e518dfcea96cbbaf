/*
 * draft - how the rows of one table are to be made
 *
 * Rows have numbers.  A column's value comes from a source, which turns the
 * row's number into another one, below the source's count: where rows must
 * differ, by its digits (arrangement.h), else by a hash of it.  A foreign key
 * is a source, whose number chooses a row of the parent; each other column
 * is one, too, and its number becomes a value (generator.h).
 */
#ifndef MG_DRAFT_H
#define MG_DRAFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "blueprint.h"
#include "generator.h"

/* What a parent's keys were copied to: n, k0, k1 …, and m if it is grouped. */
struct draft_parent {
	char *name;
	long long count;
};

enum draft_nulls { DRAFT_SOME, DRAFT_NEVER, DRAFT_ALWAYS };

struct draft_source {
	int reference;    /* its position; -1: it is a column of its own */
	int column;       /* then this; else the first of the reference */
	long long count;  /* of different numbers that it can give */
	bool open;        /* beyond its count it is null */
	bool keyed;       /* by digits of the row's number, of which … */
	long long stride; /* … one row in so many begins another */
};

struct draft_column {
	int source;      /* -1: it has none of its own */
	int reference;   /* that gives it; -1: none does */
	int place;       /* among the columns of that */
	bool by_default; /* the server gives it */
	int copy;        /* of this column of the same row; -1: of none */
	struct generator_values values;
	enum draft_nulls nulls;
};

struct draft_reference {
	const struct draft_parent *parent; /* NULL: it gives nothing */
	bool grouped; /* it follows columns that another one has given */
	bool needed;  /* none of its columns may be null */
	bool *given;  /* those columns, by place */
};

struct draft {
	const struct blueprint_table *table;
	unsigned long long seed;
	struct draft_column *columns;
	struct draft_reference *references;
	struct draft_source *sources;
	size_t nsources;
	long long rows;     /* that fit; arrangement may lower it */
	const char *narrow; /* the key that allows no more, or NULL */
	bool unsure;        /* rows may collide: drop those that do */
	long long first;    /* the number of the first row */
};

void draft_init(
    struct draft *d, const struct blueprint_table *t, unsigned long long seed);
void draft_free(struct draft *d);

/* Returns its position. */
int draft_add_source(
    struct draft *d, int reference, int column, long long count);

/* For every column that needs one and has none; with their values' counts. */
void draft_add_sources(struct draft *d);
void draft_count_values(struct draft *d);

/* Is it among the columns that are written? */
bool draft_gives(const struct draft *d, size_t column);

/*
 * Write a SELECT of so many rows, whose columns have the names of those that
 * are not left out.
 */
void draft_write(const struct draft *d, long long rows, FILE *out);

/* The columns that it gives, with commas between them. */
void draft_write_names(const struct draft *d, FILE *out);

#endif
