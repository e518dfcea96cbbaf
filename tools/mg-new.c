/*
 * mg-new - make an empty migration that comes behind all others
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "fresh.h"
#include "layout.h"
#include "mem.h"
#include "name.h"
#include "stamp.h"
#include "utf8.h"

enum { TRACK = CLI_OWN };

enum { NAME_BYTES = 200 /* that Prisma takes, P3010 */ };

static const struct cli cli = {
	.name = "mg-new",
	.synopsis = "[-C DIR] [--track TRACK] NAME [DIR...]",
	.summary = "Make an empty migration that comes behind all others.",
	.options =
	    (const struct cli_option[]){
		{ .key = 'C' },
		{ TRACK, "track", "TRACK",
		    "in the folder of that track: schema or index" },
		{ 0 },
	    },
};

/* Without DIR: where a project's migrations are, the tracks' own behind. */
static const struct {
	const char *track; /* NULL, the first: no track was given */
	const char *dir;
} folders[] = {
	{ NULL, "prisma/migrations" },
	{ "schema", "prisma/migrations-schema/migrations" },
	{ "index", "prisma/migrations-indexes/migrations" },
};

enum { FOLDERS = sizeof(folders) / sizeof(*folders) };

struct dirs {
	char **list; /* it is made in the first and comes behind all of them */
	size_t count;
};

static const char *read_track(int, char *[]);
static void check_word(const char *);
static void take_dirs(struct dirs *, char *[], int);
static void find_dirs(struct dirs *, const char *);
static size_t find_track(const char *);
static void add_dir(struct dirs *, const char *);
static char *choose_name(const struct dirs *, const char *);
static void check_order(const struct layout *, const char *);

int
main(int argc, char *argv[])
{
	const char *track = read_track(argc, argv), *word = argv[optind++];
	struct dirs dirs = { 0 };
	char *name, *error;
	int status;

	check_word(word);
	if (optind < argc)
		take_dirs(&dirs, argv + optind, argc - optind);
	else
		find_dirs(&dirs, track);
	if ((status = fresh_lock(dirs.list, dirs.count, &error)) != CLI_OK)
		errx(status, "%s", error);
	name = choose_name(&dirs, word);
	if (fresh_make(dirs.list[0], name) == -1)
		err(CLI_SYSTEM, "%s/%s", utf8_visible(dirs.list[0]), name);
	printf("%s/%s/migration.sql\n", dirs.list[0], name);

	free(name);
	while (dirs.count > 0)
		free(dirs.list[--dirs.count]);
	free(dirs.list);
	return cli_finish(CLI_OK);
}

static const char *
read_track(int argc, char *argv[])
{
	const char *track = NULL;
	int option;

	while ((option = cli_next(&cli, argc, argv)) != -1)
		switch (option) {
		case TRACK:
			track = optarg;
			break;
		}
	if (optind == argc)
		cli_usage(&cli, "which name?");
	if (track != NULL && optind + 1 < argc)
		cli_usage(&cli, "--track says which folder, and so does DIR");
	return track;
}

/* What every shell, file system and history takes as it is. */
static void
check_word(const char *word)
{
	static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz0123456789._-";

	if (*word == '\0' || word[strspn(word, good)] != '\0')
		errx(CLI_INPUT,
		    "%s: a name says what the migration is about, in letters, "
		    "digits and ._-, as add_users",
		    utf8_visible(word));
	if (strlen(word) + STAMP_TEXT > NAME_BYTES)
		errx(CLI_INPUT,
		    "%s: too long; with its timestamp it has more than %d "
		    "bytes (P3010)",
		    word, NAME_BYTES);
}

static void
take_dirs(struct dirs *dirs, char *given[], int count)
{
	int i;

	for (i = 0; i < count; i++)
		add_dir(dirs, given[i]);
}

static void
find_dirs(struct dirs *dirs, const char *track)
{
	size_t i, first = find_track(track);

	add_dir(dirs, folders[first].dir);
	for (i = 0; i < FOLDERS; i++)
		if (i != first && access(folders[i].dir, F_OK) == 0)
			add_dir(dirs, folders[i].dir);
}

static size_t
find_track(const char *track)
{
	size_t i;

	if (track == NULL)
		return 0;
	for (i = 1; i < FOLDERS; i++)
		if (strcmp(folders[i].track, track) == 0)
			return i;
	cli_usage(&cli, "--track: not schema or index");
}

static void
add_dir(struct dirs *dirs, const char *dir)
{
	dirs->list = mem_grow(dirs->list, dirs->count, sizeof(*dirs->list));
	dirs->list[dirs->count++] = layout_without_slashes(dir);
}

static char *
choose_name(const struct dirs *dirs, const char *word)
{
	struct layout layout = { 0 };
	char stamp[STAMP_TEXT], *name;
	size_t i;
	int status;

	for (i = 0; i < dirs->count; i++)
		if ((status = layout_scan(&layout, dirs->list[i])) != CLI_OK)
			errx(status, "%s", layout.error);
	stamp_now(stamp);
	for (i = 0; i < layout.count; i++)
		stamp_follow(stamp, layout.list[i].name);
	name = mem_printf("%s_%s", stamp, word);
	check_order(&layout, name);
	layout_free(&layout);
	return name;
}

/* Against names that do not begin as a timestamp does. */
static void
check_order(const struct layout *layout, const char *name)
{
	const char *other;
	size_t i;

	for (i = 0; i < layout->count; i++) {
		other = layout->list[i].name;
		if (strcmp(other, name) >= 0 ||
		    name_compare_prisma(other, name) >= 0)
			errx(CLI_INPUT,
			    "%s: no timestamp comes behind this name; rename "
			    "it, and in the history, too",
			    utf8_visible(layout->list[i].path));
	}
}
