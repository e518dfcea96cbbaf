#include "repository.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "json.h"
#include "mem.h"
#include "progress.h"
#include "staging.h"
#include "utf8.h"

static void print_table(const struct backup_list *);
static void print_row(const struct backup *, int);
static void print_record(const struct backup *);
static void warn_of_bad(const struct backup_list *);
static int remove_all(
    const struct backup_list *, const struct retention *, bool, char **);

void
repository_print(const struct backup_list *l, enum repository_form form)
{
	size_t i;

	if (form == REPOSITORY_TABLE)
		print_table(l);
	else
		for (i = 0; i < l->count; i++)
			print_record(&l->list[i]);
}

static void
print_table(const struct backup_list *l)
{
	size_t i, len = strlen("backup");

	for (i = 0; i < l->count; i++)
		if (strlen(l->list[i].path) > len)
			len = strlen(l->list[i].path);
	if (l->count > 0)
		printf("%-*s  %-16s  %9s  %10s  %-9s  %s\n", (int)len, "backup",
		    "taken (UTC)", "size", "rows", "rehearsed",
		    "last migration");
	for (i = 0; i < l->count; i++)
		print_row(&l->list[i], (int)len);
}

static void
print_row(const struct backup *b, int len)
{
	const char *head = sidecar_text(&b->sidecar, "history.head");
	const char *rehearsed = sidecar_text(&b->sidecar, "rehearsed.at");
	char size[PROGRESS_BYTES], taken[32];
	struct tm tm;

	(void)gmtime_r(&b->taken, &tm);
	(void)strftime(taken, sizeof(taken), "%Y-%m-%d %H:%M", &tm);
	if (b->error != NULL) {
		/* Its words begin with the path. */
		printf("%-*s  %-16s  %s\n", len, b->path, taken,
		    utf8_visible(b->error + strlen(b->path) + 2));
		return;
	}
	progress_bytes(size, sidecar_number(&b->sidecar, "size"));
	printf("%-*s  %-16s  %9s  %10lld  %-9s  %s\n", len, b->path, taken,
	    size, sidecar_number(&b->sidecar, "rows"),
	    rehearsed == NULL ? "no" : "yes",
	    head == NULL ? "-" : utf8_visible(head));
}

static void
print_record(const struct backup *b)
{
	json_t *record =
	    json_pack("{s:s, s:s}", "path", b->path, "label", b->label);

	if (b->error != NULL)
		json_object_set_new(record, "error",
		    json_string(b->error + strlen(b->path) + 2));
	if (b->sidecar.object != NULL)
		json_object_update(record, b->sidecar.object);
	json_write_line(record, stdout);
	json_decref(record);
}

int
repository_prune(
    const char *dir, struct retention *r, bool dry_run, char **error)
{
	struct backup_list l;
	int status;

	if (backup_list(&l, dir) != CLI_OK) {
		*error = mem_printf("%s: %s", dir, strerror(errno));
		return CLI_INPUT;
	}
	warn_of_bad(&l);
	if ((status = retention_choose(r, &l)) == CLI_OK)
		status = remove_all(&l, r, dry_run, error);
	retention_free(r);
	backup_list_free(&l);
	return status;
}

static void
warn_of_bad(const struct backup_list *l)
{
	size_t i;

	for (i = 0; i < l->count; i++)
		if (l->list[i].error != NULL)
			warnx("%s; left alone", l->list[i].error);
}

static int
remove_all(const struct backup_list *l, const struct retention *r, bool dry_run,
    char **error)
{
	const struct backup *b;
	size_t i;

	for (i = 0; i < l->count; i++) {
		b = &l->list[i];
		if (!r->goes[i])
			continue;
		if (!dry_run &&
		    staging_remove(b->path, b->sidecar_path) == -1) {
			*error = mem_printf("%s: %s", b->path, strerror(errno));
			return CLI_SYSTEM;
		}
		puts(b->path);
	}
	return CLI_OK;
}
