#include "db.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "clock.h"
#include "mem.h"
#include "url.h"

enum {
	OLDEST = 140000,  /* server version */
	PAUSE_FIRST = 50, /* milliseconds between attempts to connect */
	PAUSE_LAST = 1000,
	CANCEL_AGAIN = 100,  /* milliseconds */
	PROBE_TIMEOUT = 5000 /* milliseconds */
};

struct keywords {
	const char **names, **values;
	size_t count;
};

static volatile sig_atomic_t caught;
static sigset_t unblocked;
static bool catching;

static const char *choose_url(const struct db_options *);
static int read_url(struct db *, struct url *, const char *);
static int connect_waiting(struct db *, const struct keywords *);
static int connect_once(struct db *, const struct keywords *);
static void find_sqlstate(struct db_error *, const struct keywords *);
static const char *prisma_code(const char *);
static int settle(struct db *);
static void add_keyword(struct keywords *, const char *, const char *);
static char *session_options(const struct url *);
static void write_escaped(FILE *, const char *);
static void receive_notice(void *, const PGresult *);
static PGresult *next_result(struct db *);
static int wait_ready(struct db *);
static void cancel(struct db *);
static void set_error(struct db *, const PGresult *);
static void set_message(struct db_error *, const char *);
static char *copy_field(const PGresult *, int);
static void on_signal(int);

void
db_take_option(struct db_options *options, int option)
{
	switch (option) {
	case 'd':
		free(options->url);
		options->url = mem_copy(optarg);
		url_blank(optarg);
		break;
	case 'v':
		options->verbose = true;
		break;
	case CLI_WAIT:
		options->wait = cli_duration(optarg);
		break;
	}
}

int
db_open(struct db *db, const struct db_options *options)
{
	const char *text = choose_url(options);
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
	for (i = 0; text != NULL && url.keywords[i] != NULL; i++)
		add_keyword(&k, url.keywords[i], url.values[i]);
	if ((settings = session_options(&url)) != NULL)
		add_keyword(&k, "options", settings);
	add_keyword(&k, "fallback_application_name", options->program);
	add_keyword(&k, "client_encoding", "UTF8");
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
db_close(struct db *db)
{
	PQclear(db->result);
	PQfinish(db->conn);
	db_error_free(&db->error);
	free(db->schema);
	*db = (struct db){ 0 };
}

int
db_query(
    struct db *db, const char *sql, size_t nvalues, const char *const values[])
{
	enum db_outcome outcome;

	if (db_send(db, sql, nvalues, values) == -1)
		return -1;
	outcome = db_next(db);
	return outcome == DB_DONE ? 0 : -1;
}

const char *
db_value(const struct db *db, size_t row, int column)
{
	if (PQgetisnull(db->result, (int)row, column))
		return NULL;
	return PQgetvalue(db->result, (int)row, column);
}

bool
db_true(const struct db *db, size_t row, int column)
{
	const char *value = db_value(db, row, column);

	return value != NULL && *value == 't';
}

bool
db_in_transaction(const struct db *db)
{
	PGTransactionStatusType status = PQtransactionStatus(db->conn);

	return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

void
db_error_move(struct db_error *to, struct db_error *from)
{
	db_error_free(to);
	*to = *from;
	*from = (struct db_error){ 0 };
}

void
db_error_free(struct db_error *e)
{
	free(e->message);
	free(e->detail);
	free(e->hint);
	free(e->context);
	*e = (struct db_error){ 0 };
}

int
db_error_status(const struct db_error *e)
{
	static const char *const states[] = { "22023", "25006", "3D000",
		"42501" };
	size_t i;

	if (strncmp(e->sqlstate, "28", 2) == 0)
		return CLI_INPUT;
	for (i = 0; i < sizeof(states) / sizeof(*states); i++)
		if (strcmp(e->sqlstate, states[i]) == 0)
			return CLI_INPUT;
	return CLI_SYSTEM;
}

char *
db_array(const char *const *values, size_t count)
{
	const char *p;
	char *text;
	size_t i, len;
	FILE *out = mem_stream(&text, &len);

	fputc('{', out);
	for (i = 0; i < count; i++) {
		fputs(i == 0 ? "\"" : ",\"", out);
		for (p = values[i]; *p != '\0'; p++) {
			if (*p == '"' || *p == '\\')
				fputc('\\', out);
			fputc(*p, out);
		}
		fputc('"', out);
	}
	fputc('}', out);
	fclose(out);
	return text;
}

char *
db_quote_name(struct db *db, const char *name)
{
	char *quoted = PQescapeIdentifier(db->conn, name, strlen(name));
	char *copy = mem_copy(quoted == NULL ? "" : quoted);

	PQfreemem(quoted);
	return copy;
}

int
db_pipeline(struct db *db)
{
	if (PQenterPipelineMode(db->conn) == 1)
		return 0;
	set_error(db, NULL);
	return -1;
}

int
db_send(
    struct db *db, const char *sql, size_t nvalues, const char *const values[])
{
	if (PQsendQueryParams(
		db->conn, sql, (int)nvalues, NULL, values, NULL, NULL, 0) == 1)
		return 0;
	set_error(db, NULL);
	return -1;
}

int
db_flush(struct db *db)
{
	if (PQsendFlushRequest(db->conn) == 1)
		return 0;
	set_error(db, NULL);
	return -1;
}

int
db_sync(struct db *db)
{
	if (PQpipelineSync(db->conn) == 1)
		return 0;
	set_error(db, NULL);
	return -1;
}

enum db_outcome
db_next(struct db *db)
{
	ExecStatusType status;

	PQclear(db->result);
	db->result = next_result(db);
	status = PQresultStatus(db->result);
	if (status == PGRES_PIPELINE_SYNC)
		return DB_SYNC;
	if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK ||
	    status == PGRES_EMPTY_QUERY) {
		db->count = (size_t)PQntuples(db->result);
		/* What ends each answer; it comes without waiting. */
		PQclear(next_result(db));
		return DB_DONE;
	}
	if (status == PGRES_PIPELINE_ABORTED) {
		PQclear(next_result(db));
		return DB_SKIPPED;
	}
	set_error(db, db->result);
	/* COPY would wait for data that nobody has. */
	if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT ||
	    status == PGRES_COPY_BOTH) {
		set_message(&db->error, "COPY from or to the client");
		db->error.lost = true;
	}
	if (!db->error.lost)
		PQclear(next_result(db));
	return DB_FAILED;
}

