#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "db_private.h"
#include "mem.h"
#include "url.h"

enum { OLDEST = 140000 /* server version */ };

static int prepare(struct db *, const struct db_options *);
static void add_keyword(struct db_connecting *, const char *, const char *);
static int finish(struct db *, int);
static int read_url(struct db *, struct url *, const char *);
static int settle(struct db *);
static char *session_options(const struct db *, const struct url *);
static void make_local(struct db *);
static char *quote_path(struct db *, const char *);
static void write_escaped(FILE *, const char *);
static void receive_notice(void *, const PGresult *);

void
db_take_option(struct db_options *options, int option)
{
	switch (option) {
	case 'd':
		free(options->url);
		options->url = mem_copy(optarg);
		url_blank(optarg);
		break;
	case 'q':
		options->notice = NULL;
		break;
	case 'v':
		options->verbose = true;
		break;
	case CLI_WAIT:
		options->wait = cli_duration(optarg);
		break;
	case CLI_LOCK_TIMEOUT:
		options->lock_timeout = cli_duration(optarg);
		break;
	case CLI_STATEMENT_TIMEOUT:
		options->statement_timeout = cli_duration(optarg);
		break;
	}
}

const char *
db_url(const struct db_options *options)
{
	static const char *const names[] = { "DIRECT_URL", "DATABASE_URL" };
	const char *text;
	size_t i;

	if (options->url != NULL)
		return options->url;
	for (i = 0; i < 2; i++)
		if ((text = getenv(names[i])) != NULL && *text != '\0')
			return text;
	return NULL;
}

int
db_open(struct db *db, const struct db_options *options)
{
	int status = prepare(db, options);

	return status == CLI_OK ? finish(db, db_connect(db)) : status;
}

int
db_open_begin(struct db *db, const struct db_options *options)
{
	int status = prepare(db, options);

	if (status == CLI_OK)
		db_connect_begin(db);
	return status;
}

bool
db_open_goes_on(struct db *db)
{
	return db->connecting != NULL && db_connect_goes_on(db);
}

int
db_open_end(struct db *db)
{
	return finish(db, db_connect(db));
}

static int
prepare(struct db *db, const struct db_options *options)
{
	const char *text = db_url(options);
	struct db_connecting *c = mem_resize(NULL, 1, sizeof(*c));
	size_t i;

	*c = (struct db_connecting){ 0 };
	*db = (struct db){ .options = options, .connecting = c };
	if (text != NULL && read_url(db, &c->url, text) == -1)
		return finish(db, CLI_INPUT);
	/* It would lead elsewhere, and no keyword undoes it (url.h). */
	if (text != NULL)
		unsetenv("PGHOSTADDR");
	if (c->url.schema != NULL)
		db->schema = mem_copy(c->url.schema);
	db->pooled = c->url.pooled;
	db->lasting = c->url.lasting;
	for (i = 0; text != NULL && c->url.keywords[i] != NULL; i++)
		add_keyword(c, c->url.keywords[i], c->url.values[i]);
	if ((c->settings = session_options(db, &c->url)) != NULL)
		add_keyword(c, "options", c->settings);
	add_keyword(c, "fallback_application_name", options->program);
	add_keyword(c, "client_encoding", "UTF8");
	if (options->brief)
		add_keyword(c, "connect_timeout", "2");
	add_keyword(c, NULL, NULL);
	return CLI_OK;
}

static void
add_keyword(struct db_connecting *c, const char *name, const char *value)
{
	c->names = mem_grow(c->names, c->count, sizeof(*c->names));
	c->values = mem_grow(c->values, c->count, sizeof(*c->values));
	c->names[c->count] = name;
	c->values[c->count++] = value;
}

/* Connected or not. */
static int
finish(struct db *db, int status)
{
	struct db_connecting *c = db->connecting;

	if (status == CLI_OK)
		status = settle(db);
	url_free(&c->url);
	free(c->settings);
	free(c->names);
	free(c->values);
	free(c);
	db->connecting = NULL;
	return status;
}

void
db_check_backend(struct db *db, long backend)
{
	db->backend = (int)backend;
	if (db->pooled || db->lasting || backend == PQbackendPID(db->conn))
		return;
	db->pooled = true;
	make_local(db);
	if (db->options->notice != NULL)
		db->options->notice("a connection pooler is in between: the "
				    "lock is taken in each transaction; "
				    "DIRECT_URL could go around it");
}

static int
read_url(struct db *db, struct url *url, const char *text)
{
	size_t i;

	if (url_read(url, text) == -1) {
		db_set_message(&db->error, url->error);
		return -1;
	}
	for (i = 0; i < url->nwarnings && db->options->notice != NULL; i++)
		db->options->notice(url->warnings[i]);
	if (!url->pooled || !db->options->session)
		return 0;
	db_set_message(&db->error,
	    "the URL says pgbouncer=true: behind a transaction pooler no lock "
	    "lasts; give the server's own URL in DIRECT_URL or with -d");
	return -1;
}

