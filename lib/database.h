/*
 * database - a new database with the properties of another
 *
 * Owner, encoding, locale and tablespace it has from the beginning; settings,
 * privileges, comment and limits it gets when it is filled, for they could be
 * in the way.
 *
 *	if (database_create_like(&db, "app", "app_new", "UTF8") == -1 ||
 *	    fill() == -1 ||
 *	    database_copy_properties(&db, "app", "app_new") == -1)
 *		warnx("%s", db.error.message);
 */
#ifndef MG_DATABASE_H
#define MG_DATABASE_H

#include "db.h"
#include "inventory.h"

/*
 * If there is no database of the name like, it is as the server has it by
 * default, in that encoding.  Returns -1 with db->error set.
 */
int database_create_like(
    struct db *db, const char *like, const char *name, const char *encoding);

int database_copy_properties(struct db *db, const char *like, const char *name);

/*
 * Drop what every new database has, a schema and an extension, unless the one
 * that was backed up had them, too.  Returns -1 with db->error set.
 */
int database_drop_defaults(struct db *db, const struct inventory *was);

/* Drop it, whoever may be in it; harmless if it is not there. */
int database_drop(struct db *db, const char *name);

#endif
