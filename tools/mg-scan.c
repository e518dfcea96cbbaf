/*
 * mg-scan - list the migrations of one or more folders
 *
 * A record for each (layout.h says what a migration is, in which order), with
 * what its folder says of those that it replaces, if it is a baseline.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "layout.h"
#include "mem.h"
#include "metadata.h"
#include "record.h"
#include "utf8.h"

enum { TRACK = CLI_OWN, AFTER, KNEX_TABLE, LAYOUT, UNTIL };

static const struct cli cli = {
	.name = "mg-scan",
	.synopsis =
	    "[-q] [-C DIR] [--track NAME] [--after NAME] "
	    "[--until NAME] [--knex-table NAME] [[--layout LAYOUT] DIR...]...",
	.ordered = true,
	.summary = "List the migrations of one or more folders, in the order "
		   "they apply.",
	.options =
	    (const struct cli_option[]){
		{ .key = 'C' },
		{ .key = 'q' },
		{ KNEX_TABLE, "knex-table", "NAME",
		    "the table of knex's history [knex_migrations]" },
		{ LAYOUT, "layout", "LAYOUT",
		    "of the folders behind it: prisma, flat or knex" },
		{ TRACK, "track", "NAME", "the track of all of them [schema]" },
		{ AFTER, "after", "NAME", "only those behind this migration" },
		{ UNTIL, "until", "NAME", "only those up to this migration" },
		{ 0 },
	    },
};

struct options {
	const char *track;
	const char *knex_table;
	const char *after, *until; /* or NULL */
	struct operand *operands;
	size_t count;
};

struct operand {
	const char *dir;
	enum layout_kind kind;
};

static void read_options(struct options *, struct layout *, int, char *[]);
static void add_operand(struct options *, const char *, enum layout_kind);
static enum layout_kind kind_of(const char *);
static void scan(struct layout *, const struct operand *);
static void must(int, const struct layout *);
static void write_records(const struct layout *, const struct options *);
static size_t position(const struct layout *, const char *);
static void tell_of_ties(const struct layout *, struct json_t **, size_t);
static bool same_time(const char *, const char *);
static struct json_t *make_record(
    const struct layout_migration *, const struct options *);

int
main(int argc, char *argv[])
{
	struct options options = { .track = "schema",
		.knex_table = "knex_migrations" };
	struct layout layout = { .notice = cli_notice };
	size_t i;

	read_options(&options, &layout, argc, argv);
	for (i = 0; i < options.count; i++)
		scan(&layout, &options.operands[i]);
	must(layout_check(&layout), &layout);
	write_records(&layout, &options);
	layout_free(&layout);
	free(options.operands);
	return cli_finish(CLI_OK);
}

static void
read_options(struct options *o, struct layout *layout, int argc, char *argv[])
{
	enum layout_kind kind = LAYOUT_FOLDERS;
	int option;

	while ((option = cli_next(&cli, argc, argv)) != -1)
		switch (option) {
		case CLI_OPERAND:
			add_operand(o, optarg, kind);
			break;
		case KNEX_TABLE:
			o->knex_table = optarg;
			break;
		case LAYOUT:
			kind = kind_of(optarg);
			break;
		case 'q':
			layout->notice = NULL;
			break;
		case TRACK:
			o->track = optarg;
			break;
		case AFTER:
			o->after = optarg;
			break;
		case UNTIL:
			o->until = optarg;
			break;
		}
	for (; optind < argc; optind++)
		add_operand(o, argv[optind], kind);
	if (o->count == 0)
		cli_usage(&cli, "which folder?");
	if (!utf8_valid(o->knex_table, strlen(o->knex_table)))
		errx(CLI_INPUT, "--knex-table: not a name");
	if (*o->track == '\0' || !utf8_valid(o->track, strlen(o->track)))
		errx(CLI_INPUT, "--track: not a name");
}

static void
add_operand(struct options *o, const char *dir, enum layout_kind kind)
{
	o->operands = mem_grow(o->operands, o->count, sizeof(*o->operands));
	o->operands[o->count++] = (struct operand){ dir, kind };
}

static enum layout_kind
kind_of(const char *word)
{
	enum layout_kind kind;

	if (layout_kind_of(word, &kind) == -1)
		cli_usage(&cli, "--layout: not prisma, flat or knex");
	return kind;
}

static void
scan(struct layout *layout, const struct operand *operand)
{
	layout->kind = operand->kind;
	must(layout_scan(layout, operand->dir), layout);
}

static void
must(int status, const struct layout *layout)
{
	if (status != CLI_OK)
		errx(status, "%s", layout->error);
}

/* None before all are made: one may be wrong. */
static void
write_records(const struct layout *layout, const struct options *o)
{
	size_t i, begin = 0, end = layout->count;
	struct json_t **records = mem_resize(NULL, end, sizeof(*records));

	if (o->after != NULL)
		begin = position(layout, o->after) + 1;
	if (o->until != NULL)
		end = position(layout, o->until) + 1;
	for (i = begin; i < end; i++)
		records[i] = make_record(&layout->list[i], o);
	for (i = begin + 1; i < end; i++)
		tell_of_ties(layout, records, i);
	for (i = begin; i < end; i++) {
		record_write(records[i], stdout);
		record_free(records[i]);
	}
	free(records);
}

static size_t
position(const struct layout *layout, const char *name)
{
	size_t at = layout_find(layout, name);

	if (at == layout->count)
		errx(CLI_INPUT, "%s: no such migration", utf8_visible(name));
	return at;
}

/*
 * Whoever wrote the one need not have known of the other, in another folder.
 * The name of a baseline is that of the newest that it replaces.
 */
static void
tell_of_ties(const struct layout *layout, struct json_t **records, size_t at)
{
	const struct layout_migration *m = &layout->list[at];
	char *text;

	if (layout->notice == NULL || m->folder == m[-1].folder ||
	    !same_time(m[-1].name, m->name) ||
	    record_has(records[at], "replaces") ||
	    record_has(records[at - 1], "replaces"))
		return;
	text = mem_printf("%s: comes behind %s, of the same timestamp, by its "
			  "name alone; if one needs the other, see that this "
			  "is the right order",
	    utf8_visible(m->path), utf8_visible(m[-1].path));
	layout->notice(text);
	free(text);
}

/* Is it one timestamp; or a day, and a time of that day? */
static bool
same_time(const char *a, const char *b)
{
	enum { DAY = 8 };
	size_t first = strspn(a, "0123456789");
	size_t second = strspn(b, "0123456789");

	if (first != second)
		return (first == DAY || second == DAY) &&
		    strncmp(a, b, DAY) == 0;
	return first > 0 && strncmp(a, b, first) == 0;
}

static struct json_t *
make_record(const struct layout_migration *migration, const struct options *o)
{
	struct json_t *record = record_new();
	char *why;

	record_set_string(record, "name", migration->name);
	record_set_string(record, "path", migration->path);
	record_set_string(record, "kind", migration->script ? "script" : "sql");
	record_set_string(record, "track", o->track);
	if (migration->kind == LAYOUT_KNEX) {
		record_set_string(
		    record, "knex", strrchr(migration->path, '/') + 1);
		if (migration->compiled != NULL)
			record_set_string(record, "knex_compiled",
			    strrchr(migration->compiled, '/') + 1);
		record_set_string(record, "knex_table", o->knex_table);
	}
	if (migration->metadata &&
	    metadata_add(record, migration->path, &why) == -1)
		errx(CLI_INPUT, "%s", why);
	return record;
}
