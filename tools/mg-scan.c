/*
 * mg-scan - list the migrations of one or more folders
 *
 * A migration is a real directory with a migration.sql; its name is its
 * identity.  The records come in byte order of the names, which is the order
 * that migrations apply in.
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "mem.h"
#include "metadata.h"
#include "name.h"
#include "provider.h"
#include "record.h"
#include "utf8.h"

struct found {
	char *name, *path;
};

struct list {
	struct found *all;
	size_t count;
	bool quiet;
};

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

static void strip_slashes(char *);
static void scan(struct list *, const char *);
static bool is_migration(const char *, const struct dirent *, bool);
static void add(struct list *, const char *, const char *);
static int by_name(const void *, const void *);
static void check_script(const char *);
static void refuse_twins(const struct list *);
static void warn_of_order(const struct list *);
static size_t position(const struct list *, const char *);
static struct json_t *make_record(const char *, const struct found *);

int
main(int argc, char *argv[])
{
	const char *track = "schema", *after = NULL, *until = NULL;
	struct list list = { 0 };
	struct json_t **records;
	size_t i, begin, end;
	int option;

	while ((option = cli_next(&cli, argc, argv)) != -1)
		switch (option) {
		case 'q':
			list.quiet = true;
			break;
		case TRACK:
			track = optarg;
			break;
		case AFTER:
			after = optarg;
			break;
		case UNTIL:
			until = optarg;
			break;
		}
	if (optind == argc)
		cli_usage(&cli, "which folder?");
	if (*track == '\0' || !utf8_valid(track, strlen(track)))
		errx(CLI_INPUT, "--track: not a name");

	for (; optind < argc; optind++) {
		strip_slashes(argv[optind]);
		scan(&list, argv[optind]);
	}
	if (list.count > 0)
		qsort(list.all, list.count, sizeof(*list.all), by_name);
	for (i = 0; i < list.count; i++)
		check_script(list.all[i].path);
	refuse_twins(&list);
	if (!list.quiet)
		warn_of_order(&list);
	begin = after == NULL ? 0 : position(&list, after) + 1;
	end = until == NULL ? list.count : position(&list, until) + 1;
	records = mem_resize(NULL, list.count, sizeof(*records));
	for (i = begin; i < end; i++)
		records[i] = make_record(track, &list.all[i]);
	for (i = begin; i < end; i++) {
		record_write(records[i], stdout);
		record_free(records[i]);
	}

	free(records);
	for (i = 0; i < list.count; i++) {
		free(list.all[i].name);
		free(list.all[i].path);
	}
	free(list.all);
	return cli_finish(CLI_OK);
}

/* Those at the end, for paths are made from what is left. */
static void
strip_slashes(char *dir)
{
	size_t len = strlen(dir);

	while (len > 1 && dir[len - 1] == '/')
		dir[--len] = '\0';
}

static void
scan(struct list *list, const char *dir)
{
	struct dirent *entry;
	char *refusal = provider_refusal(dir);
	DIR *stream;

	if (refusal != NULL)
		errx(CLI_INPUT, "%s", refusal);
	if ((stream = opendir(dir)) == NULL)
		err(CLI_INPUT, "%s", utf8_visible(dir));
	while ((errno = 0, entry = readdir(stream)) != NULL)
		if (is_migration(dir, entry, list->quiet))
			add(list, dir, entry->d_name);
	if (errno != 0)
		err(CLI_SYSTEM, "%s", utf8_visible(dir));
	closedir(stream);
}

/* A directory itself, not a link to one: as Prisma 6.6 and later have it. */
static bool
is_migration(const char *dir, const struct dirent *entry, bool quiet)
{
	struct stat st;
	char *path;

	if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
		return false;
	if (entry->d_type != DT_UNKNOWN && entry->d_type != DT_LNK)
		return entry->d_type == DT_DIR;
	path = mem_printf("%s/%s", dir, entry->d_name);
	if (lstat(path, &st) == -1)
		err(CLI_SYSTEM, "%s", utf8_visible(path));
	if (S_ISLNK(st.st_mode) && stat(path, &st) == 0 &&
	    S_ISDIR(st.st_mode)) {
		if (!quiet)
			warnx("%s: passed over: a link to a directory is no "
			      "migration, for Prisma neither",
			    utf8_visible(path));
		st.st_mode = S_IFLNK;
	}
	free(path);
	return S_ISDIR(st.st_mode);
}

static void
add(struct list *list, const char *dir, const char *name)
{
	list->all = mem_grow(list->all, list->count, sizeof(*list->all));
	list->all[list->count++] = (struct found){
		.name = mem_copy(name),
		.path = mem_printf("%s/%s/migration.sql", dir, name),
	};
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(
	    ((const struct found *)a)->name, ((const struct found *)b)->name);
}

static void
check_script(const char *path)
{
	struct stat st;

	if (!utf8_valid(path, strlen(path)))
		errx(CLI_INPUT,
		    "%s: not UTF-8, which no history can hold; "
		    "rename it",
		    utf8_visible(path));
	if (stat(path, &st) == -1)
		errx(CLI_INPUT, "%s: %s%s", utf8_visible(path), strerror(errno),
		    errno != ENOENT ? ""
				    : "; a migration without a script stops "
				      "Prisma too (P3015): restore it, or "
				      "remove its folder");
	if (!S_ISREG(st.st_mode))
		errx(CLI_INPUT, "%s: not a file", utf8_visible(path));
}

static void
refuse_twins(const struct list *list)
{
	size_t i;

	for (i = 1; i < list->count; i++)
		if (strcmp(list->all[i - 1].name, list->all[i].name) == 0)
			errx(CLI_INPUT,
			    "%s and %s: two migrations of one name; "
			    "rename or remove one",
			    utf8_visible(list->all[i - 1].path),
			    utf8_visible(list->all[i].path));
}

static void
warn_of_order(const struct list *list)
{
	size_t i;

	for (i = 1; i < list->count; i++)
		if (name_compare_prisma(
			list->all[i - 1].name, list->all[i].name) > 0)
			warnx("%s: comes behind %s here, but before it in "
			      "Prisma 6.6 and later, which sorts by language; "
			      "rename one before both run",
			    utf8_visible(list->all[i].name),
			    utf8_visible(list->all[i - 1].name));
}

static size_t
position(const struct list *list, const char *name)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (strcmp(list->all[i].name, name) == 0)
			return i;
	errx(CLI_INPUT, "%s: no such migration", utf8_visible(name));
}

static struct json_t *
make_record(const char *track, const struct found *found)
{
	struct json_t *record = record_new();
	char *why;

	record_set_string(record, "name", found->name);
	record_set_string(record, "path", found->path);
	record_set_string(record, "kind", "sql");
	record_set_string(record, "track", track);
	if (metadata_add(record, found->path, &why) == -1)
		errx(CLI_INPUT, "%s", why);
	return record;
}
