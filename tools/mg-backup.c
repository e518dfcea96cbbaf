/*
 * mg-backup - take, list, check and prune backups of a database
 *
 * A backup has its name only when it is whole, checksummed and on the disk; a
 * sidecar beside it says what is in it.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup.h"
#include "capture.h"
#include "cli.h"
#include "mem.h"
#include "rehearsal.h"
#include "repository.h"
#include "retention.h"

enum {
	FORMAT = CLI_OWN,
	COMPRESS,
	LABEL,
	LIST,
	RECORDS,
	CHECK,
	PRUNE,
	KEEP,
	KEEP_DAYS,
	REHEARSE
};

static const struct cli cli = {
	.name = "mg-backup",
	.synopsis =
	    "[-nq] [-d URL] [-o DIR] [--format FORMAT] [--jobs COUNT] "
	    "[--compress HOW] [--label LABEL] [--progress] [--rehearse] "
	    "[--check] [--list] [--records] [--prune] [--keep COUNT] "
	    "[--keep-days DAYS] [--wait DURATION] [FILE]",
	.summary = "Take, list, check and prune backups of a database.",
	.options =
	    (const struct cli_option[]){
		{ .key = 'd' },
		{ .key = 'n' },
		{ 'o', "output", "DIR", "the folder of the backups [backups]" },
		{ .key = 'q' },
		{ FORMAT, "format", "FORMAT",
		    "custom, directory or plain [custom]" },
		{ .key = CLI_JOBS },
		{ COMPRESS, "compress", "HOW", "as pg_dump has it" },
		{ LABEL, "label", "LABEL", "of its name [the database's]" },
		{ .key = CLI_PROGRESS },
		{ REHEARSE, "rehearse", NULL,
		    "restore it in a scratch server and compare" },
		{ CHECK, "check", NULL, "is FILE what was written?" },
		{ LIST, "list", NULL, "those that there are" },
		{ RECORDS, "records", NULL, "a line of JSON each" },
		{ PRUNE, "prune", NULL, "remove old ones" },
		{ KEEP, "keep", "COUNT", "keep the newest" },
		{ KEEP_DAYS, "keep-days", "DAYS", "keep the younger ones" },
		{ .key = CLI_WAIT },
		{ 0 },
	    },
};

struct options {
	struct capture_options capture;
	struct retention retention;
	int act; /* LIST, CHECK, PRUNE, or 0 */
	bool rehearse, dry_run;
	enum repository_form form;
	const char *file;
};

static void read_options(struct options *, int, char *[]);
static void take_option(struct options *, int);
static void take_act(struct options *, int);
static void take_format(struct options *);
static void check_options(struct options *);
static int take(struct options *);
static int rehearse(const struct options *, const char *);
static int check(const char *);
static void complain(const char *);
static int list(const struct options *);
static int prune(struct options *);

int
main(int argc, char *argv[])
{
	struct options o = { 0 };
	int status;

	umask(077);
	read_options(&o, argc, argv);
	db_catch_signals();
	if (o.act == LIST)
		status = list(&o);
	else if (o.act == PRUNE)
		status = prune(&o);
	else if (o.act == CHECK)
		status = check(o.file);
	else if (o.file != NULL)
		status = rehearse(&o, o.file);
	else
		status = take(&o);
	free(o.capture.db.url);
	return cli_finish(status);
}

static void
read_options(struct options *o, int argc, char *argv[])
{
	int option;

	o->capture = (struct capture_options){ .dir = "backups" };
	o->capture.db = (struct db_options){
		.program = cli.name, .session = true, .notice = cli_notice
	};
	o->capture.progress.shown = isatty(STDERR_FILENO);
	o->retention = (struct retention){ .keep = -1, .days = -1 };
	while ((option = cli_next(&cli, argc, argv)) != -1)
		take_option(o, option);
	if (optind < argc)
		o->file = argv[optind++];
	if (optind < argc)
		cli_usage(&cli, "%s: one FILE is enough", argv[optind]);
	check_options(o);
}

