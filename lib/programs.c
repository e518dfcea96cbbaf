#include "programs.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "bin.h"
#include "cli.h"
#include "keeper.h"
#include "mem.h"

static int choose_user(struct programs *);
static char *search(const struct bin *);
static bool has_programs(const char *);
static char *list_places(void);
_Noreturn static void become(const struct programs *, char *[]);

int
programs_find(struct programs *p, char **error)
{
	struct bin bin = { 0 };
	const char *given;

	*p = (struct programs){ 0 };
	if (choose_user(p) == -1) {
		*error = mem_copy("root may not run a server, and there is "
				  "neither a user postgres nor nobody");
		return CLI_SYSTEM;
	}
	given = bin_add_given(&bin);
	if (given == NULL) {
		bin_add_path(&bin);
		bin_add_places(&bin);
	}
	p->folder = search(&bin);
	bin_free(&bin);
	if (p->folder != NULL)
		return CLI_OK;
	if (given == NULL) {
		*error = list_places();
		return CLI_SYSTEM;
	}
	*error = mem_printf("MG_PGBIN: no initdb and postgres in %s", given);
	return CLI_INPUT;
}

pid_t
programs_start(const struct programs *p, char *args[], int log)
{
	char *path = mem_printf("%s/%s", p->folder, args[0]);
	sigset_t quit, before;
	pid_t pid;

	/* One that comes before the child can hear it is not to be lost. */
	sigemptyset(&quit);
	sigaddset(&quit, SIGQUIT);
	sigprocmask(SIG_BLOCK, &quit, &before);
	if ((pid = fork()) == 0) {
		keeper_restore_signals();
		sigprocmask(SIG_SETMASK, &before, NULL);
		dup2(log, STDERR_FILENO);
		/* By its path: not in PATH, a program finds its own. */
		args[0] = path;
		become(p, args);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	free(path);
	return pid;
}

void
programs_free(struct programs *p)
{
	free(p->folder);
	*p = (struct programs){ 0 };
}

static int
choose_user(struct programs *p)
{
	static const char *const users[] = { "postgres", "nobody" };
	struct passwd *found;
	size_t i;

	if (geteuid() != 0)
		return 0;
	for (i = 0; i < sizeof(users) / sizeof(*users); i++)
		if ((found = getpwnam(users[i])) != NULL) {
			p->user = users[i];
			p->uid = found->pw_uid;
			p->gid = found->pw_gid;
			return 0;
		}
	return -1;
}

static char *
search(const struct bin *bin)
{
	size_t i;

	for (i = 0; i < bin->count; i++)
		if (has_programs(bin->folders[i]))
			return realpath(bin->folders[i], NULL);
	return NULL;
}

static bool
has_programs(const char *dir)
{
	char *initdb = mem_printf("%s/initdb", dir);
	char *postgres = mem_printf("%s/postgres", dir);
	bool has = access(initdb, X_OK) == 0 && access(postgres, X_OK) == 0;

	free(initdb);
	free(postgres);
	return has;
}

/* That they are in none of the places. */
static char *
list_places(void)
{
	char *text;
	size_t len;
	FILE *out = mem_stream(&text, &len);

	fputs("no initdb and postgres in ", out);
	bin_write_places(out);
	fputs("; install the server (Debian: apt install postgresql) or name "
	      "their folder in MG_PGBIN",
	    out);
	fclose(out);
	return text;
}

_Noreturn static void
become(const struct programs *p, char *args[])
{
	if (p->user != NULL &&
	    (setgroups(0, NULL) == -1 || setgid(p->gid) == -1 ||
		setuid(p->uid) == -1)) {
		dprintf(STDERR_FILENO, "cannot become %s: %s\n", p->user,
		    strerror(errno));
		_exit(CLI_SYSTEM);
	}
	/* After setuid, which would undo it. */
	prctl(PR_SET_PDEATHSIG, SIGQUIT);
	execv(args[0], args);
	dprintf(STDERR_FILENO, "%s: %s\n", args[0], strerror(errno));
	_exit(CLI_SYSTEM);
}