void
db_pipeline_end(struct db *db)
{
	PQclear(db->result);
	db->result = NULL;
	PQexitPipelineMode(db->conn);
}

void
db_catch_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = on_signal }, old;
	sigset_t blocked;
	size_t i;

	/* Heard only inside ppoll, where nothing is half done. */
	sigemptyset(&blocked);
	sigemptyset(&action.sa_mask);
	for (i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		sigaction(signals[i], NULL, &old);
		/* As nohup(1) wants it. */
		if (old.sa_handler == SIG_IGN)
			continue;
		sigaddset(&blocked, signals[i]);
		sigaction(signals[i], &action, NULL);
	}
	sigprocmask(SIG_BLOCK, &blocked, &unblocked);
	catching = true;
}

int
db_signal(void)
{
	return caught;
}

static const char *
choose_url(const struct db_options *options)
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

static int
read_url(struct db *db, struct url *url, const char *text)
{
	size_t i;

	if (url_read(url, text) == -1) {
		set_message(&db->error, url->error);
		return -1;
	}
	for (i = 0; i < url->nwarnings && db->options->notice != NULL; i++)
		db->options->notice(url->warnings[i]);
	if (!url->pooled || !db->options->session)
		return 0;
	set_message(&db->error,
	    "the URL says pgbouncer=true: behind a transaction pooler no lock "
	    "lasts; give the server's own URL in DIRECT_URL or with -d");
	return -1;
}

