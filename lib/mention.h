/*
 * mention - which statements of a text name a thing
 *
 * Names are compared as the server does: without quotes, in lower case if they
 * had none, up to 63 bytes.  Whether a word is a name or a key word is not
 * asked, nor what kind of thing it names: a mention may be none, but no mention
 * is missed.  U&"names" are not read.
 *
 *	struct mention_list m = { .statements = sql.count };
 *
 *	for (i = 0; i < sql.count; i++)
 *		mention_add(&m, &sql, i);
 *	mention_sort(&m);
 *	for (i = mention_next(&m, key, n); i < sql.count;
 *	    i = mention_next(&m, key, i))
 *		look_at(i);
 *	mention_free(&m);
 */
#ifndef MG_MENTION_H
#define MG_MENTION_H

#include <stdint.h>

#include "sql.h"

struct mention_list {
	struct mention *list; /* private */
	size_t count;
	size_t statements; /* yours to set: how many the text has */
};

/* Note all that statement n names. */
void mention_add(struct mention_list *m, const struct sql *sql, size_t n);

/* Once all are noted. */
void mention_sort(struct mention_list *m);

/* What stands for a word, name or string; 0 for other tokens. */
uint64_t mention_key(const struct tokens *t);

/* That of the last part of a name, qualified or not. */
uint64_t mention_key_of(const char *text, size_t begin, size_t end);

/*
 * The first noted one that mentions it behind statement n, or the count of
 * statements.
 */
size_t mention_next(const struct mention_list *m, uint64_t key, size_t n);

/* The same, from the first statement on. */
size_t mention_first(const struct mention_list *m, uint64_t key);

/* Harmless on { 0 } and twice. */
void mention_free(struct mention_list *m);

#endif
