/*
 * pending_private - what the parts of pending share; for nobody else
 */
#ifndef MG_PENDING_PRIVATE_H
#define MG_PENDING_PRIVATE_H

#include "pending.h"

/* Behind the others; row is the unfinished one, or NULL. */
struct job *pending_add(struct pending *p, const struct migration *m,
    const struct history_row *row);

void pending_job_free(struct job *job);

/*
 * Have the rows of baselines and of what they replace as is asked for, with
 * the baseline's own job, or with one that is made for that.
 */
void pending_rearrange(struct pending *p, const struct baselines *b,
    const struct history *h, enum pending_rows rows);

/* Why that may not be, or NULL; the caller's to free. */
char *pending_refuse_rows(
    const struct pending *p, const struct baselines *b, enum pending_rows rows);

#endif
