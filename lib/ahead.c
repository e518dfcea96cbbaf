#include "ahead.h"

#include "cli.h"
#include "mem.h"

static void open_and_ask(struct ahead *);

void
ahead_begin(struct ahead *a)
{
	a->error = NULL;
	a->open = a->asked = false;
	a->status = db_open_begin(a->db, a->options);
}

void
ahead_go_on(void *arg)
{
	struct ahead *a = arg;

	if (a->status == CLI_OK && !a->open && db_open_goes_on(a->db))
		open_and_ask(a);
}

int
ahead_end(struct ahead *a)
{
	struct db_error *error = &a->db->error;

	if (a->status == CLI_OK && !a->open)
		open_and_ask(a);
	if (a->status != CLI_OK)
		a->error = mem_copy(error->message);
	else if (!a->asked ||
	    history_answer(a->history, a->db, a->whole) == -1) {
		a->status = db_error_status(error);
		a->error = mem_printf(
		    "the history cannot be read: %s", error->message);
	}
	return a->status;
}

int
ahead_records(
    struct ahead *a, struct migrations *m, FILE *in, const char *source)
{
	ahead_begin(a);
	if (migrations_read_while(m, in, source, ahead_go_on, a) == 0 &&
	    migrations_expect(m) == 0)
		return ahead_end(a);
	a->error = mem_copy(m->error);
	return CLI_INPUT;
}

static void
open_and_ask(struct ahead *a)
{
	a->open = true;
	a->status = db_open_end(a->db);
	a->asked = a->status == CLI_OK && history_ask(a->db, a->whole) == 0;
}
