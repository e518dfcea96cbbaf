#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "explain.h"
#include "leftover.h"
#include "lock.h"
#include "mem.h"
#include "resume.h"

/*
 * How much may be sent ahead of its answers: enough to keep the server busy
 * over a slow line, little enough that an interruption stops soon.
 */
enum { WINDOW = 1024 /* statements */, WINDOW_BYTES = 256 * 1024 };

/* What an answer will belong to. */
enum part {
	OWN,       /* a statement of ours, which only matters if it fails */
	STATEMENT, /* of the script */
	ROW,       /* returns the milliseconds */
	STEP,      /* the COMMIT that makes a note of steps certain */
	FINISH,    /* the COMMIT of the whole migration */
};

struct sent {
	enum part part;
	size_t job;
	size_t number; /* of the statement; of steps done */
	size_t bytes;
};

struct run_private {
	struct history_sql sql;
	struct script script;
	struct sent sent[WINDOW]; /* a ring */
	size_t first, waiting, bytes;
	size_t job;   /* that is being sent */
	bool opened;  /* its row will be there when what was sent has run */
	size_t noted; /* the steps that the row will then call done */
	bool stopped;
	bool failed; /* then the rest is set */
	struct sent failure;
	struct db_error error;
};

static int pass(struct run *);
static void send_all(struct run *);
static int read_script(struct run *, struct run_job *);
static void send_job(struct run *, const struct run_job *);
static void send_step(struct run *, const struct run_job *, size_t);
static void send_alone(struct run *, const struct run_job *, size_t);
static void send_statements(struct run *, const struct plan_step *);
static void send_statement(struct run *, size_t);
static void send_begin(struct run *, const struct plan_step *);
static void send_note(struct run *, const struct run_job *, size_t);
static void send_finish(struct run *, const struct run_job *);
static void send_resets(struct run *);
static void send_own(struct run *, const char *);
static void send_part(
    struct run *, enum part, size_t, const char *, size_t, const char *const *);
static void receive(struct run *);
static void take(struct run *, const struct sent *, enum db_outcome);
static void break_off(struct run *);
static void drain(struct run *);
static int settle(struct run *);
static int tidy(struct db *, const char *);
static bool refuses_transaction(struct run *);
static bool unlocked(struct run *);
static int read_failed(struct run *);
static void note_failure(struct run *);
static int report(struct run *);

int
run(struct run *r)
{
	int status;

	run_free(r);
	r->finished = 0;
	r->private = mem_alloc(sizeof(*r->private));
	r->private->script.plain = r->plain;
	history_sql_make(&r->private->sql, r->history);
	do
		status = pass(r);
	while (status == CLI_NO && (refuses_transaction(r) || unlocked(r)));
	return status == CLI_OK ? CLI_OK : report(r);
}

void
run_free(struct run *r)
{
	free(r->error);
	r->error = NULL;
	if (r->private == NULL)
		return;
	history_sql_free(&r->private->sql);
	script_free(&r->private->script);
	db_error_free(&r->private->error);
	free(r->private);
	r->private = NULL;
}

/* From the first job that is not finished to the end, or to a failure. */
static int
pass(struct run *r)
{
	struct run_private *p = r->private;

	p->stopped = p->failed = false;
	p->first = p->waiting = p->bytes = 0;
	p->job = r->finished;
	if (db_pipeline(r->db) == -1) {
		db_error_move(&p->error, &r->db->error);
		return CLI_SYSTEM;
	}
	send_own(r, "BEGIN");
	if (!r->history->exists)
		send_own(r, history_create(r->db));
	send_own(r, "SET synchronous_commit = off");
	send_own(r, "COMMIT");
	send_all(r);
	drain(r);
	db_pipeline_end(r->db);
	return settle(r);
}

static void
send_all(struct run *r)
{
	struct run_private *p = r->private;

	for (; p->job < r->count && !p->stopped; p->job++) {
		if (read_script(r, &r->jobs[p->job]) == -1)
			break;
		send_job(r, &r->jobs[p->job]);
	}
}

