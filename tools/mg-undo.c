/*
 * mg-undo - take the newest migrations of a database back
 *
 * Reads records, and runs the down.sql beside the migration.sql of what was
 * applied last, newest first: all in one transaction with the end of their
 * history rows, under the migration lock.
 */
#include <err.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "ahead.h"
#include "cli.h"
#include "db.h"
#include "history.h"
#include "record.h"
#include "undo.h"

enum { TO = CLI_OWN };

static const struct cli cli = {
	.name = "mg-undo",
	.synopsis = "[-nqv] [-C DIR] [-d URL] [--lock-timeout DURATION] "
		    "[--lock-wait DURATION] [--statement-timeout DURATION] "
		    "[--to NAME] [--wait DURATION]",
	.summary = "Take the newest migrations of a database back.",
	.options =
	    (const struct cli_option[]){
		{ .key = 'C' },
		{ .key = 'd' },
		{ .key = 'n' },
		{ .key = 'q' },
		{ .key = 'v' },
		{ .key = CLI_LOCK_TIMEOUT },
		{ .key = CLI_LOCK_WAIT },
		{ .key = CLI_STATEMENT_TIMEOUT },
		{ TO, "to", "NAME",
		    "all that was applied behind this one, not just one" },
		{ .key = CLI_WAIT },
		{ 0 },
	    },
};

struct options {
	struct db_options db;
	struct undo undo;
	bool dry_run;
};

static void read_options(struct options *, int, char *[]);
static void print_steps(const struct undo *, bool);
static void print_failed(const struct undo *);

int
main(int argc, char *argv[])
{
	struct migrations migrations;
	struct history history = { 0 };
	struct db db;
	struct options options = { .undo = { .db = &db,
				       .history = &history,
				       .migrations = &migrations,
				       .lock_wait = 10000 } };
	struct undo *undo = &options.undo;
	struct ahead ahead = { .options = &options.db,
		.db = &db,
		.history = &history,
		.read = history_read };
	int status;

	read_options(&options, argc, argv);
	status = ahead_records(&ahead, &migrations, stdin, "<stdin>");
	if (status != CLI_OK)
		cli_quit(status, ahead.error);
	status = undo_choose(undo);
	if (status == CLI_OK && undo->count > 0 && !options.dry_run)
		status = undo_run(undo);
	if (undo->error != NULL)
		warnx("%s", undo->error);
	if (status == CLI_OK)
		print_steps(undo, !options.dry_run);
	else if (undo->failed < undo->count)
		print_failed(undo);

	undo_free(undo);
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
	while ((option = cli_next(&cli, argc, argv)) != -1)
		switch (option) {
		case 'n':
			o->dry_run = true;
			break;
		case 'q':
			o->db.notice = NULL;
			break;
		case CLI_LOCK_WAIT:
			o->undo.lock_wait = cli_duration(optarg);
			break;
		case TO:
			o->undo.to = optarg;
			break;
		default:
			db_take_option(&o->db, option);
			break;
		}
	cli_no_operands(&cli, argc, argv);
}

/* What was undone, or would be. */
static void
print_steps(const struct undo *u, bool done)
{
	const struct undo_step *step;
	struct json_t *record;

	for (step = u->steps; step < u->steps + u->count; step++) {
		record = step->migration->object;
		record_set_string(record, "state", done ? "undone" : "applied");
		record_set_string(record, "down", step->down.path);
		if (done)
			record_set_real(record, "ms", step->ms);
		record_write(record, stdout);
	}
}

/* It is what it was before. */
static void
print_failed(const struct undo *u)
{
	const struct undo_step *step = &u->steps[u->failed];
	struct json_t *record = step->migration->object;

	record_set_string(record, "state", "applied");
	record_set_string(record, "down", step->down.path);
	record_set_string(record, "error", u->error);
	record_write(record, stdout);
}
