#include "pending_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "mem.h"
#include "repeat.h"
#include "resume.h"
#include "state.h"
#include "utf8.h"

static void choose(
    struct pending *, const struct baselines *, const struct history *, size_t);
static void tell_late(struct pending *, size_t);
static void warn_modified(
    struct pending *, const struct migrations *, const size_t *, size_t);
static void warn_late(struct pending *, const char *);
static void tell_missing(
    struct pending *, const struct baselines *, const struct history *);
static int refuse(struct pending *, const struct baselines *,
    const struct history *, enum pending_rows);
static char *failed_rows(const struct migrations *, const struct history *);
static bool goes_on(const struct migrations *, const struct history_row *);
static void write_row(FILE *, const struct history_row *);
__attribute__((format(printf, 2, 3))) static void warn(
    struct pending *, const char *, ...);

int
pending_choose(struct pending *p, const struct migrations *m,
    const struct history *h, const char *to, enum pending_rows rows)
{
	size_t end = to == NULL ? m->count : migrations_find(m, to) + 1;
	struct baselines b;
	int status = CLI_INPUT;

	*p = (struct pending){ 0 };
	if (end > m->count) {
		p->error =
		    mem_printf("--to %s: no such migration in the stream",
			utf8_visible(to));
		return CLI_INPUT;
	}
	if (baselines_read(&b, m) == -1)
		p->error = mem_copy(b.names.error);
	else {
		baselines_decide(&b, h, end, NULL);
		choose(p, &b, h, end);
		pending_rearrange(p, &b, h, rows);
		tell_missing(p, &b, h);
		status = refuse(p, &b, h, rows);
	}
	baselines_free(&b);
	return status;
}

void
pending_free(struct pending *p)
{
	size_t i;

	for (i = 0; i < p->nwarnings; i++)
		free(p->warnings[i]);
	free(p->warnings);
	free(p->missing);
	for (i = 0; i < p->count; i++)
		pending_job_free(&p->jobs[i]);
	free(p->jobs);
	free(p->error);
	*p = (struct pending){ 0 };
}

struct job *
pending_add(
    struct pending *p, const struct migration *m, const struct history_row *row)
{
	struct job *job;

	p->jobs = mem_grow(p->jobs, p->count, sizeof(*p->jobs));
	job = &p->jobs[p->count++];
	*job = (struct job){ .migration = m, .row = row };
	job->opened = row != NULL;
	if (row == NULL)
		history_new_id(job->id);
	else
		snprintf(job->id, sizeof(job->id), "%s", row->id);
	return job;
}

void
pending_job_free(struct job *job)
{
	free(job->prunes);
	free(job->marks);
	free(job->marked);
}

static void
choose(struct pending *p, const struct baselines *b, const struct history *h,
    size_t end)
{
	const struct migrations *m = b->migrations;
	size_t *modified = mem_resize(NULL, m->count, sizeof(*modified));
	size_t i, n, nmodified = 0, late = 0;
	const struct history_row *row;

	for (n = 0; n < m->count; n++) {
		i = b->order[n];
		switch (state_of(h, &m->list[i], &row)) {
		case STATE_MODIFIED:
			modified[nmodified++] = i;
			/* FALLTHROUGH */
		case STATE_APPLIED:
			late = p->count;
			break;
		case STATE_FAILED:
			if (i < end &&
			    (resume_is_ours(row) ||
				repeat_may(&m->list[i], row)))
				pending_add(p, &m->list[i], row);
			break;
		default:
			if (i >= end || b->list[i].fate == BASELINE_REPLACED ||
			    b->list[i].fate == BASELINE_BEYOND)
				break;
			pending_add(p, &m->list[i], NULL)->way =
			    b->list[i].fate == BASELINE_RECORDED ? JOB_RECORD
								 : JOB_RUN;
			break;
		}
	}
	warn_modified(p, m, modified, nmodified);
	tell_late(p, late);
	free(modified);
}

/*
 * What was chosen before the last that is applied comes late; but for a
 * baseline that is recorded, whose place says nothing.
 */
static void
tell_late(struct pending *p, size_t late)
{
	size_t i;

	for (i = 0; i < late; i++) {
		if (p->jobs[i].way == JOB_RECORD)
			continue;
		warn_late(p, p->jobs[i].migration->name);
		if (p->late == NULL)
			p->late = p->jobs[i].migration->name;
	}
}

