/*
 * rehearsal - a backup that is restored where it cannot do harm
 *
 * In a private server of its own major version, with all its roles; catalog
 * and rows must be what its sidecar says.  The sidecar then says that it was.
 *
 *	if ((status = rehearsal_run(&r, path)) != CLI_OK)
 *		warnx("%s", r.error);
 *	rehearsal_free(&r);
 */
#ifndef MG_REHEARSAL_H
#define MG_REHEARSAL_H

#include "backup.h"
#include "progress.h"

struct rehearsal {
	const char *program; /* application_name */
	const char *jobs;    /* or NULL */
	struct progress progress;
	/* Told each difference. */
	void (*tell)(const char *words);

	char *error; /* why rehearsal_run failed */
};

/*
 * Of the backup at path, which is verified before.  Returns CLI_OK, CLI_NO if
 * it differs or does not load, CLI_INPUT, CLI_SYSTEM, or 128 + the signal that
 * came.
 */
int rehearsal_run(struct rehearsal *r, const char *path);

/* Harmless on { 0 } and twice. */
void rehearsal_free(struct rehearsal *r);

#endif
