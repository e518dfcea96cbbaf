/*
 * pgdump - what pg_dump says of a database's schema
 *
 *	struct pgdump_options options = { .url = url, .version = db.version };
 *
 *	if (pgdump_read(&o, &survey, &options) == -1)
 *		errx(CLI_SYSTEM, "%s", o.error);
 *	use(o.bytes, o.len);
 *	output_free(&o);
 */
#ifndef MG_PGDUMP_H
#define MG_PGDUMP_H

#include <stdbool.h>

#include "output.h"
#include "survey.h"

struct pgdump_options {
	const char *url; /* NULL: libpq's own environment says where it is */
	int version;     /* of the server, as 150018 */
	bool owners, privileges; /* are they wanted? */
};

/*
 * Run the pg_dump that fits, on the survey's snapshot.  Our environment leads
 * to the database from now on, for a password has no place in its arguments.
 * Returns -1 with o->error set; what pg_dump had to say is on standard error.
 */
int pgdump_read(struct output *o, const struct survey *s,
    const struct pgdump_options *options);

#endif
