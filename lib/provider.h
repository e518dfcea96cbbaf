/*
 * provider - the database that migration_lock.toml says a folder is for
 *
 * Prisma Migrate's rule, which is none of TOML's (observed with 6.19): of the
 * first line that starts with "provider" the words `provider = ` and all
 * quotes are dropped, and postgresql must be left.  No file is fine.
 */
#ifndef MG_PROVIDER_H
#define MG_PROVIDER_H

/*
 * Is the folder for PostgreSQL?  Returns NULL if so, else why not, naming the
 * file and the next step: the caller's to free.
 */
char *provider_refusal(const char *dir);

#endif
