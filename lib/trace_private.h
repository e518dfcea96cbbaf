/*
 * trace_private - what the parts of trace share; for nobody else
 *
 * trace.c reads CREATE and DROP, trace_alter.c reads ALTER, and trace_name.c
 * names as the server does.
 */
#ifndef MG_TRACE_PRIVATE_H
#define MG_TRACE_PRIVATE_H

#include "trace.h"

struct trace_name {
	char *schema, *name; /* without quotes; schema is "" for none */
};

/*
 * Step over a name, qualified or not.  Returns false if it is none, or written
 * in a way that is not read here: U&"name".  trace_name_free is due after
 * either.
 */
bool trace_take_name(struct tokens *t, struct trace_name *name);

/* A string without escapes, the caller's to free; NULL if it is none. */
char *trace_take_string(struct tokens *t);

/* Harmless on { 0 } and twice. */
void trace_name_free(struct trace_name *name);

/* Step over the word, and say what kind of thing it is. */
bool trace_take_kind(struct tokens *t, enum trace_kind *kind);

/* Step over IF EXISTS or IF NOT EXISTS, if it stands here. */
bool trace_take_if(struct tokens *t);

/* Behind the others; part may be "". */
void trace_put(struct traces *t, const struct trace *trace,
    const struct trace_name *name, const char *part);

/* Add those of an ALTER, which tokens stand behind. */
void trace_alter(struct traces *t, struct trace trace, struct tokens tokens);

#endif
