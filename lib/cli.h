/*
 * cli - what every mg command line has in common
 *
 * A tool describes itself once, in a struct cli; usage, --help and getopt's
 * tables come from that.  -h, --help, -V and --version are everybody's.
 *
 *	while ((option = cli_next(&cli, argc, argv)) != -1)
 *		switch (option) {
 *		case 'C':
 *			cli_directory(optarg);
 *			break;
 *		}
 *	...
 *	return cli_finish(CLI_OK);
 */
#ifndef MG_CLI_H
#define MG_CLI_H

#include <stdbool.h>

enum {
	CLI_OK = 0,     /* done; or the answer is yes */
	CLI_NO = 1,     /* the answer is no: pending, a migration failed */
	CLI_INPUT = 2,  /* what we were given is wrong: fix it, run again */
	CLI_SYSTEM = 3, /* the world failed: server, disk; a retry may help */
	CLI_RETRY = 75, /* a lock was not free in time: a retry is safe */
};

struct cli_option {
	int key;          /* what cli_next returns: the letter, or above 255 */
	const char *name; /* of the long option */
	const char *arg;  /* what it takes, NULL for nothing */
	const char *text; /* its line in --help; NULL for the common options */
};

struct cli {
	const char *name;
	const char *synopsis; /* what follows the name in the usage */
	const char *summary;  /* what the tool does, in a sentence */
	const struct cli_option *options; /* the last has key 0 */
	bool command; /* operands are a command, whose options are its own */
};

/* Options that mean the same everywhere; each tool lists those it has. */
#define CLI_DIRECTORY                                          \
	{                                                      \
		'C', "directory", "DIR", "change to DIR first" \
	}
#define CLI_DATABASE                                     \
	{                                                \
		'd', "database", "URL",                  \
		    "the database; else $DIRECT_URL, "   \
		    "$DATABASE_URL, libpq's environment" \
	}
#define CLI_DRY_RUN                                                            \
	{                                                                      \
		'n', "dry-run", NULL, "change nothing, say what would be done" \
	}
#define CLI_QUIET                                              \
	{                                                      \
		'q', "quiet", NULL, "no warnings, no progress" \
	}
#define CLI_VERBOSE                                              \
	{                                                        \
		'v', "verbose", NULL, "the server's notices too" \
	}
#define CLI_WAIT(key)                                       \
	{                                                   \
		key, "wait", "DURATION",                    \
		    "wait so long for a server that starts" \
	}
#define CLI_LOCK_WAIT(key)                            \
	{                                             \
		key, "lock-wait", "DURATION",         \
		    "wait so long for the lock [10s]" \
	}

/*
 * The key of the next option, its value in optarg; -1 when operands begin,
 * at argv[optind].  A wrong option exits CLI_INPUT.
 */
int cli_next(const struct cli *cli, int argc, char *argv[]);

/* Say why, if there is a reason, then the usage; exits CLI_INPUT. */
_Noreturn __attribute__((format(printf, 2, 3))) void cli_usage(
    const struct cli *cli, const char *why, ...);

/* Change the working directory, or exit CLI_INPUT. */
void cli_directory(const char *dir);

/* Milliseconds of 500ms, 10s, 2m, 1h or 10 (seconds), or exit CLI_INPUT. */
long cli_duration(const char *text);

/* status, or CLI_SYSTEM said aloud if standard output could not be written. */
int cli_finish(int status);

#endif
