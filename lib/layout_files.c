#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "file.h"
#include "layout_private.h"
#include "mem.h"
#include "utf8.h"

enum { DAY = 8, SECOND = 14 /* digits */ };

static int take_file(struct layout *, const char *, const char *);
static int take_sql(struct layout *, const char *, const char *, size_t);
static bool is_half(const char *, size_t);
static bool is_way_back(const char *);
static bool has_both(const char *);
static int refuse_half(struct layout *, const char *);
static void take_knex(struct layout *, const char *, const char *);
static const char *end_of(const char *, const char *const *);
static bool is_dated(const char *);

int
layout_kind_of(const char *word, enum layout_kind *kind)
{
	static const char *const words[] = { "prisma", "flat", "knex" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(word, words[i]) == 0) {
			*kind = (enum layout_kind)i;
			return 0;
		}
	return -1;
}

int
layout_read_files(struct layout *l, const char *dir)
{
	struct dirent *entry;
	int status = CLI_OK;
	DIR *stream;

	if ((stream = opendir(dir)) == NULL)
		return layout_fail_errno(l, CLI_INPUT, dir);
	while (status == CLI_OK && (errno = 0, entry = readdir(stream)) != NULL)
		if (*entry->d_name != '.' && entry->d_type != DT_DIR)
			status = take_file(l, dir, entry->d_name);
	if (status == CLI_OK && errno != 0)
		status = layout_fail_errno(l, CLI_SYSTEM, dir);
	closedir(stream);
	return status;
}

static int
take_file(struct layout *l, const char *dir, const char *file)
{
	static const char *const sql[] = { ".sql", NULL };
	const char *end;

	if (l->kind == LAYOUT_KNEX)
		take_knex(l, dir, file);
	else if ((end = end_of(file, sql)) != NULL)
		return take_sql(l, dir, file, (size_t)(end - file));
	return CLI_OK;
}

static int
take_sql(struct layout *l, const char *dir, const char *file, size_t len)
{
	char *path = mem_printf("%s/%s", dir, file);
	int status;

	if (is_half(file, len) || has_both(path)) {
		status = is_way_back(path) ? CLI_OK : refuse_half(l, path);
		free(path);
		return status;
	}
	layout_add(l,
	    (struct layout_migration){
		.name = mem_copy_bytes(file, len), .path = path });
	return CLI_OK;
}

/* NAME.down.sql takes back what NAME.up.sql does, and would run before it. */
static bool
is_half(const char *file, size_t len)
{
	static const char *const ends[] = { ".down", ".up" };
	size_t i, size;

	for (i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		size = strlen(ends[i]);
		if (len >= size &&
		    strncmp(file + len - size, ends[i], size) == 0)
			return true;
	}
	return false;
}

/* Beside NAME.sql, whose way back NAME.down.sql is, it is no migration. */
static bool
is_way_back(const char *path)
{
	static const char *const ends[] = { ".down.sql", NULL };
	const char *end = end_of(path, ends);
	char *forth;
	bool is;

	if (end == NULL)
		return false;
	forth = mem_printf("%.*s.sql", (int)(end - path), path);
	is = access(forth, F_OK) == 0;
	free(forth);
	return is;
}

/* Has it a part that takes back what the other does, behind such a comment? */
static bool
has_both(const char *path)
{
	static const char *const marks[] = { "-- migrate:down",
		"-- +goose Down", "-- +migrate Down", "-- Down Migration" };
	struct file file = { 0 };
	const char *at;
	bool has = false;
	size_t i;

	if (file_read(&file, path) == -1)
		return false;
	for (i = 0; i < sizeof(marks) / sizeof(*marks) && !has; i++)
		for (at = file.bytes; (at = strstr(at, marks[i])) != NULL; at++)
			has |= at == file.bytes || at[-1] == '\n';
	file_free(&file);
	return has;
}

static int
refuse_half(struct layout *l, const char *path)
{
	return layout_fail(l, CLI_INPUT,
	    mem_printf(
		"%s: it has a way up and a way down, or is one of both, "
		"and here all of a file runs; mg-convert --layout prisma "
		"makes folders of such files",
		utf8_visible(path)));
}

/* Types without code are passed over, as are a folder's other files. */
static void
take_knex(struct layout *l, const char *dir, const char *file)
{
	static const char *const types[] = { ".d.ts", NULL };
	static const char *const code[] = { ".ts", ".js", ".mjs", ".cjs",
		NULL };
	const char *end = end_of(file, code);

	if (end == NULL || end_of(file, types) != NULL)
		return;
	if (is_dated(file))
		layout_add(l,
		    (struct layout_migration){
			.name = mem_copy_bytes(file, (size_t)(end - file)),
			.path = mem_printf("%s/%s", dir, file),
			.script = true });
	else
		layout_tell(l,
		    mem_printf(
			"%s/%s: passed over: no migration of knex, whose "
			"names begin with YYYYMMDD_ or YYYYMMDDHHMMSS_",
			utf8_visible(dir), utf8_visible(file)));
}

/* Where one of these ends begins in the name, or NULL. */
static const char *
end_of(const char *file, const char *const *ends)
{
	size_t len = strlen(file), size;

	for (; *ends != NULL; ends++) {
		size = strlen(*ends);
		if (len > size && strcmp(file + len - size, *ends) == 0)
			return file + len - size;
	}
	return NULL;
}

static bool
is_dated(const char *file)
{
	size_t digits = strspn(file, "0123456789");

	return (digits == DAY || digits == SECOND) && file[digits] == '_';
}
