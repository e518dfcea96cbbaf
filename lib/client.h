/*
 * client - a client program of PostgreSQL that fits a server
 *
 * It is in $MG_PGBIN, where distributions put it, or in PATH.  It fits if it
 * is of the server's major version with a minor one that is not older, or of
 * a newer major version; among several the server's own major version wins.
 *
 *	if ((status = client_find("pg_dump", db.version, &path, &error)) !=
 *	    CLI_OK)
 *		errx(status, "%s", error);
 *	use(path);
 *	free(path);
 */
#ifndef MG_CLIENT_H
#define MG_CLIENT_H

/*
 * version is a server's, as 150018.  Returns CLI_OK with *path; or CLI_SYSTEM
 * with *error saying what to install.  Both are the caller's to free.
 */
int client_find(const char *program, int version, char **path, char **error);

/* Of the one at that path, as 150018; 0 if it does not say. */
int client_version(const char *path);

#endif
