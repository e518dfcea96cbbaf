#include "job.h"

int
job_read(const struct job *job, struct script *script)
{
	return job->way == JOB_RUN ? script_read(script, job->migration)
				   : script_identify(script, job->migration);
}
