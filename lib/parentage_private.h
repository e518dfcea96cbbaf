/* parentage_private - what the parts of parentage share */
#ifndef MG_PARENTAGE_PRIVATE_H
#define MG_PARENTAGE_PRIVATE_H

#include "parentage.h"

/*
 * The copy of the keys that the reference chooses from, in groups where some
 * of its columns are given.  NULL if the server fails.
 */
const struct draft_parent *parentage_find(struct parentage *p,
    const struct blueprint_reference *r, const bool *given, size_t ngiven);

#endif
