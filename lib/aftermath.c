#include "aftermath.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "lock.h"
#include "mem.h"
#include "resume.h"

static int look(struct aftermath *, struct run *, struct db *);
static void take(struct run *, const struct history *);
static bool take_row(struct job *, const struct history_row *, bool);

int
aftermath_look(struct aftermath *a, struct run *r)
{
	struct db_options options = *r->db->options;
	struct db db;
	int status;

	db_drop(r->db);
	options.notice = NULL;
	options.brief = true;
	if (options.wait < a->wait)
		options.wait = a->wait;
	options.recover = a->recover;
	if ((status = db_open(&db, &options)) == CLI_OK)
		status = look(a, r, &db);
	if (status != CLI_OK && a->error == NULL)
		a->error = mem_copy(db.error.message);
	db_close(&db);
	return status;
}

void
aftermath_free(struct aftermath *a)
{
	free(a->error);
	a->error = NULL;
}

static int
look(struct aftermath *a, struct run *r, struct db *db)
{
	struct history history = { 0 };
	int status = lock_take(db, a->lock_wait, &a->error);

	if (status == CLI_OK && history_read(&history, db) == -1)
		status = CLI_SYSTEM;
	if (status == CLI_OK)
		take(r, &history);
	r->lost = status != CLI_OK;
	history_free(&history);
	return status;
}

static void
take(struct run *r, const struct history *h)
{
	struct job *job;
	const struct history_row *row, *end = h->rows + h->count;

	/* A crash may have taken away what was done, too. */
	r->finished = 0;
	while (r->finished < r->count) {
		job = &r->jobs[r->finished];
		row = history_find(h, job->migration->name);
		while (
		    row != NULL && row < end && strcmp(row->id, job->id) != 0)
			row++;
		job->opened = row != NULL && row < end;
		if (!job->opened || !take_row(job, row, r->plain))
			break;
		r->finished++;
	}
}

/* Is it finished? */
static bool
take_row(struct job *job, const struct history_row *row, bool plain)
{
	struct script script = { .plain = plain };
	struct resume resume = { 0 };

	if (!job->finished)
		job->ms = -1;
	job->finished = row->state == HISTORY_APPLIED;
	if (!job->finished && resume_is_ours(row) &&
	    script_read(&script, job->migration) == 0 &&
	    resume_read(&resume, row, &script) == 0)
		job->done = resume.done;
	resume_free(&resume);
	script_free(&script);
	return job->finished;
}
