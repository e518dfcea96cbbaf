/*
 * restore_private - what restore.c and its parts share; for nobody else
 */
#ifndef MG_RESTORE_PRIVATE_H
#define MG_RESTORE_PRIVATE_H

#include "restore.h"

/* Both replace the words, and return the status. */
int restore_fail(struct restore *r, int status, const char *why);
int restore_fail_db(struct restore *r, int status, const struct db *db);

/* Is anybody connected who may not be ended? */
int restore_check_sessions(struct restore *r);

/* By a new database, which then changes its name with the old one. */
int restore_beside(struct restore *r);

/* All in one transaction of the database itself. */
int restore_in_place(struct restore *r);

/* Compare what is in the database now with the backup; then ANALYZE. */
int restore_judge(struct restore *r, const char *database);

#endif
