#include "undo_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "mem.h"
#include "utf8.h"

static int refuse_history(struct undo *);
static void free_steps(struct undo *);
static int find_scripts(struct undo *);
static int read_script(struct undo *, struct undo_step *);
static int refuse_at(struct undo *, const struct script *, const char *);

int
undo_choose(struct undo *u)
{
	struct replaced replaced;
	size_t i;
	int status;

	undo_free(u);
	if ((status = refuse_history(u)) != CLI_OK)
		return status;
	if (replaced_read(&replaced, u->migrations) == -1)
		status = undo_fail(u, CLI_INPUT, "%s", replaced.error);
	else
		status = undo_list(u, &replaced);
	replaced_free(&replaced);
	if (status == CLI_OK)
		status = find_scripts(u);
	for (i = 0; i < u->count && status == CLI_OK; i++)
		status = read_script(u, &u->steps[i]);
	u->failed = u->count;
	return status;
}

void
undo_free(struct undo *u)
{
	free_steps(u);
	free(u->error);
	u->error = NULL;
}

int
undo_fail(struct undo *u, int status, const char *format, ...)
{
	va_list args;

	free(u->error);
	va_start(args, format);
	u->error = mem_vprintf(format, args);
	va_end(args);
	return status;
}

static int
refuse_history(struct undo *u)
{
	const struct history *h = u->history;
	size_t i;

	if (h->standby)
		return undo_fail(u, CLI_INPUT,
		    "the server is a standby, where nothing can be undone; "
		    "give the primary's URL");
	if (h->second != NULL)
		return undo_fail(u, CLI_NO,
		    "the schemas %s and %s have a _prisma_migrations each; "
		    "name the right one in the URL with ?schema=",
		    utf8_visible(h->schema), utf8_visible(h->second));
	for (i = 0; i < h->count; i++)
		if (h->rows[i].state == HISTORY_FAILED)
			return undo_fail(u, CLI_NO,
			    "P3009: %s: it has failed, or is running; settle "
			    "it first, with mg-apply or mg-mark",
			    utf8_visible(h->rows[i].name));
	return CLI_OK;
}

static void
free_steps(struct undo *u)
{
	while (u->count > 0) {
		u->count--;
		script_free(&u->steps[u->count].script);
		free(u->steps[u->count].down.path);
	}
	free(u->steps);
	u->steps = NULL;
}

/* All that are missing are told at once. */
static int
find_scripts(struct undo *u)
{
	size_t i, len, missing = 0;
	char *text;
	FILE *out = mem_stream(&text, &len);

	for (i = 0; i < u->count; i++)
		if (access(u->steps[i].down.path, F_OK) == -1)
			fprintf(out, "%s%s", missing++ == 0 ? "" : ", ",
			    utf8_visible(u->steps[i].down.path));
	fclose(out);
	if (missing > 0)
		(void)undo_fail(u, CLI_INPUT,
		    "%s: there is none, and nothing runs without; write what "
		    "undoes the migration.sql beside it",
		    text);
	free(text);
	return missing > 0 ? CLI_INPUT : CLI_OK;
}

static int
read_script(struct undo *u, struct undo_step *step)
{
	struct script *s = &step->script;
	const struct plan *plan = &s->plan;

	if (script_read(s, &step->down) == -1)
		return undo_fail(u, CLI_INPUT, "%s", s->error);
	if (plan->count == 0)
		return undo_fail(u, CLI_INPUT,
		    "%s: it has no statement; where nothing is to be undone, "
		    "SELECT 1 says so",
		    utf8_visible(s->path));
	if (!plan->atomic)
		return refuse_at(u, s, plan->reason);
	if (plan->steps[0].begin != PLAN_NONE)
		return refuse_at(
		    u, s, "it begins a transaction with modes of its own");
	return CLI_OK;
}

static int
refuse_at(struct undo *u, const struct script *s, const char *why)
{
	char *place = script_place(s, s->sql.statements[s->plan.at].begin);

	(void)undo_fail(u, CLI_INPUT,
	    "%s: %s, and all that is undone is one transaction", place, why);
	free(place);
	return CLI_INPUT;
}
