/*
 * twin - the index that has the name already which CREATE INDEX wants to give
 *
 * It may be the very index: made by hand, or by a run that died before it
 * could note it.  That is the case if the server describes both in the same
 * words.  To hear these of one that is not there, it is made on an empty copy
 * of the table, in a transaction that is rolled back; where the index lies
 * does not matter.
 *
 *	if (twin_find(&t, &db, &sql, n) == -1)
 *		errx(CLI_SYSTEM, "%s", db.error.message);
 *	if (t.kind == TWIN_OTHER)
 *		printf("%s, not %s\n", t.there, t.wanted);
 *	twin_free(&t);
 */
#ifndef MG_TWIN_H
#define MG_TWIN_H

#include "db.h"
#include "sql.h"

struct twin {
	enum twin_kind {
		TWIN_NONE,    /* nothing has the name */
		TWIN_SAME,    /* it is what the statement would make */
		TWIN_INVALID, /* a broken build left it */
		TWIN_OTHER,
	} kind;
	char *there;  /* what it is, in the server's words, if it is another */
	char *wanted; /* and what it should be; NULL: the server cannot say */
};

/*
 * Of statement n, a CREATE INDEX with a name; db is in no transaction.
 * Returns -1 if the server does not answer.
 */
int twin_find(struct twin *t, struct db *db, const struct sql *sql, size_t n);

/*
 * Has it come to be, and is it valid, whatever else it is?  Returns 1, 0, or -1
 * if the server does not answer.
 */
int twin_is_there(struct db *db, const struct sql *sql, size_t n);

/* Harmless on { 0 } and twice. */
void twin_free(struct twin *t);

#endif
