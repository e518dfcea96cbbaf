#include "flight.h"

#include <string.h>

#include "cli.h"

static bool has_room(struct flight *);
static void add(struct flight *, const struct flight_item *, int);
static void make_room(struct flight *);
static void receive(struct flight *);
static void take(struct flight *, const struct flight_item *, enum db_outcome);
static void break_off(struct flight *);
static void drain(struct flight *);

int
flight_begin(struct flight *f)
{
	f->stopped = f->failed = false;
	f->first = f->waiting = f->bytes = 0;
	f->last = f->job;
	if (db_pipeline(f->db) == 0)
		return CLI_OK;
	db_error_move(&f->error, &f->db->error);
	return CLI_SYSTEM;
}

void
flight_send(struct flight *f, enum flight_part part, size_t number,
    const char *sql, size_t count, const char *const *values)
{
	struct flight_item item = { part, f->job, number, strlen(sql) };

	if (has_room(f))
		add(f, &item, db_send(f->db, sql, count, values));
}

void
flight_prepare(struct flight *f, const char *name, const char *sql)
{
	struct flight_item item = { FLIGHT_OWN, f->job, 0, strlen(sql) };

	if (has_room(f))
		add(f, &item, db_prepare(f->db, name, sql));
}

void
flight_send_prepared(struct flight *f, enum flight_part part, size_t number,
    const char *name, size_t count, const char *const *values)
{
	struct flight_item item = { part, f->job, number, 0 };

	if (has_room(f))
		add(f, &item, db_send_prepared(f->db, name, count, values));
}

void
flight_flush(struct flight *f)
{
	if (!f->stopped && db_flush(f->db) == -1)
		break_off(f);
}

const struct flight_item *
flight_current(const struct flight *f)
{
	return f->waiting == 0 ? NULL : &f->items[f->first];
}

void
flight_end(struct flight *f)
{
	drain(f);
	db_pipeline_end(f->db);
}

void
flight_lose(struct flight *f)
{
	break_off(f);
	f->error.lost = true;
}

void
flight_free(struct flight *f)
{
	db_error_free(&f->error);
}

/* May another be sent?  If need be, there will be room first. */
static bool
has_room(struct flight *f)
{
	if (f->waiting == FLIGHT_WINDOW || f->bytes > FLIGHT_BYTES)
		make_room(f);
	if (db_signal() != 0)
		f->stopped = true;
	return !f->stopped;
}

static void
add(struct flight *f, const struct flight_item *item, int sent)
{
	if (sent == -1) {
		take(f, item, DB_FAILED);
		return;
	}
	f->items[(f->first + f->waiting++) % FLIGHT_WINDOW] = *item;
	f->bytes += item->bytes;
	f->last = f->job;
}

/* Answers come when they are asked for, or fill a buffer. */
static void
make_room(struct flight *f)
{
	(void)db_flush(f->db);
	while (!f->stopped &&
	    (f->waiting > FLIGHT_WINDOW / 2 || f->bytes > FLIGHT_BYTES / 2))
		receive(f);
}

static void
receive(struct flight *f)
{
	struct flight_item *item = &f->items[f->first];
	enum db_outcome outcome = db_next(f->db);

	f->first = (f->first + 1) % FLIGHT_WINDOW;
	f->waiting--;
	f->bytes -= item->bytes;
	take(f, item, outcome);
}

static void
take(struct flight *f, const struct flight_item *item, enum db_outcome outcome)
{
	if (outcome == DB_FAILED && !f->failed) {
		f->failed = f->stopped = true;
		f->failure = *item;
		db_error_move(&f->error, &f->db->error);
	}
	if (outcome == DB_DONE)
		f->landed(f->arg, item);
}

/*
 * Nothing more can be sent.  What has no answer yet may be done or not: blame
 * the first such; or the last that was sent, as the next may not exist.
 */
static void
break_off(struct flight *f)
{
	const struct flight_item *current = flight_current(f);
	const struct flight_item item = { FLIGHT_OWN,
		current == NULL ? f->last : current->job, 0, 0 };

	take(f, &item, DB_FAILED);
}

static void
drain(struct flight *f)
{
	if (f->error.lost)
		return;
	if (db_sync(f->db) == -1) {
		break_off(f);
		return;
	}
	while (f->waiting > 0 && !f->error.lost)
		receive(f);
	/* The server may have said why it leaves before it left. */
	while (
	    !f->error.lost && !f->db->error.lost && db_next(f->db) != DB_SYNC)
		continue;
}
