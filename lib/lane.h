/*
 * lane - a connection on which one index statement runs at a time
 *
 * No timeout of the role or the database cuts a build off, and no lock_timeout
 * a concurrent one: it would leave an invalid index, and what waits for such a
 * build is nobody.
 *
 * A lane holds a lock of its own kind, so that a later run can tell that one
 * whose client died is still at work; and one run at a time has another such
 * lock, which keeps no other migrations from a database as the migration lock
 * would.
 *
 *	if (lane_open(&l, &options, &settings) != CLI_OK)
 *		warnx("%s", l.db.error.message);
 *	lane_send(&l, task, NULL, NULL);
 *	if (db_wait(...) finds it ready && lane_take(&l) == -1)
 *		warnx("%s", l.error.message);
 *	lane_close(&l);
 */
#ifndef MG_LANE_H
#define MG_LANE_H

#include "db.h"
#include "task.h"

struct lane_settings {
	const char *memory;  /* maintenance_work_mem; NULL: as it is */
	const char *workers; /* max_parallel_maintenance_workers, likewise */
};

struct lane {
	struct db db;
	bool open;
	struct task *task; /* that it runs; NULL: none */
	struct db_error error;

	/* How far it is, and who keeps it waiting (sight.h). */
	char *phase;
	double done, total; /* of that phase, if total is more than 0 */
	const char *unit;   /* blocks, tuples, lockers; static text */
	char *blockers;     /* that were told of */
	long free;          /* clock_ms, when last nobody kept it waiting */
	long since;         /* that somebody may do so; 0: nobody does */
	bool gave_up;
	bool lifted; /* lock_timeout is off, for a concurrent build */
};

/* Returns what db_open does; l->db.error says why. */
int lane_open(struct lane *l, const struct db_options *options,
    const struct lane_settings *settings);

/*
 * Begin with a task.  What needs no transaction of its own goes in one with a
 * note: a statement whose $1 and $2 are the values; note is NULL for the
 * others.  A failure is seen when the answer is taken.
 */
void lane_send(struct lane *l, struct task *task, const char *note,
    const char *const values[2]);

/* Take the answer.  Returns 0, or -1 with l->error. */
int lane_take(struct lane *l);

/*
 * Become the one run that builds indexes in this database, until the connection
 * ends: wait so many milliseconds for another that does, and for the lanes of
 * an earlier one.  Returns CLI_OK; CLI_RETRY with *who saying which is at work,
 * the caller's to free; CLI_SYSTEM.
 */
int lane_claim(struct db *db, long wait, char **who);

/* Forget how far the last task was. */
void lane_forget(struct lane *l);

/* Harmless on { 0 } and twice. */
void lane_close(struct lane *l);

#endif
