/*
 * undo_private - what the parts of undo share; for nobody else
 *
 * undo.c reads and checks the scripts, undo_steps.c decides which migrations
 * they are of, undo_run.c runs them.
 */
#ifndef MG_UNDO_PRIVATE_H
#define MG_UNDO_PRIVATE_H

#include "replaced.h"
#include "undo.h"

/* Choose the steps, without their scripts.  Returns as undo_choose does. */
int undo_list(struct undo *u, const struct replaced *r);

/* Set the error.  Returns status. */
__attribute__((format(printf, 3, 4))) int undo_fail(
    struct undo *u, int status, const char *format, ...);

#endif
