/*
 * backup - a backup in a folder: its name, its sidecar, whether it is whole
 *
 * It is called backup_<label>_<YYYYMMDD>_<HHMMSS> in UTC, with an ending that
 * says the format; the sidecar has the same name and ends in .json.
 *
 *	struct backup b;
 *
 *	if ((status = backup_open(&b, path)) == CLI_OK)
 *		status = backup_verify(&b);
 *	if (status != CLI_OK)
 *		warnx("%s", b.error);
 *	backup_close(&b);
 */
#ifndef MG_BACKUP_H
#define MG_BACKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "sidecar.h"

enum backup_format { BACKUP_CUSTOM, BACKUP_DIRECTORY, BACKUP_PLAIN };

struct backup {
	char *path, *sidecar_path;
	char *label;
	time_t taken; /* as the name says */
	enum backup_format format;
	bool zipped; /* plain, and compressed by gzip */
	struct sidecar sidecar;
	char *error; /* why a call failed; or, in a list, what is wrong */
};

/* A format's name, such as "custom"; -1 for one that there is not. */
int backup_format(const char *name);
const char *backup_format_name(enum backup_format format);

/* May a name have this label: letters, digits, hyphens, underscores? */
bool backup_is_label(const char *label);

/* The name without folder and ending; the caller's to free. */
char *backup_name(const char *label, time_t taken);

/* Its ending, such as ".sql.gz". */
const char *backup_ending(enum backup_format format, bool zipped);

/*
 * Read the sidecar of the backup at path.  Returns CLI_OK, CLI_NO if it is not
 * what was written, CLI_INPUT if there is none or it has no name of a backup.
 */
int backup_open(struct backup *b, const char *path);

/*
 * Is it what was written, byte by byte, and can it be read?  Returns CLI_OK,
 * CLI_NO, CLI_INPUT, CLI_SYSTEM, or 128 + the signal that came.
 */
int backup_verify(struct backup *b);

/* Both. */
int backup_load(struct backup *b, const char *path);

/* Can the programs read it?  The half of backup_verify that is soon done. */
int backup_try(struct backup *b);

/*
 * All that are in a folder, the newest first; where error is set one is not
 * whole, as far as its size and sidecar tell.  Returns CLI_OK; or CLI_INPUT
 * with errno set.
 */
struct backup_list {
	struct backup *list;
	size_t count;
};

int backup_list(struct backup_list *l, const char *dir);
void backup_list_free(struct backup_list *l);

/* Harmless on { 0 } and twice. */
void backup_close(struct backup *b);

#endif
