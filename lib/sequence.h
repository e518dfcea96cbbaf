/*
 * sequence - where a database's sequences stand, as calls of setval
 *
 *	struct sequence_options options = { .excluded = "{}" };
 *
 *	if ((status = sequence_write(&options, &db, stdout, &error)) != CLI_OK)
 *		errx(status, "%s", error);
 */
#ifndef MG_SEQUENCE_H
#define MG_SEQUENCE_H

#include <stdio.h>

#include "db.h"

struct sequence_options {
	const char *excluded; /* the oids of relations, as an array */
	const char *tables;   /* likewise: only theirs; NULL: all */
};

/*
 * Write a statement for each that is not where it was made.  Returns CLI_OK;
 * CLI_INPUT if a right is missing, else CLI_SYSTEM, with *error saying why,
 * the caller's to free.
 */
int sequence_write(const struct sequence_options *options, struct db *db,
    FILE *out, char **error);

#endif
