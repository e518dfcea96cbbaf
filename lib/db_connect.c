#include <libpq-fe.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "clock.h"
#include "db_private.h"
#include "mem.h"

enum {
	PAUSE_FIRST = 50, /* milliseconds between attempts to connect */
	PAUSE_LAST = 1000,
	HEAD_START = 2000, /* milliseconds */
	PROBE_TIMEOUT = 5000
};

/* The SQLSTATE of a server that is starting, or shutting down. */
#define CANNOT_CONNECT_NOW "57P03"

/* What a pooler says to options that it does not know. */
#define UNSUPPORTED "unsupported startup parameter"

static long patience(const struct db *);
static int connect_once(struct db *);
static bool ends(struct db *);
static void find_sqlstate(struct db_error *, const struct db_connecting *);
static bool goes_on(PGconn *, int *, int);
static bool is_over(int);
static const char *prisma_code(const char *);

void
db_connect_begin(struct db *db)
{
	struct db_connecting *c = db->connecting;

	db->conn = PQconnectStartParams(c->names, c->values, 0);
	c->begun = true;
	c->began = clock_ms();
	c->state = PQstatus(db->conn) == CONNECTION_BAD ? PGRES_POLLING_FAILED
							: PGRES_POLLING_WRITING;
	(void)db_connect_goes_on(db);
}

bool
db_connect_goes_on(struct db *db)
{
	struct db_connecting *c = db->connecting;

	while (goes_on(db->conn, &c->state, 0))
		continue;
	return c->state == PGRES_POLLING_OK;
}

/* Try again for a while, unless the server was there and refused us. */
int
db_connect(struct db *db)
{
	long begin = clock_ms(), pause = PAUSE_FIRST;
	int status;

	while ((status = connect_once(db)) == CLI_SYSTEM) {
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
connect_once(struct db *db)
{
	const struct db_connecting *c = db->connecting;
	char *message;
	int status;

	if (!ends(db)) {
		PQfinish(db->conn);
		db->conn = PQconnectdbParams(c->names, c->values, 0);
	}
	if (PQstatus(db->conn) == CONNECTION_OK)
		return CLI_OK;
	db_set_error(db, NULL);
	find_sqlstate(&db->error, c);
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
 * What db_connect_begin began comes to its end.  But libpq's own timeouts are
 * not for it, and a server waits for a password no longer than a minute: if it
 * took long and came to nothing, it is no attempt.
 */
static bool
ends(struct db *db)
{
	struct db_connecting *c = db->connecting;

	if (!c->begun)
		return false;
	c->begun = false;
	while (goes_on(db->conn, &c->state, HEAD_START))
		continue;
	return c->state == PGRES_POLLING_OK ||
	    (c->state == PGRES_POLLING_FAILED &&
		clock_ms() < c->began + HEAD_START);
}

/*
 * libpq keeps the SQLSTATE of a failed connection to itself, but for what a
 * verbose message says of it, and verbosity wants an object that is already
 * connecting.  So the failed attempt is made once more, step by step.
 */
static void
find_sqlstate(struct db_error *error, const struct db_connecting *c)
{
	PGconn *conn = PQconnectStartParams(c->names, c->values, 0);
	int state = PGRES_POLLING_WRITING;
	const char *at;

	(void)PQsetErrorVerbosity(conn, PQERRORS_SQLSTATE);
	while (goes_on(conn, &state, PROBE_TIMEOUT))
		continue;
	/* The server's words end in "FATAL:  28P01". */
	at = strrchr(PQerrorMessage(conn), ' ');
	if (at != NULL && strcspn(at + 1, "\n") == 5 &&
	    strspn(at + 1, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 5)
		memcpy(error->sqlstate, at + 1, 5);
	PQfinish(conn);
}

/* One step, if there is anything to do for it within so many milliseconds. */
static bool
goes_on(PGconn *conn, int *state, int ms)
{
	struct pollfd p = { .fd = PQsocket(conn),
		.events = *state == PGRES_POLLING_READING ? POLLIN : POLLOUT };

	if (is_over(*state) || p.fd == -1 || poll(&p, 1, ms) <= 0)
		return false;
	*state = (int)PQconnectPoll(conn);
	return true;
}

static bool
is_over(int state)
{
	return state == PGRES_POLLING_OK || state == PGRES_POLLING_FAILED;
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
