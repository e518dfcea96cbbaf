/*
 * parentage - which rows of other tables the rows of a draft refer to
 *
 * The keys of a parent are copied to a temporary table, numbered, whatever
 * they are and whoever wrote them; a child's row chooses one by its number.
 *
 *	struct parentage p = { .db = &db };
 *
 *	if (parentage_assign(&p, &draft, is_waiting, arg) != CLI_OK)
 *		warnx("%s", p.error);
 *	parentage_free(&p);
 */
#ifndef MG_PARENTAGE_H
#define MG_PARENTAGE_H

#include "draft.h"

struct parentage {
	struct db *db;
	char *error; /* why parentage_assign returned anything but CLI_OK */
	struct parentage_copy *list; /* private, as is the next */
	size_t count;
};

/* Has the table of this oid no rows yet that it is to have? */
typedef bool parentage_waiting(const char *oid, const void *arg);

/*
 * Gives the columns of foreign keys their sources.  A reference to what is
 * waiting, or empty, is null.  Returns CLI_OK; CLI_NO if it may not be null;
 * CLI_SYSTEM if the server fails.
 */
int parentage_assign(struct parentage *p, struct draft *draft,
    parentage_waiting *waiting, const void *arg);

/* May the reference be null? */
bool parentage_is_optional(
    const struct blueprint_table *t, const struct blueprint_reference *r);

/* Harmless on { 0 } and twice. */
void parentage_free(struct parentage *p);

#endif
