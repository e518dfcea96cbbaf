/*
 * db_private - what the parts of db share; for nobody else
 */
#ifndef MG_DB_PRIVATE_H
#define MG_DB_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "db.h"
#include "url.h"

struct pollfd;

/* From a result, or from the connection if that is NULL. */
void db_set_error(struct db *db, const struct pg_result *result);

/* ppoll(2), in which the signals that are caught are heard; 0 ms: no end. */
int db_poll(struct pollfd *list, size_t count, long ms);

void db_set_message(struct db_error *error, const char *message);

/* A connection that is not open yet. */
struct db_connecting {
	struct url url;
	char *settings;
	const char **names, **values; /* of keywords, lent by these; to NULL */
	size_t count;
	bool begun; /* by db_connect_begin, then */
	long began; /* clock_ms */
	int state;  /* PostgresPollingStatusType */
};

/* Returns as db_open does. */
int db_connect(struct db *db);

/*
 * Have a head start: begin, and go on as far as it goes without waiting; then
 * it stands, or db_connect has less to do.
 */
void db_connect_begin(struct db *db);
bool db_connect_goes_on(struct db *db);

#endif
