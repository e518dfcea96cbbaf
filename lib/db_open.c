#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "clock.h"
#include "db_private.h"
#include "mem.h"
#include "url.h"

enum {
	OLDEST = 140000,  /* server version */
	PAUSE_FIRST = 50, /* milliseconds between attempts to connect */
	PAUSE_LAST = 1000,
	PROBE_TIMEOUT = 5000 /* milliseconds */
};

/* The SQLSTATE of a server that is starting, or shutting down. */
#define CANNOT_CONNECT_NOW "57P03"

/* What a pooler says to options that it does not know. */
#define UNSUPPORTED "unsupported startup parameter"

struct keywords {
	const char **names, **values;
	size_t count;
};

static int read_url(struct db *, struct url *, const char *);
static int connect_waiting(struct db *, const struct keywords *);
static long patience(const struct db *);
static int connect_once(struct db *, const struct keywords *);
static void find_sqlstate(struct db_error *, const struct keywords *);
static const char *prisma_code(const char *);
static int settle(struct db *);
static void add_keyword(struct keywords *, const char *, const char *);
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
	const char *text = db_url(options);
	struct keywords k = { 0 };
	struct url url = { 0 };
	char *settings = NULL;
	size_t i;
	int status = CLI_INPUT;

	*db = (struct db){ .options = options };
	if (text != NULL && read_url(db, &url, text) == -1)
		goto out;
	/* It would lead elsewhere, and no keyword undoes it (url.h). */
	if (text != NULL)
		unsetenv("PGHOSTADDR");
	if (url.schema != NULL)
		db->schema = mem_copy(url.schema);
	db->pooled = url.pooled;
	db->lasting = url.lasting;
	for (i = 0; text != NULL && url.keywords[i] != NULL; i++)
		add_keyword(&k, url.keywords[i], url.values[i]);
	if ((settings = session_options(db, &url)) != NULL)
		add_keyword(&k, "options", settings);
	add_keyword(&k, "fallback_application_name", options->program);
	add_keyword(&k, "client_encoding", "UTF8");
	if (options->brief)
		add_keyword(&k, "connect_timeout", "2");
	add_keyword(&k, NULL, NULL);
	if ((status = connect_waiting(db, &k)) == CLI_OK)
		status = settle(db);
out:
	free(settings);
	free(k.names);
	free(k.values);
	url_free(&url);
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

/* Try again for a while, unless the server was there and refused us. */
static int
connect_waiting(struct db *db, const struct keywords *k)
{
	long begin = clock_ms(), pause = PAUSE_FIRST;
	int status;

	while ((status = connect_once(db, k)) == CLI_SYSTEM) {
		if (clock_ms() + pause > begin + patience(db))
			break;
		clock_pause(pause);
		pause = pause * 2 > PAUSE_LAST ? PAUSE_LAST : pause * 2;
	}
	return status;
}

/* How long to wait for such a server, in milliseconds. */
static long
patience(const struct db *db)
{
	const struct db_options *o = db->options;
	bool recovers = strcmp(db->error.sqlstate, CANNOT_CONNECT_NOW) == 0;

	return recovers && o->recover > o->wait ? o->recover : o->wait;
}

static int
connect_once(struct db *db, const struct keywords *k)
{
	char *message;
	int status;

	PQfinish(db->conn);
	db->conn = PQconnectdbParams(k->names, k->values, 0);
	if (PQstatus(db->conn) == CONNECTION_OK)
		return CLI_OK;
	db_set_error(db, NULL);
	find_sqlstate(&db->error, k);
	status = db_error_status(&db->error);
	message = mem_printf("%s: %s%s", prisma_code(db->error.sqlstate),
	    db->error.message,
	    strstr(db->error.message, UNSUPPORTED) == NULL
		? ""
		: "; if it is a transaction pooler, say pgbouncer=true in the "
		  "URL, or give the server's own in DIRECT_URL");
	db_set_message(&db->error, message);
	free(message);
	return status;
}

/*
 * libpq keeps the SQLSTATE of a failed connection to itself, but for what a
 * verbose message says of it, and verbosity wants an object that is already
 * connecting.  So the failed attempt is made once more, step by step.
 */
static void
find_sqlstate(struct db_error *error, const struct keywords *k)
{
	PGconn *conn = PQconnectStartParams(k->names, k->values, 0);
	PostgresPollingStatusType state = PGRES_POLLING_WRITING;
	struct pollfd p;
	const char *at;

	(void)PQsetErrorVerbosity(conn, PQERRORS_SQLSTATE);
	while (state != PGRES_POLLING_OK && state != PGRES_POLLING_FAILED) {
		p.fd = PQsocket(conn);
		p.events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
		if (p.fd == -1 || poll(&p, 1, PROBE_TIMEOUT) <= 0)
			break;
		state = PQconnectPoll(conn);
	}
	/* The server's words end in "FATAL:  28P01". */
	at = strrchr(PQerrorMessage(conn), ' ');
	if (at != NULL && strcspn(at + 1, "\n") == 5 &&
	    strspn(at + 1, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 5)
		memcpy(error->sqlstate, at + 1, 5);
	PQfinish(conn);
}

/* People search for these: https://www.prisma.io/docs, "Error reference". */
static const char *
prisma_code(const char *sqlstate)
{
	if (strcmp(sqlstate, "3D000") == 0)
		return "P1003";
	if (strcmp(sqlstate, "42501") == 0)
		return "P1010";
	if (strncmp(sqlstate, "28", 2) == 0)
		return "P1000";
	return "P1001";
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

static void
add_keyword(struct keywords *k, const char *name, const char *value)
{
	k->names = mem_grow(k->names, k->count, sizeof(*k->names));
	k->values = mem_grow(k->values, k->count, sizeof(*k->values));
	k->names[k->count] = name;
	k->values[k->count++] = value;
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
