#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "compiled.h"
#include "layout_private.h"
#include "mem.h"
#include "utf8.h"

/* What a directory holds. */
struct found {
	char *script;   /* or NULL */
	bool file;      /* that is certainly a file */
	bool metadata;  /* beside it */
	char *compiled; /* what was compiled of the script, or NULL */
};

static const char sql[] = "migration.sql";

static int look(struct layout *, DIR *, const char *, struct found *);
static bool is_script(const char *);
static bool take_compiled(struct found *, const char *);
static bool is_metadata(const char *);
static int refuse_two(
    struct layout *, const char *, const char *, const char *);

int
layout_add_folder(struct layout *l, const char *dir, const char *name)
{
	char *folder = mem_printf("%s/%s", dir, name);
	struct found found = { 0 };
	DIR *stream = opendir(folder);
	const char *script;
	int status;

	if (stream == NULL)
		status = layout_fail_errno(l, CLI_INPUT, folder);
	else {
		status = look(l, stream, folder, &found);
		closedir(stream);
	}
	/* Where there is none, migration.sql is what is missed. */
	script = found.script == NULL ? sql : found.script;
	if (status == CLI_OK)
		layout_add(l,
		    (struct layout_migration){ .name = mem_copy(name),
			.path = mem_printf("%s/%s", folder, script),
			.script = strcmp(script, sql) != 0,
			.file = found.file,
			.metadata = found.metadata });
	free(found.compiled);
	free(found.script);
	free(folder);
	return status;
}

static int
look(struct layout *l, DIR *stream, const char *folder, struct found *f)
{
	struct dirent *entry;

	while (errno = 0, (entry = readdir(stream)) != NULL) {
		f->metadata |= is_metadata(entry->d_name);
		if (strcmp(entry->d_name, sql) != 0 &&
		    (!is_script(entry->d_name) || entry->d_type == DT_DIR))
			continue;
		if (take_compiled(f, entry->d_name))
			continue;
		if (f->script != NULL)
			return refuse_two(l, folder, f->script, entry->d_name);
		f->script = mem_copy(entry->d_name);
		f->file = entry->d_type == DT_REG;
	}
	return errno == 0 ? CLI_OK : layout_fail_errno(l, CLI_SYSTEM, folder);
}

static bool
is_script(const char *file)
{
	static const char *const names[] = { "migration", "migration.ts",
		"migration.js", "migration.mjs", "migration.cjs",
		"migration.py", "migration.sh" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(file, names[i]) == 0)
			return true;
	return false;
}

/* Source and compiled are one; a second compiled one is too many. */
static bool
take_compiled(struct found *f, const char *file)
{
	if (f->script == NULL || f->compiled != NULL)
		return false;
	if (compiled_is(file, f->script)) {
		f->compiled = mem_copy(file);
		return true;
	}
	if (!compiled_is(f->script, file))
		return false;
	f->compiled = f->script;
	f->script = mem_copy(file);
	f->file = false;
	return true;
}

static bool
is_metadata(const char *file)
{
	return strcmp(file, "metadata.json") == 0 ||
	    strcmp(file, "manifest.json") == 0;
}

/* In the order of their names, not of the folder's. */
static int
refuse_two(struct layout *l, const char *folder, const char *a, const char *b)
{
	bool behind = strcmp(a, b) > 0;

	return layout_fail(l, CLI_INPUT,
	    mem_printf("%s: both %s and %s, and a migration is one of them; "
		       "make two migrations of it, or remove one",
		utf8_visible(folder), behind ? b : a, behind ? a : b));
}
