/*
 * mg-convert - turn legacy migrations into the layout and language in use
 *
 * A JavaScript migration of knex on standard input becomes TypeScript on
 * standard output; or, with --layout, the SQL migrations of another tool
 * become folders.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "commonjs.h"
#include "file.h"
#include "flat.h"
#include "legacy.h"
#include "mem.h"
#include "numbering.h"
#include "record.h"
#include "unfold.h"
#include "utf8.h"

enum { LAYOUT = CLI_OWN, DOWN };

static const struct cli cli = {
	.name = "mg-convert",
	.synopsis = "[--layout prisma [--down] -o DIR] [-q] [-C DIR] [DIR]",
	.summary = "Turn legacy migrations into the layout and language in "
		   "use.",
	.options =
	    (const struct cli_option[]){
		{ .key = 'C' },
		{ DOWN, "down", NULL, "write the way down, too, as down.sql" },
		{ LAYOUT, "layout", "LAYOUT",
		    "make folders of SQL migrations: prisma" },
		{ 'o', "output", "DIR", "the new folder that they go to" },
		{ .key = 'q' },
		{ 0 },
	    },
};

struct options {
	bool layout, down, quiet;
	const char *output;
};

static void read_options(struct options *, int, char *[]);
static void filter(void);
static void unfold(const char *, const struct options *);
static char **choose_names(const struct flat *);
static void write_folders(const struct flat *, char **, const struct options *);
static bool write_folder(struct unfold *, const struct flat_migration *,
    const char *, const struct options *);
static bool write_legacy(struct unfold *, const char *, const char *);
static void tell(const struct flat *, const struct options *);
static void print(const struct flat *, char **, const struct options *);

int
main(int argc, char *argv[])
{
	struct options options = { 0 };

	read_options(&options, argc, argv);
	if (options.layout)
		unfold(argv[optind], &options);
	else
		filter();
	return cli_finish(CLI_OK);
}

static void
read_options(struct options *o, int argc, char *argv[])
{
	int option;

	while ((option = cli_next(&cli, argc, argv)) != -1)
		switch (option) {
		case LAYOUT:
			if (strcmp(optarg, "prisma") != 0)
				cli_usage(&cli, "--layout: not prisma");
			o->layout = true;
			break;
		case DOWN:
			o->down = true;
			break;
		case 'o':
			o->output = optarg;
			break;
		case 'q':
			o->quiet = true;
			break;
		}
	if (o->layout && optind + 1 != argc)
		cli_usage(&cli, "--layout wants one folder");
	if (!o->layout && (o->down || o->output != NULL || optind < argc))
		cli_usage(&cli, "--layout says what to make of a folder");
	if (o->layout && o->output == NULL)
		cli_usage(&cli, "-o says which folder they go to");
}

static void
filter(void)
{
	struct file file = { 0 };
	struct commonjs c;

	if (file_read_open(&file, STDIN_FILENO) == -1)
		err(CLI_SYSTEM, "<stdin>");
	if (commonjs_convert(&c, file.bytes, file.len) == -1)
		errx(CLI_INPUT, "<stdin>:%zu:%zu: %s", c.line, c.column,
		    c.error);
	fwrite(c.text, 1, c.len, stdout);
	commonjs_free(&c);
	file_free(&file);
}

static void
unfold(const char *dir, const struct options *o)
{
	struct flat flat;
	char **names;
	size_t i;
	int status;

	if ((status = flat_read(&flat, dir)) != CLI_OK)
		errx(status, "%s", flat.error);
	names = choose_names(&flat);
	write_folders(&flat, names, o);
	if (!o->quiet)
		tell(&flat, o);
	print(&flat, names, o);
	for (i = 0; i < flat.count; i++)
		free(names[i]);
	free(names);
	flat_free(&flat);
}

static char **
choose_names(const struct flat *f)
{
	char **names = mem_resize(NULL, f->count, sizeof(*names));
	struct numbering numbering = { 0 };
	const struct flat_migration *m;
	char **name = names;

	for (m = f->list; m < f->list + f->count; m++, name++) {
		*name = numbering_next(
		    &numbering, m->name == NULL ? m->legacy : m->name);
		if (*name == NULL)
			errx(CLI_INPUT,
			    "%s: with a timestamp its name is longer than a "
			    "history takes (P3010); rename it",
			    utf8_visible(m->up.path));
	}
	numbering_free(&numbering);
	return names;
}

static void
write_folders(const struct flat *f, char **names, const struct options *o)
{
	struct unfold u;
	bool good = unfold_begin(&u, o->output) == 0;
	char *why;
	size_t i;
	int status;

	for (i = 0; i < f->count && good; i++)
		good = write_folder(&u, &f->list[i], names[i], o);
	if (good && unfold_end(&u) == 0) {
		unfold_free(&u);
		return;
	}
	why = mem_copy(u.error);
	status = u.status;
	unfold_free(&u);
	errx(status, "%s", why);
}

static bool
write_folder(struct unfold *u, const struct flat_migration *m, const char *name,
    const struct options *o)
{
	if (unfold_add(u, name, "migration.sql", m->up.sql, m->up.len) == -1)
		return false;
	if (o->down && m->down.sql != NULL &&
	    unfold_add(u, name, "down.sql", m->down.sql, m->down.len) == -1)
		return false;
	return legacy_same(m->legacy, name) || write_legacy(u, name, m->legacy);
}

/* By that name mg-mark --from finds it. */
static bool
write_legacy(struct unfold *u, const char *name, const char *legacy)
{
	struct json_t *object = record_new();
	char *text;
	size_t len;
	FILE *out = mem_stream(&text, &len);
	bool written;

	record_set_string(object, "legacy", legacy);
	record_write(object, out);
	fclose(out);
	written = unfold_add(u, name, "metadata.json", text, len) == 0;
	free(text);
	record_free(object);
	return written;
}

/* What the folders do not say. */
static void
tell(const struct flat *f, const struct options *o)
{
	const struct flat_migration *m;
	size_t left = 0;

	for (m = f->list; m < f->list + f->count; m++) {
		if (m->loose_line > 0)
			warnx("%s:%zu: transaction:false is left out: mg "
			      "looks at the statements themselves",
			    utf8_visible(m->up.path), m->loose_line);
		left += m->down.sql != NULL && !o->down;
	}
	if (left > 0)
		warnx("%zu ways down are left out; --down writes them", left);
}

static void
print(const struct flat *f, char **names, const struct options *o)
{
	struct json_t *record;
	char *path;
	size_t i;

	for (i = 0; i < f->count; i++) {
		record = record_new();
		path = mem_printf("%s/%s/migration.sql", o->output, names[i]);
		record_set_string(record, "name", names[i]);
		record_set_string(record, "path", path);
		record_set_string(record, "legacy", f->list[i].legacy);
		record_write(record, stdout);
		record_free(record);
		free(path);
	}
}
