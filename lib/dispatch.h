/*
 * dispatch - what is sent to run a migration
 *
 * For each step of its plan BEGIN, the statements, a note in the history row
 * and COMMIT; a step outside of transactions goes between two commits.  The
 * last COMMIT brings the finished row.  What the script set, its role
 * included, is reset before it.
 *
 * A concurrent build waits as long as it must: a lock timeout would leave an
 * invalid index behind, and what waits for a build is nobody.  A script that
 * speaks of lock_timeout itself has its way.
 *
 * A baseline whose migrations are marked in its place (job.h) has a row only
 * until its last COMMIT.
 *
 * Behind a transaction pooler each transaction takes its turn (turn.h), and
 * nothing is set that outlives it.
 */
#ifndef MG_DISPATCH_H
#define MG_DISPATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "flight.h"
#include "history.h"
#include "job.h"
#include "prepared.h"
#include "script.h"
#include "turn.h"

struct dispatch {
	const struct history *history; /* borrowed */
	struct flight flight;
	struct script script; /* that is being sent */
	struct history_sql sql;
	struct turn turn;

	enum flight_part part; /* of the statements that are being sent */
	bool opened;  /* its row will be there when what was sent has run */
	size_t noted; /* the steps that the row will then call done */
	bool lifted;  /* lock_timeout is off, for a concurrent build */
	bool created; /* the history table will be there */
	struct prepared prepared;
	bool prepares;  /* for this script */
	bool unplanned; /* but scripts drop such statements: there is none */
};

/* Begin a pass; behind flight_begin. */
void dispatch_begin(struct dispatch *d);

/* d->script has been read; the last of a pass waits for the disk. */
void dispatch_job(struct dispatch *d, const struct job *job, bool last);

#endif
