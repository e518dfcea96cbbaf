/*
 * mg-status - say of each migration what the database's history says of it
 *
 * Reads records, adds "state", and writes a record for each row of the
 * history whose migration is not among them.  Nothing is locked or changed.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ahead.h"
#include "baseline.h"
#include "cli.h"
#include "db.h"
#include "history.h"
#include "knex.h"
#include "mem.h"
#include "record.h"
#include "resume.h"
#include "state.h"

enum { PENDING = CLI_OWN, EXIT_CODE };

static const struct cli cli = {
	.name = "mg-status",
	.synopsis = "[-q] [-C DIR] [-d URL] [--exit-code] [--pending] "
		    "[--wait DURATION]",
	.summary = "Say of each migration what the database's history says "
		   "of it.",
	.options =
	    (const struct cli_option[]){
		{ .key = 'C' },
		{ .key = 'd' },
		{ .key = 'q' },
		{ EXIT_CODE, "exit-code", NULL,
		    "exit 1 unless all are applied" },
		{ PENDING, "pending", NULL,
		    "only those that mg-apply would run" },
		{ .key = CLI_WAIT },
		{ 0 },
	    },
};

struct options {
	struct db_options db;
	bool pending, exit_code;
};

static void read_options(struct options *, int, char *[]);
static bool print_states(
    const struct baselines *, const struct history *, bool);
static enum state state_beside(const struct baselines *, size_t,
    const struct history *, const struct history_row **);
static void tell_baseline(const struct baseline *, struct json_t *);
static bool print_others(
    const struct baselines *, const struct history *, bool);
static bool runs(enum state, const struct history_row *);
static int by_order(const void *, const void *);
static void print_row(const struct baselines *, const struct history_row *);

int
main(int argc, char *argv[])
{
	struct options options = { 0 };
	struct migrations migrations;
	struct baselines baselines;
	struct history history = { 0 };
	struct db db;
	struct ahead ahead = { .options = &options.db,
		.db = &db,
		.history = &history,
		.whole = true };
	bool well;
	int status;

	read_options(&options, argc, argv);
	ahead_begin(&ahead);
	if (migrations_read_while(
		&migrations, stdin, "<stdin>", ahead_go_on, &ahead) == -1)
		errx(CLI_INPUT, "%s", migrations.error);
	if (baselines_read(&baselines, &migrations) == -1)
		errx(CLI_INPUT, "%s", baselines.names.error);
	if ((status = ahead_end(&ahead)) != CLI_OK)
		errx(status, "%s", ahead.error);
	if (knex_read(&history, &migrations, &db) == -1)
		errx(CLI_SYSTEM, "the history of knex cannot be read: %s",
		    db.error.message);
	baselines_decide(&baselines, &history, migrations.count, NULL);
	well = print_states(&baselines, &history, options.pending);
	well &= print_others(&baselines, &history, options.pending);

	baselines_free(&baselines);
	history_free(&history);
	migrations_free(&migrations);
	db_close(&db);
	free(options.db.url);
	return cli_finish(options.exit_code && !well ? CLI_NO : CLI_OK);
}

static void
read_options(struct options *o, int argc, char *argv[])
{
	int option;

	o->db =
	    (struct db_options){ .program = cli.name, .notice = cli_notice };
	while ((option = cli_next(&cli, argc, argv)) != -1)
		switch (option) {
		case EXIT_CODE:
			o->exit_code = true;
			break;
		case PENDING:
			o->pending = true;
			break;
		default:
			db_take_option(&o->db, option);
			break;
		}
	cli_no_operands(&cli, argc, argv);
}

/* Returns whether all of them are applied, and as they are now. */
static bool
print_states(const struct baselines *b, const struct history *h, bool pending)
{
	const struct migrations *m = b->migrations;
	const struct history_row *row;
	enum state state;
	bool well = true;
	size_t i;

	for (i = 0; i < m->count; i++) {
		state = state_beside(b, i, h, &row);
		well &= state == STATE_APPLIED || state == STATE_REPLACED;
		if (pending && !runs(state, row))
			continue;
		record_set_string(
		    m->list[i].object, "state", state_name(state));
		tell_baseline(&b->list[i], m->list[i].object);
		record_write(m->list[i].object, stdout);
	}
	return well;
}

/* What a baseline runs instead of is not pending. */
static enum state
state_beside(const struct baselines *b, size_t i, const struct history *h,
    const struct history_row **row)
{
	enum state state = state_of(h, &b->migrations->list[i], row);

	return b->list[i].fate == BASELINE_REPLACED ? STATE_REPLACED : state;
}

static void
tell_baseline(const struct baseline *baseline, struct json_t *record)
{
	if (baseline->reason != NULL) {
		record_set_string(record, "plan", "refused");
		record_set_string(record, "reason", baseline->reason);
	} else if (baseline->fate == BASELINE_RECORDED)
		record_set_string(record, "plan", "recorded");
}

/* Would mg-apply run it, or record it? */
static bool
runs(enum state state, const struct history_row *row)
{
	return state == STATE_PENDING || state == STATE_ROLLED_BACK ||
	    (state == STATE_FAILED && resume_is_ours(row));
}

/*
 * A record for each name that only the history has, in the order that they
 * were started.  Returns whether none of them is failed.
 */
static bool
print_others(const struct baselines *b, const struct history *h, bool pending)
{
	const struct history_row **others, *row;
	bool well = true;
	size_t i, count = 0;

	others = mem_resize(NULL, h->count, sizeof(*others));
	for (i = 0; i < h->count; i++) {
		(void)history_state(h, h->rows[i].name, &row);
		if (row == &h->rows[i] &&
		    migrations_find(b->migrations, row->name) ==
			b->migrations->count)
			others[count++] = row;
	}
	qsort(others, count, sizeof(*others), by_order);
	for (i = 0; i < count; i++) {
		well &= others[i]->state != HISTORY_FAILED;
		if (!pending)
			print_row(b, others[i]);
	}
	free(others);
	return well;
}

static int
by_order(const void *a, const void *b)
{
	const struct history_row *const *x = a, *const *y = b;

	return ((*x)->order > (*y)->order) - ((*x)->order < (*y)->order);
}

static void
print_row(const struct baselines *b, const struct history_row *row)
{
	static const enum state states[] = {
		[HISTORY_APPLIED] = STATE_MISSING,
		[HISTORY_FAILED] = STATE_FAILED,
		[HISTORY_ROLLED_BACK] = STATE_ROLLED_BACK,
	};
	enum state state = states[row->state];
	struct json_t *record = record_new();

	if (state == STATE_MISSING &&
	    replaced_find(&b->names, row->name) < b->names.count)
		state = STATE_REPLACED;
	record_set_string(record, "name", row->name);
	record_set_string(record, "checksum", row->checksum);
	record_set_string(record, "state", state_name(state));
	record_write(record, stdout);
	record_free(record);
}
