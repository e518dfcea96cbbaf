/*
 * mg-apply - run the migrations that a database has not had yet
 *
 * Reads records, compares them with the history, and runs what is pending:
 * each migration in one transaction with its history row, all through one
 * pipeline, under the migration lock.  With nothing pending it only reads.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aftermath.h"
#include "ahead.h"
#include "cli.h"
#include "db.h"
#include "history.h"
#include "lock.h"
#include "pending.h"
#include "ready.h"
#include "record.h"
#include "report.h"
#include "run.h"
#include "utf8.h"

enum {
	LOCK_TIMEOUT = CLI_OWN,
	MARK_REPLACED,
	NO_CONCURRENTLY,
	PROGRESS,
	PRUNE_REPLACED,
	RETRIES,
	STATEMENT_TIMEOUT,
	STRICT,
	TO
};

static const struct cli cli = {
	.name = "mg-apply",
	.synopsis = "[-nqv] [-C DIR] [-d URL] [--lock-timeout DURATION] "
		    "[--lock-wait DURATION] [--mark-replaced | "
		    "--prune-replaced] [--no-concurrently] [--progress] "
		    "[--retries N] [--statement-timeout DURATION] [--strict] "
		    "[--to NAME] [--wait DURATION]",
	.summary = "Run the migrations that a database has not had yet.",
	.options =
	    (const struct cli_option[]){
		{ .key = 'C' },
		{ .key = 'd' },
		{ .key = 'n' },
		{ .key = 'q' },
		{ .key = 'v' },
		{ LOCK_TIMEOUT, "lock-timeout", "DURATION",
		    "wait no longer than that for a table's lock" },
		{ .key = CLI_LOCK_WAIT },
		{ MARK_REPLACED, "mark-replaced", NULL,
		    "write their rows, in place of their baseline's" },
		{ NO_CONCURRENTLY, "no-concurrently", NULL,
		    "leave CONCURRENTLY out: for databases without users" },
		{ PROGRESS, "progress", NULL,
		    "show progress, terminal or not" },
		{ PRUNE_REPLACED, "prune-replaced", NULL,
		    "take the rows of replaced migrations away" },
		{ RETRIES, "retries", "N",
		    "of a migration that did not get its locks (10)" },
		{ STATEMENT_TIMEOUT, "statement-timeout", "DURATION",
		    "let no statement run for longer" },
		{ STRICT, "strict", NULL, "refuse what comes out of order" },
		{ TO, "to", "NAME", "stop behind this migration" },
		{ .key = CLI_WAIT },
		{ 0 },
	    },
};

/* How long a server that broke off may take to come back. */
enum { COMES_BACK = 5000 /* milliseconds */ };

struct options {
	struct db_options db;
	const char *to;
	long lock_wait, retries;
	enum pending_rows rows;
	bool dry_run, quiet, strict, progress, plain;
	bool locked; /* nobody else is migrating */
};

static void read_options(struct options *, int, char *[]);
static void choose_rows(struct options *, enum pending_rows);
static void read_input(struct migrations *, struct ahead *);
static bool has_work(struct pending *, const struct history *,
    const struct migrations *, const struct options *);
static int work(struct pending *, struct db *, struct history *,
    const struct migrations *, struct options *);
static void choose(struct pending *, struct db *, struct history *,
    const struct migrations *, const struct options *);
_Noreturn static void fail_reading(const struct db *);
static int migrate(struct pending *, struct db *, struct history *,
    const struct migrations *, struct options *);
static void take_lock(struct db *, const struct options *);
static void settle(struct pending *, struct db *, const struct options *);
static int run_jobs(struct pending *, struct db *, const struct history *,
    const struct options *, bool *);
static int look_back(struct run *, const struct options *);

int
main(int argc, char *argv[])
{
	struct options options = { .lock_wait = 10000, .retries = 10 };
	struct migrations migrations;
	struct pending pending = { 0 };
	struct history history = { 0 };
	struct db db;
	struct ahead ahead = { .options = &options.db,
		.db = &db,
		.history = &history,
		.read = history_peek };
	int status = CLI_OK;

	read_options(&options, argc, argv);
	read_input(&migrations, &ahead);
	if (has_work(&pending, &history, &migrations, &options))
		status = work(&pending, &db, &history, &migrations, &options);

	pending_free(&pending);
	history_free(&history);
	migrations_free(&migrations);
	db_close(&db);
	free(options.db.url);
	return cli_finish(status);
}

static void
read_options(struct options *o, int argc, char *argv[])
{
	int option;

	o->db =
	    (struct db_options){ .program = cli.name, .notice = cli_notice };
	o->progress = isatty(STDERR_FILENO);
	while ((option = cli_next(&cli, argc, argv)) != -1)
		switch (option) {
		case 'n':
			o->dry_run = true;
			break;
		case 'q':
			o->quiet = true;
			o->progress = false;
			o->db.notice = NULL;
			break;
		case CLI_LOCK_WAIT:
			o->lock_wait = cli_duration(optarg);
			break;
		case LOCK_TIMEOUT:
			o->db.lock_timeout = cli_duration(optarg);
			break;
		case NO_CONCURRENTLY:
			o->plain = true;
			break;
		case PROGRESS:
			o->progress = true;
			break;
		case MARK_REPLACED:
			choose_rows(o, ROWS_OF_REPLACED);
			break;
		case PRUNE_REPLACED:
			choose_rows(o, ROWS_OF_BASELINES);
			break;
		case RETRIES:
			o->retries = cli_count(optarg);
			break;
		case STATEMENT_TIMEOUT:
			o->db.statement_timeout = cli_duration(optarg);
			break;
		case STRICT:
			o->strict = true;
			break;
		case TO:
			o->to = optarg;
			break;
		default:
			db_take_option(&o->db, option);
			break;
		}
	cli_no_operands(&cli, argc, argv);
}

