/*
 * mg-lock - hold the migration lock while a command runs
 *
 * As flock(1) does with a file.  While the command runs, neither mg-apply nor
 * Prisma Migrate changes the database; the lock is freed when it ends,
 * however it and this program end.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "cli.h"
#include "db.h"
#include "environment.h"
#include "lock.h"
#include "mem.h"

static const struct cli cli = {
	.name = "mg-lock",
	.synopsis = "[-q] [-d URL] [--lock-wait DURATION] [--wait DURATION] "
		    "[--] COMMAND...",
	.summary = "Hold the migration lock while a command runs.",
	.options =
	    (const struct cli_option[]){
		{ .key = 'd' },
		{ .key = 'q' },
		{ .key = CLI_LOCK_WAIT },
		{ .key = CLI_WAIT },
		{ 0 },
	    },
	.command = true,
};

static void take_lock(struct db *, const struct db_options *, long);
static void lead_clients(struct db *, const char *);
static int run(char *[], struct child *);

int
main(int argc, char *argv[])
{
	struct db_options options = {
		.program = cli.name, .session = true, .notice = cli_notice
	};
	long lock_wait = 10000;
	struct child child;
	struct db db;
	int option, status;

	while ((option = cli_next(&cli, argc, argv)) != -1)
		switch (option) {
		case CLI_LOCK_WAIT:
			lock_wait = cli_duration(optarg);
			break;
		default:
			db_take_option(&options, option);
			break;
		}
	if (optind == argc)
		cli_usage(&cli, "no command given");

	take_lock(&db, &options, lock_wait);
	if (db_url(&options) != NULL)
		lead_clients(&db, db_url(&options));
	child_catch_signals(&child);
	status = run(argv + optind, &child);
	if (db_query(&db, "SELECT", 0, NULL) == -1) {
		warnx("the lock was lost while the command ran: %s",
		    db.error.message);
		status = status == CLI_OK ? CLI_SYSTEM : status;
	}
	db_close(&db);
	free(options.url);
	return status;
}

static void
take_lock(struct db *db, const struct db_options *options, long wait)
{
	char *holder = NULL;
	int status;

	if ((status = db_open(db, options)) != CLI_OK)
		errx(status, "%s", db->error.message);
	status = lock_take(db, wait, &holder);
	if (status == CLI_SYSTEM)
		errx(status, "the migration lock: %s", db->error.message);
	if (status == CLI_RETRY)
		errx(status, "%s; the command was not run, try again", holder);
}

/* A command that reads no DATABASE_URL, as psql(1), finds the database, too. */
static void
lead_clients(struct db *db, const char *url)
{
	static const char where[] =
	    "SELECT current_database(), ' -c search_path=' ||"
	    " regexp_replace(current_setting('search_path'),"
	    " '([\\s\\\\])', '\\\\\\1', 'g')";
	const char *given;
	char *options;

	if (db_query(db, where, 0, NULL) == -1)
		errx(CLI_SYSTEM, "%s", db->error.message);
	/* They would win over what the URL says. */
	unsetenv("PGSERVICE");
	unsetenv("PGHOSTADDR");
	environment_follow(url);
	setenv("PGDATABASE", db_value(db, 0, 0), 1);
	if (db->schema == NULL)
		return;
	given = getenv("PGOPTIONS");
	options =
	    mem_printf("%s%s", given == NULL ? "" : given, db_value(db, 0, 1));
	setenv("PGOPTIONS", options, 1);
	free(options);
}

static int
run(char *command[], struct child *child)
{
	int status = child_run(child, command);

	if (child->error != 0)
		warnx("%s: %s", command[0], strerror(child->error));
	return status;
}
