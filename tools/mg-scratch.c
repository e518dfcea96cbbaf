/*
 * mg-scratch - run a command with a throw-away PostgreSQL
 *
 * A private server, or with --db a database on a server that is there.  It
 * is gone when the command is, however that or this program ends.
 */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "db.h"
#include "mem.h"
#include "server.h"

enum { DB = CLI_OWN, SETTING, START_WAIT = 60000 };

static const struct cli cli = {
	.name = "mg-scratch",
	.synopsis = "[--db] [-d URL] [--option NAME=VALUE] [--wait DURATION] "
		    "[--] COMMAND...",
	.summary = "Run a command with a throw-away PostgreSQL.",
	.options =
	    (const struct cli_option[]){
		{ DB, "db", NULL, "a database, not a server of its own" },
		{ 'd', NULL, NULL, NULL },
		{ SETTING, "option", "NAME=VALUE", "a setting of the server" },
		{ CLI_WAIT, NULL, NULL, NULL },
		{ 0 },
	    },
	.command = true,
};

/* These pass on to the command.  Fatal ones only: a terminal stops both. */
static const int fatal[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
enum { FATAL = sizeof(fatal) / sizeof(*fatal) };

static volatile sig_atomic_t caught;

static void catch_signals(sigset_t *);
static void on_signal(int);
static int run(char *[], const sigset_t *);
_Noreturn static void become(char *[], const sigset_t *);
static void warn_notice(const char *);

int
main(int argc, char *argv[])
{
	struct db_options options = {
		.program = "mg-scratch", .wait = -1, .notice = warn_notice
	};
	struct server server;
	char **settings = NULL;
	size_t n = 0;
	sigset_t ending;
	bool db = false;
	int option, status;

	while ((option = cli_next(&cli, argc, argv)) != -1)
		switch (option) {
		case DB:
			db = true;
			break;
		case 'd':
			db_take_url(&options, optarg);
			break;
		case SETTING:
			if (strchr(optarg, '=') == NULL)
				cli_usage(&cli, "%s: not NAME=VALUE", optarg);
			settings = mem_grow(settings, n, sizeof(*settings));
			settings[n++] = optarg;
			break;
		case CLI_WAIT:
			options.wait = cli_duration(optarg);
			break;
		}
	if (optind == argc)
		cli_usage(&cli, "no command given");
	if (db && n > 0)
		cli_usage(&cli, "--option: not with --db");
	if (!db && options.url != NULL)
		cli_usage(&cli, "-d: only with --db");

	catch_signals(&ending);
	if (options.wait == -1)
		options.wait = db ? 0 : START_WAIT;
	if (db)
		status = server_borrow(&server, &options);
	else
		status = server_start(&server, settings, n, options.wait);
	if (caught == 0 && status == CLI_OK) {
		server_environment(&server);
		status = run(argv + optind, &ending);
	} else if (caught == 0)
		warnx("%s", server.error);
	else
		status = 128 + caught;
	if (server_stop(&server) == -1) {
		warnx("%s", server.error);
		status = status == CLI_OK ? CLI_SYSTEM : status;
	}
	server_free(&server);
	free(settings);
	free(options.url);
	return status;
}

/* Those that were ignored, as by nohup(1), stay so. */
static void
catch_signals(sigset_t *ending)
{
	struct sigaction action = { .sa_handler = on_signal,
		.sa_flags = (int)SA_RESETHAND };
	struct sigaction old;
	size_t i;

	signal(SIGCHLD, SIG_DFL);
	sigemptyset(ending);
	for (i = 0; i < FATAL; i++)
		if (sigaction(fatal[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN) {
			sigaddset(ending, fatal[i]);
			sigaction(fatal[i], &action, NULL);
		}
}

static void
on_signal(int signal)
{
	caught = signal;
}

/* In our own process group, so that it can read the terminal. */
static int
run(char *command[], const sigset_t *ending)
{
	sigset_t heard = *ending, before;
	siginfo_t info;
	int status = 0;
	pid_t pid;

	sigaddset(&heard, SIGCHLD);
	sigprocmask(SIG_BLOCK, &heard, &before);
	if (caught != 0)
		return 128 + caught;
	if ((pid = fork()) == 0)
		become(command, &before);
	if (pid == -1) {
		warn("%s", command[0]);
		return CLI_SYSTEM;
	}
	while (waitpid(pid, &status, WNOHANG) == 0)
		/* What the terminal sends, it sends the command as well. */
		if (sigwaitinfo(&heard, &info) != -1 &&
		    info.si_signo != SIGCHLD && info.si_code <= 0)
			kill(pid, info.si_signo);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

_Noreturn static void
become(char *command[], const sigset_t *mask)
{
	struct sigaction old;
	size_t i;

	/* Before any is let through: it must end us, not be noted. */
	for (i = 0; i < FATAL; i++)
		if (sigaction(fatal[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			signal(fatal[i], SIG_DFL);
	sigprocmask(SIG_SETMASK, mask, NULL);
	execvp(command[0], command);
	warn("%s", command[0]);
	_exit(errno == ENOENT ? 127 : 126);
}

static void
warn_notice(const char *text)
{
	warnx("%s", text);
}
