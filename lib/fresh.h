/*
 * fresh - the folder of a new migration, which nobody sees half made
 *
 *	if ((status = fresh_lock(dirs, count, &error)) != CLI_OK)
 *		errx(status, "%s", error);
 *	choose(name);
 *	if (fresh_make(dirs[0], name) == -1)
 *		err(CLI_SYSTEM, "%s", name);
 */
#ifndef MG_FRESH_H
#define MG_FRESH_H

#include <stddef.h>

/*
 * Wait until no other process is about to make one in any of these folders,
 * and keep others waiting until this one ends.  Returns CLI_OK; or CLI_INPUT
 * or CLI_SYSTEM, with *error saying why, the caller's to free.
 */
int fresh_lock(char *const dirs[], size_t count, char **error);

/*
 * Make dir/name with an empty migration.sql in it.  Returns -1 with errno set,
 * EEXIST if there is something of that name.
 *
 * It is made beside dir, as .mg-new.*, and moved there.  Where that is another
 * file system, or may not be written, it is made where it belongs; killed in
 * that instant, it has no script.
 */
int fresh_make(const char *dir, const char *name);

#endif
