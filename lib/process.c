#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "clock.h"
#include "db.h"
#include "mem.h"

enum {
	LOOK_AGAIN = 50, /* milliseconds */
	PATIENCE = 5000, /* for one that was asked to end, likewise */
	CANNOT_RUN = 127
};

static void hear_children(void);
static void on_child(int);
_Noreturn static void become(char *const[], int, int, const struct process *,
    const struct process_setting *, pid_t);
static void tell_lines(struct process *, const struct process_watch *);
static void tell_rest(struct process *, const struct process_watch *);
static void explain(struct process *);

void
process_start(struct process *p, char *const command[], int in, int out)
{
	process_start_in(p, command, in, out, NULL);
}

void
process_start_in(struct process *p, char *const command[], int in, int out,
    const struct process_setting *setting)
{
	const char *slash = strrchr(command[0], '/');
	pid_t parent = getpid();

	*p = (struct process){
		.name = mem_copy(slash == NULL ? command[0] : slash + 1),
		.status = CANNOT_RUN << 8,
		/* No pipe: it could be full while we are busy. */
		.words = memfd_create("words", MFD_CLOEXEC),
	};
	hear_children();
	if (p->words == -1)
		return;
	fcntl(p->words, F_SETFL, O_APPEND);
	p->pid = fork();
	if (p->pid == 0)
		become(command, in, out, p, setting, parent);
	if (p->pid == -1)
		p->pid = 0;
	else
		/* By both, so that neither is too late. */
		(void)setpgid(p->pid, p->pid);
}

/* A pause is over when a child has ended. */
static void
hear_children(void)
{
	struct sigaction action = { .sa_handler = on_child,
		.sa_flags = SA_RESTART | SA_NOCLDSTOP };

	sigaction(SIGCHLD, &action, NULL);
}

static void
on_child(int signal)
{
	(void)signal;
}

_Noreturn static void
become(char *const command[], int in, int out, const struct process *p,
    const struct process_setting *setting, pid_t parent)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	setpgid(0, 0);
	dup2(in == -1 ? null : in, STDIN_FILENO);
	dup2(out == -1                 ? null
		: out == PROCESS_WORDS ? p->words
				       : out,
	    STDOUT_FILENO);
	dup2(p->words, STDERR_FILENO);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* It may have ended before it could be asked for. */
	if (getppid() != parent)
		_exit(CANNOT_RUN);
	if (setting != NULL)
		setting->make(setting->arg);
	execvp(command[0], command);
	dprintf(STDERR_FILENO, "%s: %s\n", command[0], strerror(errno));
	_exit(CANNOT_RUN);
}

void
process_look(struct process *p, const struct process_watch *watch)
{
	tell_lines(p, watch);
	if (watch->tick != NULL)
		watch->tick(watch->arg);
}

static void
tell_lines(struct process *p, const struct process_watch *watch)
{
	char piece[4096], *end;
	ssize_t n;

	while (p->words != -1 &&
	    (n = pread(p->words, piece, sizeof(piece), p->at)) > 0) {
		p->at += n;
		p->line = mem_resize(p->line, p->len + (size_t)n + 1, 1);
		memcpy(p->line + p->len, piece, (size_t)n);
		p->len += (size_t)n;
		p->line[p->len] = '\0';
		while ((end = memchr(p->line, '\n', p->len)) != NULL) {
			*end = '\0';
			watch->tell(watch->arg, p->line);
			p->len -= (size_t)(end + 1 - p->line);
			memmove(p->line, end + 1, p->len + 1);
		}
		/* What was read need not be kept. */
		(void)fallocate(p->words,
		    FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, p->at);
	}
}

/* The last line may lack its end. */
static void
tell_rest(struct process *p, const struct process_watch *watch)
{
	tell_lines(p, watch);
	if (p->len > 0)
		watch->tell(watch->arg, p->line);
	p->len = 0;
}

bool
process_ended(struct process *p)
{
	if (p->pid != 0 && waitpid(p->pid, &p->status, WNOHANG) == p->pid)
		p->pid = 0;
	return p->pid == 0;
}

bool
process_failed(struct process *p)
{
	return process_ended(p) && p->status != 0;
}

int
process_wait(struct process *p, const struct process_watch *watch)
{
	while (!process_ended(p) && db_signal() == 0) {
		process_look(p, watch);
		db_pause(LOOK_AGAIN);
	}
	if (db_signal() != 0) {
		process_stop(p);
		tell_rest(p, watch);
		free(p->error);
		p->error = mem_printf("interrupted");
		return 128 + db_signal();
	}
	tell_rest(p, watch);
	if (p->status == 0)
		return CLI_OK;
	explain(p);
	return CLI_SYSTEM;
}

void
process_stop(struct process *p)
{
	long end = clock_ms() + PATIENCE;
	pid_t group = p->pid;

	if (process_ended(p))
		return;
	kill(-group, SIGTERM);
	/* Those that it began may have something to clear away, too. */
	while ((!process_ended(p) || kill(-group, 0) == 0) && clock_ms() < end)
		clock_pause(LOOK_AGAIN);
	kill(-group, SIGKILL);
	if (p->pid == 0)
		return;
	while (waitpid(p->pid, &p->status, 0) == -1 && errno == EINTR)
		continue;
	p->pid = 0;
}

int
process_status(const struct process *p)
{
	return WIFSIGNALED(p->status) ? 128 + WTERMSIG(p->status)
				      : WEXITSTATUS(p->status);
}

void
process_free(struct process *p)
{
	if (p->name == NULL)
		return;
	process_stop(p);
	if (p->words != -1)
		close(p->words);
	free(p->error);
	free(p->name);
	free(p->line);
	*p = (struct process){ 0 };
}

static void
explain(struct process *p)
{
	free(p->error);
	if (WIFSIGNALED(p->status))
		p->error = mem_printf("%s was ended by signal %d (%s)", p->name,
		    WTERMSIG(p->status), strsignal(WTERMSIG(p->status)));
	else
		p->error = mem_printf("%s failed, exit status %d", p->name,
		    WEXITSTATUS(p->status));
}
