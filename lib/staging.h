/*
 * staging - where a backup is until it is whole
 *
 * That is a folder .mg-backup.* beside the backups, which no one takes for
 * one; a backup gets its name when it is whole, its sidecar first.  Whoever
 *begins the next one clears away what killed ones left.
 *
 *	if (staging_begin(&s, dir) == -1)
 *		errx(CLI_SYSTEM, "%s", s.error);
 *	write(s.dump);
 *	if (staging_publish(&s, &sidecar, label, &now, ".dump") == 0)
 *		puts(s.path);
 *	staging_end(&s);
 */
#ifndef MG_STAGING_H
#define MG_STAGING_H

#include <time.h>

#include "sidecar.h"

struct staging {
	const char *dir; /* borrowed */
	char *folder;    /* ours; NULL: there is none */
	char *dump;      /* what is to be written, in it */
	char *path;      /* where it is when it was published */
	char *error;     /* why a call returned -1 */
	int lock;        /* private: on it, while we live */
};

/* Make the folder of the backups, if need be, and ours in it. */
int staging_begin(struct staging *s, const char *dir);

/*
 * Give it a name of that time, or of the next second that is free, with the
 * sidecar beside it.  The dump must be on the disk already.
 */
int staging_publish(struct staging *s, const struct sidecar *sidecar,
    const char *label, time_t taken, const char *ending);

/*
 * Have a backup gone: at once it has no name any more, then its bytes go.
 * Returns -1 with errno set.
 */
int staging_remove(const char *path, const char *sidecar_path);

/*
 * Have a backup's sidecar say something else, all or nothing.  Returns -1 with
 * errno set.
 */
int staging_note(const char *sidecar_path, const struct sidecar *s);

/* What was not published goes.  Harmless on { 0 } and twice. */
void staging_end(struct staging *s);

#endif
