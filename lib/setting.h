/*
 * setting - what a text has set so far that changes what names and indexes mean
 *
 * A search path, a role, a tablespace; a timeout is none.
 *
 *	struct setting s = { .session = sql.count, .local = sql.count };
 *
 *	for (i = 0; i < sql.count; i++)
 *		setting_follow(&s, &sql, i);
 */
#ifndef MG_SETTING_H
#define MG_SETTING_H

#include "sql.h"

/* The first statement that set what is still so, or the count of them. */
struct setting {
	size_t session; /* until it is reset */
	size_t local;   /* until the transaction ends */
};

void setting_follow(struct setting *s, const struct sql *sql, size_t n);

#endif
