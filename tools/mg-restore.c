/*
 * mg-restore - bring a backup back, or leave everything as it is
 *
 * The backup becomes a new database beside the old one, is compared with what
 * was backed up, and takes the old one's name; the old one is kept.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup.h"
#include "cli.h"
#include "mem.h"
#include "restore.h"

enum { TERMINATE = CLI_OWN, IN_PLACE, DROP_OLD, YES };

static const struct cli cli = {
	.name = "mg-restore",
	.synopsis = "[-nq] [-d URL] [--jobs COUNT] [--terminate] "
		    "[--in-place] [--drop-old] [--yes] [--progress] "
		    "[--wait DURATION] [FILE]",
	.summary = "Bring a backup back, or leave everything as it is.",
	.options =
	    (const struct cli_option[]){
		{ .key = 'd' },
		{ .key = 'n' },
		{ .key = 'q' },
		{ .key = CLI_JOBS },
		{ TERMINATE, "terminate", NULL, "end who is connected" },
		{ IN_PLACE, "in-place", NULL,
		    "without a second database, in one transaction" },
		{ DROP_OLD, "drop-old", NULL,
		    "the old one is not kept; without FILE: those kept" },
		{ YES, "yes", NULL, "do not ask" },
		{ .key = CLI_PROGRESS },
		{ .key = CLI_WAIT },
		{ 0 },
	    },
};

struct options {
	struct restore restore;
	const char *file; /* NULL: only drop what is kept */
	bool drop_old, yes;
};

static void read_options(struct options *, int, char *[]);
static void take_option(struct options *, int);
static int restore(struct options *);
static int prepare(struct options *);
static int carry_out(struct options *);
static int drop_kept(struct options *);
static void announce(const struct options *);
static bool ask(struct options *, const char *);

int
main(int argc, char *argv[])
{
	struct options o = { 0 };
	int status;

	umask(077);
	read_options(&o, argc, argv);
	status = o.file == NULL ? drop_kept(&o) : restore(&o);
	restore_close(&o.restore);
	return cli_finish(status);
}

static void
read_options(struct options *o, int argc, char *argv[])
{
	int option;

	o->restore.tell = cli_notice;
	o->restore.options = (struct db_options){
		.program = cli.name, .session = true, .notice = cli_notice
	};
	o->restore.progress.shown = isatty(STDERR_FILENO);
	while ((option = cli_next(&cli, argc, argv)) != -1)
		take_option(o, option);
	if (optind < argc)
		o->file = argv[optind++];
	if (optind < argc)
		cli_usage(&cli, "%s: one FILE is enough", argv[optind]);
	if (o->file == NULL && !o->drop_old)
		cli_usage(&cli, "no FILE given");
	if (o->restore.in_place && o->drop_old)
		cli_usage(&cli, "--drop-old: --in-place keeps none");
	if (o->restore.in_place && o->restore.jobs != NULL)
		cli_usage(&cli, "--jobs: one transaction has one");
}

static void
take_option(struct options *o, int option)
{
	switch (option) {
	case 'n':
		o->restore.dry_run = true;
		break;
	case 'q':
		o->restore.progress.shown = false;
		db_take_option(&o->restore.options, option);
		break;
	case CLI_JOBS:
		o->restore.jobs = cli_jobs(optarg);
		break;
	case TERMINATE:
		o->restore.terminate = true;
		break;
	case IN_PLACE:
		o->restore.in_place = true;
		break;
	case DROP_OLD:
		o->drop_old = true;
		break;
	case YES:
		o->yes = true;
		break;
	case CLI_PROGRESS:
		o->restore.progress.shown = true;
		break;
	default:
		db_take_option(&o->restore.options, option);
		break;
	}
}

static int
restore(struct options *o)
{
	struct backup b;
	int status;

	/* Whoever asks is heard at once; from here on things are half done. */
	if ((status = backup_load(&b, o->file)) != CLI_OK)
		warnx("%s", b.error);
	else {
		o->restore.backup = &b;
		o->restore.progress.total = json_object_size(
		    json_object_get(b.sidecar.object, "tables"));
		if ((status = prepare(o)) == CLI_OK && !o->restore.dry_run)
			status = carry_out(o);
		if (status != CLI_OK)
			warnx("%s",
			    o->restore.error == NULL ? "interrupted"
						     : o->restore.error);
	}
	backup_close(&b);
	return status;
}

static int
prepare(struct options *o)
{
	int status = restore_open(&o->restore);

	if (status != CLI_OK)
		return status;
	announce(o);
	return restore_foresee(&o->restore);
}

static int
carry_out(struct options *o)
{
	struct restore *r = &o->restore;
	int status;

	if (!ask(o, "restore it"))
		return CLI_INPUT;
	db_catch_signals();
	if ((status = restore_run(r)) != CLI_OK)
		return status;
	if (r->kept == NULL)
		return CLI_OK;
	if (o->drop_old)
		return restore_drop_kept(r);
	puts(r->kept);
	return CLI_OK;
}

static int
drop_kept(struct options *o)
{
	struct restore *r = &o->restore;
	bool dry_run = r->dry_run;
	int status = restore_open(r);

	if (status == CLI_OK) {
		r->dry_run = true;
		status = restore_drop_kept(r);
	}
	if (status == CLI_OK && !dry_run) {
		r->dry_run = false;
		status = CLI_INPUT;
		if (ask(o, "drop them"))
			status = restore_drop_kept(r);
	}
	if (status != CLI_OK)
		warnx("%s", r->error);
	return status;
}

static void
announce(const struct options *o)
{
	const struct backup *b = o->restore.backup;
	const char *of = sidecar_text(&b->sidecar, "database");

	warnx("database %s on %s goes back to what %s was at %s%s",
	    o->restore.name, db_host(&o->restore.server.db),
	    strcmp(of, o->restore.name) == 0 ? "it" : of,
	    sidecar_text(&b->sidecar, "taken"),
	    o->restore.exists ? "; missing then, of what was written since:"
			      : "; there is none now");
}

/* Never without somebody who can answer. */
static bool
ask(struct options *o, const char *what)
{
	struct restore *r = &o->restore;
	char answer[16] = "";

	if (o->yes)
		return true;
	if (!isatty(STDIN_FILENO)) {
		r->error = mem_copy("there is no terminal to ask; say --yes");
		return false;
	}
	fprintf(stderr, "%s: %s? [yes/no] ", cli.name, what);
	if (fgets(answer, sizeof(answer), stdin) != NULL &&
	    strcmp(answer, "yes\n") == 0)
		return true;
	r->error = mem_copy("nothing was done");
	return false;
}
