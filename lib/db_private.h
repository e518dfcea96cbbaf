/*
 * db_private - what db.c and db_open.c share; for nobody else
 */
#ifndef MG_DB_PRIVATE_H
#define MG_DB_PRIVATE_H

#include "db.h"

/* From a result, or from the connection if that is NULL. */
void db_set_error(struct db *db, const struct pg_result *result);

void db_set_message(struct db_error *error, const char *message);

#endif
