#include "clock.h"
#include "indexing_private.h"
#include "sight.h"

/* Milliseconds: between two looks; when who keeps a build waiting is told. */
enum { TICK = 1000, SILENCE = 2000, SILENCE_LEAST = 50 };

static long silence(const struct indexing *);
static void judge(struct indexing *, struct lane *);

/* A lock must be looked at before its timeout lets go of it. */
static long
silence(const struct indexing *x)
{
	long half = x->state->migrate->db->options->lock_timeout / 2;

	if (half == 0 || half > SILENCE)
		return SILENCE;
	return half < SILENCE_LEAST ? SILENCE_LEAST : half;
}

long
indexing_tick(const struct indexing *x)
{
	return silence(x) < TICK ? silence(x) : TICK;
}

void
indexing_look(struct indexing *x)
{
	struct indexing_state *s = x->state;
	struct migrate *m = s->migrate;
	size_t i;

	s->next_look = clock_ms() + indexing_tick(x);
	if (indexing_busy(x) == 0)
		return;
	if (sight_look(m->db, s->lanes, s->count, silence(x), m->notice) ==
	    -1) {
		if (m->db->error.lost)
			indexing_lose(x);
		return;
	}
	for (i = 0; i < s->count; i++)
		judge(x, &s->lanes[i]);
	if (x->records)
		sight_records(s->lanes, s->count);
	else if (m->progress)
		sight_line(s->lanes, s->count, s->finished, m->pending.count);
}

/* No timeout ends a concurrent build, but patience does. */
static void
judge(struct indexing *x, struct lane *lane)
{
	const struct migrate *m = x->state->migrate;
	long patience = m->db->options->lock_timeout * (m->retries + 1);

	if (lane->task == NULL || lane->since == 0 ||
	    !lane->task->spelling.concurrent)
		return;
	if (patience == 0 || clock_ms() - lane->since < patience)
		return;
	lane->gave_up = true;
	db_cancel(&lane->db);
}
