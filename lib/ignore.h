/*
 * ignore - the comments that silence rules
 *
 *	-- mg-lint: ignore ban-drop-column because no client reads it
 *
 * One concerns the statement in which it stands, or behind which it stands on
 * the same line, else the one that follows.  Several rules are parted by
 * commas.
 *
 *	ignores_read(&list, &sql);
 *	if (!ignores_silence(&list, "ban-drop-column", n))
 *		tell();
 *	ignores_free(&list);
 */
#ifndef MG_IGNORE_H
#define MG_IGNORE_H

#include <stdbool.h>
#include <stddef.h>

#include "sql.h"

/* One rule in one comment. */
struct ignore {
	size_t at;        /* where its name stands, or the comment */
	char *rule;       /* NULL if the comment is not understood */
	bool reason;      /* it has one; without, it silences nothing */
	bool used;        /* it did silence something */
	size_t statement; /* that it concerns; sql.count: there is none */
};

struct ignores {
	struct ignore *list;
	size_t count;
	size_t statements; /* private: how many the text has */
};

void ignores_read(struct ignores *list, const struct sql *sql);

/*
 * Whether a rule is to be silent of statement n; of the text as a whole,
 * IGNORE_TEXT, any comment in it can say so.
 */
#define IGNORE_TEXT ((size_t)-1)
bool ignores_silence(struct ignores *list, const char *rule, size_t n);

/* Harmless on { 0 } and twice. */
void ignores_free(struct ignores *list);

#endif
