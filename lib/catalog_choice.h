/*
 * catalog_choice - the queries that a listing needs
 *
 * Most kinds of objects are in few databases, and to plan a query for each
 * would take longer than to ask which of them there are.
 *
 *	catalog_choose(&c, major, options);
 *	send(c.question);
 *	catalog_answer(&c, &db);
 *	send(c.list[i]->sql) ...
 *	catalog_choice_free(&c);
 */
#ifndef MG_CATALOG_CHOICE_H
#define MG_CATALOG_CHOICE_H

#include "catalog.h"
#include "catalog_sql.h"

struct catalog_choice {
	const struct catalog_query **list;
	size_t count;
	size_t always;  /* the first ones, which need no answer */
	char *question; /* SQL, of one row: which of the others there are */
};

/* All queries of a listing from a server of that major version. */
void catalog_choose(
    struct catalog_choice *c, int major, const struct catalog_options *options);

/* Leave out those that would find nothing, as db's last result says. */
void catalog_answer(struct catalog_choice *c, const struct db *db);

void catalog_choice_free(struct catalog_choice *c);

#endif
