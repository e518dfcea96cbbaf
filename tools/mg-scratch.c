/*
 * mg-scratch - run a command with a throw-away PostgreSQL
 *
 * A private server, or with --db a database on a server that is there.  It
 * is gone when the command is, however that or this program ends.
 */
#include <err.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "cli.h"
#include "db.h"
#include "guest.h"
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

static int with_server(char *[], struct child *, const struct server_options *);
static int with_guest(char *[], struct child *, const struct db_options *);
static int run(char *[], struct child *, int, const char *);
static int report(int, const char *);

int
main(int argc, char *argv[])
{
	struct server_options own = { .program = cli.name, .wait = START_WAIT };
	struct db_options there = { .program = cli.name, .notice = cli_notice };
	char **settings = NULL;
	struct child child;
	bool db = false;
	int option, status;

	while ((option = cli_next(&cli, argc, argv)) != -1)
		switch (option) {
		case DB:
			db = true;
			break;
		case 'd':
			db_take_option(&there, option);
			break;
		case SETTING:
			if (strchr(optarg, '=') == NULL)
				cli_usage(&cli, "%s: not NAME=VALUE", optarg);
			settings = mem_grow(
			    settings, own.nsettings, sizeof(*settings));
			settings[own.nsettings++] = optarg;
			break;
		case CLI_WAIT:
			db_take_option(&there, option);
			own.wait = there.wait;
			break;
		}
	if (optind == argc)
		cli_usage(&cli, "no command given");
	if (db && own.nsettings > 0)
		cli_usage(&cli, "--option: not with --db");
	if (!db && there.url != NULL)
		cli_usage(&cli, "-d: only with --db");

	child_catch_signals(&child);
	own.settings = settings;
	status = db ? with_guest(argv + optind, &child, &there)
		    : with_server(argv + optind, &child, &own);
	free(settings);
	free(there.url);
	return status;
}

static int
with_server(
    char *command[], struct child *child, const struct server_options *options)
{
	struct server server;
	int status = server_start(&server, options);

	if (status == CLI_OK)
		server_environment(&server);
	status = run(command, child, status, server.error);
	if (server_stop(&server) == -1)
		status = report(status, server.error);
	server_free(&server);
	return status;
}

static int
with_guest(
    char *command[], struct child *child, const struct db_options *options)
{
	struct guest guest;
	int status = guest_start(&guest, options);

	if (status == CLI_OK)
		guest_environment(&guest);
	status = run(command, child, status, guest.error);
	if (guest_stop(&guest) == -1)
		status = report(status, guest.error);
	guest_free(&guest);
	return status;
}

/* If all went well so far, as the status says, or the error why it did not. */
static int
run(char *command[], struct child *child, int status, const char *error)
{
	if (child_signal() != 0)
		return 128 + child_signal();
	if (status != CLI_OK) {
		warnx("%s", error);
		return status;
	}
	status = child_run(child, command);
	if (child->error != 0)
		warnx("%s: %s", command[0], strerror(child->error));
	return status;
}

/* What remains; the command's own failure counts for more. */
static int
report(int status, const char *error)
{
	warnx("%s", error);
	return status == CLI_OK ? CLI_SYSTEM : status;
}