static int
read_script(struct run *r, struct run_job *job)
{
	struct script *s = &r->private->script;

	if (script_read(s, job->migration) == -1)
		r->error = mem_copy(s->error);
	else if (strcmp(s->checksum, job->checksum) != 0)
		r->error = mem_printf("%s: it changed while it was to be run; "
				      "run again",
		    s->path);
	if (r->error != NULL)
		return -1;
	if (job->alone)
		plan_make_alone(&s->plan);
	job->steps = s->plan.count;
	return 0;
}

static void
send_job(struct run *r, const struct run_job *job)
{
	struct run_private *p = r->private;
	const struct plan *plan = &p->script.plan;
	size_t i;

	p->opened = job->opened;
	p->noted = job->done;
	for (i = job->done; i < plan->count; i++)
		if (plan->steps[i].kind == PLAN_ALONE)
			send_alone(r, job, i);
		else
			send_step(r, job, i);
	/* Where no last step could hold it. */
	if (job->done == plan->count ||
	    plan->steps[plan->count - 1].kind != PLAN_TRANSACTION) {
		send_own(r, "BEGIN");
		send_finish(r, job);
	}
}

static void
send_step(struct run *r, const struct run_job *job, size_t i)
{
	const struct plan *plan = &r->private->script.plan;

	send_begin(r, &plan->steps[i]);
	send_statements(r, &plan->steps[i]);
	if (plan->steps[i].kind == PLAN_ROLLBACK)
		send_own(r, "ROLLBACK");
	else if (i + 1 == plan->count)
		send_finish(r, job);
	else
		send_note(r, job, i + 1);
}

/*
 * The row must be there before the statement, with a note of what is done so
 * far.  The COMMIT of that note is needed for itself, too: a pipeline is a
 * transaction, for the server, but directly behind a COMMIT.
 */
static void
send_alone(struct run *r, const struct run_job *job, size_t i)
{
	struct run_private *p = r->private;

	if (!p->opened || p->noted != i) {
		send_own(r, "BEGIN");
		send_note(r, job, i);
	}
	send_statements(r, &p->script.plan.steps[i]);
	if (i + 1 < p->script.plan.count) {
		send_own(r, "BEGIN");
		send_note(r, job, i + 1);
	}
}

/* The script's own BEGIN, where it asks for more than ours. */
static void
send_begin(struct run *r, const struct plan_step *step)
{
	if (step->begin == PLAN_NONE)
		send_own(r, "BEGIN");
	else
		send_statement(r, step->begin);
}

static void
send_statements(struct run *r, const struct plan_step *step)
{
	size_t i;

	for (i = step->first; i < step->first + step->count; i++)
		if (!plan_skips(&r->private->script.sql, i))
			send_statement(r, i);
}

static void
send_statement(struct run *r, size_t i)
{
	struct script *s = &r->private->script;
	char *text = s->file.bytes + s->sql.statements[i].begin;
	char *end = s->file.bytes + s->sql.statements[i].end;
	char kept = *end;

	*end = '\0';
	send_part(r, STATEMENT, i, text, 0, NULL);
	*end = kept;
}

/*
 * Note in the row, inside the transaction, that so many steps are done.  A
 * role that the script took on must not stand in the way, and holds for its
 * next step again.
 */
static void
send_note(struct run *r, const struct run_job *job, size_t done)
{
	struct run_private *p = r->private;
	char *logs = resume_logs(&p->script, done, NULL);
	const char *opening[] = { job->id, job->checksum, job->migration->name,
		logs };
	const char *noting[] = { job->id, logs };

	if (p->script.plan.resets) {
		send_own(r, "SET LOCAL SESSION AUTHORIZATION DEFAULT");
		send_own(r, "SET LOCAL ROLE NONE");
	}
	if (p->opened)
		send_part(r, OWN, 0, p->sql.note, 2, noting);
	else
		send_part(r, OWN, 0, p->sql.open, 4, opening);
	send_part(r, STEP, done, "COMMIT", 0, NULL);
	p->opened = true;
	p->noted = done;
	free(logs);
}

