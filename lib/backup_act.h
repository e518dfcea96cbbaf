/*
 * backup_act - one thing that is done with the backups of a folder
 *
 * One is taken, rehearsed or checked; or all are listed, or pruned.
 *
 *	struct backup_act act = { .kind = BACKUP_ACT_LIST };
 *
 *	act.capture.dir = "backups";
 *	status = backup_act_run(&act);
 *	if (act.error != NULL)
 *		warnx("%s", act.error);
 *	backup_act_free(&act);
 */
#ifndef MG_BACKUP_ACT_H
#define MG_BACKUP_ACT_H

#include <stdbool.h>

#include "capture.h"
#include "repository.h"
#include "retention.h"

enum backup_act_kind {
	BACKUP_ACT_TAKE,     /* prints its path */
	BACKUP_ACT_REHEARSE, /* of path, as rehearsal.h has it */
	BACKUP_ACT_CHECK,    /* is path what was written? */
	BACKUP_ACT_LIST,     /* prints all that are in the folder */
	BACKUP_ACT_PRUNE,    /* prints the paths of those that go */
};

struct backup_act {
	/* Yours to set: */
	enum backup_act_kind kind;
	struct capture_options capture; /* its dir is the folder */
	const char *path;               /* of the backup that there is */
	bool rehearse;                  /* what was taken, too */
	bool dry_run;                   /* of pruning: only print */
	enum repository_form form;      /* of the list */
	struct retention retention;     /* keep, days and label */
	/* Told each difference that a rehearsal finds. */
	void (*tell)(const char *words);

	char *error; /* why backup_act_run failed, or NULL: no more to say */
};

/*
 * Returns CLI_OK; CLI_NO if a backup is not what it should be; CLI_INPUT,
 * CLI_SYSTEM, or 128 + the signal that came.  After BACKUP_ACT_TAKE our
 * environment leads to its database.
 */
int backup_act_run(struct backup_act *act);

/* The URL of the database, too.  Harmless on { 0 } and twice. */
void backup_act_free(struct backup_act *act);

#endif
