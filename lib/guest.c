#include "guest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "cli.h"
#include "environment.h"
#include "mem.h"

/* What the keeper makes, as it knows it. */
struct stay {
	struct db_options options; /* lead to the server */
	char *database;            /* NULL: there is none to drop */
};

static int choose_url(struct guest *, const char *);
static int make(void *, char **);
static int clear(void *, char **);
static int create(struct db *, const char *);
static int drop(struct stay *, char **);
static int query_named(struct db *, const char *, const char *, const char *);

int
guest_start(struct guest *g, const struct db_options *options)
{
	struct stay stay = { .options = *options };
	struct keeper_task task = { make, clear, &stay };
	int status;

	*g = (struct guest){ 0 };
	if ((status = choose_url(g, options->url)) != CLI_OK)
		return status;
	stay.options.url = g->server_url;
	status = keeper_start(&g->keeper, &task);
	g->error = g->keeper.error;
	g->database = g->keeper.made;
	if (status != CLI_OK)
		return status;
	g->made_url = g->server_url != NULL
	    ? environment_replace(g->server_url, g->database)
	    : environment_own_url(g->database);
	g->url = g->made_url;
	return CLI_OK;
}

void
guest_environment(const struct guest *g)
{
	if (g->server_url != NULL)
		environment_follow(g->server_url);
	environment_database(g->database, g->url);
}

int
guest_stop(struct guest *g)
{
	int result = keeper_stop(&g->keeper);

	g->error = g->keeper.error;
	return result;
}

void
guest_free(struct guest *g)
{
	keeper_free(&g->keeper);
	free(g->server_url);
	free(g->made_url);
	*g = (struct guest){ 0 };
}

/* As db_open does, but for what would lead past the new database. */
static int
choose_url(struct guest *g, const char *url)
{
	static const char *const names[] = { "DIRECT_URL", "DATABASE_URL" };
	size_t i;

	for (i = 0; i < 2 && (url == NULL || *url == '\0'); i++)
		url = getenv(names[i]);
	if (url == NULL || *url == '\0') {
		if (getenv("PGSERVICE") == NULL)
			return CLI_OK;
		g->error = "PGSERVICE: its database would win over the new "
			   "one; give the server's URL";
		return CLI_INPUT;
	}
	if (strncmp(url, "prisma", strlen("prisma")) == 0) {
		g->error = "database URL: a postgresql:// URL is needed here";
		return CLI_INPUT;
	}
	g->server_url = mem_copy(url);
	unsetenv("PGSERVICE");
	unsetenv("PGHOSTADDR");
	return CLI_OK;
}

static int
make(void *thing, char **text)
{
	struct stay *stay = thing;
	struct db db = { 0 };
	unsigned long random;
	int status;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return keeper_say(text, CLI_SYSTEM, "%s", strerror(errno));
	if ((status = db_open(&db, &stay->options)) == CLI_OK) {
		keeper_commit();
		stay->database = mem_printf("mg_scratch_%016lx", random);
		if (create(&db, stay->database) == -1)
			status = strcmp(db.error.sqlstate, "42501") == 0
			    ? CLI_INPUT
			    : CLI_SYSTEM;
	}
	keeper_say(text, status, "%s",
	    status == CLI_OK ? stay->database : db.error.message);
	db_close(&db);
	return status;
}

/*
 * Copying the template's files takes a third of the time of logging them, but
 * brings two checkpoints, which only a server without fsync has for nothing.
 */
static int
create(struct db *db, const char *name)
{
	static const char logged[] = " TEMPLATE template0 ENCODING 'UTF8'";
	static const char copied[] =
	    " TEMPLATE template0 ENCODING 'UTF8' STRATEGY FILE_COPY";

	if (db_query(db, "SELECT current_setting('fsync') = 'off'", 0, NULL) ==
	    -1)
		return -1;
	return query_named(db, "CREATE DATABASE ", name,
	    db->version >= 150000 && db_true(db, 0, 0) ? copied : logged);
}

/*
 * The database that the URL names may be a throw-away one as well, whose keeper
 * just drops it and ends our connection: then once more, from another.
 */
static int
clear(void *thing, char **text)
{
	struct stay *stay = thing;
	char *again = NULL;
	int status;

	if (stay->database == NULL)
		return CLI_OK;
	/* What there was to say of the URL was said. */
	stay->options.notice = NULL;
	if ((status = drop(stay, text)) == CLI_OK)
		return CLI_OK;
	if (stay->options.url == NULL)
		setenv("PGDATABASE", "postgres", 1);
	else
		stay->options.url = again =
		    environment_replace(stay->options.url, "postgres");
	if (drop(stay, NULL) == CLI_OK)
		status = CLI_OK;
	free(again);
	return status;
}

/* Anew: in all that time a connection might have been lost. */
static int
drop(struct stay *stay, char **text)
{
	struct db db = { 0 };
	int status = db_open(&db, &stay->options);

	if (status == CLI_OK &&
	    query_named(&db, "DROP DATABASE IF EXISTS ", stay->database,
		" WITH (FORCE)") == -1)
		status = CLI_SYSTEM;
	if (status != CLI_OK && text != NULL)
		keeper_say(text, status, "database %s: not dropped: %s",
		    stay->database, db.error.message);
	db_close(&db);
	return status;
}

static int
query_named(
    struct db *db, const char *before, const char *name, const char *after)
{
	char *quoted = db_quote_name(db, name);
	char *sql = mem_printf("%s%s%s", before, quoted, after);
	int result = db_query(db, sql, 0, NULL);

	free(quoted);
	free(sql);
	return result;
}
