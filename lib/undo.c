#include "undo_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "execution.h"
#include "knex.h"
#include "mem.h"
#include "utf8.h"

static int refuse_history(struct undo *);
static void free_steps(struct undo *);
static int refuse_missing(struct undo *);
static int check(struct undo *, struct undo_step *);
static int check_program(struct undo *, const struct undo_step *);
static int check_knex(struct undo *, const struct migration *);
static int read_script(struct undo *, struct undo_step *);
static int refuse_at(struct undo *, const struct script *, const char *);

int
undo_choose(struct undo *u)
{
	struct replaced replaced;
	size_t i;
	int status;

	undo_free(u);
	if (knex_merge(u->history, u->migrations, u->db) == -1)
		return undo_fail(u, db_error_status(&u->db->error),
		    "the history of knex cannot be read: %s",
		    u->db->error.message);
	if ((status = refuse_history(u)) != CLI_OK)
		return status;
	if (replaced_read(&replaced, u->migrations) == -1)
		status = undo_fail(u, CLI_INPUT, "%s", replaced.error);
	else
		status = undo_list(u, &replaced);
	replaced_free(&replaced);
	if (status == CLI_OK)
		status = refuse_missing(u);
	for (i = 0; i < u->count && status == CLI_OK; i++)
		status = check(u, &u->steps[i]);
	u->failed = u->count;
	return status;
}

bool
undo_has_programs(const struct undo *u)
{
	size_t i;

	for (i = 0; i < u->count; i++)
		if (u->steps[i].down.script)
			return true;
	return false;
}

void
undo_free(struct undo *u)
{
	free_steps(u);
	free(u->error);
	u->error = NULL;
	u->undone = u->failed = 0;
	u->broken = u->unknown = false;
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
		down_free(&u->steps[u->count].down);
	}
	free(u->steps);
	u->steps = NULL;
}

/* All that are missing are told at once. */
static int
refuse_missing(struct undo *u)
{
	const struct down *down;
	size_t i, len, missing = 0;
	char *text;
	FILE *out = mem_stream(&text, &len);

	for (i = 0; i < u->count; i++) {
		down = &u->steps[i].down;
		if (!down->there)
			fprintf(out, "%s%s%s", missing++ == 0 ? "" : ", ",
			    down->own ? "an export of down in " : "",
			    utf8_visible(down->path));
	}
	fclose(out);
	if (missing > 0)
		(void)undo_fail(u, CLI_INPUT,
		    "%s: there is none, and nothing runs without; write what "
		    "takes the migration back",
		    text);
	free(text);
	return missing > 0 ? CLI_INPUT : CLI_OK;
}

static int
check(struct undo *u, struct undo_step *step)
{
	int status =
	    step->down.script ? check_program(u, step) : read_script(u, step);

	return status == CLI_OK && knex_has(step->migration)
	    ? check_knex(u, step->migration)
	    : status;
}

static int
check_program(struct undo *u, const struct undo_step *step)
{
	struct interpreter interpreter = { 0 };
	int status = CLI_OK;

	if (u->db->pooled)
		return undo_fail(u, CLI_INPUT, "%s: " EXECUTION_WANTS_SESSION,
		    utf8_visible(step->down.path));
	if (down_interpreter(&step->down, step->migration, &interpreter) == -1)
		status = undo_fail(u, CLI_INPUT, "%s", interpreter.error);
	interpreter_free(&interpreter);
	return status;
}

/* Whoever took it back did not tell us, and it must not be done twice. */
static int
check_knex(struct undo *u, const struct migration *m)
{
	int knows = knex_knows(m, u->db);

	if (knows == -1)
		return undo_fail(u, db_error_status(&u->db->error),
		    "the history of knex cannot be read: %s",
		    u->db->error.message);
	if (knows == 1)
		return CLI_OK;
	return undo_fail(u, CLI_NO,
	    "%s: it is applied, but knex has no row of it in %s, and may have "
	    "taken it back; look what the database has of it: if all of it, "
	    "mg-mark --applied %s writes that row; if nothing, delete its row "
	    "of _prisma_migrations",
	    utf8_visible(m->name),
	    utf8_visible(record_string(m->object, "knex_table")),
	    utf8_visible(m->name));
}

static int
read_script(struct undo *u, struct undo_step *step)
{
	struct script *s = &step->script;
	const struct plan *plan = &s->plan;
	struct migration down = { .name = step->migration->name,
		.path = step->down.path };

	if (script_read(s, &down) == -1)
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
	    "%s: %s, and all that is undone by SQL is one transaction", place,
	    why);
	free(place);
	return CLI_INPUT;
}
