/*
 * vessel - a new database that a backup is loaded into
 *
 * It is a copy of template0, which has a schema and an extension that a dump
 * takes for granted, whether they were there or not.
 */
#ifndef MG_VESSEL_H
#define MG_VESSEL_H

#include "db.h"
#include "inventory.h"

#define VESSEL "mg_rehearsal" /* its name in a scratch server */

/* Drop what the backed up database had not.  Returns -1. */
int vessel_clear(struct db *db, const struct inventory *was);

#endif
