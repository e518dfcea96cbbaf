/*
 * mg-mark - record migrations as applied or rolled back without running them
 *
 * Reads records, or those of them that are named, and writes their history
 * rows as `prisma migrate resolve` does: any number in one round trip.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline.h"
#include "cli.h"
#include "db.h"
#include "file.h"
#include "hash.h"
#include "history.h"
#include "mark.h"
#include "mem.h"
#include "record.h"
#include "utf8.h"

enum { APPLIED = CLI_OWN, ROLLED_BACK };

static const struct cli cli = {
	.name = "mg-mark",
	.synopsis = "--applied|--rolled-back [-n] [-C DIR] [-d URL] "
		    "[--lock-wait DURATION] [--wait DURATION] [NAME...]",
	.summary = "Record migrations as applied or rolled back without "
		   "running them.",
	.options =
	    (const struct cli_option[]){
		{ APPLIED, "applied", NULL, "the database has them" },
		{ ROLLED_BACK, "rolled-back", NULL, "the database lost them" },
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
	bool dry_run;
};

/* What is to be marked, in arrays as mark.h wants them; all borrowed. */
struct chosen {
	const struct migration **migrations;
	const char **names, **checksums;
	size_t count;
};

static void read_options(struct options *, int, char *[]);
static void choose(
    struct chosen *, struct migrations *, char *[], const struct options *);
static void add(struct chosen *, struct migration *, const struct options *);
static void find_checksum(struct migration *);
static int write_rows(
    const struct chosen *, struct baselines *, const struct options *);
static void check_baselines(
    struct baselines *, struct db *, const struct chosen *);
static void print_marked(
    const struct chosen *, const struct mark *, const struct options *);

int
main(int argc, char *argv[])
{
	struct options options = { .lock_wait = 10000 };
	struct migrations migrations;
	struct baselines baselines;
	struct chosen chosen = { 0 };
	int status;

	read_options(&options, argc, argv);
	argv += optind;
	if (options.what == ROLLED_BACK && *argv != NULL)
		migrations_name(&migrations, argv);
	else if (migrations_read_some(&migrations, stdin, "<stdin>") == -1)
		errx(CLI_INPUT, "%s", migrations.error);
	if (baselines_read(&baselines, &migrations) == -1)
		errx(CLI_INPUT, "%s", baselines.names.error);
	choose(&chosen, &migrations, argv, &options);
	status = write_rows(&chosen, &baselines, &options);

	baselines_free(&baselines);
	free(chosen.migrations);
	free(chosen.names);
	free(chosen.checksums);
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
		case APPLIED:
		case ROLLED_BACK:
			if (o->what != 0 && o->what != option)
				cli_usage(&cli,
				    "--applied or --rolled-back, "
				    "not both");
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
		cli_usage(&cli, "--applied or --rolled-back?");
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
	if (o->what == APPLIED)
		find_checksum(m);
	c->migrations = mem_grow(c->migrations, c->count, sizeof(m));
	c->names = mem_grow(c->names, c->count, sizeof(*c->names));
	c->checksums = mem_grow(c->checksums, c->count, sizeof(*c->checksums));
	c->migrations[c->count] = m;
	c->names[c->count] = m->name;
	c->checksums[c->count++] = m->checksum;
}

/* Of the script as it is now, where the record does not say. */
static void
find_checksum(struct migration *m)
{
	struct file file = { 0 };

	if (m->checksum != NULL)
		return;
	if (m->path == NULL)
		errx(CLI_INPUT, "%s: the record has no \"path\"",
		    utf8_visible(m->name));
	if (file_read(&file, m->path) == -1)
		err(CLI_INPUT, "%s", utf8_visible(m->path));
	m->checksum = mem_resize(NULL, HASH_CHECKSUM, 1);
	hash_checksum(file.bytes, file.len, m->checksum);
	file_free(&file);
}

static int
write_rows(const struct chosen *c, struct baselines *b, const struct options *o)
{
	struct mark mark = { .names = c->names,
		.checksums = c->checksums,
		.count = c->count,
		.lock_wait = o->lock_wait,
		.dry_run = o->dry_run };
	struct db db;
	int status;

	if ((status = db_open(&db, &o->db)) != CLI_OK)
		errx(status, "%s", db.error.message);
	if (o->what == APPLIED && b->names.count > 0)
		check_baselines(b, &db, c);
	status = o->what == APPLIED ? mark_applied(&mark, &db)
				    : mark_rolled_back(&mark, &db);
	if (status == CLI_RETRY)
		warnx("%s; nothing was changed, try again", mark.error);
	else if (status != CLI_OK)
		warnx("%s", mark.error);
	else
		print_marked(c, &mark, o);
	mark_free(&mark);
	db_close(&db);
	return status;
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

static void
print_marked(
    const struct chosen *c, const struct mark *mark, const struct options *o)
{
	const char *state = o->what == APPLIED ? "applied" : "rolled-back";
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
