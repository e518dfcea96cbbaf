/*
 * inventory_private - what inventory.c and its part share; for nobody else
 */
#ifndef MG_INVENTORY_PRIVATE_H
#define MG_INVENTORY_PRIVATE_H

#include "inventory.h"

/* Of a row of the history. */
#define INVENTORY_APPLIED "finished_at IS NOT NULL AND rolled_back_at IS NULL"

/*
 * The table of the history; NULL if there is none, "" if it cannot be told.
 * The caller's to free.
 */
char *inventory_history(struct db *db);

/* The tables, by name. */
void inventory_sort(struct inventory *i);

#endif
