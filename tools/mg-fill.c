/*
 * mg-fill - fill the tables of a scratch database with generated rows
 *
 * The rows honour what the tables demand of them, and are the same each time.
 * Writes a record for each table.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "db.h"
#include "filler.h"
#include "mem.h"
#include "record.h"

enum { APPEND = CLI_OWN, ROWS, SEED, TABLE };

static const struct cli cli = {
	.name = "mg-fill",
	.synopsis = "[-q] [--append] [-d URL] [--rows N] [--seed N] "
		    "[--table PATTERN]... [--wait DURATION]",
	.summary = "Fill the tables of a scratch database with generated rows.",
	.options =
	    (const struct cli_option[]){
		{ APPEND, "append", NULL, "add to what the tables hold" },
		{ .key = 'd' },
		{ .key = 'q' },
		{ ROWS, "rows", "N", "so many in all (100000)" },
		{ SEED, "seed", "N", "other rows for another number (1)" },
		{ TABLE, "table", "PATTERN", "only these tables" },
		{ .key = CLI_WAIT },
		{ 0 },
	    },
};

struct options {
	struct db_options db;
	struct filler filler;
	const char **patterns;
};

static void read_options(struct options *, int, char *[]);
static void take_option(struct options *, int);
static void print(const struct filler_outcome *);

int
main(int argc, char *argv[])
{
	struct options options = { .filler = { .rows = 100000, .seed = 1 } };
	struct db db;
	int status;

	read_options(&options, argc, argv);
	if ((status = db_open(&db, &options.db)) != CLI_OK)
		errx(status, "%s", db.error.message);
	status = filler_run(&options.filler, &db);
	if (options.filler.error != NULL)
		warnx("%s", options.filler.error);

	filler_free(&options.filler);
	db_close(&db);
	free(options.patterns);
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
	while ((option = cli_next(&cli, argc, argv)) != -1)
		take_option(o, option);
	if (optind != argc)
		cli_usage(&cli, "%s: the database is given with -d",
		    strstr(argv[optind], "//") == NULL ? argv[optind]
						       : "operand");
	o->filler.patterns = o->patterns;
	o->filler.told = print;
}

static void
take_option(struct options *o, int option)
{
	struct filler *f = &o->filler;

	switch (option) {
	case APPEND:
		f->append = true;
		break;
	case ROWS:
		f->rows = cli_count(optarg);
		break;
	case SEED:
		f->seed = (unsigned long long)cli_count(optarg);
		break;
	case TABLE:
		o->patterns =
		    mem_grow(o->patterns, f->npatterns, sizeof(*o->patterns));
		o->patterns[f->npatterns++] = optarg;
		break;
	default:
		db_take_option(&o->db, option);
		break;
	}
}

static void
print(const struct filler_outcome *o)
{
	struct json_t *record = record_new();

	record_set_string(record, "table", o->table);
	record_set_integer(record, "rows", o->rows);
	record_set_integer(record, "ms", o->ms);
	if (o->reason != NULL)
		record_set_string(record, "reason", o->reason);
	record_write(record, stdout);
	record_free(record);
	if (o->empty)
		warnx("%s: left empty: %s", o->table, o->reason);
}
