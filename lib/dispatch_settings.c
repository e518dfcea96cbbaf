#include "dispatch_private.h"
#include "lock.h"

enum { SETTING = 128 /* bytes of a RESET */ };

/* So that the work of a client that died does not go on for long. */
static const char check_client[] =
    "SELECT set_config('client_connection_check_interval', '2s', false)"
    " WHERE version() LIKE '%linux%'";

static bool send_setting(struct dispatch *, size_t, bool);

void
dispatch_settings(struct dispatch *d)
{
	static const struct prepared_statement check = { DISPATCH_CHECK,
		check_client, 0, NULL };

	dispatch_own(d, "SET synchronous_commit = off");
	dispatch_often(d, FLIGHT_OWN, 0, &check);
	if (d->flight.db->strings)
		dispatch_own(d, DB_STRINGS);
}

void
dispatch_resets(struct dispatch *d)
{
	const struct prepared_statement lock = { DISPATCH_LOCK, lock_again(), 0,
		NULL };

	dispatch_own(d, "RESET SESSION AUTHORIZATION");
	dispatch_own(d, "RESET ROLE");
	dispatch_own(d, "RESET ALL");
	if (d->flight.db->pooled)
		return;
	dispatch_settings(d);
	if (!lock_disabled())
		dispatch_often(d, FLIGHT_OWN, 0, &lock);
}

void
dispatch_earlier_settings(struct dispatch *d, const struct job *job)
{
	const struct plan_step *step = d->script.plan.steps;
	bool begun = false;
	size_t i, n;

	if (!d->script.plan.resets)
		return;
	for (i = 0; i < job->done; i++, step++)
		for (n = step->first; n < step->first + step->count; n++)
			if (step->kind != PLAN_ROLLBACK)
				begun |= send_setting(d, n, begun);
	if (begun)
		dispatch_own(d, "COMMIT");
}

static bool
send_setting(struct dispatch *d, size_t n, bool begun)
{
	const struct sql *sql = &d->script.sql;
	char undo[SETTING];

	if (sql_setting(sql, n, undo, sizeof(undo)) == -1 &&
	    !sql_is_set_config(sql, n))
		return false;
	if (!begun)
		dispatch_transaction(d, NULL);
	dispatch_statement(d, n);
	return true;
}
