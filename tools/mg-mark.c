/*
 * mg-mark - record migrations as applied or rolled back without running them
 *
 * Reads records, or those of them that are named or that another tool's history
 * has, and writes their history rows as `prisma migrate resolve` does: any
 * number in one round trip.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline.h"
#include "chosen.h"
#include "cli.h"
#include "db.h"
#include "history.h"
#include "knex.h"
#include "mark.h"
#include "mem.h"
#include "record.h"
#include "utf8.h"

enum { APPLIED = CLI_OWN, ROLLED_BACK, FROM };

static const struct cli cli = {
	.name = "mg-mark",
	.synopsis = "--applied|--rolled-back|--from TABLE [-n] [-C DIR] "
		    "[-d URL] [--lock-wait DURATION] [--wait DURATION] "
		    "[NAME...]",
	.summary = "Record migrations as applied or rolled back without "
		   "running them.",
	.options =
	    (const struct cli_option[]){
		{ APPLIED, "applied", NULL, "the database has them" },
		{ ROLLED_BACK, "rolled-back", NULL, "the database lost them" },
		{ FROM, "from", "TABLE",
		    "the database has those that another tool says" },
		{ .key = 'C' },
		{ .key = 'd' },
		{ .key = 'n' },
		{ .key = CLI_LOCK_WAIT },
		{ .key = CLI_WAIT },
		{ 0 },
	    },
};

struct options {
	struct db_options db;
	long lock_wait;
	int what;
	const char *from; /* the table */
	bool dry_run;
};

static void read_options(struct options *, int, char *[]);
static void choose(
    struct chosen *, struct migrations *, char *[], const struct options *);
static void add(struct chosen *, struct migration *, const struct options *);
static void open_database(struct db *, const struct options *);
static void check_baselines(
    struct baselines *, struct db *, const struct chosen *);
static int write_rows(const struct chosen *, const struct migrations *,
    struct db *, const struct options *);
static void print_marked(
    const struct chosen *, const struct mark *, const struct options *);

int
main(int argc, char *argv[])
{
	struct options options = { .lock_wait = 10000 };
	struct migrations migrations;
	struct baselines baselines;
	struct chosen chosen = { 0 };
	struct db db;
	int status;

	read_options(&options, argc, argv);
	argv += optind;
	if (options.what == ROLLED_BACK && *argv != NULL)
		migrations_name(&migrations, argv);
	else if (migrations_read_some(&migrations, stdin, "<stdin>") == -1)
		errx(CLI_INPUT, "%s", migrations.error);
	if (baselines_read(&baselines, &migrations) == -1)
		errx(CLI_INPUT, "%s", baselines.names.error);
	if (options.from == NULL)
		choose(&chosen, &migrations, argv, &options);
	open_database(&db, &options);
	if (options.from != NULL) {
		chosen.notice = cli_notice;
		status = chosen_import(
		    &chosen, &db, options.from, &migrations, &baselines.names);
		if (status != CLI_OK)
			errx(status, "%s", chosen.error);
	} else if (options.what == APPLIED && baselines.names.count > 0)
		check_baselines(&baselines, &db, &chosen);
	status = options.from != NULL && chosen.count == 0
	    ? CLI_OK
	    : write_rows(&chosen, &migrations, &db, &options);

	db_close(&db);
	baselines_free(&baselines);
	chosen_free(&chosen);
	migrations_free(&migrations);
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
		case FROM:
			o->from = optarg;
			/* FALLTHROUGH */
		case APPLIED:
		case ROLLED_BACK:
			if (o->what != 0 && o->what != option)
				cli_usage(&cli,
				    "one of --applied, --rolled-back and "
				    "--from");
			o->what = option;
			break;
		case 'n':
			o->dry_run = true;
			break;
		case CLI_LOCK_WAIT:
			o->lock_wait = cli_duration(optarg);
			break;
		default:
			db_take_option(&o->db, option);
			break;
		}
	if (o->what == 0)
		cli_usage(&cli, "--applied, --rolled-back or --from?");
	if (o->from != NULL && optind < argc)
		cli_usage(&cli, "--from says which, and so does NAME");
}

/* All of the stream, or those that the operands name. */
static void
choose(struct chosen *c, struct migrations *m, char *operands[],
    const struct options *o)
{
	size_t i;

	if (*operands == NULL)
		for (i = 0; i < m->count; i++)
			add(c, &m->list[i], o);
	for (; *operands != NULL; operands++) {
		i = migrations_find(m, *operands);
		if (i == m->count)
			errx(CLI_INPUT,
			    "P3017: %s: no such migration in the "
			    "stream",
			    utf8_visible(*operands));
		add(c, &m->list[i], o);
	}
}

static void
add(struct chosen *c, struct migration *m, const struct options *o)
{
	if (chosen_add(c, m, o->what == APPLIED) == -1)
		errx(CLI_INPUT, "%s", c->error);
}

static void
open_database(struct db *db, const struct options *o)
{
	int status = db_open(db, &o->db);

	if (status != CLI_OK)
		errx(status, "%s", db->error.message);
}

/* A database that has only some of it cannot have what a baseline makes. */
static void
check_baselines(struct baselines *b, struct db *db, const struct chosen *c)
{
	const struct migrations *m = b->migrations;
	struct history history = { 0 };
	bool *given = mem_alloc(m->count * sizeof(*given));
	size_t i;

	if (history_read(&history, db) == -1)
		errx(db_error_status(&db->error),
		    "the history cannot be read: %s", db->error.message);
	for (i = 0; i < c->count; i++)
		given[c->migrations[i] - m->list] = true;
	baselines_decide(b, &history, m->count, given);
	if (baselines_refusal(b) != NULL)
		errx(CLI_NO, "%s", baselines_refusal(b));
	free(given);
	history_free(&history);
}

static int
write_rows(const struct chosen *c, const struct migrations *m, struct db *db,
    const struct options *o)
{
	struct mark mark = { .names = c->names,
		.checksums = c->checksums,
		.times = (const char *const *)c->times,
		.count = c->count,
		.lock_wait = o->lock_wait,
		.dry_run = o->dry_run };
	int status;

	status = o->what == ROLLED_BACK ? mark_rolled_back(&mark, db)
					: mark_applied(&mark, db);
	if (status == CLI_RETRY)
		warnx("%s; nothing was changed, try again", mark.error);
	else if (status != CLI_OK)
		warnx("%s", mark.error);
	else {
		print_marked(c, &mark, o);
		/* Of all: whoever was interrupted runs it again. */
		if (!o->dry_run && knex_record(m, db) == -1) {
			warnx("the history of knex: %s", db->error.message);
			status = db_error_status(&db->error);
		}
	}
	mark_free(&mark);
	return status;
}

static void
print_marked(
    const struct chosen *c, const struct mark *mark, const struct options *o)
{
	const char *state = o->what == ROLLED_BACK ? "rolled-back" : "applied";
	struct json_t *record;
	size_t i;

	for (i = 0; i < c->count; i++) {
		if (!mark->marked[i])
			continue;
		record = c->migrations[i]->object;
		record_set_string(record, "state", state);
		record_write(record, stdout);
	}
}
