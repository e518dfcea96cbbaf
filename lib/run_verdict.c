#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "duplicate.h"
#include "explain.h"
#include "lock.h"
#include "mem.h"
#include "run_private.h"

static bool is_the_worlds(const struct db_error *);
static int report_wait(struct run *);
static char *describe_failure(struct run *);
static char *describe_statement(struct run *);

int
run_report(struct run *r, int status)
{
	struct flight *f = &r->private->dispatch.flight;

	r->broke = f->failed;
	r->lost = f->error.lost;
	if (r->error != NULL)
		return status;
	if (!f->failed && db_signal() != 0) {
		r->error = mem_copy("interrupted between two migrations");
		return CLI_NO;
	}
	if (turn_is_busy(&f->error) || turn_is_stale(&f->error))
		return report_wait(r);
	r->error = describe_failure(r);
	if (r->lost || is_the_worlds(&f->error))
		return CLI_SYSTEM;
	(void)(db_signal() == 0 && run_clear_failed(r));
	return run_lacked_lock(r) && db_signal() == 0 ? CLI_RETRY : CLI_NO;
}

/* Insufficient resources such as a full disk, and system errors. */
static bool
is_the_worlds(const struct db_error *error)
{
	return strncmp(error->sqlstate, "53", 2) == 0 ||
	    strncmp(error->sqlstate, "58", 2) == 0;
}

static int
report_wait(struct run *r)
{
	struct flight *f = &r->private->dispatch.flight;
	char *holder;

	r->broke = false;
	r->stale = turn_is_stale(&f->error);
	if (r->stale) {
		r->error = mem_copy("another has changed the history");
		return CLI_RETRY;
	}
	holder = lock_holder(r->db);
	r->error = mem_printf("%s; try again", holder);
	free(holder);
	return CLI_RETRY;
}

static char *
describe_failure(struct run *r)
{
	struct run_private *p = r->private;
	const struct flight *f = &p->dispatch.flight;
	enum flight_part part = f->failure.part;
	char *what, *text;

	if ((part == FLIGHT_STATEMENT || part == FLIGHT_BUILD ||
		part == FLIGHT_ALONE) &&
	    run_read_failed(r) == 0)
		what = describe_statement(r);
	else
		what = explain_own(r->jobs[f->failure.job].migration->name,
		    part == FLIGHT_STEP || part == FLIGHT_FINISH
			? "COMMIT"
			: "history row",
		    &f->error);
	if (!run_lacked_lock(r) || p->watch.blockers == NULL)
		return what;
	text = mem_printf(
	    "%s\n  it was kept waiting by %s", what, p->watch.blockers);
	free(what);
	return text;
}

static char *
describe_statement(struct run *r)
{
	const struct dispatch *d = &r->private->dispatch;
	const struct flight *f = &d->flight;
	char *more =
	    duplicate_list(r->db, &d->script, f->failure.number, &f->error);
	char *text =
	    explain_statement(&d->script, f->failure.number, &f->error, more);

	free(more);
	return text;
}
