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

/*
 * Connect by these keywords, which are borrowed until db_connect_free, and end
 * with NULL.  Returns as db_open does.
 */
void db_connect_by(struct db *db, const char *name, const char *value);
int db_connect(struct db *db);

/*
 * Have a head start: begin, and go on as far as it goes without waiting; then
 * it stands, or db_connect has less to do.
 */
void db_connect_begin(struct db *db);
bool db_connect_goes_on(struct db *db);

/* Harmless twice. */
void db_connect_free(struct db *db);

#endif