static void
take_option(struct options *o, int option)
{
	switch (option) {
	case 'n':
		o->dry_run = true;
		break;
	case 'o':
		o->capture.dir = optarg;
		break;
	case 'q':
		o->capture.progress.shown = false;
		db_take_option(&o->capture.db, option);
		break;
	case FORMAT:
		take_format(o);
		break;
	case CLI_JOBS:
		o->capture.jobs = cli_jobs(optarg);
		break;
	case COMPRESS:
		o->capture.compress = optarg;
		break;
	case LABEL:
		if (!backup_is_label(optarg))
			cli_usage(&cli,
			    "--label: 1 to 63 letters, digits, hyphens and "
			    "underscores, no more");
		o->capture.label = o->retention.label = optarg;
		break;
	case CLI_PROGRESS:
		o->capture.progress.shown = true;
		break;
	default:
		take_act(o, option);
		break;
	}
}

static void
take_act(struct options *o, int option)
{
	switch (option) {
	case LIST:
	case CHECK:
	case PRUNE:
		if (o->act != 0)
			cli_usage(
			    &cli, "--list, --check and --prune: one at a time");
		o->act = option;
		break;
	case REHEARSE:
		o->rehearse = true;
		break;
	case RECORDS:
		o->form = REPOSITORY_RECORDS;
		break;
	case KEEP:
		o->retention.keep = cli_count(optarg);
		break;
	case KEEP_DAYS:
		o->retention.days = cli_count(optarg);
		break;
	default:
		db_take_option(&o->capture.db, option);
		break;
	}
}

static void
take_format(struct options *o)
{
	int format = backup_format(optarg);

	if (format == -1)
		cli_usage(&cli, "--format: not custom, directory or plain");
	o->capture.format = (enum backup_format)format;
}

static void
check_options(struct options *o)
{
	const char *fault = capture_settle(&o->capture);

	if (o->rehearse && o->act != 0)
		cli_usage(&cli, "--rehearse: not with another act");
	if ((o->act == CHECK) != (o->file != NULL) && !o->rehearse)
		cli_usage(&cli,
		    o->file == NULL
			? "--check: no FILE given"
			: "%s: a FILE goes with --check or --rehearse",
		    o->file);
	if (o->act == PRUNE && o->retention.keep < 0 && o->retention.days < 0)
		cli_usage(&cli, "--prune: say --keep or --keep-days");
	if (o->act != PRUNE &&
	    (o->retention.keep >= 0 || o->retention.days >= 0))
		cli_usage(&cli, "--keep: only with --prune");
	if (o->dry_run && o->act != PRUNE)
		cli_usage(&cli, "-n: only with --prune");
	if (o->form == REPOSITORY_RECORDS && o->act != LIST)
		cli_usage(&cli, "--records: only with --list");
	if (o->capture.jobs != NULL && o->act == 0 && !o->rehearse &&
	    o->capture.format != BACKUP_DIRECTORY)
		cli_usage(&cli, "--jobs: only with --format directory");
	if (fault != NULL)
		cli_usage(&cli, "%s", fault);
}

static int
take(struct options *o)
{
	struct capture c;
	const char *url = db_url(&o->capture.db);
	int status;

	/* The environment will lead pg_dump there, and not us. */
	if (o->capture.db.url == NULL && url != NULL)
		o->capture.db.url = mem_copy(url);
	if ((status = capture_take(&c, &o->capture)) == CLI_OK) {
		puts(c.path);
		if (o->rehearse)
			status = rehearse(o, c.path);
	} else
		complain(c.error);
	capture_free(&c);
	return status;
}

static int
rehearse(const struct options *o, const char *path)
{
	struct rehearsal r = {
		.program = cli.name,
		.jobs = o->capture.jobs,
		.progress = o->capture.progress,
		.tell = cli_notice,
	};
	int status = rehearsal_run(&r, path);

	if (status != CLI_OK)
		complain(r.error);
	rehearsal_free(&r);
	return status;
}

static int
check(const char *path)
{
	struct backup b;
	int status = backup_load(&b, path);

	if (status != CLI_OK)
		complain(b.error);
	backup_close(&b);
	return status;
}

static void
complain(const char *why)
{
	warnx("%s", why == NULL ? "interrupted" : why);
}

static int
list(const struct options *o)
{
	struct backup_list l;

	if (backup_list(&l, o->capture.dir) != CLI_OK)
		err(CLI_INPUT, "%s", o->capture.dir);
	repository_print(&l, o->form);
	backup_list_free(&l);
	return CLI_OK;
}

static int
prune(struct options *o)
{
	char *error = NULL;
	int status;

	o->retention.now = time(NULL);
	status =
	    repository_prune(o->capture.dir, &o->retention, o->dry_run, &error);
	if (error != NULL)
		warnx("%s", error);
	free(error);
	return status;
}
