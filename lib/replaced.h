/*
 * replaced - which migrations the baselines of a stream stand for
 *
 * Every name that a baseline replaces, and the baseline's own, has a place in
 * one list.  A baseline may replace an earlier one, in the stream or not;
 * what that one replaced, the later replaces, too.
 */
#ifndef MG_REPLACED_H
#define MG_REPLACED_H

#include <stdbool.h>
#include <stddef.h>

#include "record.h"

struct replaced_name {
	const char *name;     /* lent by the stream */
	const char *checksum; /* of the script that was replaced, or NULL */
	bool disputed;        /* two baselines replace different scripts */
	size_t at;            /* in the stream, or its count */
	size_t *list;         /* places of what it replaces itself */
	size_t count;         /* none: it is no baseline */
	const struct json_t *names; /* private: the same, as they came */
};

struct replaced {
	struct replaced_name *list; /* by name */
	size_t count;
	char *error; /* why replaced_read returned -1 */
};

/*
 * Returns -1 if the members are not what mg-records(5) says, or a baseline
 * replaces itself.  The stream must outlive it.
 */
int replaced_read(struct replaced *r, const struct migrations *m);

/* The place of a name, or r->count if no baseline knows it. */
size_t replaced_find(const struct replaced *r, const char *name);

/*
 * The places of all that the baseline at this place stands for, itself not
 * among them; the caller's to free.
 */
size_t *replaced_all(const struct replaced *r, size_t top, size_t *count);

void replaced_free(struct replaced *r);

#endif
