#include "restore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "activity.h"
#include "cli.h"
#include "database.h"
#include "environment.h"
#include "mem.h"
#include "restore_private.h"
#include "swap.h"
#include "url.h"

static const char kept[] =
    "SELECT datname FROM pg_catalog.pg_database"
    " WHERE left(datname, length($1)) = $1"
    " AND substr(datname, length($1) + 1) ~ '^\\d{8}_\\d{6}$' ORDER BY 1";

static int find_name(struct restore *);
static char *named(const struct restore *);
static int open_server(struct restore *);
static int lock(struct restore *);
static int look_around(struct restore *);
static int sweep(struct restore *);
static int exists(struct restore *, const char *);
static int drop(struct restore *, const char *, const char *);

int
restore_open(struct restore *r)
{
	const char *url = db_url(&r->options);
	int status;

	if (url == NULL && getenv("PGSERVICE") != NULL)
		return restore_fail(r, CLI_INPUT,
		    "PGSERVICE: its database would win over the new one; give "
		    "the server's URL");
	if (r->options.url == NULL && url != NULL)
		r->options.url = mem_copy(url);
	if ((status = find_name(r)) != CLI_OK ||
	    (status = open_server(r)) != CLI_OK)
		return status;
	if (url != NULL) {
		/* pg_restore reads libpq's own variables. */
		unsetenv("PGSERVICE");
		environment_follow(r->options.url);
	}
	unsetenv("DIRECT_URL");
	unsetenv("DATABASE_URL");
	r->fresh = swap_fresh(r->name);
	return (status = lock(r)) == CLI_OK ? look_around(r) : status;
}

static int
find_name(struct restore *r)
{
	struct db db;
	int status = db_open(&db, &r->options);

	r->exists = status == CLI_OK;
	if (status == CLI_OK &&
	    db_query(&db, "SELECT current_database()", 0, NULL) == 0)
		r->name = mem_copy(db_value(&db, 0, 0));
	else if (strcmp(db.error.sqlstate, "3D000") == 0 && !r->in_place)
		r->name = named(r);
	if (r->name == NULL)
		restore_fail_db(r, status, &db);
	db_close(&db);
	return r->name != NULL ? CLI_OK
	    : status == CLI_OK ? CLI_SYSTEM
			       : status;
}

/* That there is none of the name is no obstacle. */
static char *
named(const struct restore *r)
{
	const char *name = getenv("PGDATABASE");
	struct url url = { 0 };
	char *copy;
	size_t i;

	if (r->options.url != NULL && url_read(&url, r->options.url) == 0)
		for (i = 0; i < url.nsettings; i++)
			if (strcmp(url.keywords[i], "dbname") == 0)
				name = url.values[i];
	copy = name == NULL ? NULL : mem_copy(name);
	url_free(&url);
	return copy;
}

/* Nobody can rename the database that he is in. */
static int
open_server(struct restore *r)
{
	static const char *const homes[] = { "postgres", "template1" };
	int status = CLI_SYSTEM;
	size_t i;

	for (i = 0; i < 2 && status != CLI_OK; i++) {
		if (!r->in_place && strcmp(homes[i], r->name) == 0)
			continue;
		free(r->home);
		r->home = mem_copy(r->in_place ? r->name : homes[i]);
		connection_close(&r->server);
		status = connection_open(&r->server, &r->options, r->home);
	}
	if (status != CLI_OK)
		restore_fail_db(r, status, &r->server.db);
	return status;
}

static int
lock(struct restore *r)
{
	const char *values[] = { r->fresh };
	struct db *db = &r->server.db;

	if (db_query(db,
		"SELECT pg_try_advisory_lock(pg_catalog.hashtextextended("
		"'mg-restore ' || $1, 0))",
		1, values) == -1)
		return restore_fail_db(r, CLI_SYSTEM, db);
	if (!db_true(db, 0, 0))
		return restore_fail(r, CLI_RETRY,
		    "another restore of this database is running");
	return CLI_OK;
}

static int
look_around(struct restore *r)
{
	int status, found;

	if (r->backup == NULL)
		return CLI_OK;
	sidecar_inventory(&r->backup->sidecar, &r->was);
	if (!r->in_place && (status = sweep(r)) != CLI_OK)
		return status;
	found = activity_replication(&r->server.db, r->name, r->tell);
	if (found == -1)
		return restore_fail_db(r, CLI_SYSTEM, &r->server.db);
	if (found > 0)
		return restore_fail(r, CLI_INPUT,
		    "this would stay with the old database: drop or disable "
		    "it first");
	if (r->in_place &&
	    sidecar_text(&r->backup->sidecar, "rehearsed.at") == NULL)
		r->tell("this backup was never rehearsed: mg-backup --rehearse "
			"shows whether it is what it should be");
	return restore_check_sessions(r);
}

