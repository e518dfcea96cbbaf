/*
 * generator - an SQL expression that makes a value of a type from a number
 *
 * Different numbers below generator_count give different values, as SQL
 * orders them where the type has such an order.
 *
 *	generator_write(&column, &values, "i", stdout);
 */
#ifndef MG_GENERATOR_H
#define MG_GENERATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "blueprint.h"

enum generator_form {
	GENERATOR_USUAL,  /* what the type suggests */
	GENERATOR_LISTED, /* one of a list */
	GENERATOR_FROM,   /* a number, a date or a time, from one upwards */
	GENERATOR_SHAPED, /* text around a number */
	GENERATOR_NONE,   /* no value of this type is known: null */
};

enum generator_digits {
	DIGITS_DECIMAL,
	DIGITS_LOWER,
	DIGITS_UPPER,
	DIGITS_HEX
};

struct generator_values {
	enum generator_form form;
	const char *text; /* the list or the first one, as SQL; borrowed */
	long long count;  /* of the list; of steps; 0: as the type has it */
	const char *before, *after; /* of what is shaped, as SQL; borrowed */
	enum generator_digits digits;
	int width;
};

bool generator_knows(const struct blueprint_type *type);

/* Does GENERATOR_FROM make sense, which begins at a literal? */
bool generator_steps(const struct blueprint_type *type);
bool generator_is_text(const struct blueprint_type *type);
bool generator_is_json(const struct blueprint_type *type);

/* How many different values there are, at least. */
long long generator_count(
    const struct blueprint_column *c, const struct generator_values *v);

/* Of how many to choose where they may be the same in several rows. */
long long generator_usual_count(
    const struct blueprint_column *c, const struct generator_values *v);

/* number is an expression of type bigint. */
void generator_write(const struct blueprint_column *c,
    const struct generator_values *v, const char *number, FILE *out);

#endif
