/*
 * measure - run a command and say what it cost
 *
 *	measure FOLDER COMMAND...
 *
 * Prints a JSON object: wall time, the CPU time of the command and of all
 * that it waited for, the peak memory of the largest of them, its status.
 * What the command says is kept in FOLDER/out and FOLDER/err.
 */
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "mem.h"

static const struct cli cli = {
	.name = "measure",
	.synopsis = "FOLDER COMMAND...",
	.summary = "Run a command and say what it cost.",
	.options = (const struct cli_option[]){ { 0 } },
	.command = true,
};

static _Noreturn void run(const char *, char *[]);
static double now(void);
static double ms(struct timeval);

int
main(int argc, char *argv[])
{
	struct rusage used;
	double begun, wall;
	pid_t child;
	int status;

	while (cli_next(&cli, argc, argv) != -1)
		;
	if (argc - optind < 2)
		cli_usage(&cli, "what is to be run?");

	begun = now();
	if ((child = fork()) == 0)
		run(argv[optind], argv + optind + 1);
	if (child == -1 || wait4(child, &status, 0, &used) == -1)
		err(CLI_SYSTEM, "%s", argv[optind + 1]);
	wall = now() - begun;

	printf("{\"ms\":%.2f,\"cpu_ms\":%.1f,\"kb\":%ld,\"status\":%d}\n", wall,
	    ms(used.ru_utime) + ms(used.ru_stime), used.ru_maxrss,
	    WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return cli_finish(CLI_OK);
}

static void
run(const char *folder, char *command[])
{
	char *out = mem_printf("%s/out", folder);
	char *errors = mem_printf("%s/err", folder);

	if (freopen(out, "w", stdout) == NULL ||
	    freopen(errors, "w", stderr) == NULL)
		_exit(CLI_SYSTEM);
	execvp(command[0], command);
	err(127, "%s", command[0]);
}

static double
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static double
ms(struct timeval time)
{
	return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}
