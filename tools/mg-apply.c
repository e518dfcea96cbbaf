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

#include "cli.h"
#include "db.h"
#include "history.h"
#include "lock.h"
#include "pending.h"
#include "ready.h"
#include "record.h"
#include "run.h"
#include "utf8.h"

enum { TO = CLI_OWN, STRICT, PROGRESS, NO_CONCURRENTLY };

static const struct cli cli = {
	.name = "mg-apply",
	.synopsis = "[-nqv] [-C DIR] [-d URL] [--lock-wait DURATION] "
		    "[--no-concurrently] [--progress] [--strict] [--to NAME] "
		    "[--wait DURATION]",
	.summary = "Run the migrations that a database has not had yet.",
	.options =
	    (const struct cli_option[]){
		{ .key = 'C' },
		{ .key = 'd' },
		{ .key = 'n' },
		{ .key = 'q' },
		{ .key = 'v' },
		{ .key = CLI_LOCK_WAIT },
		{ NO_CONCURRENTLY, "no-concurrently", NULL,
		    "leave CONCURRENTLY out: for databases without users" },
		{ PROGRESS, "progress", NULL,
		    "show progress, terminal or not" },
		{ STRICT, "strict", NULL, "refuse what comes out of order" },
		{ TO, "to", "NAME", "stop behind this migration" },
		{ .key = CLI_WAIT },
		{ 0 },
	    },
};

struct options {
	struct db_options db;
	const char *to;
	long lock_wait;
	bool dry_run, quiet, strict, progress, plain;
	bool locked; /* nobody else is migrating */
};

static void read_options(struct options *, int, char *[]);
static void choose(struct pending *, struct db *, struct history *,
    const struct migrations *, const struct options *);
static void settle(struct pending *, struct db *, const struct options *);
static void print_plan(const struct pending *);
static void take_lock(struct db *, const struct options *);
static int run_jobs(struct pending *, struct db *, const struct history *,
    const struct options *);
static void print_jobs(const struct run *);
static void print_job(const struct run_job *, const char *);
static void explain_rest(const struct run *, int);
static void show_progress(const struct run *);

int
main(int argc, char *argv[])
{
	struct options options = { .lock_wait = 10000 };
	struct migrations migrations;
	struct pending pending = { 0 };
	struct history history = { 0 };
	struct db db;
	int status;

	read_options(&options, argc, argv);
	if (migrations_read_some(&migrations, stdin, "<stdin>") == -1)
		errx(CLI_INPUT, "%s", migrations.error);
	if ((status = db_open(&db, &options.db)) != CLI_OK)
		errx(status, "%s", db.error.message);
	choose(&pending, &db, &history, &migrations, &options);
	if (options.dry_run)
		print_plan(&pending);
	else if (pending.count > 0 || pending.failed) {
		take_lock(&db, &options);
		/* The one who had it may have applied what was pending. */
		options.locked = true;
		choose(&pending, &db, &history, &migrations, &options);
		settle(&pending, &db, &options);
		status = run_jobs(&pending, &db, &history, &options);
	}

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

	o->db = (struct db_options){
		.program = cli.name, .session = true, .notice = cli_notice
	};
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
		case NO_CONCURRENTLY:
			o->plain = true;
			break;
		case PROGRESS:
			o->progress = true;
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
choose(struct pending *p, struct db *db, struct history *h,
    const struct migrations *m, const struct options *o)
{
	size_t i;
	int status;

	pending_free(p);
	if (history_read(h, db) == -1)
		errx(db_error_status(&db->error),
		    "the history cannot be read: %s", db->error.message);
	status = pending_choose(p, m, h, o->to);
	for (i = 0; i < p->nwarnings && !o->quiet && !o->locked; i++)
		warnx("%s", p->warnings[i]);
	/* What looks failed may be running: the lock will tell. */
	if (p->failed && !o->locked && !o->dry_run)
		p->count = 0;
	else if (status != CLI_OK)
		errx(status, "%s", p->error);
	if (p->late && o->strict && p->count > 0)
		errx(CLI_NO,
		    "--strict: %s comes before migrations that are "
		    "already applied",
		    utf8_visible(p->jobs[0].migration->name));
	if ((status = ready_check(p, o->plain)) != CLI_OK)
		errx(status, "%s", p->error);
}

static void
print_plan(const struct pending *p)
{
	const struct run_job *job;
	struct json_t *record;
	size_t i;

	for (i = 0; i < p->count; i++) {
		job = &p->jobs[i];
		record = job->migration->object;
		record_set_string(record, "state", "pending");
		record_set_string(record, "plan",
		    job->reason == NULL ? "atomic" : "stepwise");
		if (job->reason != NULL)
			record_set_string(record, "reason", job->reason);
		record_write(record, stdout);
	}
}

static void
take_lock(struct db *db, const struct options *o)
{
	char *holder = NULL;
	int status = lock_take(db, o->lock_wait, &holder);

	if (status == CLI_SYSTEM)
		errx(status, "the migration lock: %s", db->error.message);
	if (status == CLI_RETRY)
		errx(status,
		    "P1002: the migration lock is held by %s; "
		    "nothing was changed, try again",
		    holder);
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
    const struct options *o)
{
	struct run r = { .db = db,
		.history = h,
		.jobs = p->jobs,
		.count = p->count,
		.plain = o->plain,
		.progress = o->progress ? show_progress : NULL };
	int status;

	db_catch_signals();
	status = run(&r);
	if (o->progress)
		fputc('\n', stderr);
	print_jobs(&r);
	if (status != CLI_OK)
		warnx("%s", r.error);
	if (status != CLI_OK)
		explain_rest(&r, status);
	run_free(&r);
	/* As the shell says it of one that a signal ended. */
	return status != CLI_OK && db_signal() != 0 ? 128 + db_signal()
						    : status;
}

static void
print_jobs(const struct run *r)
{
	size_t i;

	for (i = 0; i < r->finished; i++)
		print_job(&r->jobs[i], NULL);
	if (i < r->count && (r->broke || r->jobs[i].opened))
		print_job(&r->jobs[i], r->error);
}

static void
print_job(const struct run_job *job, const char *error)
{
	struct json_t *record = job->migration->object;

	record_set_string(
	    record, "state", error == NULL ? "applied" : "failed");
	if (error == NULL)
		record_set_real(record, "ms", job->ms);
	else
		record_set_string(record, "error", error);
	record_set_integer(record, "steps", (long long)job->steps);
	record_write(record, stdout);
}

/* What a failure left behind, and what to do next. */
static void
explain_rest(const struct run *r, int status)
{
	const struct run_job *job = &r->jobs[r->finished];
	const char *name = utf8_visible(job->migration->name);

	warnx("%zu of %zu pending migrations were applied", r->finished,
	    r->count);
	if (status == CLI_SYSTEM)
		warnx("%s: the server may still run it; look with mg-status, "
		      "then run again",
		    name);
	else if (job->opened)
		warnx("%s: %zu of its %zu steps are done; mend the rest and "
		      "run again",
		    name, job->done, job->steps);
	else if (r->broke)
		warnx("%s: nothing of it remains; mend it and run again", name);
	else
		warnx("%s: is the next; run again", name);
}

static void
show_progress(const struct run *r)
{
	const struct run_job *job = &r->jobs[r->finished - 1];

	fprintf(stderr, "\r\033[K%zu/%zu %.60s", r->finished, r->count,
	    utf8_visible(job->migration->name));
}
