/*
 * db - a connection to a PostgreSQL server, 14 or newer
 *
 * The only file that includes libpq-fe.h.  Everything travels by the extended
 * protocol, values as text parameters; the connection never blocks in libpq,
 * so that a signal is always heard.
 *
 *	struct db db;
 *	struct db_options options = { .program = "mg-status" };
 *
 *	if ((status = db_open(&db, &options)) != CLI_OK)
 *		errx(status, "%s", db.error.message);
 *	if (db_query(&db, "SELECT $1::int + 1", 1, values) == -1)
 *		errx(CLI_SYSTEM, "%s", db.error.message);
 *	use(db_value(&db, 0, 0));
 *	db_close(&db);
 */
#ifndef MG_DB_H
#define MG_DB_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

struct db_options {
	const char *program; /* application_name, where the URL has none */
	char *url;    /* -d; NULL: $DIRECT_URL, $DATABASE_URL, or libpq's own */
	long wait;    /* milliseconds to wait for a server that is not there */
	long recover; /* and, if that is more, for one that says it recovers */
	bool session; /* settings and locks must last: no transaction pooler */
	bool brief;   /* give up connecting soon: it is not that important */
	long lock_timeout;      /* milliseconds, as is the next; 0: as it is */
	long statement_timeout; /* by default: a script may set its own */
	bool verbose; /* the server's NOTICEs too, not only its WARNINGs */
	/* Told warnings of the URL and of the server; NULL: nobody. */
	void (*notice)(const char *text);
};

/* Why a call failed, in the server's words where they are the server's. */
struct db_error {
	char sqlstate[6]; /* "" where the server did not speak */
	char *message;    /* never NULL after a failure */
	char *detail;     /* NULL where there is none, as are the rest */
	char *hint;
	char *context;
	size_t position; /* in the statement, in characters from 1; or 0 */
	bool lost;       /* the connection is gone */
};

/* What the session needs again behind RESET ALL where strings says so. */
#define DB_STRINGS "SET standard_conforming_strings = on"

/* Called whenever the server was silent for so long; NULL: not. */
struct db_idle {
	long after; /* milliseconds */
	void (*call)(void *arg);
	void *arg;
};

struct db {
	struct pg_conn *conn;             /* private */
	struct pg_result *result;         /* private: what db_value reads */
	struct db_connecting *connecting; /* private: until it is open */
	char *schema;                     /* of the URL's ?schema=, or NULL */
	bool pooled;  /* a transaction pooler is in between: nothing lasts */
	char *local;  /* then what each transaction has to set, or NULL */
	bool lasting; /* a pooler that may be there gives whole sessions */
	int backend;  /* the process that answered, or 0 */
	int version;  /* of the server, as 150018 */
	bool strings; /* by default they are not the standard's */
	size_t count; /* of rows in the last result */
	struct db_error error;
	const struct db_options *options; /* borrowed until db_close */
	struct db_idle idle;
	size_t unsent; /* private: bytes that libpq may still hold, about */
	bool over; /* set by idle.call: the answer is waited for no longer */
};

/*
 * Take a common option of the command line, as cli_next returned it: -d, -q,
 * which leaves nobody to be told, -v, --wait or a timeout.  A URL is copied,
 * options->url being the caller's to free then, and blanked where it was, so
 * that ps(1) shows no password.
 */
void db_take_option(struct db_options *options, int option);

/*
 * The URL that leads to the database, lent as long as the options and the
 * environment stay; NULL if libpq's own variables do.
 */
const char *db_url(const struct db_options *options);

/*
 * Connect.  Returns CLI_OK; CLI_INPUT if the URL is wrong, or the server
 * refuses the user, the password or the database; else CLI_SYSTEM.
 */
int db_open(struct db *db, const struct db_options *options);

/*
 * The same while something else is done, which goes on as far as it goes
 * without waiting.  begin returns CLI_INPUT if the URL is wrong, else CLI_OK,
 * and then end must follow; goes_on, whether end will be done at once.
 */
int db_open_begin(struct db *db, const struct db_options *options);
bool db_open_goes_on(struct db *db);
int db_open_end(struct db *db);

/*
 * What a session of another program needs to find the schema of the URL, as
 * libpq's options have it, with a blank before it; yours to free.  NULL if the
 * URL has none.
 */
