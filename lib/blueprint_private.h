/* blueprint_private - what the parts of blueprint share */
#ifndef MG_BLUEPRINT_PRIVATE_H
#define MG_BLUEPRINT_PRIVATE_H

#include "blueprint.h"

/* The types that the columns of these tables lead to; oids is an array. */
int blueprint_read_types(struct blueprint *b, struct db *db, const char *oids);
void blueprint_free_types(struct blueprint *b);
const struct blueprint_type *blueprint_type(
    const struct blueprint *b, const char *oid);

/* Keys, references and checks of all tables. */
int blueprint_read_parts(struct blueprint *b, struct db *db, const char *oids);

void blueprint_free_parts(struct blueprint_table *t);

/* NULL if it is none of ours. */
struct blueprint_table *blueprint_table(
    const struct blueprint *b, const char *oid);

/* The position of the column with that number; it is there. */
int blueprint_position(const struct blueprint_table *t, const char *number);

#endif
