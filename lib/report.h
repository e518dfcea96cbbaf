/*
 * report - what is said of a run: records on standard output, words on
 * standard error
 */
#ifndef MG_REPORT_H
#define MG_REPORT_H

#include <stddef.h>

#include "run.h"

/* A record for each job that would run. */
void report_plan(const struct job *jobs, size_t count);

/* A record for each job that is done, and for the one that failed. */
void report_jobs(const struct run *r);

/* What a failure left behind, and what to do next; run's status. */
void report_rest(const struct run *r, int status);

/* One line that is written over; for struct run. */
void report_progress(const struct run *r);

#endif
