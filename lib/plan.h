/*
 * plan - the transactions in which a script runs
 *
 * Prisma Migrate sends a script as one simple query, which the server runs as
 * one transaction, but for what the script's own COMMIT and ROLLBACK cut off.
 * A plan has the same cuts, and two more, where one simple query would fail: a
 * statement that refuses a transaction is a step of its own; and before one
 * that uses an enum value, the transaction that added it ends.  What works for
 * Prisma needs neither, and gets the latter only where a string reads like the
 * value and is not.  The plan is the same for every server, though from version
 * 17 on a value may be used at once if its type is as new.
 *
 *	one transaction    most scripts: atomic, the history row belongs to it
 *	several steps      each a transaction with a note of it in the history
 *	                   row, or a single statement and then the note
 *
 * No cut for an enum value is made between BEGIN and COMMIT of the script, nor
 * where it would end what holds up to COMMIT only, as LOCK and SET LOCAL: the
 * server refuses the value there, and nothing remains.
 */
#ifndef MG_PLAN_H
#define MG_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "sql.h"

enum plan_kind {
	PLAN_TRANSACTION,
	PLAN_ROLLBACK,  /* a transaction that the script itself undoes */
	PLAN_READ_ONLY, /* one that may write nothing, and so no note either */
	PLAN_ALONE,     /* one statement, outside of any transaction */
};

struct plan_step {
	enum plan_kind kind;
	size_t first, count; /* its statements, without BEGIN and COMMIT */
	size_t begin; /* the statement that begins it, if the script has one
			 with options of its own; else PLAN_NONE */
};

#define PLAN_NONE ((size_t)-1)

struct plan {
	struct plan_step *steps;
	size_t count;
	bool atomic;        /* at most one transaction */
	bool resets;        /* it may leave settings or a role in the session */
	const char *word;   /* atomic, stepwise, own transactions, apart */
	const char *reason; /* why it is not atomic; static text */
	const char *error;  /* why plan_make returned -1; static text */
	size_t at;          /* the statement to which reason or error belongs */
};

/*
 * Returns 0, or -1 if the script can not be run with a history row: it leaves
 * a transaction open or prepared, wants what refuses one inside of one, or
 * undoes the migration lock.
 */
int plan_make(struct plan *p, const struct sql *sql);

/*
 * The same for a script whose index statements go each its own way, as
 * mg-index(1) has it: a step for each of them.  Returns -1 if one is about
 * anything but indexes.
 */
int plan_make_apart(struct plan *p, const struct sql *sql);

/*
 * The same for a script of one statement that turned out to refuse a
 * transaction, though its text did not say so.
 */
void plan_make_alone(struct plan *p);

/*
 * Is statement n a BEGIN inside of a transaction that begins nothing and asks
 * for nothing?  It would only make the server warn.
 */
bool plan_skips(const struct sql *sql, size_t n);

void plan_free(struct plan *p);

#endif
