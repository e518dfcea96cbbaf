/*
 * compiled - what a compiler made of a TypeScript, and put beside it
 *
 * X.js, X.mjs or X.cjs beside X.ts is no script of its own: X.ts is the source,
 * whose name and checksum count, and the other runs where nothing runs that.
 */
#ifndef MG_COMPILED_H
#define MG_COMPILED_H

#include <stdbool.h>

/* Would a file of that name, or path, be what was compiled of that source? */
bool compiled_is(const char *file, const char *source);

/* The path of what was compiled of that, yours to free; NULL: nothing. */
char *compiled_find(const char *source);

/* Was the source written since? */
bool compiled_is_old(const char *file, const char *source);

#endif
