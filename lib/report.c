#include "report.h"

#include <err.h>
#include <stdio.h>

#include "cli.h"
#include "repeat.h"
#include "utf8.h"

static void print_job(const struct job *, const char *);
static void report_script(const struct job *, const char *);

void
report_plan(const struct job *jobs, size_t count)
{
	const struct job *job;
	struct json_t *record;
	size_t i;

	for (i = 0; i < count; i++) {
		job = &jobs[i];
		record = job->migration->object;
		record_set_string(record, "state", "pending");
		record_set_string(record, "plan", job->plan);
		if (job->reason != NULL)
			record_set_string(record, "reason", job->reason);
		record_write(record, stdout);
	}
}

void
report_jobs(const struct run *r)
{
	size_t i;

	/* Commits that did not wait for the disk may be gone. */
	if (r->lost)
		return;
	for (i = 0; i < r->finished; i++)
		print_job(&r->jobs[i], NULL);
	if (i < r->count && !r->stale && (r->broke || r->jobs[i].opened))
		print_job(&r->jobs[i], r->error);
}

static void
print_job(const struct job *job, const char *error)
{
	struct json_t *record = job->migration->object;

	record_set_string(
	    record, "state", error == NULL ? "applied" : "failed");
	if (error == NULL && job->ms >= 0 && job->way == JOB_RUN)
		record_set_real(record, "ms", job->ms);
	if (error != NULL)
		record_set_string(record, "error", error);
	if (error != NULL && job->exit != 0)
		record_set_integer(record, "exit", job->exit);
	if (job->way != JOB_RUN)
		record_set_string(record, "plan", job->plan);
	record_set_integer(record, "steps", (long long)job->steps);
	record_write(record, stdout);
}

/* What a failure left behind, and what to do next. */
void
report_rest(const struct run *r, int status)
{
	const struct job *job = &r->jobs[r->finished];
	const char *name = utf8_visible(job->migration->name);

	warnx("%s%zu of %zu pending migrations were applied",
	    r->lost ? "as far as is known " : "", r->finished, r->count);
	if (r->lost)
		warnx("%s: the server may still run it, and a crash may have "
		      "taken away what came before; look with mg-status, then "
		      "run again",
		    name);
	else if (job->opened && job_is_script(job))
		report_script(job, name);
	else if (job->opened)
		warnx("%s: %zu of its %zu steps are done; %srun again", name,
		    job->done, job->steps,
		    status == CLI_NO ? "mend the rest and " : "");
	else if (r->broke)
		warnx("%s: nothing of it remains; %srun again", name,
		    status == CLI_NO ? "mend it and " : "");
	else
		warnx("%s: is the next; run again", name);
}

static void
report_script(const struct job *job, const char *name)
{
	if (repeat_says(job->migration->path))
		warnx("%s: says that it may run again; mend it and run again",
		    name);
	else
		warnx("%s: look what the database has of it: if all of it, "
		      "mg-mark --applied %s; if nothing, mg-mark "
		      "--rolled-back %s and run again",
		    name, name, name);
}

void
report_progress(const struct run *r)
{
	const struct job *job = &r->jobs[r->finished - 1];

	fprintf(stderr, "\r\033[K%zu/%zu %.60s", r->finished, r->count,
	    utf8_visible(job->migration->name));
}
