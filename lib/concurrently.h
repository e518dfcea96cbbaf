/*
 * concurrently - a statement with the word CONCURRENTLY, or without it
 *
 * Every other byte of it stays as it is written.
 *
 *	concurrently_spell(&spelling, &sql, n, CONCURRENTLY_ALWAYS);
 *	send(spelling.text);
 *	concurrently_free(&spelling);
 */
#ifndef MG_CONCURRENTLY_H
#define MG_CONCURRENTLY_H

#include <stdbool.h>
#include <stddef.h>

#include "db.h"
#include "sql.h"

enum concurrently {
	CONCURRENTLY_AS_WRITTEN,
	CONCURRENTLY_ALWAYS, /* put into each CREATE INDEX */
	CONCURRENTLY_NEVER,  /* left out wherever it can be */
};

struct concurrently_spelling {
	char *text;
	bool concurrent; /* it runs so, outside of a transaction */
	size_t put;      /* where the word was put in, from its begin; or 0 */
};

void concurrently_spell(struct concurrently_spelling *s, const struct sql *sql,
    size_t n, enum concurrently how);

/* Of an error of this text, to where it is in the statement as written. */
void concurrently_place(
    const struct concurrently_spelling *s, struct db_error *error);

/* Harmless on { 0 } and twice. */
void concurrently_free(struct concurrently_spelling *s);

#endif
