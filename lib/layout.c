#include "layout_private.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "compiled.h"
#include "mem.h"
#include "name.h"
#include "provider.h"
#include "utf8.h"

static int read_folder(struct layout *, const char *);
static int is_migration(struct layout *, const char *, const struct dirent *);
static void tell_of_link(const struct layout *, const char *);
static int by_name(const void *, const void *);
static int check_script(struct layout *, const struct layout_migration *);
static void join_compiled(struct layout *);
static int refuse_twins(struct layout *);
static void tell_of_order(const struct layout *);

int
layout_scan(struct layout *l, const char *dir)
{
	char *bare = layout_without_slashes(dir);
	char *refusal = provider_refusal(bare);
	int status;

	if (refusal != NULL)
		status = layout_fail(l, CLI_INPUT, refusal);
	else if (l->kind == LAYOUT_FOLDERS)
		status = read_folder(l, bare);
	else
		status = layout_read_files(l, bare);
	free(bare);
	l->folders++;
	return status;
}

int
layout_check(struct layout *l)
{
	size_t i;
	int status;

	if (l->count > 0)
		qsort(l->list, l->count, sizeof(*l->list), by_name);
	for (i = 0; i < l->count; i++)
		if ((status = check_script(l, &l->list[i])) != CLI_OK)
			return status;
	join_compiled(l);
	if ((status = refuse_twins(l)) == CLI_OK && l->notice != NULL)
		tell_of_order(l);
	return status;
}

size_t
layout_find(const struct layout *l, const char *name)
{
	size_t i;

	for (i = 0; i < l->count; i++)
		if (strcmp(l->list[i].name, name) == 0)
			break;
	return i;
}

char *
layout_without_slashes(const char *dir)
{
	size_t len = strlen(dir);

	while (len > 1 && dir[len - 1] == '/')
		len--;
	return mem_copy_bytes(dir, len);
}

void
layout_free(struct layout *l)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		free(l->list[i].name);
		free(l->list[i].path);
		free(l->list[i].compiled);
	}
	free(l->list);
	free(l->error);
	*l = (struct layout){ 0 };
}

static int
read_folder(struct layout *l, const char *dir)
{
	struct dirent *entry;
	int is, status = CLI_OK;
	DIR *stream;

	if ((stream = opendir(dir)) == NULL)
		return layout_fail_errno(l, CLI_INPUT, dir);
	while (status == CLI_OK && (errno = 0, entry = readdir(stream)) != NULL)
		if ((is = is_migration(l, dir, entry)) == 1)
			status = layout_add_folder(l, dir, entry->d_name);
		else if (is == -1)
			status = CLI_SYSTEM;
	if (status == CLI_OK && errno != 0)
		status = layout_fail_errno(l, CLI_SYSTEM, dir);
	closedir(stream);
	return status;
}

/*
 * A directory itself, not a link to one: as Prisma 6.6 and later have it.
 * Returns -1 if that cannot be told.
 */
static int
is_migration(struct layout *l, const char *dir, const struct dirent *entry)
{
	struct stat st;
	char *path;
	int is = -1;

	if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
		return 0;
	if (entry->d_type != DT_UNKNOWN && entry->d_type != DT_LNK)
		return entry->d_type == DT_DIR;
	path = mem_printf("%s/%s", dir, entry->d_name);
	if (lstat(path, &st) == -1)
		layout_fail_errno(l, CLI_SYSTEM, path);
	else
		is = S_ISDIR(st.st_mode);
	if (is == 0 && S_ISLNK(st.st_mode))
		tell_of_link(l, path);
	free(path);
	return is;
}

static void
tell_of_link(const struct layout *l, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		layout_tell(l,
		    mem_printf("%s: passed over: a link to a directory is no "
			       "migration, for Prisma neither",
			utf8_visible(path)));
}

void
layout_add(struct layout *l, struct layout_migration migration)
{
	migration.kind = l->kind;
	migration.folder = l->folders;
	l->list = mem_grow(l->list, l->count, sizeof(*l->list));
	l->list[l->count++] = migration;
}

static int
by_name(const void *a, const void *b)
{
	const struct layout_migration *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : strcmp(x->path, y->path);
}

static int
check_script(struct layout *l, const struct layout_migration *m)
{
	const char *path = m->path;
	struct stat st;

	if (!utf8_valid(path, strlen(path)))
		return layout_fail(l, CLI_INPUT,
		    mem_printf("%s: not UTF-8, which no history can hold; "
			       "rename it",
			utf8_visible(path)));
	if (m->file)
		return CLI_OK;
	if (stat(path, &st) == -1)
		return layout_fail(l, CLI_INPUT,
		    mem_printf("%s: %s%s", utf8_visible(path), strerror(errno),
			errno != ENOENT
			    ? ""
			    : "; a migration without a script stops "
			      "Prisma too (P3015): restore it, or "
			      "remove its folder"));
	if (!S_ISREG(st.st_mode))
		return layout_fail(l, CLI_INPUT,
		    mem_printf("%s: not a file", utf8_visible(path)));
	return CLI_OK;
}

/* The end of a source sorts behind those of what is compiled. */
static void
join_compiled(struct layout *l)
{
	struct layout_migration *list = l->list;
	size_t i, count = 0;

	for (i = 0; i < l->count; i++) {
		if (count > 0 && list[i].kind == LAYOUT_KNEX &&
		    list[count - 1].compiled == NULL &&
		    compiled_is(list[count - 1].path, list[i].path)) {
			count--;
			free(list[count].name);
			list[i].compiled = list[count].path;
		}
		list[count++] = list[i];
	}
	l->count = count;
}

static int
refuse_twins(struct layout *l)
{
	const struct layout_migration *list = l->list;
	size_t i;

	for (i = 1; i < l->count; i++)
		if (strcmp(list[i - 1].name, list[i].name) == 0)
			return layout_fail(l, CLI_INPUT,
			    mem_printf("%s and %s: two migrations of one name; "
				       "rename or remove one",
				utf8_visible(list[i - 1].path),
				utf8_visible(list[i].path)));
	return CLI_OK;
}

static void
tell_of_order(const struct layout *l)
{
	const struct layout_migration *list = l->list;
	size_t i;

	for (i = 1; i < l->count; i++)
		if (list[i - 1].kind == LAYOUT_FOLDERS &&
		    list[i].kind == LAYOUT_FOLDERS &&
		    name_compare_prisma(list[i - 1].name, list[i].name) > 0)
			layout_tell(l,
			    mem_printf("%s: comes behind %s here, but before "
				       "it in Prisma 6.6 and later, which "
				       "sorts by language; rename one before "
				       "both run",
				utf8_visible(list[i].name),
				utf8_visible(list[i - 1].name)));
}

void
layout_tell(const struct layout *l, char *text)
{
	if (l->notice != NULL)
		l->notice(text);
	free(text);
}

int
layout_fail(struct layout *l, int status, char *why)
{
	free(l->error);
	l->error = why;
	return status;
}

int
layout_fail_errno(struct layout *l, int status, const char *path)
{
	return layout_fail(l, status,
	    mem_printf("%s: %s", utf8_visible(path), strerror(errno)));
}
