/*
 * piece - a text cut into pieces, a statement each, that joined are the text
 *
 *	for (n = 0; n < piece_count(&sql); n++) {
 *		piece_get(&sql, n, &begin, &end);
 *		fwrite(sql.text + begin, 1, end - begin, stdout);
 *	}
 *
 * To a piece belong the blanks and comments before its statement, the
 * semicolon, and what stands behind that on the same line if it is nothing but
 * blanks and whole comments, its newline included.  The last piece has all that
 * is left.  A piece that ends in a semicolon means the same wherever it stands
 * among such pieces.
 */
#ifndef MG_PIECE_H
#define MG_PIECE_H

#include "sql.h"

/*
 * As many as there are statements; one where there are none, but comments or
 * blanks; none in an empty text.
 */
size_t piece_count(const struct sql *sql);

void piece_get(const struct sql *sql, size_t n, size_t *begin, size_t *end);

#endif
