/*
 * explain - a server's error, said in terms of the script
 *
 * The result names file, line and column, the SQLSTATE, the server's message,
 * detail and hint, and shows the statement, unless that may hold a password:
 * then neither it nor what the server quotes of it is shown.
 */
#ifndef MG_EXPLAIN_H
#define MG_EXPLAIN_H

#include "db.h"
#include "script.h"

/*
 * Of statement n of a script; several lines, the caller's to free.  more, if
 * not NULL, is lines that say more of it, each behind its newline.
 */
char *explain_statement(const struct script *s, size_t n,
    const struct db_error *error, const char *more);

/* Of a statement of ours, what it is and for which migration; likewise. */
char *explain_own(
    const char *name, const char *what, const struct db_error *error);

#endif
