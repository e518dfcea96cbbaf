/*
 * trace - what a statement leaves in the catalog, or takes away from it
 *
 * Told from its tokens: CREATE, ALTER and DROP of what has a name.  Rows,
 * grants, settings and what DO or CALL may do leave no trace here.
 *
 *	traces_add(&t, &sql, n);
 *	for (i = 0; i < t.count; i++)
 *		use(t.list[i].kind, t.list[i].name, t.list[i].part);
 *	traces_free(&t);
 */
#ifndef MG_TRACE_H
#define MG_TRACE_H

#include <stdbool.h>
#include <stddef.h>

#include "sql.h"

enum trace_kind {
	TRACE_RELATION, /* a table, view, sequence; an index that goes */
	TRACE_INDEX,    /* a part of its table, as all that follow */
	TRACE_COLUMN,
	TRACE_NOT_NULL, /* of the column */
	TRACE_CONSTRAINT,
	TRACE_TRIGGER,
	TRACE_POLICY,
	TRACE_TYPE,
	TRACE_VALUE, /* a part of its type */
	TRACE_ROUTINE,
	TRACE_SCHEMA,
	TRACE_EXTENSION,
};

struct trace {
	enum trace_kind kind;
	size_t statement;
	bool gone;    /* it is taken away, */
	bool renamed; /* but by a new name, with its parts */
	bool made; /* it lies where a new thing does, not where one is found */
	bool lenient; /* IF EXISTS and its like: so it may have been before */
	char *schema; /* without quotes, as are the rest; "" for none */
	char *name;
	char *part; /* of that name, or "" */
};

struct traces {
	struct trace *list; /* in the order of the statements */
	size_t count;
};

/* Add those of statement n. */
void traces_add(struct traces *t, const struct sql *sql, size_t n);

/*
 * Can what became of a be told no more once b was done, or the reverse?  Both
 * are about one thing, or b takes away what a is a part of.
 */
bool trace_spoils(const struct trace *a, const struct trace *b);

/* Static text: "column". */
const char *trace_word(enum trace_kind kind);

/* Harmless on { 0 } and twice. */
void traces_free(struct traces *t);

#endif
