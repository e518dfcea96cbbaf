/*
 * capture - a backup that is being taken
 *
 * The pg_dump that fits runs on the snapshot in which the rows are counted and
 * the catalog is read.  Nothing has a name before all of it is on the disk.
 *
 *	if ((status = capture_take(&c, &options)) != CLI_OK)
 *		warnx("%s", c.error);
 *	else
 *		puts(c.path);
 *	capture_free(&c);
 */
#ifndef MG_CAPTURE_H
#define MG_CAPTURE_H

#include "backup.h"
#include "db.h"
#include "progress.h"

struct capture_options {
	struct db_options db;
	const char *dir;
	const char *label; /* NULL: the database's name */
	enum backup_format format;
	const char *jobs, *compress; /* for pg_dump, or NULL */
	bool zipped; /* that compresses a script; by capture_settle */
	struct progress progress;
};

struct capture {
	char *path;  /* of the backup */
	char *error; /* why capture_take failed */
};

/* Returns what is wrong with the options, or NULL. */
const char *capture_settle(struct capture_options *options);

/*
 * Returns CLI_OK, CLI_INPUT, CLI_SYSTEM, or 128 + the signal that ended it.
 * Our environment leads to the database from then on.
 */
int capture_take(struct capture *c, struct capture_options *options);

/* Harmless on { 0 } and twice. */
void capture_free(struct capture *c);

#endif