/* Try again for a while, unless the server was there and refused us. */
static int
connect_waiting(struct db *db, const struct keywords *k)
{
	long end = clock_ms() + db->options->wait, pause = PAUSE_FIRST;
	int status;

	while ((status = connect_once(db, k)) == CLI_SYSTEM) {
		if (clock_ms() + pause > end)
			break;
		clock_pause(pause);
		pause = pause * 2 > PAUSE_LAST ? PAUSE_LAST : pause * 2;
	}
	return status;
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
	set_error(db, NULL);
	find_sqlstate(&db->error, k);
	status = db_error_status(&db->error);
	message = mem_printf(
	    "%s: %s", prisma_code(db->error.sqlstate), db->error.message);
	set_message(&db->error, message);
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
		set_message(&db->error, message);
		free(message);
		return CLI_INPUT;
	}
	PQsetNoticeReceiver(db->conn, receive_notice, db);
	PQsetnonblocking(db->conn, 1);
	/* The statement reader (sql.h) knows the standard's strings only. */
	strings = PQparameterStatus(db->conn, "standard_conforming_strings");
	db->strings = strings != NULL && strcmp(strings, "on") != 0;
	if (db->options->session && db->strings &&
	    db_query(db, DB_STRINGS, 0, NULL) == -1)
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
 * ?schema= becomes the session's default search_path, so that a script's
 * RESET ALL returns to it; NULL where there is none, or where a pooler would
 * refuse the start-up option.
 */
static char *
session_options(const struct url *url)
{
	const char *given = "";
	char *text;
	size_t i, len;
	FILE *out;

	if (url->schema == NULL || url->pooled)
		return NULL;
	for (i = 0; url->keywords[i] != NULL; i++)
		if (strcmp(url->keywords[i], "options") == 0)
			given = url->values[i];
	out = mem_stream(&text, &len);
	fprintf(out, "%s -c search_path=", given);
	write_escaped(out, url->schema);
	fclose(out);
	return text;
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

static PGresult *
next_result(struct db *db)
{
	while (PQisBusy(db->conn) && wait_ready(db) == 0)
		continue;
	return PQgetResult(db->conn);
}

/* Wait until something can be read or written, and do that. */
static int
wait_ready(struct db *db)
{
	struct timespec again = { 0, CANCEL_AGAIN * 1000000L };
	struct pollfd p = { .fd = PQsocket(db->conn), .events = POLLIN };
	/* What tidies up behind an interrupted pipeline is left alone. */
	bool interrupt =
	    caught != 0 && PQpipelineStatus(db->conn) != PQ_PIPELINE_OFF;
	int unsent = PQflush(db->conn);

	if (unsent == -1)
		return -1;
	if (unsent == 1)
		p.events |= POLLOUT;
	if (interrupt)
		cancel(db);
	if (ppoll(&p, 1, interrupt ? &again : NULL,
		catching ? &unblocked : NULL) == -1)
		return errno == EINTR ? 0 : -1;
	if ((p.revents & ~POLLOUT) != 0 && PQconsumeInput(db->conn) == 0)
		return -1;
	return 0;
}

static void
cancel(struct db *db)
{
	PGcancel *request = PQgetCancel(db->conn);
	char why[256];

	/* If it fails, it is tried again as long as there is something. */
	if (request != NULL)
		(void)PQcancel(request, why, sizeof(why));
	PQfreeCancel(request);
}

static void
set_error(struct db *db, const PGresult *result)
{
	struct db_error *e = &db->error;
	char *field;

	db_error_free(e);
	e->lost = PQstatus(db->conn) == CONNECTION_BAD;
	if ((field = copy_field(result, PG_DIAG_SQLSTATE)) != NULL)
		snprintf(e->sqlstate, sizeof(e->sqlstate), "%s", field);
	free(field);
	e->message = copy_field(result, PG_DIAG_MESSAGE_PRIMARY);
	e->detail = copy_field(result, PG_DIAG_MESSAGE_DETAIL);
	e->hint = copy_field(result, PG_DIAG_MESSAGE_HINT);
	e->context = copy_field(result, PG_DIAG_CONTEXT);
	field = copy_field(result, PG_DIAG_STATEMENT_POSITION);
	e->position = field == NULL ? 0 : strtoul(field, NULL, 10);
	free(field);
	if (e->message == NULL)
		set_message(e, PQerrorMessage(db->conn));
}

/* libpq's own messages end in a newline. */
static void
set_message(struct db_error *e, const char *message)
{
	size_t len = strlen(message);
	char *copy;

	while (len > 0 && message[len - 1] == '\n')
		len--;
	copy = len > 0 ? mem_copy_bytes(message, len)
		       : mem_copy("the server sent nothing");
	free(e->message);
	e->message = copy;
}

static char *
copy_field(const PGresult *result, int code)
{
	const char *value = PQresultErrorField(result, code);

	return value == NULL ? NULL : mem_copy(value);
}

static void
on_signal(int signal)
{
	caught = signal;
}
