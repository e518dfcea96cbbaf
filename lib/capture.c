#include "capture.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "client.h"
#include "clock.h"
#include "content.h"
#include "draft.h"
#include "environment.h"
#include "inventory.h"
#include "mem.h"

/* The snapshot must last for as long as pg_dump needs it. */
static const char begin[] = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
static const char snapshot[] =
    "SELECT current_database(), pg_export_snapshot(),"
    " (SELECT count(*) FROM (SELECT set_config(name, '0', true)"
    "  FROM pg_catalog.pg_settings WHERE name IN ('statement_timeout',"
    "  'idle_in_transaction_session_timeout', 'transaction_timeout')) t)";

enum { TICK = 100 /* milliseconds */, ARGUMENTS = 12 };

/* All that is open while one is taken. */
struct taking {
	struct capture_options *options;
	struct capture *capture;
	struct db db;
	char *database, *snapshot, *program;
	time_t at;
	long began;
	struct draft draft;
	struct process process;
	struct process_watch watch;
	struct content_follower follower; /* of a script */
	struct inventory inventory;
	struct sidecar sidecar;
};

static void tell(void *, const char *);
static void tick(void *);
static int take(struct taking *);
static int open_snapshot(struct taking *);
static int start_dump(struct taking *);
static char **list_arguments(const struct taking *);
static int read_inventory(struct taking *);
static void on_idle(void *);
static int read_catalog(struct taking *);
static int finish(struct taking *);
static int describe(struct taking *, const struct content *);
static void add_tool(struct taking *);
static int publish(struct taking *);
static char *choose_label(const struct taking *);
static int try(struct taking *);
static int fail(struct taking *, int, const char *);
static void clear(struct taking *);

int
capture_take(struct capture *c, struct capture_options *options)
{
	struct taking t = { .options = options, .capture = c };
	int status;

	*c = (struct capture){ 0 };
	t.watch = (struct process_watch){ tell, tick, &t };
	t.began = clock_ms();
	status = take(&t);
	if (status != CLI_OK && db_signal() != 0)
		status = 128 + db_signal();
	clear(&t);
	return status;
}

static void
tell(void *arg, const char *line)
{
	struct process_watch meter =
	    meter_watch(&((struct taking *)arg)->options->meter);

	meter.tell(meter.arg, line);
}

/* Of an archive the beginning is written last. */
static void
tick(void *arg)
{
	struct taking *t = arg;
	struct process_watch meter = meter_watch(&t->options->meter);

	meter.tick(meter.arg);
	if (t->options->format == BACKUP_PLAIN)
		content_follow(&t->follower, t->draft.dump);
}

static int
take(struct taking *t)
{
	int status;

	if ((status = open_snapshot(t)) != CLI_OK)
		return status;
	if (draft_begin(&t->draft, t->options->dir) == -1)
		return fail(t, CLI_SYSTEM, t->draft.error);
	if ((status = start_dump(t)) != CLI_OK ||
	    (status = read_inventory(t)) != CLI_OK ||
	    (status = finish(t)) != CLI_OK)
		return status;
	return publish(t);
}

static int
open_snapshot(struct taking *t)
{
	int status = db_open(&t->db, &t->options->db);
	char *error;

	if (status != CLI_OK)
		return fail(t, status, t->db.error.message);
	status = client_find("pg_dump", t->db.version, &t->program, &error);
	if (status != CLI_OK) {
		t->capture->error = error;
		return status;
	}
	t->at = time(NULL);
	if (db_query(&t->db, begin, 0, NULL) == -1 ||
	    db_query(&t->db, snapshot, 0, NULL) == -1)
		return fail(
		    t, db_error_status(&t->db.error), t->db.error.message);
	t->database = mem_copy(db_value(&t->db, 0, 0));
	t->snapshot = mem_copy(db_value(&t->db, 0, 1));
	return CLI_OK;
}

static int
start_dump(struct taking *t)
{
	const char *url = t->options->db.url;
	char **command = list_arguments(t);
	size_t i;

	if (url != NULL) {
		/* They would win over what the URL says. */
		unsetenv("PGSERVICE");
		environment_follow(url);
	}
	environment_database(t->database, NULL);
	/* Its words are read. */
	setenv("LC_ALL", "C", 1);
	t->options->meter.path = t->draft.dump;
	process_start(&t->process, command, -1, -1);
	for (i = 0; command[i] != NULL; i++)
		free(command[i]);
	free(command);
	return CLI_OK;
}

