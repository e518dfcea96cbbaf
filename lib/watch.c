#include "watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "clock.h"
#include "mem.h"
#include "session.h"

/* Milliseconds. */
enum { SILENCE = 2000, SILENCE_LEAST = 50, BLINK = 1000 };

static const char find[] =
    "SELECT string_agg(" SESSION_WORDS ", '; ' ORDER BY a.pid)"
    " FROM pg_stat_activity a WHERE a.pid = ANY (pg_blocking_pids($1::int))";

static void look(void *);
static bool open_eyes(struct watch *);
static void look_away(void *);
static void close_eyes(struct watch *);
static void see(struct watch *, const char *);
static void judge(struct watch *);

void
watch_begin(struct watch *w)
{
	struct db *db = w->flight->db;
	long half = db->options->lock_timeout / 2;

	/* A lock must be looked at before its timeout lets go of it. */
	db->idle = (struct db_idle){ .after = SILENCE, look, w };
	if (half > 0 && half < SILENCE)
		db->idle.after = half < SILENCE_LEAST ? SILENCE_LEAST : half;
	/* Behind a pooler nobody knows which session is ours. */
	w->blind = db->pooled;
}

void
watch_forget(struct watch *w)
{
	free(w->blockers);
	w->blockers = NULL;
	w->since = 0;
	w->gave_up = false;
}

void
watch_end(struct watch *w)
{
	w->flight->db->idle.call = NULL;
	watch_forget(w);
	if (w->open)
		db_close(&w->eyes);
	w->open = false;
}

static void
look(void *arg)
{
	struct watch *w = arg;
	char pid[32];
	const char *values[] = { pid };

	if (w->blind || flight_current(w->flight) == NULL || !open_eyes(w))
		return;
	snprintf(pid, sizeof(pid), "%d", db_backend(w->flight->db));
	if (db_query(&w->eyes, find, 1, values) == -1) {
		close_eyes(w);
		return;
	}
	see(w, db_value(&w->eyes, 0, 0));
	judge(w);
}

static bool
open_eyes(struct watch *w)
{
	if (w->open)
		return true;
	w->options = (struct db_options){
		.program = w->flight->db->options->program,
		.url = w->flight->db->options->url,
		.brief = true,
	};
	w->open = db_open(&w->eyes, &w->options) == CLI_OK;
	w->eyes.idle = (struct db_idle){ BLINK, look_away, &w->eyes };
	if (!w->open)
		close_eyes(w);
	return w->open;
}

/* Whoever is to see must answer at once, or we would all wait for it. */
static void
look_away(void *arg)
{
	((struct db *)arg)->over = true;
}

static void
close_eyes(struct watch *w)
{
	db_close(&w->eyes);
	w->open = false;
	w->blind = true;
}

static void
see(struct watch *w, const char *blockers)
{
	const struct flight_item *item = flight_current(w->flight);
	char *text;

	if (blockers == NULL) {
		w->since = 0;
		return;
	}
	if (w->since == 0 || w->job != item->job || w->number != item->number)
		w->since = clock_ms();
	w->job = item->job;
	w->number = item->number;
	if (w->blockers != NULL && strcmp(w->blockers, blockers) == 0)
		return;
	free(w->blockers);
	w->blockers = mem_copy(blockers);
	text = mem_printf("it is kept waiting by %s", blockers);
	if (w->notice != NULL)
		w->notice(text);
	free(text);
}

static void
judge(struct watch *w)
{
	if (w->patience == 0 || w->since == 0 ||
	    flight_current(w->flight)->part != FLIGHT_BUILD ||
	    clock_ms() - w->since < w->patience)
		return;
	w->gave_up = true;
	db_cancel(w->flight->db);
}
