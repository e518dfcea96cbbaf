/* generator_private - what the parts of generator share */
#ifndef MG_GENERATOR_PRIVATE_H
#define MG_GENERATOR_PRIVATE_H

#include "generator.h"

#define GENERATOR_ENDLESS (1LL << 40)

/* In its SQL a # stands for the number, an @ for the type. */
struct generator_maker {
	const char *name;
	const char *sql;
	const char *step; /* what GENERATOR_FROM adds, or NULL */
	long long count, usual;
};

/* NULL if the type has none. */
const struct generator_maker *generator_maker(
    const struct blueprint_type *type);

#endif
