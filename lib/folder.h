/*
 * folder - a throw-away folder that a server's socket can lie in
 *
 * It is below $TMPDIR, and nobody else may enter it.
 *
 *	status = folder_make(&folder, ".s.PGSQL.5432", &error);
 *	if (status != CLI_OK)
 *		errx(status, "%s", error);
 *	use(folder);
 *	if (folder_remove(folder) == -1)
 *		warn("%s", folder);
 *	free(folder);
 */
#ifndef MG_FOLDER_H
#define MG_FOLDER_H

/*
 * Make a folder and enter it.  Returns CLI_OK; or CLI_INPUT or CLI_SYSTEM,
 * with *error saying why.  *folder is its path, or NULL as long as there is
 * none: after a failure it may be there already.  Both are the caller's to
 * free.
 */
int folder_make(char **folder, const char *socket, char **error);

/* Remove it with all that is in it.  Returns -1 with errno set. */
int folder_remove(const char *folder);

#endif
