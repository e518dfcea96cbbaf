#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"

/* Fatal ones only: a terminal stops both. */
static const int fatal[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
enum { FATAL = sizeof(fatal) / sizeof(*fatal) };

static volatile sig_atomic_t noted;

static void on_signal(int);
_Noreturn static void become(char *[], const sigset_t *, int);
static int wait_passing(pid_t, const sigset_t *);

void
child_catch_signals(struct child *c)
{
	struct sigaction action = { .sa_handler = on_signal,
		.sa_flags = (int)SA_RESETHAND };
	struct sigaction old;
	size_t i;

	*c = (struct child){ 0 };
	/* If it were ignored, there would be no status to wait for. */
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&c->caught);
	for (i = 0; i < FATAL; i++)
		if (sigaction(fatal[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN) {
			sigaddset(&c->caught, fatal[i]);
			sigaction(fatal[i], &action, NULL);
		}
}

static void
on_signal(int signal)
{
	noted = signal;
}

int
child_signal(void)
{
	return noted;
}

int
child_run(struct child *c, char *command[])
{
	sigset_t heard = c->caught, before;
	int report[2], status = CLI_SYSTEM;
	pid_t pid;

	sigaddset(&heard, SIGCHLD);
	sigprocmask(SIG_BLOCK, &heard, &before);
	if (noted != 0)
		return 128 + noted;
	if (pipe2(report, O_CLOEXEC) == -1) {
		c->error = errno;
		return CLI_SYSTEM;
	}
	if ((pid = fork()) == 0)
		become(command, &before, report[1]);
	if (pid == -1)
		c->error = errno;
	close(report[1]);
	if (pid != -1) {
		status = wait_passing(pid, &heard);
		/* Nothing is in it if the command ran. */
		if (read(report[0], &c->error, sizeof(c->error)) == -1)
			c->error = errno;
	}
	close(report[0]);
	return status;
}

_Noreturn static void
become(char *command[], const sigset_t *mask, int report)
{
	struct sigaction old;
	size_t i;
	int error;

	/* Before any is let through: it must end us, not be noted. */
	for (i = 0; i < FATAL; i++)
		if (sigaction(fatal[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			signal(fatal[i], SIG_DFL);
	sigprocmask(SIG_SETMASK, mask, NULL);
	execvp(command[0], command);
	error = errno;
	/* If it cannot be told why, the status says enough. */
	(void)!write(report, &error, sizeof(error));
	_exit(error == ENOENT ? 127 : 126);
}

static int
wait_passing(pid_t pid, const sigset_t *heard)
{
	siginfo_t info;
	int status = 0;

	while (waitpid(pid, &status, WNOHANG) == 0)
		/* What the terminal sends, it sends the command as well. */
		if (sigwaitinfo(heard, &info) != -1 &&
		    info.si_signo != SIGCHLD && info.si_code <= 0)
			kill(pid, info.si_signo);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}
