/*
 * evidence - how much of a script a database has, by its catalog
 *
 * A statement is there if what it leaves is there, and what it takes away is
 * not.  Of rows, of what DO or CALL may do, and of a thing that the script
 * makes and changes again, the catalog cannot tell.
 *
 *	if (evidence_read(&e, &db, &script) == -1)
 *		errx(CLI_SYSTEM, "%s", db.error.message);
 *	words = evidence_words(&e, &script);
 *	evidence_free(&e);
 */
#ifndef MG_EVIDENCE_H
#define MG_EVIDENCE_H

#include <stddef.h>

#include "db.h"
#include "script.h"

enum evidence_of {
	EVIDENCE_OPEN,   /* the catalog cannot tell */
	EVIDENCE_SILENT, /* there is nothing to tell: BEGIN, SET, COMMIT */
	EVIDENCE_MOOT,   /* it is as IF EXISTS, or its like, wants it */
	EVIDENCE_THERE,
	EVIDENCE_LACKS,
};

struct evidence {
	enum evidence_of *list; /* of each statement */
	size_t count;
	size_t number[EVIDENCE_LACKS + 1]; /* of each kind */
	enum evidence_sum {
		EVIDENCE_UNKNOWN,  /* nothing can be told */
		EVIDENCE_HARMLESS, /* nothing, but it can run as often as one
				      likes */
		EVIDENCE_ALL,      /* all of which it can be told is there, */
		EVIDENCE_NONE,     /* nothing of it, */
		EVIDENCE_PART,     /* the first of it, */
		EVIDENCE_MIXED,    /* or some, as no run leaves it */
	} sum;
};

/* Changes nothing.  Returns -1 with db->error set, and nothing to free. */
int evidence_read(struct evidence *e, struct db *db, const struct script *s);

/* How the script's last run ended, which says more where it is one transaction.
 */
enum evidence_run {
	EVIDENCE_RUN_LOST,   /* nobody knows */
	EVIDENCE_RUN_FAILED, /* with an error */
	EVIDENCE_RUN_OTHER,  /* it says nothing */
};

/* In words that go on behind a semicolon; the caller's to free. */
char *evidence_words(
    const struct evidence *e, const struct script *s, enum evidence_run run);

/* Harmless on { 0 } and twice. */
void evidence_free(struct evidence *e);

#endif
