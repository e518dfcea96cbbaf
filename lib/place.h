/*
 * place - lines and columns of one byte of a text after the other
 *
 * As sql_place tells them, but what was counted is not counted again.
 *
 *	struct place p = { .text = text, .len = len };
 *
 *	place_move(&p, offset);
 *	printf("%zu:%zu", p.line, p.column);
 */
#ifndef MG_PLACE_H
#define MG_PLACE_H

#include <stddef.h>

struct place {
	const char *text; /* yours to set, borrowed */
	size_t len;
	size_t line, column; /* from 1, once it was moved */
	size_t start, above; /* private: of this line; lines before it */
};

/* To a byte that is not before the last one. */
void place_move(struct place *p, size_t offset);

#endif