/* End the migration: the row and the COMMIT that makes all of it certain. */
static void
send_finish(struct run *r, const struct run_job *job)
{
	struct run_private *p = r->private;
	const char *values[] = { job->id, job->checksum, job->migration->name };

	if (p->script.plan.resets)
		send_resets(r);
	if (p->opened)
		send_part(r, ROW, 0, p->sql.finish, 2, values);
	else
		send_part(r, ROW, 0, p->sql.insert, 3, values);
	/* The last waits for the disk, and so does all before it. */
	if (p->job + 1 == r->count)
		send_own(r, "SET LOCAL synchronous_commit TO DEFAULT");
	send_part(r, FINISH, 0, "COMMIT", 0, NULL);
	if (!p->stopped && db_flush(r->db) == -1)
		break_off(r);
}

static void
send_resets(struct run *r)
{
	send_own(r, "RESET SESSION AUTHORIZATION");
	send_own(r, "RESET ROLE");
	send_own(r, "RESET ALL");
	send_own(r, "SET synchronous_commit = off");
	if (r->db->strings)
		send_own(r, DB_STRINGS);
	if (!lock_disabled())
		send_own(r, lock_again());
}

static void
send_own(struct run *r, const char *sql)
{
	send_part(r, OWN, 0, sql, 0, NULL);
}

static void
send_part(struct run *r, enum part part, size_t number, const char *sql,
    size_t count, const char *const *values)
{
	struct run_private *p = r->private;
	struct sent sent = { part, p->job, number, strlen(sql) };

	/* Answers come when they are asked for, or fill a buffer. */
	if (p->waiting == WINDOW || p->bytes > WINDOW_BYTES) {
		(void)db_flush(r->db);
		while (!p->stopped &&
		    (p->waiting > WINDOW / 2 || p->bytes > WINDOW_BYTES / 2))
			receive(r);
	}
	if (db_signal() != 0)
		p->stopped = true;
	if (p->stopped)
		return;
	if (db_send(r->db, sql, count, values) == -1) {
		take(r, &sent, DB_FAILED);
		return;
	}
	p->sent[(p->first + p->waiting++) % WINDOW] = sent;
	p->bytes += sent.bytes;
}

static void
receive(struct run *r)
{
	struct run_private *p = r->private;
	struct sent *sent = &p->sent[p->first];
	enum db_outcome outcome = db_next(r->db);

	p->first = (p->first + 1) % WINDOW;
	p->waiting--;
	p->bytes -= sent->bytes;
	take(r, sent, outcome);
}

static void
take(struct run *r, const struct sent *sent, enum db_outcome outcome)
{
	struct run_private *p = r->private;
	struct run_job *job = &r->jobs[sent->job];

	if (outcome == DB_FAILED && !p->failed) {
		p->failed = p->stopped = true;
		p->failure = *sent;
		db_error_move(&p->error, &r->db->error);
	}
	if (outcome != DB_DONE)
		return;
	if (sent->part == ROW)
		job->ms = strtod(db_value(r->db, 0, 0), NULL);
	if (sent->part == STEP) {
		job->opened = true;
		job->done = sent->number;
	}
	if (sent->part == FINISH) {
		job->finished = true;
		r->finished = sent->job + 1;
		if (r->progress != NULL)
			r->progress(r);
	}
}

/* What came before may be done or not; nothing more can be sent. */
static void
break_off(struct run *r)
{
	const struct sent sent = { OWN, r->private->job, 0, 0 };

	take(r, &sent, DB_FAILED);
}

/* Ask for all answers, and take them. */
static void
drain(struct run *r)
{
	struct run_private *p = r->private;

	if (p->error.lost)
		return;
	if (db_sync(r->db) == -1) {
		break_off(r);
		return;
	}
	while (p->waiting > 0 && !p->error.lost)
		receive(r);
	/* The server may have said why it leaves before it left. */
	while (
	    !p->error.lost && !r->db->error.lost && db_next(r->db) != DB_SYNC)
		continue;
}

/*
 * Leave the session clean and what was done on disk.  A commit that has
 * written nothing waits for nothing, hence the message into the log.
 */
