/*
 * undo_private - what the parts of undo share; for nobody else
 *
 * undo.c reads and checks the ways back, undo_steps.c decides which migrations
 * they are of, undo_run.c runs them: undo_sql.c those that are SQL,
 * undo_program.c those that are not.
 */
#ifndef MG_UNDO_PRIVATE_H
#define MG_UNDO_PRIVATE_H

#include "replaced.h"
#include "undo.h"

/* Choose the steps, without reading them.  Returns as undo_choose does. */
int undo_list(struct undo *u, const struct replaced *r);

/* Begin a transaction, unless one is open.  Returns 0 or -1. */
int undo_begin(struct undo *u);

/* What the session or, behind a pooler, the transaction has to have. */
int undo_set_up(struct db *db);

/* Do what is next: the SQL up to the next program, or that program. */
int undo_sql(struct undo *u);
int undo_program(struct undo *u);

/* Connect once more, after a break, with some patience.  As db_open. */
int undo_open_again(
    const struct undo *u, struct db *db, struct db_options *options);

/* Of a failed statement: a lock, a deadlock; the world; or the script. */
int undo_verdict(const struct db_error *e);

/* Set the error.  Returns status. */
__attribute__((format(printf, 3, 4))) int undo_fail(
    struct undo *u, int status, const char *format, ...);

#endif
