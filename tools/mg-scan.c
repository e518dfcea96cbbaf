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

enum { TRACK = CLI_OWN, AFTER, UNTIL };

static const struct cli cli = {
	.name = "mg-scan",
	.synopsis = "[-q] [-C DIR] [--track NAME] [--after NAME] "
		    "[--until NAME] DIR...",
	.summary = "List the migrations of one or more folders, in the order "
		   "they apply.",
	.options =
	    (const struct cli_option[]){
		{ .key = 'C' },
		{ .key = 'q' },
		{ TRACK, "track", "NAME", "the track of all of them [schema]" },
		{ AFTER, "after", "NAME", "only those behind this migration" },
		{ UNTIL, "until", "NAME", "only those up to this migration" },
		{ 0 },
	    },
};

struct options {
	const char *track;
	const char *after, *until; /* or NULL */
};

static void read_options(struct options *, struct layout *, int, char *[]);
static void must(int, const struct layout *);
static void write_records(const struct layout *, const struct options *);
static size_t position(const struct layout *, const char *);
static struct json_t *make_record(
    const struct layout_migration *, const char *);

int
main(int argc, char *argv[])
{
	struct options options = { .track = "schema" };
	struct layout layout = { .notice = cli_notice };

	read_options(&options, &layout, argc, argv);
	for (; optind < argc; optind++)
		must(layout_scan(&layout, argv[optind]), &layout);
	must(layout_check(&layout), &layout);
	write_records(&layout, &options);
	layout_free(&layout);
	return cli_finish(CLI_OK);
}

static void
read_options(struct options *o, struct layout *layout, int argc, char *argv[])
{
	int option;

	while ((option = cli_next(&cli, argc, argv)) != -1)
		switch (option) {
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
	if (optind == argc)
		cli_usage(&cli, "which folder?");
	if (*o->track == '\0' || !utf8_valid(o->track, strlen(o->track)))
		errx(CLI_INPUT, "--track: not a name");
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
		records[i] = make_record(&layout->list[i], o->track);
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

static struct json_t *
make_record(const struct layout_migration *migration, const char *track)
{
	struct json_t *record = record_new();
	char *why;

	record_set_string(record, "name", migration->name);
	record_set_string(record, "path", migration->path);
	record_set_string(record, "kind", "sql");
	record_set_string(record, "track", track);
	if (metadata_add(record, migration->path, &why) == -1)
		errx(CLI_INPUT, "%s", why);
	return record;
}
