/*
 * halves - where a script for both ways has its way up and its way down
 *
 * dbmate begins them with the comments -- migrate:up and -- migrate:down,
 * node-pg-migrate with -- Up Migration and -- Down Migration.  A script without
 * either is all up.
 *
 *	if (halves_read(&h, text, len) == -1)
 *		errx(CLI_INPUT, "%zu: %s", h.line, h.error);
 *	write(h.up, h.up_len);
 */
#ifndef MG_HALVES_H
#define MG_HALVES_H

#include <stdbool.h>
#include <stddef.h>

struct halves {
	const char *up; /* lent by the text, as is down */
	size_t up_len;
	const char *down; /* NULL: there is none */
	size_t down_len;
	size_t up_line, down_line; /* where they begin, from 1 */
	bool dbmate;               /* by its comments */
	size_t loose_line; /* dbmate shall run it outside a transaction; or 0 */
	const char *error; /* why halves_read returned -1; static text */
	size_t line;       /* and where, from 1 */
};

/*
 * Returns -1 where a half begins twice, the first comment is neither, or
 * statements lie before both.
 */
int halves_read(struct halves *h, const char *text, size_t len);

#endif
