/*
 * mg-dump - print a database's final state as one clean migration script
 *
 * What pg_dump says of it, made fit to be a migration, and with --data its
 * rows.  The same state gives the same bytes.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "db.h"
#include "dump.h"
#include "mem.h"
#include "output.h"
#include "pgdump.h"
#include "rows.h"
#include "sql.h"
#include "survey.h"

enum { BATCH = CLI_OWN, DATA, OWNERS, PRIVILEGES, TABLE };

/* A statement makes or touches about so many relations, indexes included. */
enum { LOCKS_PER_STATEMENT = 6 };

static const struct cli cli = {
	.name = "mg-dump",
	.synopsis = "[-q] [-d URL] [--batch COUNT] [--data] [--owners] "
		    "[--privileges] [--table PATTERN] [--wait DURATION]",
	.summary =
	    "Print a database's final state as one clean migration script.",
	.options =
	    (const struct cli_option[]){
		{ .key = 'd' },
		{ .key = 'q' },
		{ BATCH, "batch", "COUNT",
		    "commit behind every COUNT statements" },
		{ DATA, "data", NULL, "the rows as well" },
		{ OWNERS, "owners", NULL, "who owns what" },
		{ PRIVILEGES, "privileges", NULL, "who may do what" },
		{ TABLE, "table", "PATTERN",
		    "the rows, but only of these tables" },
		{ .key = CLI_WAIT },
		{ 0 },
	    },
};

struct options {
	struct db_options db;
	size_t batch; /* 0: one transaction */
	bool data, owners, privileges;
	const char **tables;
	size_t ntables;
};

static void read_options(struct options *, int, char *[]);
static size_t read_count(const char *);
static void check(const struct survey *, const struct options *);
static char *compose(struct dump *, const struct survey *,
    const struct options *, struct db *, size_t *);
static void write_rows(
    const struct survey *, const struct options *, struct db *, FILE *);
static void print(const char *, size_t, size_t);

int
main(int argc, char *argv[])
{
	struct pgdump_options pg_dump;
	struct options options = { 0 };
	struct survey survey;
	struct output output;
	struct dump dump;
	struct db db;
	char *text;
	size_t len;
	int status;

	read_options(&options, argc, argv);
	if ((status = db_open(&db, &options.db)) != CLI_OK)
		errx(status, "%s", db.error.message);
	if ((status = survey_read(&survey, &db)) != CLI_OK)
		errx(status, "%s", survey.error);
	check(&survey, &options);
	pg_dump = (struct pgdump_options){
		.url = db_url(&options.db),
		.version = db.version,
		.owners = options.owners,
		.privileges = options.privileges,
	};
	if (pgdump_read(&output, &survey, &pg_dump) == -1)
		errx(CLI_SYSTEM, "%s", output.error);
	if (dump_read(&dump, output.bytes, output.len, survey.commented.list,
		survey.commented.count) == -1)
		errx(CLI_SYSTEM, "%s", dump.error);
	text = compose(&dump, &survey, &options, &db, &len);
	print(text, len, options.batch);

	free(text);
	dump_free(&dump);
	output_free(&output);
	survey_free(&survey);
	db_close(&db);
	free(options.tables);
	free(options.db.url);
	return cli_finish(CLI_OK);
}

static void
read_options(struct options *o, int argc, char *argv[])
{
	int option;

	o->db = (struct db_options){
		.program = cli.name, .session = true, .notice = cli_notice
	};
	while ((option = cli_next(&cli, argc, argv)) != -1)
		switch (option) {
		case BATCH:
			o->batch = read_count(optarg);
			break;
		case DATA:
			o->data = true;
			break;
		case OWNERS:
			o->owners = true;
			break;
		case PRIVILEGES:
			o->privileges = true;
			break;
		case TABLE:
			o->data = true;
			o->tables =
			    mem_grow(o->tables, o->ntables, sizeof(*o->tables));
			o->tables[o->ntables++] = optarg;
			break;
		default:
			db_take_option(&o->db, option);
			break;
		}
	if (optind != argc)
		cli_usage(&cli, "%s: no operands are taken", argv[optind]);
}

static size_t
read_count(const char *text)
{
	char *end;
	unsigned long count = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0' || count == 0)
		cli_usage(&cli, "--batch %s: not a number above 0", text);
	return count;
}

/* What would fail half way is told before anything is begun. */
static void
check(const struct survey *s, const struct options *o)
{
	size_t locks = o->batch == 0 || o->batch > s->relations
	    ? s->relations
	    : o->batch * LOCKS_PER_STATEMENT;

	if (o->data && s->large_objects > 0)
		errx(CLI_INPUT,
		    "%zu large objects: no INSERT carries them; keep them in "
		    "bytea columns, or take pg_dump",
		    s->large_objects);
	if (locks > s->room)
		errx(CLI_INPUT,
		    "the script would hold a lock on each of %zu relations in "
		    "one transaction, and this server has room for %zu: raise "
		    "max_locks_per_transaction from %zu to %zu there, or cut "
		    "it with --batch %zu",
		    locks, s->room, s->per_slot,
		    s->per_slot * (locks / s->room + 1),
		    s->room / LOCKS_PER_STATEMENT);
}

/* In the order in which it can be run; checked by reading it once more. */
static char *
compose(struct dump *dump, const struct survey *survey, const struct options *o,
    struct db *db, size_t *len)
{
	char *text;
	size_t i;
	FILE *out = mem_stream(&text, len);

	dump_write(dump, DUMP_BEFORE, out);
	if (o->data)
		write_rows(survey, o, db, out);
	dump_write(dump, DUMP_AFTER, out);
	for (i = 0; i < survey->refreshed.count; i++)
		fprintf(out, "REFRESH MATERIALIZED VIEW %s;\n\n",
		    survey->refreshed.list[i]);
	dump_write(dump, DUMP_LAST, out);
	fclose(out);
	return text;
}

static void
write_rows(
    const struct survey *s, const struct options *o, struct db *db, FILE *out)
{
	struct rows rows = { .excluded = s->excluded_oids,
		.patterns = o->tables,
		.npatterns = o->ntables };
	int status = rows_write(&rows, db, out);

	if (status != CLI_OK)
		errx(status, "%s", rows.error);
	rows_free(&rows);
}

/* Whole or not at all: by now nothing can fail but the writing. */
static void
print(const char *text, size_t len, size_t batch)
{
	struct sql sql;
	size_t i, at = 0;

	if (sql_read(&sql, text, len) == -1)
		errx(CLI_SYSTEM, "what was made cannot be read: %s", sql.error);
	for (i = 0; batch > 0 && i < sql.count; i += batch) {
		printf("%sBEGIN;\n\n", i == 0 ? "" : "COMMIT;\n\n");
		at = i + batch < sql.count ? sql.statements[i + batch].begin
					   : len;
		fwrite(text + sql.statements[i].begin, 1,
		    at - sql.statements[i].begin, stdout);
	}
	if (batch > 0 && sql.count > 0)
		fputs("COMMIT;\n", stdout);
	else
		fwrite(text, 1, len, stdout);
	sql_free(&sql);
}
