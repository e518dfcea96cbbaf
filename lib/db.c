#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "db_private.h"
#include "mem.h"
#include "raising.h"

enum {
	CANCEL_AGAIN = 100, /* milliseconds */
	UNSENT = 8192,      /* bytes */
	OVERHEAD = 128,     /* of the messages around a statement, likewise */
	ENOUGH = 3          /* signals */
};

static volatile sig_atomic_t caught, times;
static sigset_t unblocked;
static bool catching;

static int sent(struct db *, size_t, int);
static void hand_over(struct db *, size_t);
static PGresult *next_result(struct db *);
static int wait_ready(struct db *);
static long patience(const struct db *, bool);
static char *copy_field(const PGresult *, int);
static void on_signal(int);

void
db_drop(struct db *db)
{
	PQfinish(db->conn);
	db->conn = NULL;
}

void
db_close(struct db *db)
{
	PQclear(db->result);
	PQfinish(db->conn);
	db_error_free(&db->error);
	free(db->schema);
	free(db->local);
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

const char *
db_host(const struct db *db)
{
	return PQhost(db->conn);
}

int
db_backend(const struct db *db)
{
	return db->backend != 0 ? db->backend : PQbackendPID(db->conn);
}

int
db_columns(const struct db *db)
{
	return PQnfields(db->result);
}

const char *
db_column_name(const struct db *db, int column)
{
	return PQfname(db->result, column);
}

/* The numbers are PostgreSQL's own, and for ever. */
enum db_type
db_column_type(const struct db *db, int column)
{
	switch (PQftype(db->result, column)) {
	case 16: /* boolean */
		return DB_BOOLEAN;
	case 21: /* smallint */
	case 23: /* integer */
		return DB_INTEGER;
	case 114: /* json */
		return DB_JSON;
	default:
		return DB_TEXT;
	}
}

bool
db_is_lost(struct db *db)
{
	return db->error.lost ||
	    (db_query(db, "SELECT 1", 0, NULL) == -1 && db->error.lost);
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
	db_set_error(db, NULL);
	return -1;
}

int
db_send(
    struct db *db, const char *sql, size_t nvalues, const char *const values[])
{
	return sent(db, strlen(sql),
	    PQsendQueryParams(
		db->conn, sql, (int)nvalues, NULL, values, NULL, NULL, 0));
}

int
db_prepare(struct db *db, const char *name, const char *sql)
{
	return sent(
	    db, strlen(sql), PQsendPrepare(db->conn, name, sql, 0, NULL));
}

int
db_send_prepared(
    struct db *db, const char *name, size_t nvalues, const char *const values[])
{
	return sent(db, 0,
	    PQsendQueryPrepared(
		db->conn, name, (int)nvalues, values, NULL, NULL, 0));
}

int
db_flush(struct db *db)
{
	if (PQsendFlushRequest(db->conn) == 1)
		return 0;
	db_set_error(db, NULL);
	return -1;
}

int
db_sync(struct db *db)
{
	if (PQpipelineSync(db->conn) == 1)
		return 0;
	db_set_error(db, NULL);
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
	db_set_error(db, db->result);
	/* COPY would wait for data that nobody has. */
	if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT ||
	    status == PGRES_COPY_BOTH) {
		db_set_message(&db->error, "COPY from or to the client");
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

	if (catching)
		return;
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

void
db_pause(long ms)
{
	if (caught == 0 && ms > 0)
		(void)db_poll(NULL, 0, ms);
}

int
db_poll(struct pollfd *list, size_t count, long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	return ppoll(
	    list, count, ms == 0 ? NULL : &t, catching ? &unblocked : NULL);
}

static int
sent(struct db *db, size_t bytes, int accepted)
{
	if (accepted == 0) {
		db_set_error(db, NULL);
		return -1;
	}
	if (PQpipelineStatus(db->conn) == PQ_PIPELINE_ON)
		hand_over(db, bytes);
	return 0;
}

/*
 * With 8 kB to send, libpq asks the kernel with every further message whether
 * it takes some (fe-misc.c, pqPutMsgEnd), which costs more than the statement.
 * So we wait before.  A failure is seen by whoever asks for the next answer.
 */
static void
hand_over(struct db *db, size_t bytes)
{
	db->unsent += bytes + OVERHEAD;
	if (db->unsent < UNSENT)
		return;
	while (PQflush(db->conn) == 1 && wait_ready(db) == 0)
		continue;
	db->unsent = 0;
}

static PGresult *
next_result(struct db *db)
{
	while (PQisBusy(db->conn) && wait_ready(db) == 0)
		continue;
	return db->over ? NULL : PQgetResult(db->conn);
}

/* Wait until something can be read or written, and do that. */
static int
wait_ready(struct db *db)
{
	struct pollfd p = { .fd = PQsocket(db->conn), .events = POLLIN };
	/* What tidies up behind an interrupted pipeline is left alone. */
	bool interrupt =
	    caught != 0 && PQpipelineStatus(db->conn) != PQ_PIPELINE_OFF;
	int unsent = PQflush(db->conn), events;
	long ms = patience(db, interrupt);

	if (unsent == -1)
		return -1;
	if (unsent == 1)
		p.events |= POLLOUT;
	if (interrupt)
		db_cancel(db);
	events = db_poll(&p, 1, ms);
	if (events == -1)
		return errno == EINTR ? 0 : -1;
	if (events == 0 && !interrupt)
		db->idle.call(db->idle.arg);
	if (db->over)
		return -1;
	if ((p.revents & ~POLLOUT) != 0 && PQconsumeInput(db->conn) == 0)
		return -1;
	return 0;
}

/* How long to wait at once; 0: for ever. */
static long
patience(const struct db *db, bool interrupt)
{
	if (interrupt)
		return CANCEL_AGAIN;
	return db->idle.call == NULL ? 0 : db->idle.after;
}

void
db_cancel(struct db *db)
{
	PGcancel *request = PQgetCancel(db->conn);
	sigset_t blocked;
	char why[256];

	/* A server that does not answer must not make us deaf. */
	if (catching)
		sigprocmask(SIG_SETMASK, &unblocked, &blocked);

	/* If it fails, it is tried again as long as there is something. */
	if (request != NULL)
		(void)PQcancel(request, why, sizeof(why));
	PQfreeCancel(request);
	if (catching)
		sigprocmask(SIG_SETMASK, &blocked, NULL);
}

void
db_set_error(struct db *db, const PGresult *result)
{
	struct db_error *e = &db->error;
	char *field;

	db_error_free(e);
	e->lost = db->over || PQstatus(db->conn) == CONNECTION_BAD;
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
		db_set_message(e, PQerrorMessage(db->conn));
	raising_read(e);
}

/* libpq's own messages end in a newline. */
void
db_set_message(struct db_error *e, const char *message)
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
on_signal(int number)
{
	caught = number;
	if (++times < ENOUGH)
		return;
	signal(number, SIG_DFL);
	raise(number);
}
