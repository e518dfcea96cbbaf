#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "mem.h"

enum { LINE = 3 }; /* the keeper's only descriptor beyond 2 */

/* The terminal's, and what comes of an owner that no longer listens. */
static const int ignored[] = { SIGHUP, SIGINT, SIGQUIT, SIGPIPE };
enum { IGNORED = sizeof(ignored) / sizeof(*ignored) };

static int open_line(struct keeper *);
static int read_answer(struct keeper *, char **);
_Noreturn static void keep(const struct keeper_task *, int);
static void detach(int);
static void answer(int, const char *);

int
keeper_start(struct keeper *k, const struct keeper_task *task)
{
	char *text;
	int line, status;

	*k = (struct keeper){ 0 };
	if ((line = open_line(k)) == -1)
		return keeper_say(&k->error, CLI_SYSTEM, "%s", strerror(errno));
	if ((k->pid = fork()) == 0)
		keep(task, line);
	if (k->pid == -1) {
		keeper_say(&k->error, CLI_SYSTEM, "%s", strerror(errno));
		fclose(k->line);
		k->line = NULL;
		close(line);
		return CLI_SYSTEM;
	}
	close(line);
	if ((status = read_answer(k, &text)) == -1)
		return keeper_say(&k->error, CLI_SYSTEM, "%s",
		    errno == EINTR ? "interrupted" : "the keeper was killed");
	if (status == CLI_OK)
		k->made = text;
	else
		k->error = text;
	return status;
}

int
keeper_stop(struct keeper *k)
{
	char *text;
	int got, last = -1;

	if (k->line == NULL)
		return 0;
	/* Heard only by a keeper that has not made anything yet. */
	if (k->made == NULL)
		kill(k->pid, SIGTERM);
	shutdown(fileno(k->line), SHUT_WR);
	while ((got = read_answer(k, &text)) != -1) {
		last = got;
		free(k->error);
		k->error = text;
	}
	fclose(k->line);
	k->line = NULL;
	while (waitpid(k->pid, NULL, 0) == -1 && errno == EINTR)
		continue;
	if (last == CLI_OK || k->made == NULL)
		return 0;
	if (last == -1)
		keeper_say(&k->error, -1, "%s remains: its keeper was killed",
		    k->made);
	return -1;
}

void
keeper_free(struct keeper *k)
{
	free(k->made);
	free(k->error);
	*k = (struct keeper){ 0 };
}

/* Both ends: ours in k->line, the keeper's is returned. */
static int
open_line(struct keeper *k)
{
	int line[2], error;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line) == -1)
		return -1;
	if ((k->line = fdopen(line[0], "r")) != NULL)
		return line[1];
	error = errno;
	close(line[0]);
	close(line[1]);
	errno = error;
	return -1;
}

/*
 * An answer is a status, a space, and text up to a NUL.  Returns the status,
 * the text being the caller's to free; or -1 if none came.
 */
static int
read_answer(struct keeper *k, char **text)
{
	char *got = NULL, *rest;
	size_t size = 0;
	int status = -1;

	errno = 0;
	clearerr(k->line);
	if (getdelim(&got, &size, '\0', k->line) > 0) {
		status = (int)strtol(got, &rest, 10);
		*text = mem_copy(rest + 1);
	}
	free(got);
	return status;
}

_Noreturn static void
keep(const struct keeper_task *task, int line)
{
	char *text = NULL, c;
	ssize_t n;
	int status;

	detach(line);
	status = task->make(task->thing, &text);
	answer(status, text);
	if (status == CLI_OK)
		while (
		    (n = read(LINE, &c, 1)) == 1 || (n == -1 && errno == EINTR))
			continue;
	status = task->clear(task->thing, &text);
	answer(status, text);
	_exit(status);
}

/*
 * Out of reach of the terminal's signals and of a killall by name; without
 * the descriptors of others, who may wait for their end.
 */
static void
detach(int line)
{
	int null;
	size_t i;

	setsid();
	prctl(PR_SET_NAME, "mg-keeper");
	for (i = 0; i < IGNORED; i++)
		signal(ignored[i], SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	/* While there is nothing to clear yet, we may just end. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGCHLD, SIG_DFL);
	umask(077);
	if (line != LINE) {
		dup2(line, LINE);
		close(line);
	}
	fcntl(LINE, F_SETFD, FD_CLOEXEC);
	close_range(LINE + 1, ~0U, 0);
	null = open("/dev/null", O_RDWR);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	if (null > LINE)
		close(null);
}

static void
answer(int status, const char *text)
{
	/* If nobody listens any more, nobody is told. */
	dprintf(LINE, "%d %s%c", status, text == NULL ? "" : text, '\0');
}

void
keeper_commit(void)
{
	signal(SIGTERM, SIG_IGN);
}

int
keeper_pause(int ms)
{
	struct pollfd line = { .fd = LINE, .events = POLLIN };

	return poll(&line, 1, ms) == 1 ? -1 : 0;
}

void
keeper_restore_signals(void)
{
	size_t i;

	for (i = 0; i < IGNORED; i++)
		signal(ignored[i], SIG_DFL);
	signal(SIGTERM, SIG_DFL);
}

int
keeper_say(char **text, int status, const char *format, ...)
{
	va_list args;
	char *said;

	va_start(args, format);
	if (vasprintf(&said, format, args) == -1)
		said = NULL;
	va_end(args);
	free(*text);
	*text = said;
	return status;
}
