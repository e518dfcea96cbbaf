#include "backup.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backup_private.h"
#include "cli.h"
#include "content.h"
#include "mem.h"

#define PREFIX "backup_"
#define STAMP "_YYYYMMDD_HHMMSS"

static const char *const formats[] = { "custom", "directory", "plain" };

static const struct {
	const char *text;
	enum backup_format format;
	bool zipped;
} endings[] = {
	{ ".dump", BACKUP_CUSTOM, false },
	{ ".dir", BACKUP_DIRECTORY, false },
	{ ".sql", BACKUP_PLAIN, false },
	{ ".sql.gz", BACKUP_PLAIN, true },
};

enum { FORMATS = sizeof(formats) / sizeof(*formats) };
enum { ENDINGS = sizeof(endings) / sizeof(*endings) };

static bool read_name(struct backup *, const char *);
static bool read_stamp(struct backup *, const char *);
static int check_size(struct backup *);
static int newest_first(const void *, const void *);

int
backup_format(const char *name)
{
	int i;

	for (i = 0; i < FORMATS; i++)
		if (strcmp(formats[i], name) == 0)
			return i;
	return -1;
}

const char *
backup_format_name(enum backup_format format)
{
	return formats[format];
}

bool
backup_is_label(const char *label)
{
	const char *p;

	for (p = label; isalnum((unsigned char)*p) || *p == '-' || *p == '_';)
		p++;
	return *p == '\0' && p != label && p - label < 64;
}

char *
backup_name(const char *label, time_t taken)
{
	char stamp[sizeof(STAMP)];
	struct tm tm;

	(void)gmtime_r(&taken, &tm);
	(void)strftime(stamp, sizeof(stamp), "_%Y%m%d_%H%M%S", &tm);
	return mem_printf(PREFIX "%s%s", label, stamp);
}

const char *
backup_ending(enum backup_format format, bool zipped)
{
	size_t i = 0;

	while (endings[i].format != format || endings[i].zipped != zipped)
		i++;
	return endings[i].text;
}

int
backup_open(struct backup *b, const char *path)
{
	*b = (struct backup){ 0 };
	if (!read_name(b, path))
		return backup_fail(b, CLI_INPUT,
		    mem_copy("not the name of a backup, as "
			     "backup_production_20260102_030405.dump"));
	if (access(path, R_OK) == -1)
		return backup_fail(b, CLI_INPUT, mem_copy(strerror(errno)));
	if (access(b->sidecar_path, F_OK) == -1)
		return backup_fail(b, CLI_INPUT,
		    mem_printf("nothing tells whether it is whole: %s: %s; its "
			       "sidecar belongs beside it",
			b->sidecar_path, strerror(errno)));
	if (sidecar_read(&b->sidecar, b->sidecar_path) == -1)
		return backup_fail(b, CLI_NO,
		    mem_printf("%s: %s", b->sidecar_path, b->sidecar.error));
	return check_size(b);
}

/* A folder's path may end in a slash. */
static bool
read_name(struct backup *b, const char *path)
{
	size_t len = strlen(path), i, end, stem;
	const char *name;

	while (len > 1 && path[len - 1] == '/')
		len--;
	b->path = mem_copy_bytes(path, len);
	name = strrchr(b->path, '/');
	name = name == NULL ? b->path : name + 1;
	for (i = ENDINGS; i-- > 0;) {
		end = strlen(endings[i].text);
		stem = strlen(name);
		if (stem < end + strlen(STAMP) + strlen(PREFIX) + 1 ||
		    strcmp(name + stem - end, endings[i].text) != 0)
			continue;
		b->format = endings[i].format;
		b->zipped = endings[i].zipped;
		b->sidecar_path = mem_printf(
		    "%.*s.json", (int)(strlen(b->path) - end), b->path);
		stem -= end + strlen(STAMP);
		if (strncmp(name, PREFIX, strlen(PREFIX)) != 0)
			return false;
		b->label = mem_copy_bytes(
		    name + strlen(PREFIX), stem - strlen(PREFIX));
		return backup_is_label(b->label) && read_stamp(b, name + stem);
	}
	return false;
}

static bool
read_stamp(struct backup *b, const char *stamp)
{
	struct tm tm = { 0 };
	const char *end = strptime(stamp, "_%Y%m%d_%H%M%S", &tm);

	b->taken = timegm(&tm);
	return end == stamp + strlen(STAMP);
}

static int
check_size(struct backup *b)
{
	long long is = content_size(b->path);
	long long was = sidecar_number(&b->sidecar, "size");
	const char *format = sidecar_text(&b->sidecar, "format");

	if (is == -1)
		return backup_fail(b, CLI_NO, mem_copy(strerror(errno)));
	if (is != was)
		return backup_fail(b, CLI_NO,
		    mem_printf("it has %lld bytes, and had %lld", is, was));
	if (format == NULL || strcmp(format, formats[b->format]) != 0)
		return backup_fail(
		    b, CLI_NO, mem_copy("its format is not its own"));
	return CLI_OK;
}

int
backup_fail(struct backup *b, int status, char *words)
{
	free(b->error);
	b->error = mem_printf("%s: %s", b->path, words);
	free(words);
	return status;
}

int
backup_list(struct backup_list *l, const char *dir)
{
	DIR *folder = opendir(dir);
	struct dirent *entry;
	struct backup b;
	char *path;

	*l = (struct backup_list){ 0 };
	if (folder == NULL)
		return CLI_INPUT;
	while ((entry = readdir(folder)) != NULL) {
		path = mem_printf("%s/%s", dir, entry->d_name);
		b = (struct backup){ 0 };
		if (read_name(&b, path)) {
			backup_close(&b);
			(void)backup_open(&b, path);
			l->list = mem_grow(l->list, l->count, sizeof(b));
			l->list[l->count++] = b;
		} else
			backup_close(&b);
		free(path);
	}
	closedir(folder);
	if (l->count > 0)
		qsort(l->list, l->count, sizeof(b), newest_first);
	return CLI_OK;
}

static int
newest_first(const void *a, const void *b)
{
	const struct backup *x = a, *y = b;

	if (x->taken != y->taken)
		return x->taken > y->taken ? -1 : 1;
	return strcmp(x->path, y->path);
}

void
backup_list_free(struct backup_list *l)
{
	while (l->count > 0)
		backup_close(&l->list[--l->count]);
	free(l->list);
	*l = (struct backup_list){ 0 };
}

void
backup_close(struct backup *b)
{
	free(b->path);
	free(b->sidecar_path);
	free(b->label);
	free(b->error);
	sidecar_free(&b->sidecar);
	*b = (struct backup){ 0 };
}