int
restore_check_sessions(struct restore *r)
{
	int found;

	if (r->terminate || r->dry_run)
		return CLI_OK;
	found = activity_list(&r->server.db, r->name, r->tell);
	if (found == -1)
		return restore_fail_db(r, CLI_SYSTEM, &r->server.db);
	if (found > 0)
		return restore_fail(r, CLI_RETRY,
		    "the database is in use; stop who is connected, or end "
		    "them with --terminate");
	return CLI_OK;
}

/* We have the lock: nobody works on it any more. */
static int
sweep(struct restore *r)
{
	int found = exists(r, r->fresh);

	if (found == -1)
		return restore_fail_db(r, CLI_SYSTEM, &r->server.db);
	if (found == 0)
		return CLI_OK;
	return drop(r, r->fresh, "left by a restore that was interrupted");
}

static int
exists(struct restore *r, const char *name)
{
	const char *values[] = { name };

	if (db_query(&r->server.db,
		"SELECT FROM pg_catalog.pg_database WHERE datname = $1", 1,
		values) == -1)
		return -1;
	return r->server.db.count > 0;
}

static int
drop(struct restore *r, const char *name, const char *why)
{
	char *words = mem_printf("database %s, %s, %s dropped", name, why,
	    r->dry_run ? "would be" : "is");

	r->tell(words);
	free(words);
	if (!r->dry_run && database_drop(&r->server.db, name) == -1)
		return restore_fail_db(
		    r, db_error_status(&r->server.db.error), &r->server.db);
	return CLI_OK;
}

int
restore_foresee(struct restore *r)
{
	struct connection c;
	int status = CLI_OK;

	if (!r->exists)
		return CLI_OK;
	if ((status = connection_open(&c, &r->options, r->name)) != CLI_OK)
		restore_fail_db(r, status, &c.db);
	else if (inventory_count(&r->now, &c.db) == -1 ||
	    inventory_catalog(&r->now, &c.db, NULL) == -1 ||
	    inventory_since(&r->was, &r->now, &c.db, r->tell) == -1)
		status =
		    restore_fail_db(r, db_error_status(&c.db.error), &c.db);
	connection_close(&c);
	return db_signal() == 0 ? status : 128 + db_signal();
}

int
restore_run(struct restore *r)
{
	int status = r->in_place ? restore_in_place(r) : restore_beside(r);

	if (status != CLI_OK && db_signal() != 0)
		status = 128 + db_signal();
	/* Nothing of it is wanted any longer. */
	if (r->made && database_drop(&r->server.db, r->fresh) == -1)
		r->tell(
		    "the new database could not be dropped; the next restore "
		    "will");
	return status;
}

int
restore_drop_kept(struct restore *r)
{
	char *prefix = swap_prefix(r->name), **names;
	const char *values[] = { prefix };
	struct db *db = &r->server.db;
	int status = CLI_OK;
	size_t i, count;

	if (r->kept != NULL)
		status = drop(r, r->kept, "the old one");
	else if (db_query(db, kept, 1, values) == -1)
		status = restore_fail_db(r, CLI_SYSTEM, db);
	count = status == CLI_OK && r->kept == NULL ? db->count : 0;
	names = mem_resize(NULL, count, sizeof(*names));
	for (i = 0; i < count; i++)
		names[i] = mem_copy(db_value(db, i, 0));
	for (i = 0; i < count; i++) {
		if (status == CLI_OK)
			status = drop(r, names[i], "kept by a restore");
		free(names[i]);
	}
	free(names);
	free(prefix);
	return status;
}

int
restore_fail(struct restore *r, int status, const char *why)
{
	free(r->error);
	r->error = mem_copy(why);
	return status;
}

int
restore_fail_db(struct restore *r, int status, const struct db *db)
{
	const struct db_error *e = &db->error;
	char *words = e->detail == NULL
	    ? mem_copy(e->message)
	    : mem_printf("%s: %s", e->message, e->detail);

	restore_fail(r, status, words);
	free(words);
	return status;
}

void
restore_close(struct restore *r)
{
	connection_close(&r->server);
	inventory_free(&r->was);
	inventory_free(&r->now);
	free(r->options.url);
	free(r->name);
	free(r->kept);
	free(r->error);
	free(r->home);
	free(r->fresh);
}
