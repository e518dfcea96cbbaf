#include "flat.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "flat_private.h"
#include "mem.h"
#include "utf8.h"

static void free_script(struct flat_script *);

int
flat_read(struct flat *f, const char *dir)
{
	char *plan = mem_printf("%s/sqitch.plan", dir);
	struct stat st;
	int status;

	*f = (struct flat){ .kind = FLAT_NONE };
	if (stat(plan, &st) == 0) {
		status = flat_plan(f, dir, plan);
		if (status == CLI_OK)
			status = flat_cut(f);
	} else {
		status = flat_files(f, dir);
		if (status == CLI_OK)
			status = flat_cut(f);
		if (status == CLI_OK)
			status = flat_sort(f);
	}
	free(plan);
	return status;
}

void
flat_free(struct flat *f)
{
	size_t i;

	for (i = 0; i < f->count; i++) {
		free(f->list[i].legacy);
		free(f->list[i].name);
		free_script(&f->list[i].up);
		free_script(&f->list[i].down);
	}
	free(f->list);
	free(f->first);
	free(f->error);
	*f = (struct flat){ 0 };
}

int
flat_fail(struct flat *f, int status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	f->error = mem_vprintf(format, args);
	va_end(args);
	return status;
}

int
flat_fail_file(struct flat *f, const char *path)
{
	return flat_fail(
	    f, CLI_INPUT, "%s: %s", utf8_visible(path), strerror(errno));
}

int
flat_give(struct flat *f, struct flat_script *s, const char *path)
{
	s->path = mem_copy(path);
	if (file_read(&s->file, path) == -1)
		return flat_fail_file(f, path);
	s->sql = s->file.bytes;
	s->len = s->file.len;
	return CLI_OK;
}

int
flat_give_both(
    struct flat *f, struct flat_migration *m, const char *up, const char *down)
{
	struct stat st;
	int status = flat_give(f, &m->up, up);

	if (status == CLI_OK && stat(down, &st) == 0)
		status = flat_give(f, &m->down, down);
	return status;
}

static void
free_script(struct flat_script *s)
{
	free(s->path);
	file_free(&s->file);
}
