/*
 * tenant - who is connected to a database
 *
 *	if ((n = tenant_list(&db, "app", say, NULL)) > 0)
 *		tenant_end(&db, "app");
 */
#ifndef MG_TENANT_H
#define MG_TENANT_H

#include "db.h"

/* Tell of each session but our own; their number, or -1. */
int tenant_list(struct db *db, const char *database,
    void (*tell)(void *arg, const char *words), void *arg);

/* Ask each to end; how many were asked, or -1. */
int tenant_end(struct db *db, const char *database);

/*
 * What belongs to the database by its number, and would stay with the old one
 * when names are swapped: replication.  Each is told; their number, or -1.
 */
int tenant_attached(struct db *db, const char *database,
    void (*tell)(void *arg, const char *words), void *arg);

#endif
