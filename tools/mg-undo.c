/*
 * mg-undo - take the newest migrations of a database back
 *
 * Reads records, and runs the way back of what was applied last, newest first:
 * SQL in one transaction with the end of its history rows, programs between
 * such transactions, all under the migration lock.
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
		    "[--lock-wait DURATION] [--script-timeout DURATION] "
		    "[--statement-timeout DURATION] [--to NAME] "
		    "[--wait DURATION]",
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
		{ .key = CLI_SCRIPT_TIMEOUT },
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
static void print_plan(const struct undo *);
static void tell_of_programs(const struct undo *);
static void print_undone(const struct undo *);
static void print_failed(const struct undo *);
static struct json_t *record_of(const struct undo_step *, const char *);

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
		.whole = true };
	int status;

	read_options(&options, argc, argv);
	status = ahead_records(&ahead, &migrations, stdin, "<stdin>");
	if (status != CLI_OK)
		errx(status, "%s", ahead.error);
	status = undo_choose(undo);
	if (status == CLI_OK && undo->count > 0 && !options.dry_run)
		status = undo_run(undo);
	if (undo->error != NULL)
		warnx("%s", undo->error);
	if (status == CLI_OK && options.dry_run)
		print_plan(undo);
	print_undone(undo);
	if (status != CLI_OK && undo->failed < undo->count)
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
	o->undo.notice = cli_notice;
	while ((option = cli_next(&cli, argc, argv)) != -1)
		switch (option) {
		case 'n':
			o->dry_run = true;
			break;
		case 'q':
			o->undo.notice = NULL;
			db_take_option(&o->db, option);
			break;
		case CLI_LOCK_WAIT:
			o->undo.lock_wait = cli_duration(optarg);
			break;
		case CLI_SCRIPT_TIMEOUT:
			o->undo.script_timeout = cli_duration(optarg);
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

/* What would be undone. */
static void
print_plan(const struct undo *u)
{
	const struct undo_step *step;
	struct json_t *record;

	tell_of_programs(u);
	for (step = u->steps; step < u->steps + u->count; step++) {
		record = record_of(step, "applied");
		record_set_string(
		    record, "plan", step->down.script ? "script" : "atomic");
		record_write(record, stdout);
	}
}

static void
tell_of_programs(const struct undo *u)
{
	if (u->notice != NULL && u->count > 1 && undo_has_programs(u))
		u->notice("it is not one transaction, as a way back is a "
			  "program: what goes before one fails is gone");
}

static void
print_undone(const struct undo *u)
{
	const struct undo_step *step;
	struct json_t *record;

	for (step = u->steps; step < u->steps + u->undone; step++) {
		record = record_of(step, "undone");
		record_set_real(record, "ms", step->ms);
		record_write(record, stdout);
	}
}

/* It is what it was before; or nobody knows what. */
static void
print_failed(const struct undo *u)
{
	const struct undo_step *step = &u->steps[u->failed];
	struct json_t *record =
	    record_of(step, u->broken ? "failed" : "applied");

	record_set_string(record, "error", u->error);
	if (step->exit != 0)
		record_set_integer(record, "exit", step->exit);
	record_write(record, stdout);
}

static struct json_t *
record_of(const struct undo_step *step, const char *state)
{
	struct json_t *record = step->migration->object;

	record_set_string(record, "state", state);
	record_set_string(record, "down", step->down.path);
	return record;
}
