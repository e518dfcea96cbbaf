/*
 * flat_private - what the parts of flat share; for nobody else
 */
#ifndef MG_FLAT_PRIVATE_H
#define MG_FLAT_PRIVATE_H

#include "flat.h"

enum flat_kind {
	FLAT_NONE,
	FLAT_FILES,   /* NAME.sql */
	FLAT_PAIRS,   /* NAME.up.sql, NAME.down.sql */
	FLAT_FLYWAY,  /* V1__NAME.sql, U1__NAME.sql */
	FLAT_FOLDERS, /* NAME/up.sql, NAME/down.sql */
};

/* Sets the error; returns the status. */
__attribute__((format(printf, 3, 4))) int flat_fail(
    struct flat *f, int status, const char *format, ...);

/* Find the halves of files that have both, and see that all can be read. */
int flat_cut(struct flat *f);

/* Into the order of the tool. */
int flat_sort(struct flat *f);

#endif
