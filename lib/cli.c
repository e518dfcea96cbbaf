#include "cli.h"

#include <ctype.h>
#include <err.h>
#include <errno.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAXOPTIONS = 32 };

static const struct cli_option common[] = {
	{ 'C', "directory", "DIR", "change to DIR first" },
	{ 'd', "database", "URL", "the database [$DIRECT_URL, $DATABASE_URL]" },
	{ 'n', "dry-run", NULL, "change nothing, say what would be done" },
	{ 'q', "quiet", NULL, "no warnings, no progress" },
	{ 'v', "verbose", NULL, "the server's notices too" },
	{ CLI_WAIT, "wait", "DURATION",
	    "wait so long for a server that starts" },
	{ CLI_LOCK_WAIT, "lock-wait", "DURATION",
	    "wait so long for the lock [10s]" },
	{ CLI_LOCK_TIMEOUT, "lock-timeout", "DURATION",
	    "wait no longer than that for a table's lock" },
	{ CLI_STATEMENT_TIMEOUT, "statement-timeout", "DURATION",
	    "let no statement run for longer" },
	{ CLI_SCRIPT_TIMEOUT, "script-timeout", "DURATION",
	    "let no script run for longer" },
	{ CLI_JOBS, "jobs", "COUNT", "so many at once" },
	{ CLI_PROGRESS, "progress", NULL, "show progress, terminal or not" },
	{ 0 },
};

static const struct cli_option everybody[] = {
	{ 'h', "help", NULL, "show this help" },
	{ 'V', "version", NULL, "show the version" },
	{ 0 },
};

static const struct cli_option *described(const struct cli_option *);
static void add_options(const struct cli_option *, char *, struct option *);
static void print_help(const struct cli *);
static void print_options(const struct cli_option *);

int
cli_next(const struct cli *cli, int argc, char *argv[])
{
	char letters[2 * MAXOPTIONS + 2] = { cli->command ? '+'
		    : cli->ordered                        ? '-'
							  : '\0' };
	struct option names[MAXOPTIONS + 1] = { 0 };
	int key;

	if (optind == 1 && argc > 0)
		argv[0] = program_invocation_short_name;
	add_options(cli->options, letters, names);
	add_options(everybody, letters, names);
	while ((key = getopt_long(argc, argv, letters, names, NULL)) == 'C')
		if (chdir(optarg) == -1)
			err(CLI_INPUT, "%s", optarg);
	switch (key) {
	case 'h':
		print_help(cli);
		exit(cli_finish(CLI_OK));
	case 'V':
		printf("%s %s\n", cli->name, MG_VERSION);
		exit(cli_finish(CLI_OK));
	case '?':
		cli_usage(cli, NULL);
	default:
		return key;
	}
}

_Noreturn void
cli_usage(const struct cli *cli, const char *why, ...)
{
	va_list args;

	if (why != NULL) {
		va_start(args, why);
		vwarnx(why, args);
		va_end(args);
	}
	fprintf(stderr, "usage: %s %s\n", cli->name, cli->synopsis);
	exit(CLI_INPUT);
}

void
cli_no_operands(const struct cli *cli, int argc, char *argv[])
{
	if (optind != argc)
		cli_usage(
		    cli, "%s: records come on standard input", argv[optind]);
}

void
cli_notice(const char *text)
{
	warnx("%s", text);
}

long
cli_duration(const char *text)
{
	static const struct {
		const char *name;
		long ms;
	} units[] = { { "", 1000 }, { "ms", 1 }, { "s", 1000 }, { "m", 60000 },
		{ "h", 3600000 } };
	char *unit;
	size_t i;
	long n;

	errno = 0;
	n = strtol(text, &unit, 10);
	if (errno == 0 && isdigit((unsigned char)*text) && n <= 1000000)
		for (i = 0; i < sizeof(units) / sizeof(*units); i++)
			if (strcmp(unit, units[i].name) == 0)
				return n * units[i].ms;
	errx(CLI_INPUT, "%s: not a duration such as 500ms, 10s or 2m", text);
}

long
cli_count(const char *text)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (errno != 0 || !isdigit((unsigned char)*text) || *end != '\0' ||
	    n > 1000000)
		errx(CLI_INPUT, "%s: not a whole number", text);
	return n;
}

const char *
cli_jobs(const char *text)
{
	if (cli_count(text) == 0)
		errx(CLI_INPUT, "--jobs 0: nobody would work; give 1 or more");
	return text;
}

int
cli_finish(int status)
{
	if (ferror(stdout) || fclose(stdout) == EOF) {
		warn("stdout");
		return CLI_SYSTEM;
	}
	return status;
}

/* The whole of an option: a common one is listed by its key alone. */
static const struct cli_option *
described(const struct cli_option *o)
{
	const struct cli_option *c = common;

	if (o->name != NULL)
		return o;
	while (c->key != o->key)
		c++;
	return c;
}

/* Append to what getopt_long reads: the letters and the array of names. */
static void
add_options(const struct cli_option *list, char *letters, struct option *names)
{
	const struct cli_option *o;

	while (names->name != NULL)
		names++;
	letters += strlen(letters);
	for (; list->key != 0; list++, names++) {
		o = described(list);
		names->name = o->name;
		names->has_arg = o->arg != NULL;
		names->val = o->key;
		if (o->key > 255)
			continue;
		*letters++ = (char)o->key;
		if (o->arg != NULL)
			*letters++ = ':';
	}
	*letters = '\0';
}

static void
print_help(const struct cli *cli)
{
	printf("usage: %s %s\n\n", cli->name, cli->synopsis);
	printf("%s\n\n", cli->summary);
	print_options(cli->options);
	print_options(everybody);
}

static void
print_options(const struct cli_option *list)
{
	const struct cli_option *o;
	char left[40];

	for (; list->key != 0; list++) {
		o = described(list);
		snprintf(left, sizeof(left), "--%s%s%s", o->name,
		    o->arg == NULL ? "" : " ", o->arg == NULL ? "" : o->arg);
		if (o->key > 255)
			printf("      %-22s %s\n", left, o->text);
		else
			printf("  -%c, %-22s %s\n", o->key, left, o->text);
	}
}
