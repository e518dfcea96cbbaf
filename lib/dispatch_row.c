#include "dispatch_private.h"

#include <stdlib.h>

#include "knex.h"
#include "prune.h"
#include "resume.h"

static void send_marks(struct dispatch *, const struct job *);
static void send_knex(struct dispatch *, const struct job *);

/*
 * A role that the script took on must not stand in the way, and holds for its
 * next step again.
 */
void
dispatch_note(struct dispatch *d, const struct job *job, size_t done)
{
	char *logs = resume_logs(&d->script, done, NULL);
	const char *opening[] = { job->id, job->checksum, job->migration->name,
		logs };
	const char *noting[] = { job->id, logs };
	const struct prepared_statement open = { DISPATCH_OPEN, d->sql.open, 4,
		opening };
	const struct prepared_statement again = { DISPATCH_NOTE, d->sql.note, 2,
		noting };

	if (d->script.plan.resets) {
		dispatch_own(d, "SET LOCAL SESSION AUTHORIZATION DEFAULT");
		dispatch_own(d, "SET LOCAL role TO DEFAULT");
	}
	if (d->opened) {
		dispatch_often(d, FLIGHT_OWN, 0, &again);
		turn_notes(&d->turn, logs);
	} else {
		dispatch_often(d, FLIGHT_OWN, 0, &open);
		turn_opens(&d->turn, logs);
	}
	flight_send(&d->flight, FLIGHT_STEP, done, "COMMIT", 0, NULL);
	d->opened = true;
	d->noted = done;
	free(logs);
}

void
dispatch_finish(struct dispatch *d, const struct job *job, bool last)
{
	const char *values[] = { job->id, job->checksum, job->migration->name };
	const struct prepared_statement finish = { DISPATCH_FINISH,
		d->sql.finish, 2, values };
	const struct prepared_statement insert = { DISPATCH_INSERT,
		d->sql.insert, 3, values };

	if (d->script.plan.resets)
		dispatch_resets(d);
	dispatch_often(d, FLIGHT_ROW, 0, d->opened ? &finish : &insert);
	turn_finishes(&d->turn, d->opened);
	dispatch_commit(d, job, last);
}

void
dispatch_commit(struct dispatch *d, const struct job *job, bool last)
{
	if (job->prunes != NULL)
		prune_send(
		    &d->flight, d->history, job->migration->name, job->prunes);
	if (job->marks != NULL)
		send_marks(d, job);
	if (job->way != JOB_PRUNE)
		send_knex(d, job);
	/* It waits for the disk, and so does all before it. */
	if (last && !d->flight.db->pooled)
		dispatch_own(d, "SET LOCAL synchronous_commit TO DEFAULT");
	flight_send(&d->flight, FLIGHT_FINISH, 0, "COMMIT", 0, NULL);
	flight_flush(&d->flight);
}

static void
send_marks(struct dispatch *d, const struct job *job)
{
	const char *values[] = { job->marks, job->marked };
	const char *own[] = { job->id };
	char *sql = history_mark(d->history->table, false, false);

	if (job->way == JOB_RUN)
		flight_send(&d->flight, FLIGHT_OWN, 0, d->sql.remove, 1, own);
	flight_send(&d->flight, FLIGHT_OWN, 0, sql, 2, values);
	free(sql);
}

/* Of a baseline. */
static void
send_knex(struct dispatch *d, const struct job *job)
{
	struct knex_rows rows;

	if (!knex_rows_make(&rows, job->migration, d->flight.db))
		return;
	dispatch_own(d, rows.create);
	flight_send(&d->flight, FLIGHT_OWN, 0, rows.insert, 2,
	    (const char *const *)rows.names);
	knex_rows_free(&rows);
}

void
dispatch_own(struct dispatch *d, const char *sql)
{
	flight_send(&d->flight, FLIGHT_OWN, 0, sql, 0, NULL);
}

void
dispatch_often(struct dispatch *d, enum flight_part part, size_t number,
    const struct prepared_statement *s)
{
	if (d->prepares)
		prepared_send(&d->prepared, &d->flight, part, number, s);
	else
		flight_send(
		    &d->flight, part, number, s->sql, s->count, s->values);
}
