/*
 * db_private - what the parts of db share; for nobody else
 */
#ifndef MG_DB_PRIVATE_H
#define MG_DB_PRIVATE_H

#include "db.h"

struct pollfd;

/* From a result, or from the connection if that is NULL. */
void db_set_error(struct db *db, const struct pg_result *result);

/* ppoll(2), in which the signals that are caught are heard; 0 ms: no end. */
int db_poll(struct pollfd *list, size_t count, long ms);

void db_set_message(struct db_error *error, const char *message);

#endif
