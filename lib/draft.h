/*
 * draft - a backup that is not whole yet
 *
 * It is in a folder .mg-backup.* beside the backups, which no one takes for
 * one, and gets its name when it is whole, its sidecar first.  Whoever begins
 * the next one clears away what killed ones left.
 *
 *	if (draft_begin(&d, dir) == -1)
 *		errx(CLI_SYSTEM, "%s", d.error);
 *	write(d.dump);
 *	if (draft_publish(&d, &sidecar, label, &now, ".dump") == 0)
 *		puts(d.path);
 *	draft_end(&d);
 */
#ifndef MG_DRAFT_H
#define MG_DRAFT_H

#include <time.h>

#include "sidecar.h"

struct draft {
	const char *dir; /* borrowed */
	char *folder;    /* of the draft; NULL: there is none */
	char *dump;      /* what is to be written, in it */
	char *path;      /* where it is when it was published */
	char *error;     /* why a call returned -1 */
	int lock;        /* private: on the draft, while we live */
};

/* Make the folder of the backups, if need be, and the draft's. */
int draft_begin(struct draft *d, const char *dir);

/*
 * Give it a name of that time, or of the next second that is free, with the
 * sidecar beside it.  The dump must be on the disk already.
 */
int draft_publish(struct draft *d, const struct sidecar *s, const char *label,
    time_t taken, const char *ending);

/*
 * Have a backup gone: at once it has no name any more, then its bytes go.
 * Returns -1 with errno set.
 */
int draft_remove(const char *path, const char *sidecar_path);

/*
 * Have a backup's sidecar say something else, all or nothing.  Returns -1 with
 * errno set.
 */
int draft_note(const char *sidecar_path, const struct sidecar *s);

/* What was not published goes.  Harmless on { 0 } and twice. */
void draft_end(struct draft *d);

#endif
