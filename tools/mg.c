/*
 * mg - run an mg program, or a make target of the mg fragments
 *
 * The front, so that a project needs no Makefile to start with.
 */
#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "mem.h"
#include "utf8.h"

static const struct cli cli = {
	.name = "mg",
	.synopsis = "[help] [NAME] [ARGUMENT...]",
	.summary = "Run the program mg-NAME, or the make target NAME.",
	.options = (const struct cli_option[]){ { 0 } },
	.command = true,
};

/* For sh: $1 is a name; the programs' folder is the first of PATH. */
#define TARGETS \
	"\"${MAKE:-make}\" -s --no-print-directory -f \"$MG_MK\" mg-help"
static const char list[] =
    "echo; echo 'Programs, as in mg NAME ARGUMENT...:'\n"
    "for p in \"${PATH%%:*}\"/mg-*; do\n"
    "	[ ! -x \"$p\" ] || printf '  %-16s%s\\n' \"${p##*/mg-}\" \\\n"
    "	    \"$(\"$p\" --help </dev/null | sed -n 3p)\"\n"
    "done\n"
    "echo; echo 'Targets, as in mg NAME VARIABLE=VALUE...:'\n"
    "exec " TARGETS;
static const char find[] =
    "exec 2>/dev/null </dev/null\n" TARGETS " |\n"
    "awk -v name=\"$1\" '$1 == name { n++ } END { exit n == 0 }'";
static const char page[] =
    "for m in share/man/man1 ../man; do\n"
    "	m=${PATH%%:*}/../$m/mg-$1.1\n"
    "	[ ! -r \"$m\" ] || ! command -v man >/dev/null || exec man -l \"$m\"\n"
    "done\n"
    "command -v \"mg-$1\" >/dev/null && exec \"mg-$1\" --help\n"
    "echo \"mg: $1: no such program; mg help lists them\" >&2; exit 2";

static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_-"
			      "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static void set_environment(void);
_Noreturn static void show_help(void);
static void check_name(const char *);
static bool are_variables(char *const[]);
_Noreturn static void run_target(int, char *[]);
static bool shell(const char *, const char *);

int
main(int argc, char *argv[])
{
	char *program;

	set_environment();
	if (argc == 1 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "--help") == 0 ||
	    (argc == 2 && strcmp(argv[1], "help") == 0))
		show_help();
	(void)cli_next(&cli, argc, argv);
	argc -= optind;
	argv += optind;
	if (argc > 1 && strcmp(argv[0], "help") == 0) {
		check_name(argv[1]);
		execlp("sh", "sh", "-c", page, "mg", argv[1], NULL);
		err(CLI_SYSTEM, "sh");
	}
	check_name(argv[0]);
	if (are_variables(argv + 1) && shell(find, argv[0]))
		run_target(argc, argv);
	program = mem_printf("mg-%s", argv[0]);
	execvp(program, argv);
	if (errno != ENOENT)
		err(CLI_SYSTEM, "%s", program);
	free(program);
	if (shell(find, argv[0]))
		errx(CLI_INPUT, "%s: a target takes VARIABLE=VALUE only",
		    argv[0]);
	errx(CLI_INPUT, "%s: no such program or target; mg help lists them",
	    argv[0]);
}

/* The programs in front of PATH, the fragments in MG_MK. */
static void
set_environment(void)
{
	char *self = realpath("/proc/self/exe", NULL), *path = getenv("PATH");

	if (self == NULL)
		err(CLI_SYSTEM, "/proc/self/exe");
	*strrchr(self, '/') = '\0';
	path = mem_printf("%s:%s", self, path == NULL ? "/bin" : path);
	setenv("PATH", path, 1);
	free(path);
	/* As installed, or else in the build tree. */
	path = mem_printf("%s/../include/mg/mg.mk", self);
	if (access(path, F_OK) == -1) {
		free(path);
		path = mem_printf("%s/../../mk/mg.mk", self);
	}
	setenv("MG_MK", path, 0);
	free(path);
	free(self);
}

_Noreturn static void
show_help(void)
{
	char *help[] = { "mg", "--help", NULL };
	pid_t pid = fork();
	int status;

	if (pid == 0)
		cli_next(&cli, 2, help);
	if (pid == -1 || waitpid(pid, &status, 0) == -1)
		err(CLI_SYSTEM, NULL);
	exit(status == 0 && shell(list, "help") ? CLI_OK : CLI_SYSTEM);
}

/* Nothing that is a path, nor what make would take for an option. */
static void
check_name(const char *name)
{
	if (name == NULL)
		cli_usage(&cli, "no name given");
	else if (*name == '-' || *name == '\0' ||
	    name[strspn(name, letters)] != '\0')
		errx(CLI_INPUT, "%s: not a name; mg help lists them",
		    utf8_visible(name));
}

static bool
are_variables(char *const args[])
{
	for (; *args != NULL; args++)
		if (strchr("-=", **args) != NULL ||
		    (*args)[strspn(*args, letters)] != '=')
			return false;
	return true;
}

/* argv is the target and its variables. */
_Noreturn static void
run_target(int argc, char *argv[])
{
	char **args = mem_alloc(((size_t)argc + 5) * sizeof(*args));
	char *make = getenv("MAKE");

	args[0] = make != NULL && *make != '\0' ? make : "make";
	args[1] = "--no-print-directory";
	args[2] = "-f";
	args[3] = getenv("MG_MK");
	memcpy(args + 4, argv, (size_t)argc * sizeof(*args));
	execvp(args[0], args);
	err(CLI_SYSTEM, "%s", args[0]);
}

/* Did the script succeed? */
static bool
shell(const char *script, const char *name)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		execlp("sh", "sh", "-c", script, "mg", name, NULL);
		err(CLI_SYSTEM, "sh");
	}
	if (pid == -1 || waitpid(pid, &status, 0) == -1)
		err(CLI_SYSTEM, "sh");
	return status == 0;
}
