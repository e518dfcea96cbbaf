#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "pending_private.h"
#include "prune.h"
#include "utf8.h"

static void prune(
    struct pending *, const struct baselines *, const struct history *, size_t);
static void mark(
    struct pending *, const struct baselines *, const struct history *, size_t);
static char *rows_of_baselines(
    struct pending *, const struct baselines *, const struct history *, size_t);
static bool runs(
    struct pending *, const struct baselines *, const struct replaced_name *);
static void mark_replaced(struct job *, const struct baselines *, size_t);
static const char *checksum_of(const struct baselines *, size_t);
static struct job *find(struct pending *, const struct migration *);
static void drop(struct pending *, struct job *);
static char *refuse_beside(
    const struct baselines *, const struct migration *, enum pending_rows);
static char *refuse_checksums(
    const struct baselines *, const struct migration *);

void
pending_rearrange(struct pending *p, const struct baselines *b,
    const struct history *h, enum pending_rows rows)
{
	size_t i;

	for (i = 0; i < b->migrations->count; i++) {
		if (!b->list[i].top || b->list[i].reason != NULL)
			continue;
		if (rows == ROWS_OF_BASELINES)
			prune(p, b, h, i);
		else if (rows == ROWS_OF_REPLACED)
			mark(p, b, h, i);
	}
}

char *
pending_refuse_rows(
    const struct pending *p, const struct baselines *b, enum pending_rows rows)
{
	const struct migration *m;
	char *reason = NULL;
	size_t i;

	for (i = 0; i < p->count && reason == NULL; i++) {
		m = p->jobs[i].migration;
		if (p->jobs[i].prunes == NULL && p->jobs[i].marks == NULL)
			continue;
		reason = refuse_beside(b, m, rows);
		if (reason == NULL && p->jobs[i].marks != NULL)
			reason = refuse_checksums(b, m);
	}
	return reason;
}

static void
prune(struct pending *p, const struct baselines *b, const struct history *h,
    size_t at)
{
	const struct migration *m = &b->migrations->list[at];
	struct job *job = find(p, m);
	const struct history_row *row;
	char *names;

	if (job == NULL && history_state(h, m->name, &row) != HISTORY_APPLIED)
		return;
	names = prune_names(b, at, h, job != NULL && job->way == JOB_RECORD);
	if (names == NULL)
		return;
	if (job == NULL) {
		job = pending_add(p, m, NULL);
		job->way = JOB_PRUNE;
	}
	job->prunes = names;
}

/*
 * Where no baseline has a row, nor runs, the migrations have theirs.  One that
 * runs leaves no row (dispatch.h).
 */
static void
mark(struct pending *p, const struct baselines *b, const struct history *h,
    size_t at)
{
	const struct migration *m = &b->migrations->list[at];
	struct job *job = find(p, m);
	bool running = job != NULL && job->way == JOB_RUN;
	char *names = rows_of_baselines(p, b, h, at);

	if (names == NULL && !running) {
		if (job != NULL)
			drop(p, job);
		return;
	}
	if (job == NULL)
		job = pending_add(p, m, NULL);
	if (!running)
		job->way = JOB_MARK;
	job->prunes = names;
	mark_replaced(job, b, at);
}

/* That there are, or will be when those before have run; NULL: none. */
static char *
rows_of_baselines(struct pending *p, const struct baselines *b,
    const struct history *h, size_t at)
{
	size_t i, n = 0, count,
		  *all = replaced_all(&b->names, b->list[at].place, &count);
	const char **names = mem_resize(NULL, count + 1, sizeof(*names));
	const struct replaced_name *name = &b->names.list[b->list[at].place];
	char *text = NULL;

	if (!runs(p, b, name) && history_find(h, name->name) != NULL)
		names[n++] = name->name;
	for (i = 0; i < count; i++) {
		name = &b->names.list[all[i]];
		if (name->count > 0 &&
		    (runs(p, b, name) || history_find(h, name->name) != NULL))
			names[n++] = name->name;
	}
	if (n > 0)
		text = db_array(names, n);
	free(names);
	free(all);
	return text;
}

static bool
runs(struct pending *p, const struct baselines *b,
    const struct replaced_name *name)
{
	const struct job *job = NULL;

	if (name->at < b->migrations->count)
		job = find(p, &b->migrations->list[name->at]);
	return job != NULL && job->way == JOB_RUN;
}

static void
mark_replaced(struct job *job, const struct baselines *b, size_t at)
{
	size_t i, n = 0, count,
		  *all = replaced_all(&b->names, b->list[at].place, &count);
	const char **names = mem_resize(NULL, count, sizeof(*names));
	const char **sums = mem_resize(NULL, count, sizeof(*sums));

	for (i = 0; i < count; i++) {
		if (b->names.list[all[i]].count > 0)
			continue;
		names[n] = b->names.list[all[i]].name;
		sums[n++] = checksum_of(b, all[i]);
	}
	job->marks = db_array(names, n);
	job->marked = db_array(sums, n);
	free(names);
	free(sums);
	free(all);
}

/* "" is never written (refuse_checksums). */
static const char *
checksum_of(const struct baselines *b, size_t place)
{
	const struct replaced_name *name = &b->names.list[place];
	const char *here = NULL;

	if (name->at < b->migrations->count)
		here = b->migrations->list[name->at].checksum;
	return name->checksum != NULL ? name->checksum
	    : here != NULL            ? here
				      : "";
}

static struct job *
find(struct pending *p, const struct migration *m)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		if (p->jobs[i].migration == m)
			return &p->jobs[i];
	return NULL;
}

static void
drop(struct pending *p, struct job *job)
{
	size_t at = (size_t)(job - p->jobs);

	pending_job_free(job);
	p->count--;
	memmove(job, job + 1, (p->count - at) * sizeof(*job));
}

/* What has no row runs again, where Prisma finds it. */
static char *
refuse_beside(const struct baselines *b, const struct migration *m,
    enum pending_rows rows)
{
	const char *beside = prune_beside(b, (size_t)(m - b->migrations->list));

	if (beside == NULL)
		return NULL;
	return mem_printf("--%s-replaced: %s lies beside %s, which replaces "
			  "it: Prisma would run it again; move %s away",
	    rows == ROWS_OF_BASELINES ? "prune" : "mark", utf8_visible(beside),
	    utf8_visible(m->name),
	    rows == ROWS_OF_BASELINES ? "it" : "the latter");
}

/* A migration that changed since would be marked, and what is new never run. */
static char *
refuse_checksums(const struct baselines *b, const struct migration *m)
{
	size_t at = (size_t)(m - b->migrations->list), i, count;
	size_t *all = replaced_all(&b->names, b->list[at].place, &count);
	const struct replaced_name *name;
	const char *wrong = NULL;
	char *reason = NULL;

	for (i = 0; i < count && reason == NULL; i++) {
		name = &b->names.list[all[i]];
		if (name->count > 0)
			continue;
		if (*checksum_of(b, all[i]) == '\0')
			wrong = "its checksum is not known";
		else if (name->at < b->migrations->count &&
		    b->migrations->list[name->at].checksum != NULL &&
		    strcmp(b->migrations->list[name->at].checksum,
			checksum_of(b, all[i])) != 0)
			wrong = "it has changed since";
		if (wrong != NULL)
			reason = mem_printf(
			    "--mark-replaced: %s replaces %s, but %s; make "
			    "the baseline again",
			    utf8_visible(m->name), utf8_visible(name->name),
			    wrong);
	}
	free(all);
	return reason;
}