static void
choose_rows(struct options *o, enum pending_rows rows)
{
	if (o->rows != ROWS_AS_THEY_COME && o->rows != rows)
		errx(CLI_INPUT,
		    "--mark-replaced and --prune-replaced exclude each other");
	o->rows = rows;
}

/* Of the history no more than shows whether anything is to be done. */
static void
read_input(struct migrations *m, struct ahead *ahead)
{
	int status;

	ahead_begin(ahead);
	if (migrations_read_some(m, stdin, "<stdin>") == -1) {
		warnx("%s", m->error);
		_exit(CLI_INPUT);
	}
	if ((status = ahead_end(ahead)) != CLI_OK)
		errx(status, "%s", ahead->error);
}

static bool
has_work(struct pending *p, const struct history *h, const struct migrations *m,
    const struct options *o)
{
	size_t i;

	if (pending_choose(p, m, h, o->to, o->rows) != CLI_OK || p->count > 0)
		return true;
	for (i = 0; i < p->nwarnings && !o->quiet; i++)
		warnx("%s", p->warnings[i]);
	return false;
}

static int
work(struct pending *p, struct db *db, struct history *h,
    const struct migrations *m, struct options *o)
{
	choose(p, db, h, m, o);
	if (o->dry_run)
		report_plan(p->jobs, p->count);
	else if (p->count > 0 || p->failed)
		return migrate(p, db, h, m, o);
	return CLI_OK;
}

static void
choose(struct pending *p, struct db *db, struct history *h,
    const struct migrations *m, const struct options *o)
{
	size_t i;
	int status;

	pending_free(p);
	/* Of a new database all was read already. */
	if ((h->table == NULL || o->locked) && history_read(h, db) == -1)
		fail_reading(db);
	status = pending_choose(p, m, h, o->to, o->rows);
	for (i = 0; i < p->nwarnings && !o->quiet && !o->locked; i++)
		warnx("%s", p->warnings[i]);
	/* What looks failed may be running: the lock will tell. */
	if (p->failed && !o->locked && !o->dry_run)
		p->count = 0;
	else if (status != CLI_OK)
		errx(status, "%s", p->error);
	if (p->late != NULL && o->strict && p->count > 0)
		errx(CLI_NO,
		    "--strict: %s comes before migrations that are "
		    "already applied",
		    utf8_visible(p->late));
	if ((status = ready_check(p, db, o->plain)) != CLI_OK)
		errx(status, "%s", p->error);
}

static void
fail_reading(const struct db *db)
{
	errx(db_error_status(&db->error), "the history cannot be read: %s",
	    db->error.message);
}

static int
migrate(struct pending *p, struct db *db, struct history *h,
    const struct migrations *m, struct options *o)
{
	bool stale;
	int status;

	take_lock(db, o);
	/* The one who had it may have applied what was pending. */
	o->locked = true;
	do {
		choose(p, db, h, m, o);
		if (p->count == 0)
			return CLI_OK;
		settle(p, db, o);
		db_catch_signals();
		status = run_jobs(p, db, h, o, &stale);
	} while (stale);
	return status;
}

static void
take_lock(struct db *db, const struct options *o)
{
	char *holder = NULL;
	int status = lock_take(db, o->lock_wait, &holder);

	if (status == CLI_SYSTEM)
		errx(status, "the migration lock: %s", db->error.message);
	if (status == CLI_RETRY)
		errx(status, "%s; nothing was changed, try again", holder);
}

static void
settle(struct pending *p, struct db *db, const struct options *o)
{
	int status =
	    ready_settle(p, db, o->plain, o->quiet ? NULL : cli_notice);

	if (status != CLI_OK)
		errx(status, "%s", p->error);
}

static int
run_jobs(struct pending *p, struct db *db, const struct history *h,
    const struct options *o, bool *stale)
{
	struct run r = { .db = db,
		.history = h,
		.jobs = p->jobs,
		.count = p->count,
		.plain = o->plain,
		.retries = o->retries,
		.lock_wait = o->lock_wait,
		.progress = o->progress ? report_progress : NULL,
		.notice = o->quiet ? NULL : cli_notice };
	int status = run(&r);

	*stale = r.stale;
	if (o->progress)
		fputc('\n', stderr);
	if (r.lost)
		status = look_back(&r, o);
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
look_back(struct run *r, const struct options *o)
{
	struct aftermath a = { COMES_BACK, o->lock_wait, NULL };

	if (aftermath_look(&a, r) != CLI_OK)
		warnx("what became of it is not known: %s", a.error);
	aftermath_free(&a);
	if (r->finished < r->count)
		return CLI_SYSTEM;
	warnx("%s", r->error);
	warnx("the connection broke, but all of it was done");
	return CLI_OK;
}
