/*
 * activity - the sessions of a database, and what replicates it
 *
 *	if ((n = activity_list(&db, "app", say, NULL)) > 0)
 *		activity_terminate(&db, "app");
 */
#ifndef MG_ACTIVITY_H
#define MG_ACTIVITY_H

#include "db.h"

/* Tell of each session but our own; their number, or -1. */
int activity_list(
    struct db *db, const char *database, void (*tell)(const char *words));

/* Terminate each; how many there were, or -1. */
int activity_terminate(struct db *db, const char *database);

/*
 * What belongs to the database by its number, and would stay with the old one
 * when names are swapped: replication.  Each is told; their number, or -1.
 */
int activity_replication(
    struct db *db, const char *database, void (*tell)(const char *words));

#endif
