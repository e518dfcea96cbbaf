/*
 * baseline - what becomes of baselines, and of what they replace, in a
 * database
 *
 * A database that has nothing of what a baseline replaces gets it run; one
 * that has it all gets its row alone; one that has some gets the rest first.
 * A baseline that another one replaces is like any migration that is
 * replaced; it only runs where it spares a database the rest one by one.
 *
 *	if (baselines_read(&b, &migrations) == -1)
 *		errx(CLI_INPUT, "%s", b.names.error);
 *	baselines_decide(&b, &history, migrations.count, NULL);
 *	for (i = 0; i < migrations.count; i++)
 *		use(b.list[i].fate);
 *	baselines_free(&b);
 */
#ifndef MG_BASELINE_H
#define MG_BASELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "history.h"
#include "record.h"
#include "replaced.h"

enum baseline_fate {
	BASELINE_NONE,     /* the history alone decides (state.h) */
	BASELINE_REPLACED, /* it has no row, and does not run */
	BASELINE_BEYOND,   /* it holds more than is asked for: the same */
	BASELINE_RECORDED, /* its row is written, and nothing runs */
};

/* Of a migration of the stream. */
struct baseline {
	enum baseline_fate fate;
	bool top;      /* it is a baseline that no other replaces */
	size_t place;  /* in names, if it is one */
	char *reason;  /* why it is neither run nor recorded, or NULL */
	size_t behind; /* private: it is acted on behind that one, or */
	size_t before; /* private: before that one, unless that is itself */
};

struct baselines {
	const struct migrations *migrations; /* borrowed */
	struct replaced names;
	struct baseline *list; /* as long as the stream */
	/*
	 * Positions in the stream, in the order to act in: what is recorded
	 * comes behind what it needs, what runs before all that is newer than
	 * what it replaces, whatever the baseline's own name.
	 */
	size_t *order;
};

/* Returns -1 with names.error set, as replaced_read does. */
int baselines_read(struct baselines *b, const struct migrations *m);

/*
 * Decide.  Nothing at or behind end in the stream is to be acted on, and a
 * baseline that stands for more than what lies before it stays out.  given,
 * if not NULL, tells which of the stream are about to be marked as applied:
 * then nothing is to be run, and only baselines among those matter.
 */
void baselines_decide(struct baselines *b, const struct history *h, size_t end,
    const bool *given);

/* The first reason, or NULL; lent. */
const char *baselines_refusal(const struct baselines *b);

void baselines_free(struct baselines *b);

#endif
