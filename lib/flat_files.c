#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "flat_private.h"
#include "legacy.h"
#include "mem.h"
#include "utf8.h"

static int take_entry(struct flat *, const char *, const char *);
static bool is_passed_over(const char *);
static int take_file(struct flat *, const char *, const char *);
static int take_folder(struct flat *, const char *, const char *);
static int refuse_file(struct flat *, const char *, const char *);
static bool ends(const char *, const char *);
static bool is_flyway(const char *);
static int set_kind(struct flat *, enum flat_kind, const char *);
static struct flat_migration *find(struct flat *, const char *, const char *);

int
flat_files(struct flat *f, const char *dir)
{
	struct dirent **entries;
	int i, count, status = CLI_OK;
	char *path;

	if ((count = scandir(dir, &entries, NULL, alphasort)) == -1)
		return flat_fail_file(f, dir);
	for (i = 0; i < count; i++) {
		path = mem_printf("%s/%s", dir, entries[i]->d_name);
		if (status == CLI_OK)
			status = take_entry(f, path, entries[i]->d_name);
		free(path);
		free(entries[i]);
	}
	free(entries);
	return status;
}

static int
take_entry(struct flat *f, const char *path, const char *name)
{
	struct stat st;

	if (is_passed_over(name))
		return CLI_OK;
	if (!utf8_valid(name, strlen(name)))
		return flat_fail(f, CLI_INPUT,
		    "%s: its name is not UTF-8; rename it", utf8_visible(path));
	if (stat(path, &st) == -1)
		return flat_fail_file(f, path);
	return S_ISDIR(st.st_mode) ? take_folder(f, path, name)
				   : take_file(f, path, name);
}

/* What lies there for people and for version control. */
static bool
is_passed_over(const char *name)
{
	return *name == '.' || ends(name, ".md");
}

static int
take_file(struct flat *f, const char *path, const char *name)
{
	struct flat_migration *m;
	bool down = ends(name, ".down.sql"), up = ends(name, ".up.sql");
	bool undo = *name == 'U' && is_flyway(name);
	enum flat_kind kind = FLAT_FILES;
	char *stem;
	int status;

	if (!ends(name, ".sql") || strncmp(name, "R__", 3) == 0 ||
	    (*name == 'B' && is_flyway(name)))
		return refuse_file(f, path, name);
	if (up || down)
		kind = FLAT_PAIRS;
	else if (is_flyway(name))
		kind = FLAT_FLYWAY;
	if ((status = set_kind(f, kind, path)) != CLI_OK)
		return status;
	stem = mem_copy_bytes(
	    name, strlen(name) - strlen(down ? ".down.sql" : ".sql"));
	if (up)
		stem[strlen(stem) - strlen(".up")] = '\0';
	if (undo)
		*stem = 'V';
	m = find(f, stem, name);
	free(stem);
	return flat_give(f, down || undo ? &m->down : &m->up, path);
}

static int
take_folder(struct flat *f, const char *path, const char *name)
{
	char *up = mem_printf("%s/up.sql", path);
	char *down = mem_printf("%s/down.sql", path);
	struct stat st;
	int status = set_kind(f, FLAT_FOLDERS, path);

	if (status == CLI_OK && stat(up, &st) == -1)
		status = flat_fail_file(f, up);
	if (status == CLI_OK)
		status = flat_give_both(f, find(f, name, name), up, down);
	free(up);
	free(down);
	return status;
}

static int
refuse_file(struct flat *f, const char *path, const char *name)
{
	const char *why = "not SQL; take it out of the folder, and make a "
			  "migration of its own of it where it is one";

	if (strncmp(name, "R__", 3) == 0)
		why = "repeatable: Flyway runs it whenever it has changed, "
		      "and a migration runs once; take it out, and put what "
		      "it makes into a migration";
	else if (ends(name, ".sql"))
		why = "a baseline of Flyway, which runs instead of others; "
		      "take it out, make consolidate makes one that is proven";
	else if (ends(name, ".js") || ends(name, ".ts"))
		why = "no SQL; take it out, mg-convert without --layout turns "
		      "JavaScript of knex into TypeScript";
	return flat_fail(f, CLI_INPUT, "%s: %s", utf8_visible(path), why);
}

static bool
ends(const char *name, const char *ending)
{
	size_t len = strlen(name), n = strlen(ending);

	return len > n && strcmp(name + len - n, ending) == 0;
}

/* V1__name, U1_2__name */
static bool
is_flyway(const char *name)
{
	const char *begin;
	size_t len;

	if (strchr("VUB", *name) == NULL || *name == '\0')
		return false;
	len = strspn(name + 1, "0123456789._");
	begin = name + 1;
	return len > 2 && begin[0] >= '0' && begin[0] <= '9' &&
	    strstr(name, "__") != NULL;
}

static int
set_kind(struct flat *f, enum flat_kind kind, const char *path)
{
	if (f->kind == FLAT_NONE) {
		f->kind = (int)kind;
		f->first = mem_copy(path);
	}
	if (f->kind == (int)kind)
		return CLI_OK;
	return flat_fail(f, CLI_INPUT,
	    "%s: named as another tool names it than %s; convert what each "
	    "tool has in a folder of its own",
	    utf8_visible(path), utf8_visible(f->first));
}

/* The one of that stem, or a new one. */
static struct flat_migration *
find(struct flat *f, const char *stem, const char *name)
{
	size_t i, len = strlen(stem);

	for (i = 0; i < f->count; i++)
		if (strncmp(f->list[i].legacy, stem, len) == 0 &&
		    (f->kind == FLAT_PAIRS || f->kind == FLAT_FLYWAY) &&
		    legacy_stem(f->list[i].legacy) == len)
			return &f->list[i];
	f->list = mem_grow(f->list, f->count, sizeof(*f->list));
	f->list[f->count] = (struct flat_migration){ 0 };
	f->list[f->count].legacy = f->kind == FLAT_PAIRS
	    ? mem_printf("%s.up.sql", stem)
	    : f->kind == FLAT_FLYWAY ? mem_printf("%s.sql", stem)
				     : mem_copy(name);
	return &f->list[f->count++];
}
