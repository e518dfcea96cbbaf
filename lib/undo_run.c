#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "lock.h"
#include "mem.h"
#include "undo_private.h"
#include "utf8.h"

/* How long a server that broke off may take to come back, in milliseconds. */
enum { COMES_BACK = 5000 };

/* Whatever is the default: under the lock the history is read as it is. */
static const char begin[] = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

static int prepare(struct undo *);
static int take_lock(struct undo *);
static int give_up(struct undo *, int);
static void write_rest(FILE *, const struct undo *, int);

int
undo_run(struct undo *u)
{
	int status;

	db_catch_signals();
	status = prepare(u);
	while (status == CLI_OK && u->undone < u->count) {
		u->failed = u->undone;
		status = u->steps[u->undone].down.script ? undo_program(u)
							 : undo_sql(u);
	}
	if (u->undone == u->count)
		u->failed = u->count;
	history_sql_free(&u->sql);
	return give_up(u, status);
}

/* Who had the lock may have changed what there is to undo. */
static int
prepare(struct undo *u)
{
	struct db *db = u->db;
	int status;

	if (undo_begin(u) == -1)
		return undo_fail(
		    u, db_error_status(&db->error), "%s", db->error.message);
	if ((status = take_lock(u)) != CLI_OK)
		return status;
	if (history_read(u->history, db) == -1)
		return undo_fail(u, db_error_status(&db->error),
		    "the history cannot be read: %s", db->error.message);
	history_sql_free(&u->sql);
	history_sql_make(&u->sql, u->history);
	return undo_choose(u);
}

int
undo_begin(struct undo *u)
{
	if (db_in_transaction(u->db))
		return 0;
	if (db_query(u->db, begin, 0, NULL) == -1)
		return -1;
	return undo_set_up(u->db);
}

int
undo_set_up(struct db *db)
{
	if (db->local != NULL && db_query(db, db->local, 0, NULL) == -1)
		return -1;
	return db->strings && !db->pooled ? db_query(db, DB_STRINGS, 0, NULL)
					  : 0;
}

/* Behind a transaction pooler it is the transaction's. */
static int
take_lock(struct undo *u)
{
	char *holder = NULL;
	int status = lock_take(u->db, u->lock_wait, &holder);

	if (status == CLI_SYSTEM)
		return undo_fail(
		    u, status, "the migration lock: %s", u->db->error.message);
	if (status == CLI_RETRY)
		(void)undo_fail(u, status, "%s", holder);
	free(holder);
	return status;
}

int
undo_open_again(const struct undo *u, struct db *db, struct db_options *options)
{
	*options = *u->db->options;
	options->notice = NULL;
	if (options->wait < COMES_BACK)
		options->wait = COMES_BACK;
	return db_open(db, options);
}

int
undo_verdict(const struct db_error *e)
{
	static const char *const locks[] = { "55P03", "40P01", "40001" };
	size_t i;

	for (i = 0; i < sizeof(locks) / sizeof(*locks); i++)
		if (strcmp(e->sqlstate, locks[i]) == 0)
			return CLI_RETRY;
	return e->lost || strncmp(e->sqlstate, "53", 2) == 0 ||
		strncmp(e->sqlstate, "58", 2) == 0
	    ? CLI_SYSTEM
	    : CLI_NO;
}

/* Also where nothing was to be done; a COMMIT may have been the last word. */
static int
give_up(struct undo *u, int status)
{
	char *why = u->error, *text;
	size_t len;
	FILE *out;

	if (!u->db->error.lost && db_in_transaction(u->db))
		(void)db_query(u->db, "ROLLBACK", 0, NULL);
	if (status == CLI_OK)
		return status;
	out = mem_stream(&text, &len);
	fprintf(out, "%s\n", why);
	write_rest(out, u, status);
	fclose(out);
	free(why);
	u->error = text;
	/* As the shell says it of one that a signal ended. */
	return db_signal() != 0 ? 128 + db_signal() : status;
}

/* What is undone, what is not, and what to do next. */
static void
write_rest(FILE *out, const struct undo *u, int status)
{
	const char *name = u->failed < u->count
	    ? utf8_visible(u->steps[u->failed].migration->name)
	    : "";
	size_t i;

	if (u->undone > 0) {
		fprintf(out, "%zu of %zu are undone: ", u->undone, u->count);
		for (i = 0; i < u->undone; i++)
			fprintf(out, "%s%s", i == 0 ? "" : ", ",
			    utf8_visible(u->steps[i].migration->name));
	}
	if (u->unknown)
		fprintf(out,
		    "%swhether %s was undone is not known; look with mg-status "
		    "before you do it again",
		    u->undone > 0 ? "\n" : "", name);
	else if (u->broken)
		fprintf(out,
		    "%s%s: look what the database has of it: if all of it, "
		    "mg-mark --applied %s, and undo it again; if nothing, "
		    "mg-mark --rolled-back %s",
		    u->undone > 0 ? "\n" : "", name, name, name);
	else
		fprintf(out, "%s%s",
		    u->undone > 0 ? "; the others are as they were"
				  : "nothing was undone",
		    status == CLI_RETRY ? "; try again" : "");
}
