#include "turn.h"

#include <stdlib.h>
#include <string.h>

#include "lock.h"
#include "mem.h"

/* SQLSTATEs of our own, of a class that neither SQL nor PostgreSQL uses. */
#define BUSY "MG013"
#define STALE "MG014"

static const char take[] =
    "DO $$ BEGIN IF NOT pg_try_advisory_xact_lock(" LOCK_KEY ") THEN"
    " RAISE EXCEPTION USING ERRCODE = '" BUSY "',"
    " MESSAGE = 'the migration lock is held'; END IF; END $$";

/* For the DO block, which takes no parameters. */
static const char give[] = "SELECT set_config('mg.history', $1, true),"
			   " set_config('mg.believed', $2, true),"
			   " set_config('mg.row', $3, true)";

static const char check[] =
    "DO $$ DECLARE found text := '0/0/0';"
    " home text := current_setting('mg.history');"
    " BEGIN IF to_regclass(home) IS NOT NULL THEN"
    "  EXECUTE 'SELECT concat_ws(''/'', count(*), count(rolled_back_at),"
    "   count(*) FILTER (WHERE finished_at IS NULL"
    "    AND rolled_back_at IS NULL),"
    "   max(logs) FILTER (WHERE id = current_setting(''mg.row'')))"
    "   FROM ' || home INTO found;"
    " END IF; IF found <> current_setting('mg.believed') THEN"
    " RAISE EXCEPTION USING ERRCODE = '" STALE "',"
    " MESSAGE = 'another has changed the history'; END IF; END $$";

void
turn_begin(struct turn *t, const struct history *h)
{
	const struct history_row *row;

	turn_free(t);
	*t = (struct turn){ .history = h, .rows = h->count };
	for (row = h->rows; row < h->rows + h->count; row++) {
		t->rolled_back += row->state == HISTORY_ROLLED_BACK;
		t->unfinished += row->state == HISTORY_FAILED;
	}
}

void
turn_takes(struct turn *t, const char *id, const char *logs)
{
	free(t->logs);
	t->logs = logs == NULL ? NULL : mem_copy(logs);
	t->id = id;
}

void
turn_send(const struct turn *t, struct flight *f)
{
	char *believed = mem_printf("%zu/%zu/%zu%s%s", t->rows, t->rolled_back,
	    t->unfinished, t->logs == NULL ? "" : "/",
	    t->logs == NULL ? "" : t->logs);
	const char *values[] = { t->history->table, believed,
		t->id == NULL ? "" : t->id };

	if (f->db->local != NULL)
		flight_send(f, FLIGHT_OWN, 0, f->db->local, 0, NULL);
	if (!lock_disabled())
		flight_send(f, FLIGHT_OWN, 0, take, 0, NULL);
	flight_send(f, FLIGHT_OWN, 0, give, 3, values);
	flight_send(f, FLIGHT_OWN, 0, check, 0, NULL);
	free(believed);
}

void
turn_opens(struct turn *t, const char *logs)
{
	t->rows++;
	t->unfinished++;
	turn_notes(t, logs);
}

void
turn_notes(struct turn *t, const char *logs)
{
	free(t->logs);
	t->logs = mem_copy(logs);
}

void
turn_finishes(struct turn *t, bool opened)
{
	if (!opened) {
		t->rows++;
		return;
	}
	t->unfinished--;
	free(t->logs);
	t->logs = NULL;
}

bool
turn_is_busy(const struct db_error *error)
{
	return strcmp(error->sqlstate, BUSY) == 0;
}

bool
turn_is_stale(const struct db_error *error)
{
	return strcmp(error->sqlstate, STALE) == 0;
}

void
turn_free(struct turn *t)
{
	free(t->logs);
	t->logs = NULL;
}
