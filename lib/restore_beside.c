#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "database.h"
#include "loading.h"
#include "mem.h"
#include "restore_private.h"
#include "swap.h"

static int make(struct restore *);
static int load(struct restore *);
static int copy_properties(struct restore *);
static int compare_whole(struct restore *, const char *);
static int change_names(struct restore *);

int
restore_beside(struct restore *r)
{
	int status;

	if ((status = make(r)) != CLI_OK || (status = load(r)) != CLI_OK ||
	    (status = restore_judge(r, r->fresh)) != CLI_OK ||
	    (status = copy_properties(r)) != CLI_OK)
		return status;
	return db_signal() != 0 ? 128 + db_signal() : change_names(r);
}

static int
make(struct restore *r)
{
	struct connection c;
	int status;

	if (database_create_like(
		&r->server.db, r->name, r->fresh, r->was.encoding) == -1)
		return restore_fail_db(
		    r, db_error_status(&r->server.db.error), &r->server.db);
	r->made = true;
	status = connection_open(&c, &r->options, r->fresh);
	if (status == CLI_OK && database_drop_defaults(&c.db, &r->was) == -1)
		status = CLI_SYSTEM;
	if (status != CLI_OK)
		restore_fail_db(r, status, &c.db);
	connection_close(&c);
	return status;
}

static int
load(struct restore *r)
{
	struct loading l = { .backup = r->backup,
		.database = r->fresh,
		.version = r->server.db.version,
		.jobs = r->jobs,
		.progress = &r->progress };
	int status = loading_run(&l);

	if (status != CLI_OK)
		restore_fail(r, status, l.error);
	loading_free(&l);
	return status;
}

int
restore_judge(struct restore *r, const char *database)
{
	struct inventory is = { 0 };
	struct connection c;
	int status = connection_open(&c, &r->options, database);

	if (status != CLI_OK)
		restore_fail_db(r, status, &c.db);
	else if (inventory_count(&is, &c.db) == -1 ||
	    inventory_catalog(&is, &c.db, NULL) == -1)
		status = restore_fail_db(r, CLI_SYSTEM, &c.db);
	else if (!inventory_compare(&r->was, &is, r->tell))
		status = restore_fail(
		    r, CLI_NO, "what came is not what was backed up");
	/* Without statistics the first queries would take for ever. */
	else if (connection_run(&c, "ANALYZE") == -1)
		status = restore_fail_db(r, CLI_SYSTEM, &c.db);
	inventory_free(&is);
	connection_close(&c);
	return status;
}

/* The database's own settings and privileges are those of the old one. */
static int
copy_properties(struct restore *r)
{
	struct inventory is = { 0 };
	struct connection c;
	int status;

	if (!r->exists)
		return CLI_OK;
	if (database_copy_properties(&r->server.db, r->name, r->fresh) == -1)
		return restore_fail_db(
		    r, db_error_status(&r->server.db.error), &r->server.db);
	if ((status = connection_open(&c, &r->options, r->fresh)) != CLI_OK)
		restore_fail_db(r, status, &c.db);
	else if (inventory_catalog(&is, &c.db, NULL) == -1)
		status = restore_fail_db(r, CLI_SYSTEM, &c.db);
	else
		status = compare_whole(r, is.whole);
	inventory_free(&is);
	connection_close(&c);
	return status;
}

static int
compare_whole(struct restore *r, const char *is)
{
	if (strcmp(r->now.whole, is) == 0)
		return CLI_OK;
	r->tell("it was:");
	r->tell(r->now.whole);
	r->tell("and the new one is:");
	r->tell(is);
	return restore_fail(r, CLI_NO,
	    "the database's own settings and privileges could not be copied");
}

static int
change_names(struct restore *r)
{
	struct swap s = { .name = r->name,
		.fresh = r->fresh,
		.exists = r->exists,
		.terminate = r->terminate };
	int status = restore_check_sessions(r);

	if (status != CLI_OK)
		return status;
	status = swap_run(&s, &r->server, &r->options, r->home);
	if (status == CLI_OK) {
		r->made = false;
		r->kept = s.kept == NULL ? NULL : mem_copy(s.kept);
	} else
		restore_fail(r, status, s.error);
	swap_free(&s);
	return status;
}
