/*
 * mg-backup - take, list, check and prune backups of a database
 *
 * A backup has its name only when it is whole, checksummed and on the disk; a
 * sidecar beside it says what is in it.
 */
#include <err.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup_act.h"
#include "cli.h"

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

static void read_options(struct backup_act *, int, char *[]);
static void take_option(struct backup_act *, int);
static void take_act(struct backup_act *, int);
static void choose(struct backup_act *, enum backup_act_kind);
static void take_format(struct backup_act *);
static void check_options(struct backup_act *);

int
main(int argc, char *argv[])
{
	struct backup_act act = { .tell = cli_notice };
	int status;

	umask(077);
	read_options(&act, argc, argv);
	db_catch_signals();
	status = backup_act_run(&act);
	/* Without a list it does not matter where it would have gone. */
	if (act.kind == BACKUP_ACT_LIST && status != CLI_OK)
		errx(status, "%s", act.error);
	if (act.error != NULL)
		warnx("%s", act.error);
	backup_act_free(&act);
	return cli_finish(status);
}

static void
read_options(struct backup_act *act, int argc, char *argv[])
{
	int option;

	act->capture = (struct capture_options){ .dir = "backups" };
	act->capture.db = (struct db_options){
		.program = cli.name, .session = true, .notice = cli_notice
	};
	act->capture.progress.shown = isatty(STDERR_FILENO);
	act->retention = (struct retention){ .keep = -1, .days = -1 };
	while ((option = cli_next(&cli, argc, argv)) != -1)
		take_option(act, option);
	if (optind < argc)
		act->path = argv[optind++];
	if (optind < argc)
		cli_usage(&cli, "%s: one FILE is enough", argv[optind]);
	check_options(act);
	if (act->rehearse && act->path != NULL)
		act->kind = BACKUP_ACT_REHEARSE;
}

static void
take_option(struct backup_act *act, int option)
{
	switch (option) {
	case 'n':
		act->dry_run = true;
		break;
	case 'o':
		act->capture.dir = optarg;
		break;
	case 'q':
		act->capture.progress.shown = false;
		db_take_option(&act->capture.db, option);
		break;
	case FORMAT:
		take_format(act);
		break;
	case CLI_JOBS:
		act->capture.jobs = cli_jobs(optarg);
		break;
	case COMPRESS:
		act->capture.compress = optarg;
		break;
	case LABEL:
		if (!backup_is_label(optarg))
			cli_usage(&cli,
			    "--label: 1 to 63 letters, digits, hyphens and "
			    "underscores, no more");
		act->capture.label = act->retention.label = optarg;
		break;
	case CLI_PROGRESS:
		act->capture.progress.shown = true;
		break;
	default:
		take_act(act, option);
		break;
	}
}

static void
take_act(struct backup_act *act, int option)
{
	switch (option) {
	case LIST:
		choose(act, BACKUP_ACT_LIST);
		break;
	case CHECK:
		choose(act, BACKUP_ACT_CHECK);
		break;
	case PRUNE:
		choose(act, BACKUP_ACT_PRUNE);
		break;
	case REHEARSE:
		act->rehearse = true;
		break;
	case RECORDS:
		act->form = REPOSITORY_RECORDS;
		break;
	case KEEP:
		act->retention.keep = cli_count(optarg);
		break;
	case KEEP_DAYS:
		act->retention.days = cli_count(optarg);
		break;
	default:
		db_take_option(&act->capture.db, option);
		break;
	}
}

static void
choose(struct backup_act *act, enum backup_act_kind kind)
{
	if (act->kind != BACKUP_ACT_TAKE)
		cli_usage(&cli, "--list, --check and --prune: one at a time");
	act->kind = kind;
}

static void
take_format(struct backup_act *act)
{
	int format = backup_format(optarg);

	if (format == -1)
		cli_usage(&cli, "--format: not custom, directory or plain");
	act->capture.format = (enum backup_format)format;
}

static void
check_options(struct backup_act *act)
{
	const char *fault = capture_settle(&act->capture);

	if (act->rehearse && act->kind != BACKUP_ACT_TAKE)
		cli_usage(&cli, "--rehearse: not with another act");
	if ((act->kind == BACKUP_ACT_CHECK) != (act->path != NULL) &&
	    !act->rehearse)
		cli_usage(&cli,
		    act->path == NULL
			? "--check: no FILE given"
			: "%s: a FILE goes with --check or --rehearse",
		    act->path);
	if (act->kind == BACKUP_ACT_PRUNE && act->retention.keep < 0 &&
	    act->retention.days < 0)
		cli_usage(&cli, "--prune: say --keep or --keep-days");
	if (act->kind != BACKUP_ACT_PRUNE &&
	    (act->retention.keep >= 0 || act->retention.days >= 0))
		cli_usage(&cli, "--keep: only with --prune");
	if (act->dry_run && act->kind != BACKUP_ACT_PRUNE)
		cli_usage(&cli, "-n: only with --prune");
	if (act->form == REPOSITORY_RECORDS && act->kind != BACKUP_ACT_LIST)
		cli_usage(&cli, "--records: only with --list");
	if (act->capture.jobs != NULL && act->kind == BACKUP_ACT_TAKE &&
	    !act->rehearse && act->capture.format != BACKUP_DIRECTORY)
		cli_usage(&cli, "--jobs: only with --format directory");
	if (fault != NULL)
		cli_usage(&cli, "%s", fault);
}
