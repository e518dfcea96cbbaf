/*
 * dispatch_private - what the parts of dispatch share; for nobody else
 *
 * dispatch.c sends the steps of a migration, dispatch_settings.c what is set in
 * the session before and behind them.
 */
#ifndef MG_DISPATCH_PRIVATE_H
#define MG_DISPATCH_PRIVATE_H

#include "dispatch.h"

/* A statement of ours, which only matters if it fails. */
void dispatch_own(struct dispatch *d, const char *sql);

/* The script's statement of that number. */
void dispatch_statement(struct dispatch *d, size_t number);

/* Its own BEGIN, where it asks for more than ours. */
void dispatch_transaction(struct dispatch *d, const struct plan_step *step);

/* Of the session, until its end or a script's RESET ALL. */
void dispatch_settings(struct dispatch *d);

/* Take back what the script has set, its role included. */
void dispatch_resets(struct dispatch *d);

/* What the steps that are done set for those that follow. */
void dispatch_earlier_settings(struct dispatch *d, const struct job *job);

#endif
