#include "ahead.h"

#include "cli.h"
#include "mem.h"

static void *open_and_read(void *);

void
ahead_begin(struct ahead *a)
{
	a->error = NULL;
	a->running = pthread_create(&a->thread, NULL, open_and_read, a) == 0;
}

int
ahead_end(struct ahead *a)
{
	if (a->running)
		(void)pthread_join(a->thread, NULL);
	else
		(void)open_and_read(a);
	a->running = false;
	return a->status;
}

int
ahead_records(
    struct ahead *a, struct migrations *m, FILE *in, const char *source)
{
	ahead_begin(a);
	if (migrations_read_some(m, in, source) == 0)
		return ahead_end(a);
	a->error = mem_copy(m->error);
	return CLI_INPUT;
}

static void *
open_and_read(void *argument)
{
	struct ahead *a = argument;
	struct db_error *error = &a->db->error;

	a->status = db_open(a->db, a->options);
	if (a->status != CLI_OK)
		a->error = mem_copy(error->message);
	else if (a->read(a->history, a->db) == -1) {
		a->status = db_error_status(error);
		a->error = mem_printf(
		    "the history cannot be read: %s", error->message);
	}
	return NULL;
}