static int
settle(struct db *db)
{
	const char *strings;
	char *message;

	db->version = PQserverVersion(db->conn);
	if (db->version < OLDEST) {
		message = mem_printf("the server is PostgreSQL %d, too old: "
				     "14 or newer is needed",
		    db->version / 10000);
		db_set_message(&db->error, message);
		free(message);
		return CLI_INPUT;
	}
	PQsetNoticeReceiver(db->conn, receive_notice, db);
	PQsetnonblocking(db->conn, 1);
	/* The statement reader (sql.h) knows the standard's strings only. */
	strings = PQparameterStatus(db->conn, "standard_conforming_strings");
	db->strings = strings != NULL && strcmp(strings, "on") != 0;
	if (db->pooled)
		make_local(db);
	else if (db->strings && db_query(db, DB_STRINGS, 0, NULL) == -1)
		return CLI_SYSTEM;
	return CLI_OK;
}

/*
 * ?schema= becomes the session's default search_path, and so do the timeouts,
 * so that a script's RESET ALL returns to them; NULL where there is nothing
 * to say, or where a pooler would refuse to hear it.
 */
static char *
session_options(const struct db *db, const struct url *url)
{
	const struct db_options *o = db->options;
	const char *given = getenv("PGOPTIONS");
	char *text;
	size_t i, len;
	FILE *out;

	if (db->pooled ||
	    (db->schema == NULL && o->lock_timeout == 0 &&
		o->statement_timeout == 0))
		return NULL;
	for (i = 0; i < url->nsettings; i++)
		if (strcmp(url->keywords[i], "options") == 0)
			given = url->values[i];
	out = mem_stream(&text, &len);
	fputs(given == NULL ? "" : given, out);
	if (db->schema != NULL) {
		fputs(" -c search_path=", out);
		write_escaped(out, db->schema);
	}
	if (o->lock_timeout != 0)
		fprintf(out, " -c lock_timeout=%ld", o->lock_timeout);
	if (o->statement_timeout != 0)
		fprintf(out, " -c statement_timeout=%ld", o->statement_timeout);
	fclose(out);
	return text;
}

char *
db_settings(const struct db *db)
{
	char *text;
	size_t len;
	FILE *out;

	if (db->schema == NULL)
		return NULL;
	out = mem_stream(&text, &len);
	fputs(" -c search_path=", out);
	write_escaped(out, db->schema);
	fclose(out);
	return text;
}

/* The same for one transaction, which is all that a pooler allows. */
static void
make_local(struct db *db)
{
	const struct db_options *o = db->options;
	char *path;
	size_t len;
	FILE *out = mem_stream(&db->local, &len);

	fputs("SELECT", out);
	if (db->schema != NULL) {
		path = quote_path(db, db->schema);
		fprintf(out, " set_config('search_path', %s, true),", path);
		free(path);
	}
	if (o->lock_timeout != 0)
		fprintf(out, " set_config('lock_timeout', '%ld', true),",
		    o->lock_timeout);
	if (o->statement_timeout != 0)
		fprintf(out, " set_config('statement_timeout', '%ld', true),",
		    o->statement_timeout);
	fputs(" set_config('standard_conforming_strings', 'on', true)", out);
	fclose(out);
}

/* The name, quoted, as a literal. */
static char *
quote_path(struct db *db, const char *schema)
{
	char *name = db_quote_name(db, schema);
	char *literal = PQescapeLiteral(db->conn, name, strlen(name));
	char *copy = mem_copy(literal == NULL ? "''" : literal);

	PQfreemem(literal);
	free(name);
	return copy;
}

/* As a quoted name, and then as the server splits options: at spaces. */
static void
write_escaped(FILE *out, const char *schema)
{
	fputc('"', out);
	for (; *schema != '\0'; schema++) {
		if (*schema == '"')
			fputc('"', out);
		if (strchr(" \t\n\r\v\f\\", *schema) != NULL)
			fputc('\\', out);
		fputc(*schema, out);
	}
	fputc('"', out);
}

static void
receive_notice(void *arg, const PGresult *result)
{
	const struct db_options *options = ((struct db *)arg)->options;
	const char *severity =
	    PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	const char *message =
	    PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	char *text;

	if (options->notice == NULL || severity == NULL || message == NULL ||
	    (!options->verbose && strcmp(severity, "WARNING") != 0))
		return;
	text = mem_printf("the server says: %s: %s", severity, message);
	options->notice(text);
	free(text);
}
