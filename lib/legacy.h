/*
 * legacy - the names that other tools give to migrations
 *
 * Each begins with a version, of digits, and some end as files do:
 * 20240102030405_add_users.js, 000003_add_users.up.sql, V1_2__add_users.sql.
 */
#ifndef MG_LEGACY_H
#define MG_LEGACY_H

#include <stdbool.h>
#include <stddef.h>

/* How much of it is before what files end in: .up.sql, .js and their like. */
size_t legacy_stem(const char *name);

/*
 * How much of it is the version that it begins with, from *begin: digits, and
 * behind a V as Flyway has it more of them behind dots or underscores.  0:
 * there is none.
 */
size_t legacy_version(const char *name, const char **begin);

/* What is behind the version and the underscores there, or the name itself. */
const char *legacy_title(const char *name);

/*
 * Compare two versions of these lengths, number by number: 1_2, 01.2 and 1.2.0
 * are the same.  Below, at or above 0.
 */
int legacy_compare(const char *a, size_t alen, const char *b, size_t blen);

/* Do two names differ in nothing but how they end as files? */
bool legacy_same(const char *a, const char *b);

#endif
