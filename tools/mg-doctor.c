/*
 * mg-doctor - say what a broken history means, and how to settle it
 *
 * Reads records, and the histories of a database.  What is wrong is told with
 * what proves it and with the commands that settle it.  Nothing is locked or
 * changed.
 */
#include <err.h>
#include <stdlib.h>

#include "cli.h"
#include "db.h"
#include "doctor.h"
#include "record.h"

enum { FORMAT = CLI_OWN, RECORDS };

static const struct cli cli = {
	.name = "mg-doctor",
	.synopsis = "[-q] [-C DIR] [-d URL] [--format FORMAT] "
		    "[--records FILE] [--wait DURATION]",
	.summary = "Say what a broken history means, and how to settle it.",
	.options =
	    (const struct cli_option[]){
		{ .key = 'C' },
		{ .key = 'd' },
		{ .key = 'q' },
		{ FORMAT, "format", "FORMAT", "text or json [text]" },
		{ RECORDS, "records", "FILE",
		    "what commands call the records' file [records]" },
		{ .key = CLI_WAIT },
		{ 0 },
	    },
};

struct options {
	struct db_options db;
	enum diagnosis_format format;
	const char *records;
};

static void read_options(struct options *, int, char *[]);

int
main(int argc, char *argv[])
{
	struct options options = { .records = "records" };
	struct migrations migrations;
	struct db db;
	struct doctor doctor = { .db = &db, .migrations = &migrations };
	int status;
	bool found;

	read_options(&options, argc, argv);
	if (migrations_read(&migrations, stdin, "<stdin>") == -1)
		errx(CLI_INPUT, "%s", migrations.error);
	if ((status = db_open(&db, &options.db)) != CLI_OK)
		errx(status, "%s", db.error.message);
	doctor.records = diagnosis_quote(options.records);
	if ((status = doctor_look(&doctor)) != CLI_OK)
		errx(status, "%s", doctor.error);
	diagnoses_write(&doctor.found, options.format, stdout);
	found = doctor.found.count > 0;

	doctor_free(&doctor);
	db_close(&db);
	migrations_free(&migrations);
	free(options.db.url);
	return cli_finish(found ? CLI_NO : CLI_OK);
}

static void
read_options(struct options *o, int argc, char *argv[])
{
	int option;

	o->db =
	    (struct db_options){ .program = cli.name, .notice = cli_notice };
	while ((option = cli_next(&cli, argc, argv)) != -1)
		switch (option) {
		case FORMAT:
			if (diagnosis_format(&o->format, optarg) == -1)
				cli_usage(&cli, "--format: not text or json");
			break;
		case RECORDS:
			o->records = optarg;
			break;
		default:
			db_take_option(&o->db, option);
			break;
		}
	cli_no_operands(&cli, argc, argv);
}
