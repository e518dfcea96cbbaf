/*
 * history - the table _prisma_migrations: which migrations a database has had
 *
 * Prisma Migrate 2 to 7 keeps it; its meaning as observed with Prisma 6.19
 * and read in its schema engine:
 *
 *	applied      finished_at set, rolled_back_at null
 *	failed       both null: it failed, it is running, or its client died;
 *	             any failed row blocks every deployment (P3009)
 *	rolled back  rolled_back_at set: it is to be run again, as a new row
 *
 * A name may have several rows, and none of them is unique.  Rows that were
 * marked have started_at = finished_at, no steps and empty logs; rows that
 * were run have one step and null logs.  Times are the server's, in UTC.
 *
 * The table is created where an unqualified name lands: in the schema of the
 * URL's ?schema=, else in the first of the search_path that exists.
 */
#ifndef MG_HISTORY_H
#define MG_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "db.h"

enum history_state {
	HISTORY_NONE, /* no row */
	HISTORY_APPLIED,
	HISTORY_FAILED,
	HISTORY_ROLLED_BACK, /* nothing but rows that were rolled back */
};

struct history_row {
	char *id;
	char *name;
	char *checksum;
	char *logs;       /* NULL for null */
	char *started_at; /* ISO 8601, UTC; NULL where it is finished */
	enum history_state state;
	size_t order; /* of started_at, from 0 */
};

struct history {
	char *schema; /* where the table is, or would be created */
	char *table;  /* its qualified name, quoted for SQL */
	bool exists;
	bool occupied; /* there are tables of others in that schema (P3005) */
	bool standby;  /* the server is read-only: a replica */
	char *second;  /* another schema that has such a table too, or NULL */
	struct history_row *rows; /* by name, then by started_at */
	size_t count;
};

/*
 * Read the history in one round trip.  Returns -1 with db->error set.  A
 * struct that was read before, and is not freed, may be read into again.
 */
int history_read(struct history *h, struct db *db);

/*
 * The same in two steps, between which the server has time to answer.  If it
 * is not to be the whole history: where there is a table, no more of its rows
 * than shows whether anything is to be done, which is faster, without ids, logs
 * and times; schema and table are then NULL.
 */
int history_ask(struct db *db, bool whole);
int history_answer(struct history *h, struct db *db, bool whole);

/*
 * As if there were such a row, and it were applied, in that place of the order;
 * checksum may be NULL.
 */
void history_add(
    struct history *h, const char *name, const char *checksum, size_t order);

/* The first row of a name, others follow it; NULL if there is none. */
const struct history_row *history_find(
    const struct history *h, const char *name);

/*
 * What the rows of a name add up to.  *row is the one that decides: the
 * failed one, else the applied one, else the last rolled back.
 */
enum history_state history_state(
    const struct history *h, const char *name, const struct history_row **row);

void history_free(struct history *h);

/*
 * The SQL that changes the history.  The texts name the table in full, so
 * that no search_path matters, and live until history_sql_free.
 */
struct history_sql {
	char *insert; /* $1 id, $2 checksum, $3 name: it ran in this very
			 transaction; returns its milliseconds */
	char *mark;   /* $1 id, $2 checksum, $3 name: it did not run */
	char *remove; /* $1 id */
	char *open;   /* $1 id, $2 checksum, $3 name, $4 logs: unfinished */
	char *start;  /* $1 id: it is opened, but begins only now */
	char *note;   /* $1 id, $2 logs */
	char *finish; /* $1 id, $2 checksum; returns milliseconds */
	char *reopen; /* $1 name, $2 logs: what is applied is unfinished;
			 returns its id, or null */
	char *forget; /* $1 name, $2 id or null: all its rows go, unless that
			 one is no longer unfinished; returns whether any */
};

/*
 * Mark as applied what is not: $1 names, $2 checksums and, if timed, $3 when,
 * in microseconds since 1970, arrays.  Failed rows of these names become rolled
 * back.  Without a time it is now, and microseconds keep the order of the
 * names. The text, which returns the names that were marked if told, is the
 * caller's to free.
 */
char *history_mark(const char *table, bool timed, bool told);

void history_sql_make(struct history_sql *sql, const struct history *h);
void history_sql_free(struct history_sql *sql);

/*
 * A statement without parameters that creates what is missing of the table
 * and of the schema that the URL names; it needs no right if nothing is.
 */
const char *history_create(const struct db *db);

/* A random (version 4) UUID, as Prisma's ids are. */
#define HISTORY_ID sizeof("01234567-89ab-4def-8123-456789abcdef")
void history_new_id(char id[static HISTORY_ID]);

#endif
