#include "pending.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "mem.h"
#include "prune.h"
#include "resume.h"
#include "state.h"
#include "utf8.h"

static void choose(
    struct pending *, const struct baselines *, const struct history *, size_t);
static struct job *add_job(
    struct pending *, const struct migration *, const struct history_row *);
static void tell_late(struct pending *, size_t);
static void prune_all(
    struct pending *, const struct baselines *, const struct history *);
static struct job *find_job(struct pending *, const struct migration *);
static void warn_modified(
    struct pending *, const struct migrations *, const size_t *, size_t);
static void warn_late(struct pending *, const char *);
static void warn_missing(
    struct pending *, const struct baselines *, const struct history *);
static int refuse(
    struct pending *, const struct baselines *, const struct history *);
static char *refuse_prune(const struct pending *, const struct baselines *);
static char *failed_rows(const struct migrations *, const struct history *);
static void write_row(FILE *, const struct history_row *);
__attribute__((format(printf, 2, 3))) static void warn(
    struct pending *, const char *, ...);

int
pending_choose(struct pending *p, const struct migrations *m,
    const struct history *h, const char *to, bool prune)
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
		if (prune)
			prune_all(p, &b, h);
		warn_missing(p, &b, h);
		status = refuse(p, &b, h);
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
	for (i = 0; i < p->count; i++)
		free(p->jobs[i].prunes);
	free(p->jobs);
	free(p->error);
	*p = (struct pending){ 0 };
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
			if (i < end && resume_is_ours(row))
				add_job(p, &m->list[i], row);
			break;
		default:
			if (i >= end || b->list[i].fate == BASELINE_REPLACED ||
			    b->list[i].fate == BASELINE_BEYOND)
				break;
			add_job(p, &m->list[i], NULL)->way =
			    b->list[i].fate == BASELINE_RECORDED ? JOB_RECORD
								 : JOB_RUN;
			break;
		}
	}
	warn_modified(p, m, modified, nmodified);
	tell_late(p, late);
	free(modified);
}

static struct job *
add_job(
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

/* With the job of their baseline, or with one made for that. */
static void
prune_all(struct pending *p, const struct baselines *b, const struct history *h)
{
	const struct history_row *row;
	const struct migration *m;
	struct job *job;
	char *names;
	size_t i;

	for (i = 0; i < b->migrations->count; i++) {
		m = &b->migrations->list[i];
		job = find_job(p, m);
		if (!b->list[i].top ||
		    (job == NULL &&
			history_state(h, m->name, &row) != HISTORY_APPLIED))
			continue;
		names =
		    prune_names(b, i, h, job != NULL && job->way == JOB_RECORD);
		if (names == NULL)
			continue;
		if (job == NULL) {
			job = add_job(p, m, NULL);
			job->way = JOB_PRUNE;
		}
		job->prunes = names;
	}
}

static struct job *
find_job(struct pending *p, const struct migration *m)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		if (p->jobs[i].migration == m)
			return &p->jobs[i];
	return NULL;
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
warn_missing(
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
		warn(p, "%zu applied %s not in the stream, the first is %s",
		    count, count == 1 ? "migration is" : "migrations are",
		    utf8_visible(first));
}

static int
refuse(struct pending *p, const struct baselines *b, const struct history *h)
{
	p->error = failed_rows(b->migrations, h);
	p->failed = p->error != NULL;
	if (p->failed)
		return CLI_NO;
	if (baselines_refusal(b) != NULL) {
		p->error = mem_copy(baselines_refusal(b));
		return CLI_NO;
	}
	if ((p->error = refuse_prune(p, b)) != NULL)
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
	if (!h->exists && h->occupied) {
		p->error = mem_printf(
		    "P3005: the schema %s has tables but no migration history; "
		    "if it is what these migrations make, record that with "
		    "mg-mark --applied, else give an empty database",
		    h->schema == NULL ? "public" : utf8_visible(h->schema));
		return CLI_NO;
	}
	return CLI_OK;
}

/* What has no row any more runs again, where Prisma finds it. */
static char *
refuse_prune(const struct pending *p, const struct baselines *b)
{
	const struct migration *m;
	const char *beside;
	size_t i;

	for (i = 0; i < p->count; i++) {
		m = p->jobs[i].migration;
		if (p->jobs[i].prunes == NULL)
			continue;
		beside = prune_beside(b, (size_t)(m - b->migrations->list));
		if (beside != NULL)
			return mem_printf("--prune-replaced: %s lies beside "
					  "%s, which replaces it: Prisma "
					  "would run it again; move it away",
			    utf8_visible(beside), utf8_visible(m->name));
	}
	return NULL;
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
		if (row->state != HISTORY_FAILED ||
		    (resume_is_ours(row) &&
			migrations_find(m, row->name) < m->count))
			continue;
		write_row(out, row);
		count++;
	}
	fputs("\nlook what the database has of each: if all of it, "
	      "mg-mark --applied NAME; if nothing, mg-mark --rolled-back NAME "
	      "and run again",
	    out);
	fclose(out);
	if (count > 0)
		return text;
	free(text);
	return NULL;
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
