#include "migrate.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "aftermath.h"
#include "cli.h"
#include "knex.h"
#include "lock.h"
#include "mem.h"
#include "ready.h"
#include "report.h"
#include "run.h"
#include "utf8.h"

/* How long a server that broke off may take to come back, in milliseconds. */
enum {
	COMES_BACK = 5000,
	RECOVERS = 60000 /* if it says that it is at that */
};

static bool has_work(struct migrate *);
static int choose(struct migrate *);
static int fail_to_read(struct migrate *);
static int plan(struct migrate *);
static int run_pending(struct migrate *);
static void tell(const struct migrate *);
static int fail(struct migrate *, int, char *);
static int check(struct migrate *);
static int take_lock(struct migrate *);
static int work(struct migrate *);
static int run_jobs(struct migrate *, bool *);
static int look_back(struct run *, long);

int
migrate(struct migrate *m)
{
	int status;

	if (knex_read(m->history, m->migrations, m->db) == -1)
		return fail_to_read(m);
	if (!has_work(m))
		return CLI_OK;
	if ((status = choose(m)) != CLI_OK)
		return status;
	return m->dry_run ? plan(m) : run_pending(m);
}

void
migrate_free(struct migrate *m)
{
	pending_free(&m->pending);
	free(m->error);
	m->error = NULL;
}

static bool
has_work(struct migrate *m)
{
	if (pending_choose(&m->pending, m->migrations, m->history, m->to,
		m->rows) != CLI_OK ||
	    m->pending.count > 0)
		return true;
	tell(m);
	return false;
}

static int
choose(struct migrate *m)
{
	struct pending *p = &m->pending, before;
	int status;

	/* Of a new database all was read already. */
	if ((m->history->table == NULL || m->locked) &&
	    (history_read(m->history, m->db) == -1 ||
		knex_read(m->history, m->migrations, m->db) == -1))
		return fail_to_read(m);
	before = *p;
	status = pending_choose(p, m->migrations, m->history, m->to, m->rows);
	ready_recall(p, &before);
	pending_free(&before);
	if (!m->locked)
		tell(m);
	/* What looks failed may be running: the lock will tell. */
	if (p->failed && !m->locked)
		p->count = 0;
	else if (status != CLI_OK)
		return fail(m, status, mem_copy(p->error));
	return check(m);
}

static int
fail_to_read(struct migrate *m)
{
	return fail(m, db_error_status(&m->db->error),
	    mem_printf("the history cannot be read: %s", m->db->error.message));
}

static int
plan(struct migrate *m)
{
	if (m->pending.failed)
		return fail(m, CLI_NO, mem_copy(m->pending.error));
	if (m->way != NULL)
		return m->way->plan(m, m->way->arg);
	report_plan(m->pending.jobs, m->pending.count);
	return CLI_OK;
}

static int
run_pending(struct migrate *m)
{
	bool stale;
	int status;

	if (m->pending.count == 0 && !m->pending.failed)
		return CLI_OK;
	if (m->way != NULL &&
	    (status = m->way->claim(m, m->way->arg)) != CLI_OK)
		return status;
	if ((status = take_lock(m)) != CLI_OK)
		return status;
	/* The one who had it may have applied what was pending. */
	m->locked = true;
	do {
		status = choose(m);
		if (status != CLI_OK || m->pending.count == 0)
			return status;
		if (m->way != NULL)
			return work(m);
		status = ready_settle(&m->pending, m->db, m->plain, m->notice);
		if (status != CLI_OK)
			return fail(m, status, mem_copy(m->pending.error));
		db_catch_signals();
		status = run_jobs(m, &stale);
	} while (stale);
	/* A baseline may have brought rows about. */
	if (status == CLI_OK && knex_record(m->migrations, m->db) == -1)
		return fail_to_read(m);
	return status;
}

static void
tell(const struct migrate *m)
{
	size_t i;

	for (i = 0; i < m->pending.nwarnings && m->notice != NULL; i++)
		m->notice(m->pending.warnings[i]);
	if (m->pending.missing != NULL && !m->part && m->notice != NULL)
		m->notice(m->pending.missing);
}

static int
fail(struct migrate *m, int status, char *why)
{
	free(m->error);
	m->error = why;
	return status;
}

static int
check(struct migrate *m)
{
	struct pending *p = &m->pending;
	int status;

	if (p->late != NULL && m->strict && p->count > 0)
		return fail(m, CLI_NO,
		    mem_printf("--strict: %s comes before migrations that are "
			       "already applied",
			utf8_visible(p->late)));
	if (m->way != NULL)
		return m->way->check(m, m->way->arg);
	if ((status = ready_check(p, m->db, m->plain)) != CLI_OK)
		return fail(m, status, mem_copy(p->error));
	return CLI_OK;
}

static int
take_lock(struct migrate *m)
{
	char *holder = NULL;
	int status = lock_take(m->db, m->lock_wait, &holder);

	if (status == CLI_SYSTEM)
		return fail(m, status,
		    mem_printf("the migration lock: %s", m->db->error.message));
	if (status == CLI_RETRY)
		(void)fail(m, status,
		    mem_printf("%s; nothing was changed, try again", holder));
	free(holder);
	return status;
}

static int
work(struct migrate *m)
{
	int status = m->way->work(m, m->way->arg);

	/* As the shell says it of one that a signal ended. */
	return status != CLI_OK && db_signal() != 0 ? 128 + db_signal()
						    : status;
}

static int
run_jobs(struct migrate *m, bool *stale)
{
	struct run r = { .db = m->db,
		.history = m->history,
		.jobs = m->pending.jobs,
		.count = m->pending.count,
		.plain = m->plain,
		.retries = m->retries,
		.script_timeout = m->script_timeout,
		.lock_wait = m->lock_wait,
		.progress = m->progress ? report_progress : NULL,
		.notice = m->notice };
	int status = run(&r);

	*stale = r.stale;
	if (m->progress)
		fputc('\n', stderr);
	if (r.lost)
		status = look_back(&r, m->lock_wait);
	report_jobs(&r);
	if (status != CLI_OK && !r.stale) {
		warnx("%s", r.error);
		report_rest(&r, status);
	}
	run_free(&r);
	/* As the shell says it of one that a signal ended. */
	return status != CLI_OK && db_signal() != 0 ? 128 + db_signal()
						    : status;
}

/* The connection is lost: what came of it? */
static int
look_back(struct run *r, long lock_wait)
{
	struct aftermath a = { COMES_BACK, RECOVERS, lock_wait, NULL };

	if (aftermath_look(&a, r) != CLI_OK)
		warnx("what became of it is not known: %s", a.error);
	aftermath_free(&a);
	if (r->finished < r->count)
		return CLI_SYSTEM;
	warnx("%s", r->error);
	warnx("the connection broke, but all of it was done");
	return CLI_OK;
}
