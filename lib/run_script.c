#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "execution.h"
#include "knex.h"
#include "mem.h"
#include "repeat.h"
#include "run_private.h"
#include "utf8.h"

static const char durable[] = "SET LOCAL synchronous_commit TO DEFAULT";

static int find(struct run *, const struct job *, struct interpreter *);
static int open_row(struct run *, struct job *);
static int take_knex(struct run *, const struct job *);
static int execute(struct run *, struct job *, const struct interpreter *);
static int close_row(struct run *, struct job *);
static int finish_row(const struct run *, struct job *, struct db *);
static int close_elsewhere(const struct run *, struct job *);
static void note(struct run *, const struct job *, const struct execution *);
static int fail_row(struct run *, const struct job *, const char *);
static int lose(struct run *, const char *);

int
run_script(struct run *r)
{
	struct job *job = &r->jobs[r->finished];
	struct interpreter interpreter = { 0 };
	int status = find(r, job, &interpreter);

	job->steps = 1;
	if (status == CLI_OK)
		status = open_row(r, job);
	if (status == CLI_OK)
		status = execute(r, job, &interpreter);
	if (status == CLI_OK)
		status = close_row(r, job);
	interpreter_free(&interpreter);
	if (status != CLI_OK)
		return status;
	job->finished = true;
	r->finished++;
	if (r->progress != NULL)
		r->progress(r);
	return CLI_OK;
}

static int
find(struct run *r, const struct job *job, struct interpreter *i)
{
	char checksum[HASH_CHECKSUM];

	if (job_find(job, i, checksum) == -1)
		r->error = mem_copy(i->error);
	else if (strcmp(checksum, job->checksum) != 0)
		r->error = mem_printf("%s: it changed while it was to be run; "
				      "run again",
		    utf8_visible(job->migration->path));
	if (r->error == NULL && i->doubt != NULL && r->notice != NULL)
		r->notice(i->doubt);
	return r->error == NULL ? CLI_OK : CLI_INPUT;
}

/* On disk, and so with it all that came before. */
static int
open_row(struct run *r, struct job *job)
{
	const struct history_sql *sql = &r->private->dispatch.sql;
	const char *values[] = { job->id, job->checksum, job->migration->name,
		REPEAT_BEGUN };
	const char *noted[] = { job->id, REPEAT_BEGUN };
	int result;

	if (db_query(r->db, "BEGIN", 0, NULL) == -1 ||
	    db_query(r->db, durable, 0, NULL) == -1 ||
	    db_query(r->db, history_create(r->db), 0, NULL) == -1)
		return fail_row(r, job, "its row cannot be opened");
	if (knex_has(job->migration) && (result = take_knex(r, job)) != CLI_OK)
		return result;
	if (job->opened)
		result = db_query(r->db, sql->start, 1, values) == -1
		    ? -1
		    : db_query(r->db, sql->note, 2, noted);
	else
		result = db_query(r->db, sql->open, 4, values);
	if (result == -1 || db_query(r->db, "COMMIT", 0, NULL) == -1)
		return fail_row(r, job, "its row cannot be opened");
	job->opened = true;
	return CLI_OK;
}

static int
take_knex(struct run *r, const struct job *job)
{
	enum knex_lock answer =
	    knex_take_lock(job->migration, r->db, r->lock_wait, false);

	if (answer == KNEX_LOCKED)
		return CLI_OK;
	if (answer == KNEX_ERROR)
		return fail_row(r, job, "knex's tables");
	(void)db_query(r->db, "ROLLBACK", 0, NULL);
	r->stale = answer == KNEX_STALE;
	r->error = mem_printf("%s: %s", utf8_visible(job->migration->name),
	    r->stale ? "knex has run it meanwhile" : KNEX_IS_BUSY);
	return CLI_RETRY;
}

static int
execute(struct run *r, struct job *job, const struct interpreter *i)
{
	struct execution e = { .name = job->migration->name,
		.command = i->command,
		.timeout = r->script_timeout,
		.notice = r->notice };
	int status;

	if (execution_aim(&e, r->db) == -1)
		return fail_row(r, job, "its database does not answer");
	status = execution_run(&e);
	if (status != CLI_OK) {
		job->exit = e.status;
		r->error =
		    mem_printf("%s: %s%s%s", utf8_visible(job->migration->name),
			e.how, *e.tail == '\0' ? "" : "\n", e.tail);
		note(r, job, &e);
	}
	execution_free(&e);
	return status;
}

static int
close_row(struct run *r, struct job *job)
{
	if (finish_row(r, job, r->db) == 0)
		return CLI_OK;
	if (db_is_lost(r->db) && close_elsewhere(r, job) == 0)
		return lose(r, "the connection broke while a script ran");
	return fail_row(
	    r, job, "the script ended well, but its row could not be written");
}

static int
finish_row(const struct run *r, struct job *job, struct db *db)
{
	const char *values[] = { job->id, job->checksum };

	if (db_query(db, "BEGIN", 0, NULL) == -1 ||
	    db_query(db, durable, 0, NULL) == -1 ||
	    db_query(db, r->private->dispatch.sql.finish, 2, values) == -1)
		return -1;
	job->ms = strtod(db_value(db, 0, 0), NULL);
	if (knex_has(job->migration) &&
	    knex_give_lock(job->migration, db, true) == -1)
		return -1;
	return db_query(db, "COMMIT", 0, NULL);
}

/* The connection broke while it ran: what is known must not be lost, too. */
static int
close_elsewhere(const struct run *r, struct job *job)
{
	struct db_options options = *r->db->options;
	struct db db;
	int result = -1;

	options.notice = NULL;
	options.brief = true;
	if (db_open(&db, &options) == CLI_OK)
		result = finish_row(r, job, &db);
	db_close(&db);
	return result;
}

/* For those who look at the history, Prisma among them. */
static void
note(struct run *r, const struct job *job, const struct execution *e)
{
	char *logs = repeat_logs(e->how, e->tail);
	const char *values[] = { job->id, logs };

	(void)db_query(r->db, r->private->dispatch.sql.note, 2, values);
	if (knex_has(job->migration))
		(void)knex_give_lock(job->migration, r->db, false);
	free(logs);
}

static int
fail_row(struct run *r, const struct job *job, const char *what)
{
	char *why = mem_printf("%s: %s: %s", utf8_visible(job->migration->name),
	    what, r->db->error.message);
	int status = CLI_NO;

	if (db_is_lost(r->db))
		status = lose(r, why);
	else {
		if (db_in_transaction(r->db))
			(void)db_query(r->db, "ROLLBACK", 0, NULL);
		r->error = mem_copy(why);
	}
	free(why);
	return status;
}

/* What came of it will be looked up (aftermath.h). */
static int
lose(struct run *r, const char *why)
{
	r->error = mem_copy(why);
	flight_lose(&r->private->dispatch.flight);
	return CLI_SYSTEM;
}
