/*
 * catalog_grants - who may do what, in one spelling
 *
 * The lists are PostgreSQL's, such as ["app=ar/postgres"]; but what is as if
 * nobody had ever granted anything is written "postgres=(default)/postgres",
 * since a version may know of more privileges than the one before.
 */
#ifndef MG_CATALOG_GRANTS_H
#define MG_CATALOG_GRANTS_H

#include "json.h"

/*
 * Of two lists, what is granted and what would be otherwise, the first one,
 * sorted; NULL if they are the same.  Takes the lists.
 */
json_t *catalog_grants(json_t *lists);

#endif
