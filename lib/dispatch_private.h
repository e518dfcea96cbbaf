/*
 * dispatch_private - what the parts of dispatch share; for nobody else
 *
 * dispatch.c sends the steps of a migration, dispatch_row.c what the history
 * says of it, dispatch_settings.c what is set in the session before and behind
 * it.
 */
#ifndef MG_DISPATCH_PRIVATE_H
#define MG_DISPATCH_PRIVATE_H

#include "dispatch.h"

/* A statement of ours, which only matters if it fails. */
void dispatch_own(struct dispatch *d, const char *sql);

/* Ours, too, and sent often: prepared, where the script leaves that alone. */
enum {
	DISPATCH_INSERT,
	DISPATCH_OPEN,
	DISPATCH_NOTE,
	DISPATCH_FINISH,
	DISPATCH_GUARD,
	DISPATCH_CHECK,
	DISPATCH_LOCK
};
void dispatch_often(struct dispatch *d, enum flight_part part, size_t number,
    const struct prepared_statement *s);

/* The script's statement of that number. */
void dispatch_statement(struct dispatch *d, size_t number);

/* Its own BEGIN, where it asks for more than ours. */
void dispatch_transaction(struct dispatch *d, const struct plan_step *step);

/*
 * Note in the row, inside the transaction, that so many steps are done, and
 * commit; or end the migration: the row and the COMMIT that makes all of it
 * certain, which waits for the disk if it is the last of the pass.
 */
void dispatch_note(struct dispatch *d, const struct job *job, size_t done);
void dispatch_finish(struct dispatch *d, const struct job *job, bool last);

/* What ran as a migration, or is marked: the last COMMIT of it. */
void dispatch_commit(struct dispatch *d, const struct job *job, bool last);

/* Of the session, until its end or a script's RESET ALL. */
void dispatch_settings(struct dispatch *d);

/* Take back what the script has set, its role included. */
void dispatch_resets(struct dispatch *d);

/* What the steps that are done set for those that follow. */
void dispatch_earlier_settings(struct dispatch *d, const struct job *job);

#endif
