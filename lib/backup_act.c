#include "backup_act.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "mem.h"
#include "rehearsal.h"

static int take(struct backup_act *);
static int rehearse(struct backup_act *, const char *);
static int check(struct backup_act *);
static int list(struct backup_act *);
static int prune(struct backup_act *);
static void explain(struct backup_act *, const char *);

int
backup_act_run(struct backup_act *act)
{
	switch (act->kind) {
	case BACKUP_ACT_TAKE:
		return take(act);
	case BACKUP_ACT_REHEARSE:
		return rehearse(act, act->path);
	case BACKUP_ACT_CHECK:
		return check(act);
	case BACKUP_ACT_LIST:
		return list(act);
	case BACKUP_ACT_PRUNE:
		break;
	}
	return prune(act);
}

static int
take(struct backup_act *act)
{
	struct capture c;
	const char *url = db_url(&act->capture.db);
	int status;

	/* The environment will lead pg_dump there, and not us. */
	if (act->capture.db.url == NULL && url != NULL)
		act->capture.db.url = mem_copy(url);
	if ((status = capture_take(&c, &act->capture)) == CLI_OK) {
		puts(c.path);
		if (act->rehearse)
			status = rehearse(act, c.path);
	} else
		explain(act, c.error);
	capture_free(&c);
	return status;
}

static int
rehearse(struct backup_act *act, const char *path)
{
	struct rehearsal r = {
		.program = act->capture.db.program,
		.jobs = act->capture.jobs,
		.progress = act->capture.progress,
		.tell = act->tell,
	};
	int status = rehearsal_run(&r, path);

	if (status != CLI_OK)
		explain(act, r.error);
	rehearsal_free(&r);
	return status;
}

static int
check(struct backup_act *act)
{
	struct backup b;
	int status = backup_load(&b, act->path);

	if (status != CLI_OK)
		explain(act, b.error);
	backup_close(&b);
	return status;
}

static int
list(struct backup_act *act)
{
	struct backup_list l;

	if (backup_list(&l, act->capture.dir) != CLI_OK) {
		act->error =
		    mem_printf("%s: %s", act->capture.dir, strerror(errno));
		return CLI_INPUT;
	}
	repository_print(&l, act->form);
	backup_list_free(&l);
	return CLI_OK;
}

static int
prune(struct backup_act *act)
{
	act->retention.now = time(NULL);
	return repository_prune(
	    act->capture.dir, &act->retention, act->dry_run, &act->error);
}

/* What a signal ended has no words of its own. */
static void
explain(struct backup_act *act, const char *why)
{
	act->error = mem_copy(why == NULL ? "interrupted" : why);
}

void
backup_act_free(struct backup_act *act)
{
	free(act->capture.db.url);
	free(act->error);
	act->capture.db.url = act->error = NULL;
}
