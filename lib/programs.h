/*
 * programs - PostgreSQL's server programs
 *
 * They are in $MG_PGBIN, in PATH, or where distributions put them.  Root may
 * not run them: postgres does it then, or nobody.
 *
 *	char *args[] = { "initdb", "--pgdata=data", NULL };
 *	struct programs p;
 *
 *	if ((status = programs_find(&p, &error)) != CLI_OK)
 *		errx(status, "%s", error);
 *	pid = programs_start(&p, args, log);
 *	programs_free(&p);
 */
#ifndef MG_PROGRAMS_H
#define MG_PROGRAMS_H

#include <sys/types.h>

struct programs {
	char *folder;     /* where initdb and postgres are */
	const char *user; /* who is to run them; NULL: we do */
	uid_t uid;        /* of that user, */
	gid_t gid;        /* as is this */
};

/*
 * Returns CLI_OK; or CLI_INPUT or CLI_SYSTEM, with *error saying why, the
 * caller's to free.
 */
int programs_find(struct programs *p, char **error);

/*
 * Start the one that args[0] names, for a keeper: it ends with us, by SIGQUIT.
 * Its standard error goes to the descriptor log, and so does the reason if it
 * cannot be run.  Returns its process, the caller's to wait for, or -1 with
 * errno set.
 */
pid_t programs_start(const struct programs *p, char *args[], int log);

/* Harmless on { 0 } and twice. */
void programs_free(struct programs *p);

#endif
