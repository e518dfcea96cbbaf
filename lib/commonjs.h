/*
 * commonjs - a CommonJS migration of knex as a TypeScript module
 *
 * Exports become exports of a module, require becomes import, and parameters
 * and variables get the types without which the compiler, when it is strict,
 * does not take them; nothing else changes, no comment and no blank.  What
 * might then behave otherwise is refused.
 *
 *	if (commonjs_convert(&c, text, len) == -1)
 *		errx(CLI_INPUT, "%zu:%zu: %s", c.line, c.column, c.error);
 *	write(c.text, c.len);
 *	commonjs_free(&c);
 */
#ifndef MG_COMMONJS_H
#define MG_COMMONJS_H

#include <stddef.h>

struct commonjs {
	char *text;
	size_t len;
	const char *error; /* why commonjs_convert returned -1; static text */
	size_t line, column;
};

/* There is a NUL behind the text, as file.h has it. */
int commonjs_convert(struct commonjs *c, const char *text, size_t len);

/* Harmless on { 0 } and twice. */
void commonjs_free(struct commonjs *c);

#endif
