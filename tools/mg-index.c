/*
 * mg-index - build the indexes that a database has not got yet
 *
 * Reads the records of an index track, compares them with the history, and
 * builds what is pending on several connections; other tracks wait only until
 * that has begun.  With nothing pending it only reads.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ahead.h"
#include "cli.h"
#include "clock.h"
#include "db.h"
#include "history.h"
#include "indexing.h"
#include "migrate.h"
#include "record.h"
#include "until.h"

enum {
	CONCURRENTLY = CLI_OWN,
	MEMORY,
	PLAIN,
	PROGRESS,
	RETRIES,
	TO,
	UNTIL,
	WORKERS
};

static const struct cli cli = {
	.name = "mg-index",
	.synopsis =
	    "[-nqv] [-C DIR] [--concurrently | --plain] [-d URL] [-j N] "
	    "[--lock-timeout DURATION] [--lock-wait DURATION] "
	    "[--maintenance-work-mem SIZE] [--parallel-workers N] "
	    "[--progress] [--retries N] [--statement-timeout DURATION] "
	    "[--to NAME] [--until TIME] [--wait DURATION]",
	.summary = "Build the indexes that a database has not got yet.",
	.options =
	    (const struct cli_option[]){
		{ .key = 'C' },
		{ CONCURRENTLY, "concurrently", NULL,
		    "CREATE INDEX stops no writer, whatever is written" },
		{ .key = 'd' },
		{ 'j', "jobs", "N", "so many builds at once (2)" },
		{ .key = CLI_LOCK_TIMEOUT },
		{ .key = CLI_LOCK_WAIT },
		{ MEMORY, "maintenance-work-mem", "SIZE",
		    "of each build, as 1GB" },
		{ .key = 'n' },
		{ WORKERS, "parallel-workers", "N",
		    "that help each build (0; with -j 1 the server's)" },
		{ PLAIN, "plain", NULL,
		    "leave CONCURRENTLY out: for tables without users" },
		{ PROGRESS, "progress", NULL,
		    "records of it on standard error" },
		{ .key = 'q' },
		{ RETRIES, "retries", "N",
		    "of a build that did not get its locks (10)" },
		{ .key = CLI_STATEMENT_TIMEOUT },
		{ TO, "to", "NAME", "stop behind this migration" },
		{ UNTIL, "until", "TIME", "begin nothing after, as 06:00" },
		{ .key = 'v' },
		{ .key = CLI_WAIT },
		{ 0 },
	    },
};

struct options {
	struct db_options db;
	struct migrate migrate;
	struct indexing indexing;
};

static void read_options(struct options *, int, char *[]);
static void take_option(struct options *, int);
static void choose(struct indexing *, enum concurrently);
static void set_until(struct indexing *, const char *);

int
main(int argc, char *argv[])
{
	struct migrations migrations;
	struct history history = { 0 };
	struct db db;
	struct options options = { .indexing = { .lanes = 2 } };
	const struct migrate_way way = { indexing_check, indexing_claim,
		indexing_work, indexing_plan, &options.indexing };
	struct ahead ahead = {
		.options = &options.db, .db = &db, .history = &history
	};
	int status;

	options.migrate = (struct migrate){ .db = &db,
		.history = &history,
		.migrations = &migrations,
		.way = &way,
		.part = true,
		.lock_wait = 10000,
		.retries = 10 };
	read_options(&options, argc, argv);
	status = ahead_records(&ahead, &migrations, stdin, "<stdin>");
	if (status != CLI_OK)
		errx(status, "%s", ahead.error);
	status = migrate(&options.migrate);
	if (options.migrate.error != NULL)
		warnx("%s", options.migrate.error);

	indexing_free(&options.indexing);
	migrate_free(&options.migrate);
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
	o->db.session = true;
	o->migrate.notice = cli_notice;
	o->migrate.progress = isatty(STDERR_FILENO);
	while ((option = cli_next(&cli, argc, argv)) != -1)
		take_option(o, option);
	cli_no_operands(&cli, argc, argv);
	/* The lanes have the cores. */
	if (o->indexing.settings.workers == NULL && o->indexing.lanes > 1)
		o->indexing.settings.workers = "0";
}

static void
take_option(struct options *o, int option)
{
	switch (option) {
	case 'j':
		o->indexing.lanes = (size_t)cli_count(optarg);
		if (o->indexing.lanes == 0)
			errx(CLI_INPUT, "-j: nothing can be built by none");
		break;
	case 'n':
		o->migrate.dry_run = true;
		break;
	case 'q':
		o->migrate.progress = false;
		o->migrate.notice = NULL;
		db_take_option(&o->db, option);
		break;
	case CLI_LOCK_WAIT:
		o->migrate.lock_wait = cli_duration(optarg);
		break;
	case CONCURRENTLY:
		choose(&o->indexing, CONCURRENTLY_ALWAYS);
		break;
	case MEMORY:
		o->indexing.settings.memory = optarg;
		break;
	case PLAIN:
		choose(&o->indexing, CONCURRENTLY_NEVER);
		break;
	case PROGRESS:
		o->indexing.records = true;
		break;
	case RETRIES:
		o->migrate.retries = cli_count(optarg);
		break;
	case TO:
		o->migrate.to = optarg;
		break;
	case UNTIL:
		set_until(&o->indexing, optarg);
		break;
	case WORKERS:
		(void)cli_count(optarg);
		o->indexing.settings.workers = optarg;
		break;
	default:
		db_take_option(&o->db, option);
		break;
	}
}

static void
choose(struct indexing *x, enum concurrently how)
{
	if (x->how != CONCURRENTLY_AS_WRITTEN && x->how != how)
		errx(
		    CLI_INPUT, "--concurrently and --plain exclude each other");
	x->how = how;
}

static void
set_until(struct indexing *x, const char *text)
{
	long left = until_next(text);

	if (left == -1)
		errx(CLI_INPUT,
		    "--until %s: not a time of day, such as 06:00, 06:00Z or "
		    "06:00+02:00",
		    text);
	x->limited = true;
	x->until = clock_ms() + left;
}

/* Of the history no more than shows whether anything is to be done. */
