/*
 * catalog_prepare - the transaction in which the catalog is listed
 *
 * Its settings are what catalog_sql.h says.
 */
#ifndef MG_CATALOG_PREPARE_H
#define MG_CATALOG_PREPARE_H

#include "catalog.h"
#include "db.h"

/* Queue its begin and its settings.  Returns 0, or -1 with db->error set. */
int catalog_prepare(struct db *db, const struct catalog_options *options);

#endif