static int
settle(struct run *r)
{
	static const char *const clean[] = { "RESET SESSION AUTHORIZATION",
		"RESET ROLE", "RESET ALL",
		"SELECT pg_logical_emit_message(true, 'mg', '')" };
	size_t i;

	if (r->private->error.lost)
		return CLI_SYSTEM;
	if (r->finished == r->count)
		return CLI_OK;
	if (db_in_transaction(r->db))
		(void)tidy(r->db, "ROLLBACK");
	for (i = 0; i < sizeof(clean) / sizeof(*clean); i++)
		if (tidy(r->db, clean[i]) == -1) {
			r->private->error.lost = r->db->error.lost;
			return CLI_SYSTEM;
		}
	if (r->error != NULL)
		return CLI_INPUT;
	note_failure(r);
	return CLI_NO;
}

/* A cancel may come late and hit what it was not meant for. */
static int
tidy(struct db *db, const char *sql)
{
	if (db_query(db, sql, 0, NULL) == 0)
		return 0;
	return strcmp(db->error.sqlstate, "57014") == 0
	    ? db_query(db, sql, 0, NULL)
	    : -1;
}

/*
 * Did the only statement of a script refuse the transaction, though its text
 * did not say so?  REINDEX of a partitioned table does, and a procedure that
 * commits.  Then it is run again on its own.
 */
static bool
refuses_transaction(struct run *r)
{
	struct run_private *p = r->private;
	struct run_job *job = &r->jobs[p->failure.job];

	if (!p->failed || p->failure.part != STATEMENT || job->alone ||
	    (strcmp(p->error.sqlstate, "25001") != 0 &&
		strcmp(p->error.sqlstate, "2D000") != 0))
		return false;
	if (read_failed(r) == -1 || p->script.sql.count != 1)
		return false;
	job->alone = true;
	db_error_free(&p->error);
	return true;
}

/*
 * Was it the victim of a deadlock with those who wait for the migration lock?
 * Then they are sent away, what it left is dropped, and it is run again.
 */
static bool
unlocked(struct run *r)
{
	struct run_private *p = r->private;
	struct leftover leftover = { 0 };
	bool cleared;

	if (!p->failed || p->failure.part != STATEMENT ||
	    strcmp(p->error.sqlstate, "40P01") != 0 ||
	    lock_cancel_waiters(r->db) == 0 || read_failed(r) == -1)
		return false;
	leftover_add(&leftover, &p->script, r->jobs[p->failure.job].done);
	cleared = leftover_clear(&leftover, r->db) == CLI_OK;
	leftover_free(&leftover);
	if (cleared)
		db_error_free(&p->error);
	return cleared;
}

/* Make p->script the one that failed; others may have been read since. */
static int
read_failed(struct run *r)
{
	struct run_private *p = r->private;
	const struct run_job *job = &r->jobs[p->failure.job];

	if (script_read(&p->script, job->migration) == -1 ||
	    strcmp(p->script.checksum, job->checksum) != 0)
		return -1;
	if (job->alone)
		plan_make_alone(&p->script.plan);
	return 0;
}

/* For the next run, which goes on behind the last step that was done. */
static void
note_failure(struct run *r)
{
	struct run_private *p = r->private;
	const struct run_job *job = &r->jobs[p->failure.job];
	const char *values[2] = { job->id };
	char *logs;

	if (!p->failed || !job->opened || read_failed(r) == -1)
		return;
	logs = resume_logs(&p->script, job->done, p->error.sqlstate);
	values[1] = logs;
	(void)db_query(r->db, p->sql.note, 2, values);
	free(logs);
}

/* Say in r->error what happened, and what it means for the migration. */
static int
report(struct run *r)
{
	struct run_private *p = r->private;
	const struct run_job *job = &r->jobs[p->failure.job];
	char *what;

	r->broke = p->failed;
	if (r->error != NULL)
		return CLI_INPUT;
	if (!p->failed && db_signal() != 0) {
		r->error = mem_copy("interrupted between two migrations");
		return CLI_NO;
	}
	if (p->failure.part != STATEMENT || read_failed(r) == -1)
		what = explain_own(job->migration->name,
		    p->failure.part == STEP || p->failure.part == FINISH
			? "COMMIT"
			: "history row",
		    &p->error);
	else
		what =
		    explain_statement(&p->script, p->failure.number, &p->error);
	r->error = what;
	return p->error.lost ? CLI_SYSTEM : CLI_NO;
}