static char **
list_arguments(const struct taking *t)
{
	const struct capture_options *o = t->options;
	char **list = mem_alloc(ARGUMENTS * sizeof(*list));
	size_t n = 0;

	list[n++] = mem_copy(t->program);
	list[n++] = mem_copy("--no-password");
	list[n++] = mem_printf("--format=%s", backup_format_name(o->format));
	list[n++] = mem_printf("--file=%s", t->draft.dump);
	list[n++] = mem_printf("--snapshot=%s", t->snapshot);
	if (o->jobs != NULL)
		list[n++] = mem_printf("--jobs=%s", o->jobs);
	if (o->compress != NULL)
		list[n++] = mem_printf("--compress=%s", o->compress);
	if (o->meter.shown)
		list[n++] = mem_copy("--verbose");
	return list;
}

/* While pg_dump is at work. */
static int
read_inventory(struct taking *t)
{
	int status;

	t->db.idle = (struct db_idle){ TICK, on_idle, t };
	if (inventory_count(&t->inventory, &t->db) == -1) {
		/* Why pg_dump failed tells more. */
		if (process_failed(&t->process))
			return process_wait(&t->process, &t->watch);
		return fail(
		    t, db_error_status(&t->db.error), t->db.error.message);
	}
	t->options->meter.total = t->inventory.ntables;
	status = read_catalog(t);
	return status;
}

static void
on_idle(void *arg)
{
	struct taking *t = arg;

	process_look(&t->process, &t->watch);
	t->db.over = process_failed(&t->process);
}

/* A listing begins a transaction of its own. */
static int
read_catalog(struct taking *t)
{
	struct db_options options = t->options->db;
	struct db db;
	int status;

	/* What there was to say of the URL was said. */
	options.notice = NULL;
	status = db_open(&db, &options);
	if (status == CLI_OK &&
	    inventory_catalog(&t->inventory, &db, t->snapshot) == -1)
		status = db_error_status(&db.error);
	if (status != CLI_OK)
		fail(t, status, db.error.message);
	db_close(&db);
	return status;
}

static int
finish(struct taking *t)
{
	bool script = t->options->format == BACKUP_PLAIN;
	struct content content;
	int status = process_wait(&t->process, &t->watch);

	meter_end(&t->options->meter);
	if (status != CLI_OK)
		return fail(t, status, t->process.error);
	if ((script ? content_finish(&t->follower, t->draft.dump, &content)
		    : content_sync(&content, t->draft.dump)) == -1)
		return fail(t, CLI_SYSTEM, strerror(errno));
	return describe(t, &content);
}

static int
describe(struct taking *t, const struct content *content)
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
add_tool(struct taking *t)
{
	int number = client_version(t->program);
	char *version = mem_printf("%d.%d", number / 10000, number % 10000);

	json_object_set_new(t->sidecar.object, "tool",
	    json_pack("{s:s, s:s, s:i}", "program", "pg_dump", "version",
		version, "number", number));
	free(version);
}

static int
publish(struct taking *t)
{
	const struct capture_options *o = t->options;
	char *label = choose_label(t);
	int status = try(t);

	if (status == CLI_OK &&
	    draft_publish(&t->draft, &t->sidecar, label, t->at,
		backup_ending(o->format, o->zipped)) == -1)
		status = fail(t, CLI_SYSTEM, t->draft.error);
	if (status == CLI_OK)
		t->capture->path = mem_copy(t->draft.path);
	free(label);
	return status;
}

/* Can it be read?  Of a compressed script pg_dump's word has to do. */
static int
try(struct taking *t)
{
	struct backup b = { .path = mem_copy(t->draft.dump),
		.format = t->options->format };
	int status = CLI_OK;

	json_incref(t->sidecar.object);
	b.sidecar.object = t->sidecar.object;
	if (!t->options->zipped)
		status = backup_try(&b);
	if (status != CLI_OK)
		fail(t, status == CLI_NO ? CLI_SYSTEM : status, b.error);
	backup_close(&b);
	return status == CLI_NO ? CLI_SYSTEM : status;
}

static char *
choose_label(const struct taking *t)
{
	char *label = mem_copy(
		 t->options->label != NULL ? t->options->label : t->database),
	     *p;

	for (p = label; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && *p != '_')
			*p = '-';
	return label;
}

static int
fail(struct taking *t, int status, const char *why)
{
	free(t->capture->error);
	t->capture->error = mem_copy(why);
	return status;
}

static void
clear(struct taking *t)
{
	process_free(&t->process);
	content_forget(&t->follower);
	meter_end(&t->options->meter);
	draft_end(&t->draft);
	inventory_free(&t->inventory);
	sidecar_free(&t->sidecar);
	db_close(&t->db);
	free(t->database);
	free(t->snapshot);
	free(t->program);
}

void
capture_free(struct capture *c)
{
	free(c->path);
	free(c->error);
	*c = (struct capture){ 0 };
}
