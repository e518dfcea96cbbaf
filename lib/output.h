/*
 * output - what a program writes to its standard output, read whole
 *
 *	char *command[] = { "pg_dump", "--version", NULL };
 *	struct output o;
 *
 *	if (output_read(&o, command, false) == -1)
 *		errx(CLI_SYSTEM, "%s", o.error);
 *	use(o.bytes, o.len);
 *	output_free(&o);
 */
#ifndef MG_OUTPUT_H
#define MG_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

struct output {
	char *bytes; /* with a NUL behind them that len does not count */
	size_t len;
	char *error; /* why output_read returned -1 */
};

/*
 * Run a program by its path, without standard input, and wait for it.  It
 * ends if we do.  Returns -1 if it did not run or did not exit 0.  What it
 * writes to standard error goes to ours, or nowhere if it is to be silent.
 */
int output_read(struct output *o, char *const command[], bool silent);

/* Harmless on { 0 } and twice. */
void output_free(struct output *o);

#endif
