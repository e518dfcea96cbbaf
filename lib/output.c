#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mem.h"

struct pipes {
	int text[2];   /* what it writes */
	int report[2]; /* why it was not run, as errno */
};

static int open_pipes(struct pipes *);
static void close_pipes(struct pipes *, int);
_Noreturn static void become(char *const[], const struct pipes *, pid_t, bool);
static int collect(struct output *, int);
static void explain(struct output *, const char *, int, int);

int
output_read(struct output *o, char *const command[], bool silent)
{
	struct pipes pipes;
	pid_t parent = getpid(), pid;
	int status = 0, error = 0;

	*o = (struct output){ 0 };
	if (open_pipes(&pipes) == -1 || (pid = fork()) == -1) {
		explain(o, command[0], errno, 0);
		return -1;
	}
	if (pid == 0)
		become(command, &pipes, parent, silent);
	close_pipes(&pipes, 1);
	if (collect(o, pipes.text[0]) == -1)
		error = errno;
	/* Nothing is in it if the program ran. */
	if (read(pipes.report[0], &error, sizeof(error)) == -1)
		error = errno;
	close_pipes(&pipes, 0);
	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		continue;
	if (error == 0 && status == 0)
		return 0;
	explain(o, command[0], error, status);
	return -1;
}

void
output_free(struct output *o)
{
	free(o->bytes);
	free(o->error);
	*o = (struct output){ 0 };
}

static int
open_pipes(struct pipes *p)
{
	if (pipe2(p->text, O_CLOEXEC) == -1)
		return -1;
	if (pipe2(p->report, O_CLOEXEC) == 0)
		return 0;
	close(p->text[0]);
	close(p->text[1]);
	return -1;
}

static void
close_pipes(struct pipes *p, int end)
{
	close(p->text[end]);
	close(p->report[end]);
}

_Noreturn static void
become(char *const command[], const struct pipes *p, pid_t parent, bool silent)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), error;

	dup2(null, STDIN_FILENO);
	dup2(p->text[1], STDOUT_FILENO);
	if (silent)
		dup2(null, STDERR_FILENO);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* It may have ended before it could be asked for. */
	if (getppid() != parent)
		_exit(1);
	execv(command[0], command);
	error = errno;
	(void)!write(p->report[1], &error, sizeof(error));
	_exit(127);
}

static int
collect(struct output *o, int from)
{
	size_t size = 0;
	ssize_t got;

	do {
		/* Room for the NUL as well. */
		if (size - o->len < 2) {
			size = size == 0 ? 65536 : size * 2;
			o->bytes = mem_resize(o->bytes, size, 1);
		}
		got = read(from, o->bytes + o->len, size - o->len - 1);
		if (got > 0)
			o->len += (size_t)got;
	} while (got > 0 || (got == -1 && errno == EINTR));
	o->bytes[o->len] = '\0';
	return got == -1 ? -1 : 0;
}

static void
explain(struct output *o, const char *program, int error, int status)
{
	if (error != 0)
		o->error = mem_printf("%s: %s", program, strerror(error));
	else if (WIFSIGNALED(status))
		o->error = mem_printf("%s was ended by signal %d (%s)", program,
		    WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		o->error = mem_printf(
		    "%s failed, exit status %d", program, WEXITSTATUS(status));
}
