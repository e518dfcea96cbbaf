#include "ready.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "execution.h"
#include "leftover.h"
#include "mem.h"
#include "resume.h"
#include "script.h"
#include "utf8.h"

static int check(
    struct pending *, struct job *, const struct db *, struct script *);
static int check_script(struct pending *, struct job *, const struct db *);
static bool is_known(const struct job *);
static const char *job_word(enum job_way);
static bool needs_session(const struct job *, const struct script *);
static int refuse_pooled(struct pending *, const struct script *);
static int settle(struct pending *, struct job *, struct db *, struct script *);
static int fail(struct pending *, int, const char *);
static void tell(
    void (*)(const char *), const struct job *, const struct script *);

int
ready_check(struct pending *p, const struct db *db, bool plain)
{
	struct script script = { .plain = plain };
	int status = CLI_OK;
	size_t i;

	for (i = 0; i < p->count && status == CLI_OK; i++)
		if (!is_known(&p->jobs[i]) || db->pooled)
			status = check(p, &p->jobs[i], db, &script);
	script_free(&script);
	return status;
}

void
ready_recall(struct pending *p, const struct pending *before)
{
	const struct job *old;
	struct job *job;
	size_t i;

	for (i = 0; i < p->count && i < before->count; i++) {
		job = &p->jobs[i];
		old = &before->jobs[i];
		if (job->migration != old->migration || job->way != old->way ||
		    job->row != NULL || old->row != NULL)
			continue;
		memcpy(job->checksum, old->checksum, sizeof(job->checksum));
		job->plan = old->plan;
		job->reason = old->reason;
	}
}

int
ready_settle(struct pending *p, struct db *db, bool plain,
    void (*notice)(const char *text))
{
	struct script script = { .plain = plain };
	struct leftover leftover = { 0 };
	struct job *job;
	int status = CLI_OK;
	size_t i;

	for (i = 0; i < p->count; i++) {
		job = &p->jobs[i];
		if ((job->row == NULL && job->reason == NULL) ||
		    job_is_script(job))
			continue;
		status = check(p, job, db, &script);
		if (status == CLI_OK && job->row != NULL)
			status = settle(p, job, db, &script);
		if (status != CLI_OK)
			break;
		if (job->row != NULL)
			tell(notice, job, &script);
		leftover_add(&leftover, &script, job->done);
	}
	if (status == CLI_OK &&
	    (status = leftover_clear(&leftover, db)) != CLI_OK)
		(void)fail(p, status, leftover.error);
	leftover_free(&leftover);
	script_free(&script);
	return status;
}

static bool
is_known(const struct job *job)
{
	return *job->checksum != '\0';
}

static const char *
job_word(enum job_way way)
{
	return way == JOB_RECORD ? "recorded"
	    : way == JOB_PRUNE   ? "pruned"
				 : "marked";
}

/* Leaves the script read. */
static int
check(struct pending *p, struct job *job, const struct db *db,
    struct script *script)
{
	struct resume resume = { 0 };
	int status = CLI_OK;

	if (job_is_script(job))
		return check_script(p, job, db);
	if (job_read(job, script) == -1)
		return fail(p, CLI_INPUT, script->error);
	memcpy(job->checksum, script->checksum, sizeof(job->checksum));
	job->plan =
	    job->way == JOB_RUN ? script->plan.word : job_word(job->way);
	job->reason = job->way == JOB_RUN ? script->plan.reason : NULL;
	if (job->row != NULL && resume_read(&resume, job->row, script) == -1)
		status = fail(p, CLI_NO, resume.error);
	job->done = resume.done;
	resume_free(&resume);
	if (status == CLI_OK && db->pooled &&
	    (job->prunes != NULL || job->marks != NULL))
		status = fail(p, CLI_INPUT,
		    "--prune-replaced, --mark-replaced: that cannot be done "
		    "behind a "
		    "transaction pooler; give the server's own URL in "
		    "DIRECT_URL or with -d");
	if (status == CLI_OK && db->pooled && job->way == JOB_RUN &&
	    needs_session(job, script))
		status = refuse_pooled(p, script);
	return status;
}

static int
check_script(struct pending *p, struct job *job, const struct db *db)
{
	struct interpreter interpreter = { 0 };
	int status = CLI_OK;
	char *why;

	job->plan = "script";
	if (job_find(job, &interpreter, job->checksum) == -1)
		status = fail(p, CLI_INPUT, interpreter.error);
	else if (db->pooled) {
		why = mem_printf("%s: " EXECUTION_WANTS_SESSION,
		    utf8_visible(job->migration->path));
		status = fail(p, CLI_INPUT, why);
		free(why);
	}
	interpreter_free(&interpreter);
	return status;
}

/*
 * A statement outside of transactions runs without the lock, and what one
 * transaction sets for the next would be left to a stranger.
 */
static bool
needs_session(const struct job *job, const struct script *script)
{
	const struct plan *plan = &script->plan;
	size_t i;

	for (i = job->done; i < plan->count; i++)
		if (plan->steps[i].kind == PLAN_ALONE)
			return true;
	for (i = 0; i < script->sql.count && !plan->atomic; i++)
		if (script->sql.statements[i].kind == SQL_SESSION)
			return true;
	return !plan->atomic &&
	    strcasestr(script->file.bytes, "set_config") != NULL;
}

static int
refuse_pooled(struct pending *p, const struct script *script)
{
	char *why = mem_printf(
	    "%s: %s: that cannot be done behind a transaction pooler; give "
	    "the server's own URL in DIRECT_URL or with -d",
	    script->path, script->plan.reason);
	int status = fail(p, CLI_INPUT, why);

	free(why);
	return status;
}

/*
 * Where an earlier run broke off between a statement and the note of it, find
 * out which of both there is.
 */
static int
settle(struct pending *p, struct job *job, struct db *db, struct script *script)
{
	struct resume resume = { 0 };
	int status;

	(void)resume_read(&resume, job->row, script);
	status = resume_settle(&resume, db, script);
	if (status != CLI_OK)
		(void)fail(p, status, resume.error);
	job->done = resume.done;
	resume_free(&resume);
	return status;
}

static int
fail(struct pending *p, int status, const char *why)
{
	free(p->error);
	p->error = mem_copy(why);
	return status;
}

static void
tell(void (*notice)(const char *), const struct job *job,
    const struct script *script)
{
	char *text;

	if (notice == NULL)
		return;
	text = mem_printf("%s: was left half done and goes on behind step %zu "
			  "of %zu",
	    utf8_visible(job->migration->name), job->done, script->plan.count);
	notice(text);
	free(text);
}
