#include "rehearsal.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "client.h"
#include "clock.h"
#include "database.h"
#include "db.h"
#include "inventory.h"
#include "loading.h"
#include "mem.h"
#include "server.h"
#include "staging.h"

#define DATABASE "mg_rehearsal" /* its name in the private server */

enum { MAJOR = 10000, START_WAIT = 60000 };

static int restore(struct rehearsal *, struct backup *);
static int find_server(struct rehearsal *, const struct backup *);
static int rehearse(struct rehearsal *, struct backup *, const struct server *);
static int prepare(
    struct rehearsal *, const struct inventory *, struct db_options *);
static int create_roles(struct db *, const struct inventory *);
static int create_database(struct db *, const struct inventory *);
static int load(struct rehearsal *, const struct backup *);
static int compare(
    struct rehearsal *, const struct inventory *, struct db_options *);
static int note(struct rehearsal *, struct backup *, long);
static int fail(struct rehearsal *, int, const char *);

int
rehearsal_run(struct rehearsal *r, const char *path)
{
	struct backup b;
	int status = backup_load(&b, path);

	if (status != CLI_OK)
		fail(r, status, b.error);
	else if ((status = restore(r, &b)) != CLI_OK && r->error != NULL) {
		char *words = mem_printf("%s: rehearsal: %s", path, r->error);

		fail(r, status, words);
		free(words);
	}
	backup_close(&b);
	return status;
}

static int
restore(struct rehearsal *r, struct backup *b)
{
	struct server_options options = { .program = r->program,
		.wait = START_WAIT };
	struct server server = { 0 };
	long began = clock_ms();
	int status;

	r->progress.total =
	    json_object_size(json_object_get(b->sidecar.object, "tables"));
	if ((status = find_server(r, b)) != CLI_OK)
		return status;
	status = server_start(&server, &options);
	if (status == CLI_OK) {
		server_environment(&server);
		status = rehearse(r, b, &server);
	} else
		fail(r, status, server.error);
	if (server_stop(&server) == -1 && status == CLI_OK)
		status = fail(r, CLI_SYSTEM, server.error);
	server_free(&server);
	if (db_signal() != 0)
		return 128 + db_signal();
	return status == CLI_OK ? note(r, b, clock_ms() - began) : status;
}

/* Of the backup's own major version: another one may spell a catalog so. */
static int
find_server(struct rehearsal *r, const struct backup *b)
{
	int version = (int)sidecar_number(&b->sidecar, "server.number");
	char *path, *error;
	int status;

	version -= version % MAJOR;
	status = client_find("postgres", version, &path, &error);
	if (status != CLI_OK) {
		free(r->error);
		r->error = error;
		return status;
	}
	if (client_version(path) / MAJOR != version / MAJOR)
		status = fail(r, CLI_SYSTEM,
		    "there is no server of the backup's major version here; "
		    "install it or name its folder in MG_PGBIN");
	else
		setenv("MG_PGBIN", dirname(path), 1);
	free(path);
	return status;
}

static int
rehearse(struct rehearsal *r, struct backup *b, const struct server *server)
{
	struct db_options options = { .program = r->program };
	struct inventory was;
	int status;

	options.url = mem_copy(server->url);
	sidecar_inventory(&b->sidecar, &was);
	if ((status = prepare(r, &was, &options)) == CLI_OK &&
	    (status = load(r, b)) == CLI_OK)
		status = compare(r, &was, &options);
	inventory_free(&was);
	free(options.url);
	return status;
}

static int
prepare(struct rehearsal *r, const struct inventory *was,
    struct db_options *options)
{
	struct db db;
	int status = db_open(&db, options);

	if (status == CLI_OK &&
	    (create_roles(&db, was) == -1 || create_database(&db, was) == -1))
		status = CLI_SYSTEM;
	if (status != CLI_OK)
		fail(r, status, db.error.message);
	db_close(&db);
	if (status != CLI_OK)
		return status;
	/* From now on in that one. */
	free(options->url);
	options->url = NULL;
	setenv("PGDATABASE", DATABASE, 1);
	unsetenv("DATABASE_URL");
	if ((status = db_open(&db, options)) == CLI_OK &&
	    database_drop_defaults(&db, was) == -1)
		status = CLI_SYSTEM;
	if (status != CLI_OK)
		fail(r, status, db.error.message);
	db_close(&db);
	return status;
}

/* As superusers: some things only those may own. */
static int
create_roles(struct db *db, const struct inventory *was)
{
	char *name, *sql;
	int result = 0;
	size_t i;

	for (i = 0; i < was->nroles && result == 0; i++) {
		if (strcmp(was->roles[i], SERVER_USER) == 0)
			continue;
		name = db_quote_name(db, was->roles[i]);
		sql = mem_printf("CREATE ROLE %s SUPERUSER", name);
		result = db_query(db, sql, 0, NULL);
		free(sql);
		free(name);
	}
	return result;
}

/* The locale C goes with every encoding. */
static int
create_database(struct db *db, const struct inventory *was)
{
	bool utf8 = strcmp(was->encoding, "UTF8") == 0;
	char *encoding = db_quote_name(db, was->encoding);
	char *sql = mem_printf("CREATE DATABASE " DATABASE
			       " TEMPLATE template0 ENCODING %s %s",
	    encoding, utf8 ? "" : "LOCALE 'C'");
	int result = db_query(db, sql, 0, NULL);

	free(sql);
	free(encoding);
	return result;
}

static int
load(struct rehearsal *r, const struct backup *b)
{
	struct loading l = { .backup = b,
		.database = DATABASE,
		.version = (int)sidecar_number(&b->sidecar, "server.number"),
		.jobs = r->jobs,
		.progress = &r->progress };
	int status = loading_run(&l);

	if (status != CLI_OK)
		status =
		    fail(r, status == CLI_SYSTEM ? CLI_NO : status, l.error);
	loading_free(&l);
	return status;
}

static int
compare(struct rehearsal *r, const struct inventory *was,
    struct db_options *options)
{
	struct inventory is = { 0 };
	struct db db;
	int status = db_open(&db, options);

	if (status == CLI_OK &&
	    (inventory_count(&is, &db) == -1 ||
		inventory_catalog(&is, &db, NULL) == -1))
		status = CLI_SYSTEM;
	if (status != CLI_OK)
		fail(r, status, db.error.message);
	else if (!inventory_compare(was, &is, r->tell))
		status = fail(
		    r, CLI_NO, "what it restores is not what was backed up");
	inventory_free(&is);
	db_close(&db);
	return status;
}

static int
note(struct rehearsal *r, struct backup *b, long ms)
{
	time_t now = time(NULL);
	char at[32];
	struct tm tm;

	(void)gmtime_r(&now, &tm);
	(void)strftime(at, sizeof(at), "%Y-%m-%dT%H:%M:%SZ", &tm);
	json_object_set_new(b->sidecar.object, "rehearsed",
	    json_pack("{s:s, s:I}", "at", at, "ms", (json_int_t)ms));
	if (staging_note(b->sidecar_path, &b->sidecar) == -1)
		return fail(r, CLI_SYSTEM, strerror(errno));
	return CLI_OK;
}

static int
fail(struct rehearsal *r, int status, const char *why)
{
	free(r->error);
	r->error = mem_copy(why);
	return status;
}

void
rehearsal_free(struct rehearsal *r)
{
	free(r->error);
	r->error = NULL;
}
