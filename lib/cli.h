/*
 * cli - what every mg command line has in common
 *
 * A tool describes itself once, in a struct cli; usage, --help and getopt's
 * tables come from that.  The common options mean the same in every tool; one
 * that has them lists no more than their keys: -C -d -n -q -v --wait
 * --lock-wait --lock-timeout --statement-timeout --jobs --progress.  -h,
 *--help, -V and --version are everybody's; these and -C are done here, so that
 *no tool sees them.
 *
 *	while ((option = cli_next(&cli, argc, argv)) != -1)
 *		switch (option) {
 *		case 'n':
 *			dry_run = true;
 *			break;
 *		}
 *	...
 *	return cli_finish(CLI_OK);
 */
#ifndef MG_CLI_H
#define MG_CLI_H

#include <getopt.h> /* optarg, optind */
#include <stdbool.h>

enum {
	CLI_OK = 0,     /* done; or the answer is yes */
	CLI_NO = 1,     /* the answer is no: pending, a migration failed */
	CLI_INPUT = 2,  /* what we were given is wrong: fix it, run again */
	CLI_SYSTEM = 3, /* the world failed: server, disk; a retry may help */
	CLI_RETRY = 75, /* a lock was not free in time: a retry is safe */
};

struct cli_option {
	int key; /* what cli_next returns: a letter, or CLI_OWN and above */
	const char *name; /* of the long option; NULL: a common option */
	const char *arg;  /* what it takes, NULL for nothing */
	const char *text; /* its line in --help */
};

struct cli {
	const char *name;
	const char *synopsis; /* what follows the name in the usage */
	const char *summary;  /* what the tool does, in a sentence */
	const struct cli_option *options; /* the last has key 0 */
	bool command; /* operands are a command, whose options are its own */
	bool ordered; /* an option may be about the operands behind it */
};

/* An operand before the last option, in optarg, where they are ordered. */
enum { CLI_OPERAND = 1 };

/* Keys of common options that have no letter. */
enum {
	CLI_WAIT = 256,
	CLI_LOCK_WAIT,
	CLI_LOCK_TIMEOUT,
	CLI_STATEMENT_TIMEOUT,
	CLI_SCRIPT_TIMEOUT,
	CLI_JOBS,
	CLI_PROGRESS,
	CLI_OWN
};

/*
 * The key of the next option, its value in optarg; -1 when operands begin,
 * at argv[optind].  A wrong option exits CLI_INPUT.
 */
int cli_next(const struct cli *cli, int argc, char *argv[]);

/* Say why, if there is a reason, then the usage; exits CLI_INPUT. */
_Noreturn __attribute__((format(printf, 2, 3))) void cli_usage(
    const struct cli *cli, const char *why, ...);

/* For tools that read records: an operand is a mistake, CLI_INPUT. */
void cli_no_operands(const struct cli *cli, int argc, char *argv[]);

/* A warning, for modules that tell of one by a function. */
void cli_notice(const char *text);

/* Milliseconds of 500ms, 10s, 2m, 1h or 10 (seconds), or exit CLI_INPUT. */
long cli_duration(const char *text);

/* A whole number from 0, or exit CLI_INPUT. */
long cli_count(const char *text);

/* The text of a count of jobs, from 1, or exit CLI_INPUT. */
const char *cli_jobs(const char *text);

/* status, or CLI_SYSTEM said aloud if standard output could not be written. */
int cli_finish(int status);

#endif
