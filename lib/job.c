#include "job.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "utf8.h"

static int refuse(struct interpreter *, const struct migration *, const char *);

int
job_read(const struct job *job, struct script *script)
{
	return job->way == JOB_RUN ? script_read(script, job->migration)
				   : script_identify(script, job->migration);
}

bool
job_is_script(const struct job *job)
{
	return job->way == JOB_RUN && record_is_script(job->migration->object);
}

int
job_find(
    const struct job *job, struct interpreter *i, char checksum[HASH_CHECKSUM])
{
	const struct migration *m = job->migration;
	struct file file = { 0 };
	int result;

	if (m->path == NULL)
		return refuse(i, m, "the record has no \"path\"");
	if (file_read(&file, m->path) == -1)
		return refuse(i, m, strerror(errno));
	hash_checksum(file.bytes, file.len, checksum);
	if (m->checksum != NULL && strcmp(m->checksum, checksum) != 0)
		result = refuse(i, m,
		    "its bytes are not those of the record's checksum; run "
		    "mg-scan and mg-hash again");
	else
		result =
		    interpreter_find(i, m->path, file.bytes, INTERPRETER_UP);
	file_free(&file);
	return result;
}

static int
refuse(struct interpreter *i, const struct migration *m, const char *why)
{
	free(i->error);
	i->error = mem_printf(
	    "%s: %s", utf8_visible(m->path == NULL ? m->name : m->path), why);
	return -1;
}
