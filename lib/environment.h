/*
 * environment - the variables that lead to a database
 *
 * DATABASE_URL is for Prisma and for us, libpq's variables are for psql(1) and
 * others that read no such URL; together they lead to one database and nowhere
 * else.  They are changed for this process and for what it starts.
 *
 *	url = environment_url("postgres", folder, NULL, "scratch");
 *	environment_server("postgres", folder, "5432");
 *	environment_database("scratch", url);
 *	free(url);
 *	execvp(command[0], command);
 */
#ifndef MG_ENVIRONMENT_H
#define MG_ENVIRONMENT_H

/* Drop all of libpq's variables. */
void environment_forget(void);

/* Have libpq's variables lead to a server, and none lead elsewhere. */
void environment_server(const char *user, const char *host, const char *port);

/*
 * Have libpq's variables say what the URL says; where it is silent, they keep
 * what they said.  The URL is one that was used: a wrong one is ignored.
 */
void environment_follow(const char *url);

/*
 * Have PGDATABASE and DATABASE_URL lead to a database; no DIRECT_URL does, and
 * no DATABASE_URL if url is NULL.
 */
void environment_database(const char *database, const char *url);

/*
 * A URL in a form that libpq, Prisma and node-postgres all read; the caller's
 * to free.  user may be NULL, and so may port: PostgreSQL's own, then.
 */
char *environment_url(
    const char *user, const char *host, const char *port, const char *database);

/* The same of libpq's variables; NULL where they say more than a URL can. */
char *environment_own_url(const char *database);

/* A URL that was used, with another database in it; the caller's to free. */
char *environment_replace(const char *url, const char *database);

#endif
