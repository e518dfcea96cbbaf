#include "bin.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

static const char *const places[] = {
	"/usr/lib/postgresql/*/bin",
	"/usr/pgsql-*/bin",
	"/usr/lib/postgresql*/bin",
	"/usr/libexec/postgresql*",
	"/usr/local/pgsql/bin",
	"/opt/homebrew/opt/postgresql@*/bin",
	"/usr/local/opt/postgresql@*/bin",
};

enum { PLACES = sizeof(places) / sizeof(*places) };

static void add(struct bin *, const char *);
static void add_newest_first(struct bin *, const char *);
static int by_version(const void *, const void *);

const char *
bin_add_given(struct bin *b)
{
	const char *given = getenv("MG_PGBIN");

	if (given == NULL || *given == '\0')
		return NULL;
	add(b, given);
	return given;
}

void
bin_add_path(struct bin *b)
{
	const char *path = getenv("PATH");
	char *list = mem_copy(path == NULL ? "" : path), *rest = list, *dir;

	while ((dir = strsep(&rest, ":")) != NULL)
		add(b, *dir == '\0' ? "." : dir);
	free(list);
}

void
bin_add_places(struct bin *b)
{
	size_t i;

	for (i = 0; i < PLACES; i++)
		add_newest_first(b, places[i]);
}

void
bin_write_places(FILE *out)
{
	size_t i;

	fputs("PATH", out);
	for (i = 0; i < PLACES; i++)
		fprintf(out, ", %s", places[i]);
}

void
bin_free(struct bin *b)
{
	while (b->count > 0)
		free(b->folders[--b->count]);
	free(b->folders);
	*b = (struct bin){ 0 };
}

static void
add(struct bin *b, const char *folder)
{
	b->folders = mem_grow(b->folders, b->count, sizeof(*b->folders));
	b->folders[b->count++] = mem_copy(folder);
}

static void
add_newest_first(struct bin *b, const char *pattern)
{
	glob_t all;
	size_t i;

	if (glob(pattern, GLOB_NOSORT, NULL, &all) != 0)
		return;
	qsort(all.gl_pathv, all.gl_pathc, sizeof(*all.gl_pathv), by_version);
	for (i = 0; i < all.gl_pathc; i++)
		add(b, all.gl_pathv[i]);
	globfree(&all);
}

static int
by_version(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return -strverscmp(*x, *y);
}
