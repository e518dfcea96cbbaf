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
	FLAT_PLAN,    /* sqitch.plan, deploy/NAME.sql, revert/NAME.sql */
};

/* Sets the error; returns the status. */
__attribute__((format(printf, 3, 4))) int flat_fail(
    struct flat *f, int status, const char *format, ...);

/* The same of a file that cannot be read, as errno has it. */
int flat_fail_file(struct flat *f, const char *path);

/* Read a script; or that of the way up, and of the way down if there is one. */
int flat_give(struct flat *f, struct flat_script *s, const char *path);
int flat_give_both(
    struct flat *f, struct flat_migration *m, const char *up, const char *down);

/* All migrations that lie in dir, in no order. */
int flat_files(struct flat *f, const char *dir);

/* All changes of that plan in dir, in its order, which is sqitch's. */
int flat_plan(struct flat *f, const char *dir, const char *path);

/* Find the halves of files that have both, and see that all can be read. */
int flat_cut(struct flat *f);

/* Into the order of the tool. */
int flat_sort(struct flat *f);

#endif