static void
warn_modified(struct pending *p, const struct migrations *m,
    const size_t *modified, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		warn(p,
		    "%s: was applied, and its script has changed since; "
		    "the change will not run",
		    utf8_visible(m->list[modified[i]].name));
}

static void
warn_late(struct pending *p, const char *name)
{
	warn(p, "%s: comes before migrations that are already applied",
	    utf8_visible(name));
}

/* One line for all; what a baseline replaced is not missed. */
static void
tell_missing(
    struct pending *p, const struct baselines *b, const struct history *h)
{
	const char *first = NULL;
	size_t i, count = 0;

	for (i = 0; i < h->count; i++) {
		if (h->rows[i].state != HISTORY_APPLIED ||
		    migrations_find(b->migrations, h->rows[i].name) <
			b->migrations->count ||
		    replaced_find(&b->names, h->rows[i].name) < b->names.count)
			continue;
		if (count++ == 0)
			first = h->rows[i].name;
	}
	if (count > 0)
		p->missing = mem_printf(
		    "%zu applied %s not in the stream, the first is %s", count,
		    count == 1 ? "migration is" : "migrations are",
		    utf8_visible(first));
}

static int
refuse(struct pending *p, const struct baselines *b, const struct history *h,
    enum pending_rows rows)
{
	p->error = failed_rows(b->migrations, h);
	p->failed = p->error != NULL;
	if (p->failed)
		return CLI_NO;
	if (baselines_refusal(b) != NULL) {
		p->error = mem_copy(baselines_refusal(b));
		return CLI_NO;
	}
	if ((p->error = pending_refuse_rows(p, b, rows)) != NULL)
		return CLI_NO;
	if (p->count == 0)
		return CLI_OK;
	if (h->standby) {
		p->error = mem_copy("the server is a standby, which takes no "
				    "writes; give the primary's URL");
		return CLI_INPUT;
	}
	if (h->second != NULL) {
		p->error = mem_printf(
		    "there is a _prisma_migrations in the schema %s and one in "
		    "%s; name the right one in the URL with ?schema=, or drop "
		    "the other",
		    utf8_visible(h->schema), utf8_visible(h->second));
		return CLI_NO;
	}
	/* But for rows that knex has. */
	if (!h->exists && h->occupied && h->count == 0) {
		p->error = mem_printf(
		    "P3005: the schema %s has tables but no migration history; "
		    "if it is what these migrations make, record that with "
		    "mg-mark --applied, else give an empty database",
		    h->schema == NULL ? "public" : utf8_visible(h->schema));
		return CLI_NO;
	}
	return CLI_OK;
}

/* Those that nothing here can continue; NULL if there is none. */
static char *
failed_rows(const struct migrations *m, const struct history *h)
{
	const struct history_row *row;
	size_t i, len, count = 0;
	char *text;
	FILE *out = mem_stream(&text, &len);

	fputs("P3009: the history has failed migrations, and nothing runs "
	      "before that is settled:",
	    out);
	for (i = 0; i < h->count; i++) {
		row = &h->rows[i];
		if (row->state != HISTORY_FAILED || goes_on(m, row))
			continue;
		write_row(out, row);
		count++;
	}
	fputs("\nlook what the database has of each: if all of it, "
	      "mg-mark --applied NAME; if nothing, mg-mark --rolled-back NAME "
	      "and run again; mg-doctor says which",
	    out);
	fclose(out);
	if (count > 0)
		return text;
	free(text);
	return NULL;
}

/* Is there somebody here to continue it? */
static bool
goes_on(const struct migrations *m, const struct history_row *row)
{
	size_t i = migrations_find(m, row->name);

	return i < m->count &&
	    (resume_is_ours(row) || repeat_may(&m->list[i], row));
}

static void
write_row(FILE *out, const struct history_row *row)
{
	enum { SHOWN = 120 };
	const char *logs = row->logs == NULL ? "" : row->logs;
	size_t len = strcspn(logs, "\n");
	char *line = mem_copy_bytes(logs, len > SHOWN ? SHOWN : len);

	fprintf(out, "\n  %s, started %s", utf8_visible(row->name),
	    row->started_at);
	if (*line != '\0')
		fprintf(out, ": %s", utf8_visible(line));
	else
		fputs(", no word of how it ended: it may be running elsewhere",
		    out);
	free(line);
}

static void
warn(struct pending *p, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = mem_vprintf(format, args);
	va_end(args);
	p->warnings = mem_grow(p->warnings, p->nwarnings, sizeof(text));
	p->warnings[p->nwarnings++] = text;
}
