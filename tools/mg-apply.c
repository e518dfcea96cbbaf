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

#include "ahead.h"
#include "cli.h"
#include "db.h"
#include "history.h"
#include "migrate.h"
#include "record.h"

enum {
	MARK_REPLACED = CLI_OWN,
	NO_CONCURRENTLY,
	PRUNE_REPLACED,
	RETRIES,
	STRICT,
	TO
};

static const struct cli cli = {
	.name = "mg-apply",
	.synopsis = "[-nqv] [-C DIR] [-d URL] [--lock-timeout DURATION] "
		    "[--lock-wait DURATION] [--mark-replaced | "
		    "--prune-replaced] [--no-concurrently] [--progress] "
		    "[--retries N] [--script-timeout DURATION] "
		    "[--statement-timeout DURATION] [--strict] "
		    "[--to NAME] [--wait DURATION]",
	.summary = "Run the migrations that a database has not had yet.",
	.options =
	    (const struct cli_option[]){
		{ .key = 'C' },
		{ .key = 'd' },
		{ .key = 'n' },
		{ .key = 'q' },
		{ .key = 'v' },
		{ .key = CLI_LOCK_TIMEOUT },
		{ .key = CLI_LOCK_WAIT },
		{ MARK_REPLACED, "mark-replaced", NULL,
		    "write their rows, in place of their baseline's" },
		{ NO_CONCURRENTLY, "no-concurrently", NULL,
		    "leave CONCURRENTLY out: for databases without users" },
		{ .key = CLI_PROGRESS },
		{ PRUNE_REPLACED, "prune-replaced", NULL,
		    "take the rows of replaced migrations away" },
		{ RETRIES, "retries", "N",
		    "of a migration that did not get its locks (10)" },
		{ .key = CLI_SCRIPT_TIMEOUT },
		{ .key = CLI_STATEMENT_TIMEOUT },
		{ STRICT, "strict", NULL, "refuse what comes out of order" },
		{ TO, "to", "NAME", "stop behind this migration" },
		{ .key = CLI_WAIT },
		{ 0 },
	    },
};

struct options {
	struct db_options db;
	struct migrate migrate;
};

static void read_options(struct options *, int, char *[]);
static void choose_rows(struct migrate *, enum pending_rows);

int
main(int argc, char *argv[])
{
	struct migrations migrations;
	struct history history = { 0 };
	struct db db;
	struct options options = { .migrate = { .db = &db,
				       .history = &history,
				       .migrations = &migrations,
				       .lock_wait = 10000,
				       .retries = 10 } };
	struct ahead ahead = {
		.options = &options.db, .db = &db, .history = &history
	};
	int status;

	read_options(&options, argc, argv);
	status = ahead_records(&ahead, &migrations, stdin, "<stdin>");
	if (status != CLI_OK)
		errx(status, "%s", ahead.error);
	status = migrate(&options.migrate);
	if (options.migrate.error != NULL)
		warnx("%s", options.migrate.error);

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
	struct migrate *m = &o->migrate;
	int option;

	o->db =
	    (struct db_options){ .program = cli.name, .notice = cli_notice };
	m->notice = cli_notice;
	m->progress = isatty(STDERR_FILENO);
	while ((option = cli_next(&cli, argc, argv)) != -1)
		switch (option) {
		case 'n':
			m->dry_run = true;
			break;
		case 'q':
			m->progress = false;
			m->notice = NULL;
			db_take_option(&o->db, option);
			break;
		case CLI_LOCK_WAIT:
			m->lock_wait = cli_duration(optarg);
			break;
		case NO_CONCURRENTLY:
			m->plain = true;
			break;
		case CLI_PROGRESS:
			m->progress = true;
			break;
		case MARK_REPLACED:
			choose_rows(m, ROWS_OF_REPLACED);
			break;
		case PRUNE_REPLACED:
			choose_rows(m, ROWS_OF_BASELINES);
			break;
		case RETRIES:
			m->retries = cli_count(optarg);
			break;
		case CLI_SCRIPT_TIMEOUT:
			m->script_timeout = cli_duration(optarg);
			break;
		case STRICT:
			m->strict = true;
			break;
		case TO:
			m->to = optarg;
			break;
		default:
			db_take_option(&o->db, option);
			break;
		}
	cli_no_operands(&cli, argc, argv);
}

static void
choose_rows(struct migrate *m, enum pending_rows rows)
{
	if (m->rows != ROWS_AS_THEY_COME && m->rows != rows)
		errx(CLI_INPUT,
		    "--mark-replaced and --prune-replaced exclude each other");
	m->rows = rows;
}

/* Of the history no more than shows whether anything is to be done. */
