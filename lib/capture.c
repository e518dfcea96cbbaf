#include "capture_private.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "client.h"
#include "clock.h"
#include "environment.h"
#include "mem.h"

/* The snapshot must last for as long as pg_dump needs it. */
static const char begin[] = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
static const char snapshot[] =
    "SELECT current_database(), pg_export_snapshot(),"
    " (SELECT count(*) FROM (SELECT set_config(name, '0', true)"
    "  FROM pg_catalog.pg_settings WHERE name IN ('statement_timeout',"
    "  'idle_in_transaction_session_timeout', 'transaction_timeout')) t)";

enum { TICK = 100 /* milliseconds */, ARGUMENTS = 12 };

static void tell(void *, const char *);
static void tick(void *);
static int take(struct capture_taking *);
static int open_snapshot(struct capture_taking *);
static int start_dump(struct capture_taking *);
static char **list_arguments(const struct capture_taking *);
static int read_inventory(struct capture_taking *);
static void on_idle(void *);
static int read_catalog(struct capture_taking *);
static void clear(struct capture_taking *);

/* A script's ending says gzip or nothing. */
const char *
capture_settle(struct capture_options *o)
{
	if (o->compress == NULL || o->format != BACKUP_PLAIN)
		return NULL;
	if (strlen(o->compress) != 1 || *o->compress < '0' ||
	    *o->compress > '9')
		return "--compress: for a script, 0 to 9";
	o->zipped = *o->compress != '0';
	return NULL;
}

int
capture_take(struct capture *c, struct capture_options *options)
{
	struct capture_taking t = { .options = options, .capture = c };
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
	struct process_watch progress =
	    progress_watch(&((struct capture_taking *)arg)->options->progress);

	progress.tell(progress.arg, line);
}

/* Of an archive the beginning is written last. */
static void
tick(void *arg)
{
	struct capture_taking *t = arg;
	struct process_watch progress = progress_watch(&t->options->progress);

	progress.tick(progress.arg);
	if (t->options->format == BACKUP_PLAIN)
		content_follow(&t->follower, t->staging.dump);
}

static int
take(struct capture_taking *t)
{
	int status;

	if ((status = open_snapshot(t)) != CLI_OK)
		return status;
	if (staging_begin(&t->staging, t->options->dir) == -1)
		return capture_fail(t, CLI_SYSTEM, t->staging.error);
	if ((status = start_dump(t)) != CLI_OK ||
	    (status = read_inventory(t)) != CLI_OK ||
	    (status = capture_finish(t)) != CLI_OK)
		return status;
	return capture_publish(t);
}

static int
open_snapshot(struct capture_taking *t)
{
	int status = db_open(&t->db, &t->options->db);
	char *error;

	if (status != CLI_OK)
		return capture_fail(t, status, t->db.error.message);
	status = client_find("pg_dump", t->db.version, &t->program, &error);
	if (status != CLI_OK) {
		t->capture->error = error;
		return status;
	}
	t->at = time(NULL);
	if (db_query(&t->db, begin, 0, NULL) == -1 ||
	    db_query(&t->db, snapshot, 0, NULL) == -1)
		return capture_fail(
		    t, db_error_status(&t->db.error), t->db.error.message);
	t->database = mem_copy(db_value(&t->db, 0, 0));
	t->snapshot = mem_copy(db_value(&t->db, 0, 1));
	return CLI_OK;
}

static int
start_dump(struct capture_taking *t)
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
	t->options->progress.path = t->staging.dump;
	process_start(&t->process, command, -1, -1);
	for (i = 0; command[i] != NULL; i++)
		free(command[i]);
	free(command);
	return CLI_OK;
}

static char **
list_arguments(const struct capture_taking *t)
{
	const struct capture_options *o = t->options;
	char **list = mem_alloc(ARGUMENTS * sizeof(*list));
	size_t n = 0;

	list[n++] = mem_copy(t->program);
	list[n++] = mem_copy("--no-password");
	list[n++] = mem_printf("--format=%s", backup_format_name(o->format));
	list[n++] = mem_printf("--file=%s", t->staging.dump);
	list[n++] = mem_printf("--snapshot=%s", t->snapshot);
	if (o->jobs != NULL)
		list[n++] = mem_printf("--jobs=%s", o->jobs);
	if (o->compress != NULL)
		list[n++] = mem_printf("--compress=%s", o->compress);
	if (o->progress.shown)
		list[n++] = mem_copy("--verbose");
	return list;
}

/* While pg_dump is at work. */
static int
read_inventory(struct capture_taking *t)
{
	int status;

	t->db.idle = (struct db_idle){ TICK, on_idle, t };
	if (inventory_count(&t->inventory, &t->db) == -1) {
		/* Why pg_dump failed tells more. */
		if (process_failed(&t->process))
			return process_wait(&t->process, &t->watch);
		return capture_fail(
		    t, db_error_status(&t->db.error), t->db.error.message);
	}
	t->options->progress.total = t->inventory.ntables;
	status = read_catalog(t);
	return status;
}

static void
on_idle(void *arg)
{
	struct capture_taking *t = arg;

	process_look(&t->process, &t->watch);
	t->db.over = process_failed(&t->process);
}

/* A listing begins a transaction of its own. */
static int
read_catalog(struct capture_taking *t)
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
		capture_fail(t, status, db.error.message);
	db_close(&db);
	return status;
}

int
capture_fail(struct capture_taking *t, int status, const char *why)
{
	free(t->capture->error);
	t->capture->error = mem_copy(why);
	return status;
}

static void
clear(struct capture_taking *t)
{
	process_free(&t->process);
	content_forget(&t->follower);
	progress_end(&t->options->progress);
	staging_end(&t->staging);
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
