/*
 * dump - the text of pg_dump -s, made fit to be a migration
 *
 * Left out are psql's commands, comments, settings of the session, and what
 * the default of a new database says anyway.  What is left is statements that
 * name everything in full, so that no search_path is needed.
 *
 *	if (dump_read(&d, text, len, commented, ncommented) == -1)
 *		errx(CLI_SYSTEM, "%s", d.error);
 *	dump_write(&d, DUMP_BEFORE, stdout);
 *	write_rows();
 *	dump_write(&d, DUMP_AFTER, stdout);
 *	dump_write(&d, DUMP_LAST, stdout);
 *	dump_free(&d);
 */
#ifndef MG_DUMP_H
#define MG_DUMP_H

#include <stdbool.h>
#include <stdio.h>

#include "sql.h"

enum dump_section {
	DUMP_BEFORE, /* what rows need: types, functions, tables, views */
	DUMP_AFTER,  /* what is better made behind them: keys, triggers */
	DUMP_LAST,   /* event triggers, which would hear of all the others */
};

struct dump {
	struct sql sql;   /* the whole text */
	size_t *kept;     /* the statements that are not left out */
	size_t count;     /* of these */
	size_t starts[4]; /* the first of each section, and the end */
	bool settings[3]; /* which of its own it needs (dump.c) */
	char *error;      /* why dump_read returned -1 */
};

/*
 * The text is borrowed until dump_free, and changed.  Comments on extensions
 * are left out but for those that commented names.  Returns -1 if it is not
 * what the statement reader (sql.h) can read.
 */
int dump_read(struct dump *d, char *text, size_t len, char *const *commented,
    size_t ncommented);

/*
 * Write the statements of a section.  What the first one sets, the last one
 * sets back, so that the session keeps its settings in a transaction and
 * without one.
 */
void dump_write(const struct dump *d, enum dump_section section, FILE *out);

/* Harmless on { 0 } and twice. */
void dump_free(struct dump *d);

#endif