char *db_settings(const struct db *db);

/* Let go of the connection, and keep what else there is. */
void db_drop(struct db *db);

/* Harmless twice. */
void db_close(struct db *db);

/* Run one statement.  Returns 0, or -1 with db->error set. */
int db_query(
    struct db *db, const char *sql, size_t nvalues, const char *const values[]);

/*
 * A value of the last result, lent until the next call; NULL for a null.
 */
const char *db_value(const struct db *db, size_t row, int column);
bool db_true(const struct db *db, size_t row, int column);

/* The server's host, or its socket's folder; lent as long as it is open. */
const char *db_host(const struct db *db);

/* The server process of this session; behind a pooler it means nothing. */
int db_backend(const struct db *db);

/*
 * The process that answers says who it is: another than the one that we were
 * told of is behind a pooler; pooled is then set, unless the URL says that
 * sessions last: pgbouncer=false.
 */
void db_check_backend(struct db *db, long backend);

/* The columns of the last result; a name is lent until the next call. */
enum db_type { DB_TEXT, DB_BOOLEAN, DB_INTEGER, DB_JSON };

int db_columns(const struct db *db);
const char *db_column_name(const struct db *db, int column);
enum db_type db_column_type(const struct db *db, int column);

/*
 * Is the connection gone?  Asks the server, who may have said why it leaves:
 * that is an error like any other.
 */
bool db_is_lost(struct db *db);

/* Is a transaction open, or failed and not yet ended? */
bool db_in_transaction(const struct db *db);

/* Take the error over; from is left empty. */
void db_error_move(struct db_error *to, struct db_error *from);
void db_error_free(struct db_error *error);

/*
 * CLI_INPUT if the user can mend it: the login, the database, a right, a
 * server that takes no writes; else CLI_SYSTEM.
 */
int db_error_status(const struct db_error *error);

/* An array of text as PostgreSQL reads it, for a parameter; yours to free. */
char *db_array(const char *const *values, size_t count);

/* A name as SQL spells it, "quoted"; the caller's to free. */
char *db_quote_name(struct db *db, const char *name);

/*
 * A pipeline: statements are queued without waiting for answers, which come
 * in the same order.  After a failure the server skips what follows, up to
 * the next sync.  Memory holds what was queued and not answered yet.
 *
 *	db_pipeline(&db);
 *	db_send(&db, "BEGIN", 0, NULL);
 *	db_send(&db, "COMMIT", 0, NULL);
 *	db_sync(&db);
 *	while ((outcome = db_next(&db)) != DB_SYNC)
 *		...
 *	db_pipeline_end(&db);
 */
enum db_outcome {
	DB_DONE,    /* the statement succeeded; db_value reads its rows */
	DB_FAILED,  /* db->error says why */
	DB_SKIPPED, /* not run, as an earlier one failed */
	DB_SYNC,    /* the sync was reached: the pipeline is clean again */
};

int db_pipeline(struct db *db);
int db_send(
    struct db *db, const char *sql, size_t nvalues, const char *const values[]);
/*
 * Parse and plan a statement once, under a name that the session keeps, and
 * run it by that name.  Not behind a transaction pooler.
 */
int db_prepare(struct db *db, const char *name, const char *sql);
int db_send_prepared(struct db *db, const char *name, size_t nvalues,
    const char *const values[]);
/* Ask the server to send the answers that it has so far. */
int db_flush(struct db *db);
int db_sync(struct db *db);
enum db_outcome db_next(struct db *db);
void db_pipeline_end(struct db *db);

/*
 * Of several connections with a pipeline each, the first that db_next need not
 * wait for: it has an answer, or is lost.  NULLs among them are passed over.
 * Returns its place, or count if a signal comes or ms have passed.
 */
size_t db_wait(struct db *const list[], size_t count, long ms);

/*
 * From now on SIGINT, SIGTERM and SIGHUP cancel what the server runs of a
 * pipeline, again and again until it stopped, instead of ending the process;
 * the third ends it nevertheless.  One that is ignored stays ignored.
 */
void db_catch_signals(void);

/* The signal that came since, or 0. */
int db_signal(void);

/* Have the server give up what it runs, if it runs anything. */
void db_cancel(struct db *db);

/* Sleep, or until such a signal comes. */
void db_pause(long ms);

#endif
