#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "capture_private.h"
#include "cli.h"
#include "client.h"
#include "clock.h"
#include "mem.h"

static int describe(struct capture_taking *, const struct content *);
static void add_tool(struct capture_taking *);
static char *choose_label(const struct capture_taking *);
static int try(struct capture_taking *);

int
capture_finish(struct capture_taking *t)
{
	bool script = t->options->format == BACKUP_PLAIN;
	struct content content;
	int status = process_wait(&t->process, &t->watch);

	progress_end(&t->options->progress);
	if (status != CLI_OK)
		return capture_fail(t, status, t->process.error);
	if ((script ? content_finish(&t->follower, t->staging.dump, &content)
		    : content_sync(&content, t->staging.dump)) == -1)
		return capture_fail(t, CLI_SYSTEM, strerror(errno));
	return describe(t, &content);
}

static int
describe(struct capture_taking *t, const struct content *content)
{
	char taken[32];
	struct tm tm;

	(void)gmtime_r(&t->at, &tm);
	(void)strftime(taken, sizeof(taken), "%Y-%m-%dT%H:%M:%SZ", &tm);
	t->sidecar.object = json_pack("{s:s, s:s, s:I, s:s, s:I}", "taken",
	    taken, "format", backup_format_name(t->options->format), "size",
	    (json_int_t)content->size, "checksum", content->checksum, "ms",
	    (json_int_t)(clock_ms() - t->began));
	add_tool(t);
	sidecar_add_inventory(&t->sidecar, &t->inventory);
	return CLI_OK;
}

/* client_find has asked it before. */
static void
add_tool(struct capture_taking *t)
{
	int number = client_version(t->program);
	char *version = mem_printf("%d.%d", number / 10000, number % 10000);

	json_object_set_new(t->sidecar.object, "tool",
	    json_pack("{s:s, s:s, s:i}", "program", "pg_dump", "version",
		version, "number", number));
	free(version);
}

int
capture_publish(struct capture_taking *t)
{
	const struct capture_options *o = t->options;
	char *label = choose_label(t);
	int status = try(t);

	if (status == CLI_OK &&
	    staging_publish(&t->staging, &t->sidecar, label, t->at,
		backup_ending(o->format, o->zipped)) == -1)
		status = capture_fail(t, CLI_SYSTEM, t->staging.error);
	if (status == CLI_OK)
		t->capture->path = mem_copy(t->staging.path);
	free(label);
	return status;
}

static char *
choose_label(const struct capture_taking *t)
{
	char *label = mem_copy(
		 t->options->label != NULL ? t->options->label : t->database),
	     *p;

	for (p = label; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && *p != '_')
			*p = '-';
	return label;
}

/* Can it be read?  Of a compressed script pg_dump's word has to do. */
static int
try(struct capture_taking *t)
{
	struct backup b = { .path = mem_copy(t->staging.dump),
		.format = t->options->format };
	int status = CLI_OK;

	json_incref(t->sidecar.object);
	b.sidecar.object = t->sidecar.object;
	if (!t->options->zipped)
		status = backup_try(&b);
	if (status != CLI_OK)
		capture_fail(
		    t, status == CLI_NO ? CLI_SYSTEM : status, b.error);
	backup_close(&b);
	return status == CLI_NO ? CLI_SYSTEM : status;
}
